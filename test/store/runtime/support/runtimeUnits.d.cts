import type { LeasesTable } from '../../../../core/store/tables';
import type { InstanceUnit, TenantUnit } from '../../../../core/store/unit';

export const signalSends: TenantUnit<null, void>;
export const readLease: InstanceUnit<string, LeasesTable | undefined>;
export const stealLease: InstanceUnit<string, void>;
export const insertPrunable: TenantUnit<string, void>;
export const readPrunable: TenantUnit<
  null,
  { inboundKeys: string[]; keys: string[]; listeners: string[] }
>;
