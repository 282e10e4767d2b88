import type { TenantTx } from '../unit';

/*
 * Who has got a private reply to a comment. Kept among the keys of the sends (one row = this was done once), apart by
 * their prefix, and pruned with them. `message_id` holds the comment that it went to.
 */

const keyOf = (accountId: string, externalId: string) =>
  `private-reply-person/${accountId}/${externalId}`;

/** @returns the comment whose reply the person gets: this one, or an earlier one (PostgreSQL waits for a parallel call) */
export async function claimPersonReply(
  tx: TenantTx,
  accountId: string,
  externalId: string,
  commentId: string,
): Promise<string> {
  const now = await tx.databaseNow();
  const key = keyOf(accountId, externalId);
  await tx.db
    .insertInto('idempotency_keys')
    .values({
      tenant_id: tx.tenantId,
      key,
      state: 'completed',
      account_id: accountId,
      message_id: commentId,
      request: '',
      content_hash: '',
      reserved_at: now,
      completed_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await tx.db
    .selectFrom('idempotency_keys')
    .select('message_id')
    .where('tenant_id', '=', tx.tenantId)
    .where('key', '=', key)
    .executeTakeFirst();
  return row?.message_id ?? commentId;
}

/** The reply was not sent: another comment of theirs may have one. */
export async function releasePersonReply(
  tx: TenantTx,
  accountId: string,
  externalId: string,
  commentId: string,
): Promise<void> {
  await tx.db
    .deleteFrom('idempotency_keys')
    .where('tenant_id', '=', tx.tenantId)
    .where('key', '=', keyOf(accountId, externalId))
    .where('message_id', '=', commentId)
    .execute();
}
