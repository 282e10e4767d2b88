import type { MarketingRow } from '../../../../core/store/statements/marketing';
import type { TenantUnit } from '../../../../core/store/unit';

export const markMarketing: TenantUnit<null, void>;
export const explainMarketing: TenantUnit<
  { contactIds: string[]; since: number; but: string[] },
  { result: MarketingRow[]; plans: string[] }
>;
