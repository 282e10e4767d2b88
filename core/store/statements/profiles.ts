import type { TenantTx } from '../unit';

/** A person as one account's provider calls them. */
export interface IdentityRef {
  accountId: string;
  externalId: string;
}

/** The profile of somebody without a name is to be read, unless that waits already. */
export async function askForProfile(tx: TenantTx, identity: IdentityRef): Promise<void> {
  await identityOf(tx, identity)
    .set({ profile_due_at: tx.now, profile_failures: 0 })
    .where('profile_due_at', 'is', null)
    .execute();
}

/**
 * Puts the next read off until the lease ends: a process that is killed meanwhile leaves it to another one.
 * @param dueAt as it was found; somebody else has it when it is another by now
 */
export async function claimProfile(
  tx: TenantTx,
  identity: IdentityRef,
  { dueAt, leaseUntil }: { dueAt: number; leaseUntil: number },
): Promise<{ failures: number } | undefined> {
  const row = await identityOf(tx, identity)
    .set({ profile_due_at: leaseUntil })
    .where('profile_due_at', '=', dueAt)
    .returning('profile_failures')
    .executeTakeFirst();
  return row && { failures: row.profile_failures };
}

/** @param dueAt null: it is not read again. @returns whose it is; undefined when there is nobody of this id */
export async function setProfileDue(
  tx: TenantTx,
  identity: IdentityRef,
  { dueAt, failures }: { dueAt: number | null; failures: number },
): Promise<{ contactId: string } | undefined> {
  const row = await identityOf(tx, identity)
    .set({ profile_due_at: dueAt, profile_failures: failures })
    .returning('contact_id')
    .executeTakeFirst();
  return row && { contactId: row.contact_id };
}

/** The same for everybody of an account whose profile waits. */
export async function setProfilesDue(
  tx: TenantTx,
  accountId: string,
  dueAt: number | null,
): Promise<void> {
  await tx.db
    .updateTable('contact_identities')
    .set({ profile_due_at: dueAt })
    .where('tenant_id', '=', tx.tenantId)
    .where('account_id', '=', accountId)
    .where('profile_due_at', 'is not', null)
    .execute();
}

/** @returns false when the contact has a name, maybe since a moment ago */
export async function nameContact(tx: TenantTx, id: string, name: string): Promise<boolean> {
  const row = await tx.db
    .updateTable('contacts')
    .set({ name, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .where('id', '=', id)
    .where('name', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** @returns false when the handle is known, maybe since a moment ago */
export async function setUsername(
  tx: TenantTx,
  identity: IdentityRef,
  username: string,
): Promise<boolean> {
  const row = await identityOf(tx, identity)
    .set({ username })
    .where('username', 'is', null)
    .returning('contact_id')
    .executeTakeFirst();
  return row !== undefined;
}

function identityOf(tx: TenantTx, { accountId, externalId }: IdentityRef) {
  return tx.db
    .updateTable('contact_identities')
    .where('tenant_id', '=', tx.tenantId)
    .where('account_id', '=', accountId)
    .where('external_id', '=', externalId);
}
