import type { LimitWindow } from '../../../../core/model';
import type { LimitsRow } from '../../../../core/store/statements/limits';
import type { TenantUnit } from '../../../../core/store/unit';

export const readRow: TenantUnit<string, LimitsRow | undefined>;
export const readNow: TenantUnit<null, number>;
export const age: TenantUnit<
  { accountId: string; windows?: LimitWindow[]; milliseconds: number },
  void
>;
