import type { Selectable } from 'kysely';
import type { SendResult } from '../../model';
import type { IdempotencyKeysTable } from '../tables';
import type { TenantTx } from '../unit';

export type SendKeyRow = Selectable<IdempotencyKeysTable>;

export interface NewReservation {
  key: string;
  accountId: string;
  /** Null where nobody knows yet whom the message reaches: a private reply to a comment. */
  contactId: string | null;
  conversationId: string | null;
  /** The part of the same message that must have been sent before this one. */
  previousKey: string | null;
  messageId: string;
  /** Sealed JSON of the request. */
  request: string;
  contentHash: string;
  /** JSON of the choices that stand in its text, which people type; absent: none. */
  choices?: string | null | undefined;
  /** SendCategory, of the first part of a message. */
  category?: string | null | undefined;
  owner: string;
  /** Who alone may have the result again; null = everybody. */
  sender: string | null;
}

/*
 * Instants of this table are the database's clock: processes on several machines compare them.
 *
 * reserved   its owner is sending, or was cut (lease over)
 * unknown    waits to be settled; `next_check_at` also fences: who takes the row for a look moves it on
 * completed  has a result
 */

/** A key, held until the end of the transaction. Lock the conversation first. */
export async function lockSendKey(tx: TenantTx, key: string): Promise<SendKeyRow | undefined> {
  let query = tx.db
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('key', '=', key);
  if (tx.dialect === 'postgres') query = query.forUpdate();
  return query.executeTakeFirst();
}

/** The open key whose message carries this id; for the marker that an echo brings back. */
export async function findOpenSendKeyByMessage(
  tx: TenantTx,
  accountId: string,
  messageId: string,
): Promise<SendKeyRow | undefined> {
  return (
    tx.db
      .selectFrom('idempotency_keys')
      .selectAll()
      .where('tenant_id', '=', tx.tenantId)
      // Said this way for the partial index on open keys.
      .where('state', '!=', 'completed')
      .where('message_id', '=', messageId)
      .where('account_id', '=', accountId)
      .executeTakeFirst()
  );
}

/** The open keys whose messages carry one of these ids. */
export async function findOpenSendKeysByMessages(
  tx: TenantTx,
  messageIds: readonly string[],
): Promise<SendKeyRow[]> {
  return (
    tx.db
      .selectFrom('idempotency_keys')
      .selectAll()
      .where('tenant_id', '=', tx.tenantId)
      // Said this way for the partial index on open keys.
      .where('state', '!=', 'completed')
      .where('message_id', 'in', messageIds)
      .execute()
  );
}

/** As findOpenSendKeyByMessage, in whatever state: reads every key of the tenant, so only where it is rare. */
export async function findSendKeyByMessage(
  tx: TenantTx,
  accountId: string,
  messageId: string,
): Promise<SendKeyRow | undefined> {
  return tx.db
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('message_id', '=', messageId)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
}

/** The sends without a result in a conversation whose content is this, the oldest first. */
export async function findOpenSendKeys(
  tx: TenantTx,
  conversationId: string,
  contentHash: string,
): Promise<SendKeyRow[]> {
  return (
    tx.db
      .selectFrom('idempotency_keys')
      .selectAll()
      .where('tenant_id', '=', tx.tenantId)
      .where('conversation_id', '=', conversationId)
      .where('content_hash', '=', contentHash)
      // Said this way for the partial index on open keys.
      .where('state', '!=', 'completed')
      .orderBy('reserved_at')
      .orderBy('key')
      .execute()
  );
}

/**
 * Whether a message that the account shows may be one of ours: a send into the conversation, or a private reply to
 * nobody knows whom yet, has no result; or one with these words was given up.
 * @param doubt.givenUpSince epoch ms
 */
export async function isSendDoubtful(
  tx: TenantTx,
  doubt: { accountId: string; conversationId: string; contentHash: string; givenUpSince: number },
): Promise<boolean> {
  const open = await tx.db
    .selectFrom('idempotency_keys')
    .select('key')
    .where('tenant_id', '=', tx.tenantId)
    // Said this way for the partial index on open keys.
    .where('state', '!=', 'completed')
    .where('account_id', '=', doubt.accountId)
    .where((where) =>
      where.or([
        where('conversation_id', '=', doubt.conversationId),
        where('conversation_id', 'is', null),
      ]),
    )
    .executeTakeFirst();
  if (open) return true;
  const twins = await tx.db
    .selectFrom('idempotency_keys')
    .select('result')
    .where('tenant_id', '=', tx.tenantId)
    .where('conversation_id', '=', doubt.conversationId)
    .where('content_hash', '=', doubt.contentHash)
    .where('completed_at', '>=', doubt.givenUpSince)
    .execute();
  return twins.some((twin) => resultOf(twin)?.status !== 'sent');
}

/** How many other sends of this content in this conversation got a result at or after `since` (database time). */
export async function countCompletedTwins(
  tx: TenantTx,
  twin: { key: string; conversationId: string; contentHash: string; since: number },
): Promise<number> {
  const rows = await tx.db
    .selectFrom('idempotency_keys')
    .select('key')
    .where('tenant_id', '=', tx.tenantId)
    .where('conversation_id', '=', twin.conversationId)
    .where('content_hash', '=', twin.contentHash)
    .where('completed_at', '>=', twin.since)
    .where('key', '!=', twin.key)
    .execute();
  return rows.length;
}

/** Gives a reservation of ours back, because surely nothing was sent. */
export async function releaseReservation(
  tx: TenantTx,
  reservation: { key: string; messageId: string; owner: string },
): Promise<boolean> {
  const released = await tx.db
    .deleteFrom('idempotency_keys')
    .where('tenant_id', '=', tx.tenantId)
    .where('key', '=', reservation.key)
    .where('message_id', '=', reservation.messageId)
    .where('owner', '=', reservation.owner)
    .where('state', '=', 'reserved')
    .returning('key')
    .executeTakeFirst();
  return released !== undefined;
}

/**
 * Makes the lease of a reservation new.
 * @returns false when it is no longer the owner's: do not send
 */
export async function renewReservation(
  tx: TenantTx,
  reservation: { key: string; messageId: string; owner: string; leaseUntil: number },
): Promise<boolean> {
  const renewed = await tx.db
    .updateTable('idempotency_keys')
    .set({ lease_until: reservation.leaseUntil })
    .where('tenant_id', '=', tx.tenantId)
    .where('key', '=', reservation.key)
    .where('message_id', '=', reservation.messageId)
    .where('owner', '=', reservation.owner)
    .where('state', '=', 'reserved')
    .returning('key')
    .executeTakeFirst();
  return renewed !== undefined;
}

/** Takes a key that waits to be settled for another send, after proof that the last one never arrived. */
export async function claimForResend(
  tx: TenantTx,
  key: string,
  lease: { owner: string; leaseUntil: number },
): Promise<void> {
  await tx.db
    .updateTable('idempotency_keys')
    .set({
      state: 'reserved',
      owner: lease.owner,
      lease_until: lease.leaseUntil,
      next_check_at: null,
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('key', '=', key)
    .execute();
}

/** @param unknownSince when it first became unknown (database time): the ten minutes count from there */
export async function markSendUnknown(
  tx: TenantTx,
  key: string,
  times: { unknownSince: number; nextCheckAt: number },
): Promise<void> {
  await tx.db
    .updateTable('idempotency_keys')
    .set({
      state: 'unknown',
      owner: null,
      lease_until: null,
      unknown_since: times.unknownSince,
      next_check_at: times.nextCheckAt,
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('key', '=', key)
    .execute();
}

/** Brings the look at the part behind this one forward, where it waits to be settled. */
export async function hastenNextPart(tx: TenantTx, key: string, now: number): Promise<void> {
  const hastened = await tx.db
    .updateTable('idempotency_keys')
    .set({ next_check_at: now })
    .where('tenant_id', '=', tx.tenantId)
    .where('previous_key', '=', key)
    .where('state', '=', 'unknown')
    .where('next_check_at', '>', now)
    .returning('key')
    .executeTakeFirst();
  if (hastened) tx.signal({ topic: 'sends', tenantId: tx.tenantId });
}

/** @param completedAt database time, epoch ms */
export async function completeSendKey(
  tx: TenantTx,
  key: string,
  result: SendResult,
  completedAt: number,
): Promise<void> {
  await tx.db
    .updateTable('idempotency_keys')
    .set({
      state: 'completed',
      result: JSON.stringify(result),
      owner: null,
      lease_until: null,
      next_check_at: null,
      completed_at: completedAt,
    })
    .where('tenant_id', '=', tx.tenantId)
    .where('key', '=', key)
    .execute();
}

export function resultOf(row: Pick<SendKeyRow, 'result'>): SendResult | null {
  return row.result === null ? null : (JSON.parse(row.result) as SendResult);
}
