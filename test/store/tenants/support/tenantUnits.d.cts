import type { Insertable } from 'kysely';
import type { Database } from '../../../../core/store/tables';
import type { TenantUnit } from '../../../../core/store/unit';

export const readTenant: TenantUnit<null, Record<string, string[]>>;
export const fillEmptyTables: TenantUnit<string, string[]>;
export const insertRows: TenantUnit<
  { [T in keyof Database]?: Omit<Insertable<Database[T]>, 'tenant_id'>[] },
  void
>;
