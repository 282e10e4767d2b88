import type { Selectable } from 'kysely';
import type { LoginsTable } from '../../../../core/store/loginTables';
import type { InstanceUnit, TenantUnit } from '../../../../core/store/unit';

export const readLogins: TenantUnit<null, Selectable<LoginsTable>[]>;
export const endClaims: TenantUnit<null, void>;
export const forgetAllLogins: InstanceUnit<null, void>;
