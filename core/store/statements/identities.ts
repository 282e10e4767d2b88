import type { TenantTx } from '../unit';
import type { IdentityRow } from './contacts';

/** Every id that accounts have for a contact. */
export async function listIdentitiesOfContact(
  tx: TenantTx,
  contactId: string,
): Promise<IdentityRow[]> {
  return tx.db
    .selectFrom('contact_identities')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('contact_id', '=', contactId)
    .execute();
}
