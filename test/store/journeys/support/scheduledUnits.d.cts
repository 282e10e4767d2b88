import type { Selectable } from 'kysely';
import type { ContactsTable } from '../../../../core/store/peopleTables';
import type { InstanceUnit, TenantUnit } from '../../../../core/store/unit';

export const deleteScheduled: InstanceUnit<null, void>;
export const changeContacts: TenantUnit<Partial<Selectable<ContactsTable>>, void>;
export const endClaims: InstanceUnit<null, void>;
export const fillScheduled: InstanceUnit<
  { tenantId: string; done: number; waiting: number; from: number },
  void
>;
export const explainDue: InstanceUnit<null, string>;
