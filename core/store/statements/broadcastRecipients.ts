import type { Selectable } from 'kysely';
import type { BroadcastRecipientsTable } from '../broadcastTables';
import { rowSource } from '../rowSource';
import { sql } from '../sql';
import type { TenantTx } from '../unit';

export type BroadcastRecipientRow = Selectable<BroadcastRecipientsTable>;

/** Whom it goes to, with what is said to them. */
export interface NewBroadcastRecipient {
  id: string;
  personKey: string;
  contactId: string | null;
  recipient: string;
  /** Sealed. */
  request: string;
}

/** Adds those that are not in it yet. @returns how many those were */
export async function insertBroadcastRecipients(
  tx: TenantTx,
  broadcastId: string,
  recipients: readonly NewBroadcastRecipient[],
): Promise<number> {
  if (recipients.length === 0) return 0;
  const added = await tx.db
    .insertInto('broadcast_recipients')
    .values(
      recipients.map((one) => ({
        id: one.id,
        tenant_id: tx.tenantId,
        broadcast_id: broadcastId,
        person_key: one.personKey,
        contact_id: one.contactId,
        recipient: one.recipient,
        request: one.request,
        state: 'pending',
        created_at: tx.now,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'broadcast_id', 'person_key']).doNothing(),
    )
    .returning('id')
    .execute();
  return added.length;
}

/** Those whose turn it is: waiting ones, and ones whose outcome nobody knew when they were last asked for. */
export async function listDueRecipients(
  tx: TenantTx,
  broadcastId: string,
  limit: number,
): Promise<BroadcastRecipientRow[]> {
  const due: BroadcastRecipientRow[] = [];
  for (const state of ['unknown', 'pending']) {
    if (due.length >= limit) break;
    const rows = await tx.db
      .selectFrom('broadcast_recipients')
      .selectAll()
      .where('tenant_id', '=', tx.tenantId)
      .where('broadcast_id', '=', broadcastId)
      .where('state', '=', state)
      .where('next_at', '<=', tx.now)
      .orderBy('next_at')
      .orderBy('id')
      .limit(limit - due.length)
      .execute();
    due.push(...rows);
  }
  return due;
}

/** When the next of those that wait may go; null: nobody waits. */
export async function nextRecipientAt(tx: TenantTx, broadcastId: string): Promise<number | null> {
  const waiting: number[] = [];
  for (const state of ['unknown', 'pending']) {
    const row = await tx.db
      .selectFrom('broadcast_recipients')
      .select('next_at')
      .where('tenant_id', '=', tx.tenantId)
      .where('broadcast_id', '=', broadcastId)
      .where('state', '=', state)
      .orderBy('next_at')
      .limit(1)
      .executeTakeFirst();
    if (row) waiting.push(row.next_at);
  }
  return waiting.length === 0 ? null : Math.min(...waiting);
}

/** What became of one recipient. */
export interface RecipientOutcome {
  id: string;
  state: string;
  reason: string | null;
  detail: string | null;
  messageId: string | null;
  tries: number;
  nextAt: number;
  doneAt: number | null;
}

const OUTCOME_COLUMNS = {
  id: 'text',
  state: 'text',
  reason: 'text',
  detail: 'text',
  messageId: 'text',
  tries: 'bigint',
  nextAt: 'bigint',
  doneAt: 'bigint',
} as const;

/** Notes many outcomes in one statement; a recipient that has a final one keeps it. */
export async function noteOutcomes(
  tx: TenantTx,
  broadcastId: string,
  outcomes: readonly RecipientOutcome[],
): Promise<void> {
  if (outcomes.length === 0) return;
  const rows = outcomes.map((one) => ({ ...one }));
  await sql`update broadcast_recipients set
      state = o.state, reason = o.reason, detail = o.detail, message_id = o."messageId",
      tries = o.tries, next_at = o."nextAt", done_at = o."doneAt"
    from ${rowSource(tx, 'o', OUTCOME_COLUMNS, rows)}
    where broadcast_recipients.tenant_id = ${tx.tenantId}
      and broadcast_recipients.broadcast_id = ${broadcastId}
      and broadcast_recipients.id = o.id
      and broadcast_recipients.state in ('pending', 'unknown')`.execute(tx.db);
}

/** Those that failed wait again. @returns how many */
export async function reopenFailed(tx: TenantTx, broadcastId: string): Promise<number> {
  const rows = await tx.db
    .updateTable('broadcast_recipients')
    .set({ state: 'pending', reason: null, detail: null, tries: 0, next_at: tx.now, done_at: null })
    .where('tenant_id', '=', tx.tenantId)
    .where('broadcast_id', '=', broadcastId)
    .where('state', '=', 'failed')
    .returning('id')
    .execute();
  return rows.length;
}

/** A page in the order in which they were given. */
export async function listRecipients(
  tx: TenantTx,
  { broadcastId, after, limit }: { broadcastId: string; after: string | null; limit: number },
): Promise<BroadcastRecipientRow[]> {
  let query = tx.db
    .selectFrom('broadcast_recipients')
    .selectAll()
    .where('tenant_id', '=', tx.tenantId)
    .where('broadcast_id', '=', broadcastId);
  if (after !== null) query = query.where('id', '>', after);
  return await query.orderBy('id').limit(limit).execute();
}

export interface RecipientCount {
  state: string;
  reason: string | null;
  /** What the provider said of the message since: `delivered`, `read`, `failed`, … */
  messageStatus: string | null;
  count: number;
}

/** How many stand where. */
export async function countRecipients(
  tx: TenantTx,
  broadcastId: string,
): Promise<RecipientCount[]> {
  const rows = await tx.db
    .selectFrom('broadcast_recipients as r')
    .leftJoin('messages as m', (join) =>
      join.onRef('m.id', '=', 'r.message_id').onRef('m.tenant_id', '=', 'r.tenant_id'),
    )
    .select((eb) => [
      'r.state',
      'r.reason',
      'm.status as messageStatus',
      eb.fn.countAll<number>().as('count'),
    ])
    .where('r.tenant_id', '=', tx.tenantId)
    .where('r.broadcast_id', '=', broadcastId)
    .groupBy(['r.state', 'r.reason', 'm.status'])
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

/** The newest outcomes since an instant, the latest first: whether a message failed at once or afterwards. */
export async function listRecentOutcomes(
  tx: TenantTx,
  { broadcastId, since, limit }: { broadcastId: string; since: number; limit: number },
): Promise<
  Array<Pick<BroadcastRecipientRow, 'state' | 'reason'> & { messageStatus: string | null }>
> {
  return await tx.db
    .selectFrom('broadcast_recipients as r')
    .leftJoin('messages as m', (join) =>
      join.onRef('m.id', '=', 'r.message_id').onRef('m.tenant_id', '=', 'r.tenant_id'),
    )
    .select(['r.state', 'r.reason', 'm.status as messageStatus'])
    .where('r.tenant_id', '=', tx.tenantId)
    .where('r.broadcast_id', '=', broadcastId)
    .where('r.done_at', '>', since)
    .orderBy('r.done_at', 'desc')
    .limit(limit)
    .execute();
}
