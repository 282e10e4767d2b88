import { sql } from '../sql';
import type { TenantTx } from '../unit';
import { NO_CONTENT } from './forgetContent';

/* What a tenant's own retention takes away, a few rows at a time; each goes on where the last one ended. */

export type RetentionMark = 'content' | 'raw' | 'requests' | 'webhooks';

export async function findMark(tx: TenantTx, kind: RetentionMark): Promise<string> {
  const row = await tx.db
    .selectFrom('retention_marks')
    .select('beyond')
    .where('tenant_id', '=', tx.tenantId)
    .where('kind', '=', kind)
    .executeTakeFirst();
  return row?.beyond ?? '';
}

export async function saveMark(tx: TenantTx, kind: RetentionMark, beyond: string): Promise<void> {
  const changed = { beyond, updated_at: tx.now };
  await tx.db
    .insertInto('retention_marks')
    .values({ tenant_id: tx.tenantId, kind, ...changed })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'kind']).doUpdateSet(changed))
    .execute();
}

export interface AgedRows {
  beyond: string;
  /** Ids sort by their time: what is below is old. */
  before: string;
  limit: number;
}

/** Ids of messages of an age, the oldest first. */
export async function listAgedMessages(tx: TenantTx, args: AgedRows): Promise<string[]> {
  const rows = await tx.db
    .selectFrom('messages')
    .select('id')
    .where('id', '>', args.beyond)
    .where('id', '<', args.before)
    .where('tenant_id', '=', tx.tenantId)
    .orderBy('id')
    .limit(args.limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** The words go; that somebody wrote, when and how it ended stays for lists, caps and statistics. */
export async function clearMessages(
  tx: TenantTx,
  ids: readonly string[],
  what: 'content' | 'raw',
): Promise<void> {
  await tx.db
    .updateTable('messages')
    .set(what === 'raw' ? { raw: null } : NO_CONTENT)
    .where('tenant_id', '=', tx.tenantId)
    .where('id', 'in', ids)
    .execute();
}

/** Sealed requests of sends that ended before an instant (database time), which nobody sends again. @returns how many */
export async function clearRequests(
  tx: TenantTx,
  args: { from: number; before: number; limit: number },
): Promise<{ count: number; last: number }> {
  const rows = await tx.db
    .selectFrom('idempotency_keys')
    .select(['key', 'completed_at'])
    .where('completed_at', 'is not', null)
    .where('completed_at', '>=', args.from)
    .where('completed_at', '<', args.before)
    .where('tenant_id', '=', tx.tenantId)
    .where('request', '!=', '')
    .orderBy('completed_at')
    .limit(args.limit)
    .execute();
  const keys = rows.map(({ key }) => key);
  if (keys.length > 0) {
    await tx.db
      .updateTable('idempotency_keys')
      .set({ request: '', choices: null })
      .where('tenant_id', '=', tx.tenantId)
      .where('key', 'in', keys)
      .execute();
  }
  return { count: keys.length, last: rows.at(-1)?.completed_at ?? args.from };
}

/** Bodies of webhooks of an age, of which nothing is to be delivered any more. */
export async function clearWebhooks(tx: TenantTx, args: AgedRows): Promise<string[]> {
  const rows = await tx.db
    .selectFrom('webhook_messages')
    .select('event_id')
    .where('tenant_id', '=', tx.tenantId)
    .where('event_id', '>', args.beyond)
    .where('event_id', '<', args.before)
    .orderBy('event_id')
    .limit(args.limit)
    .execute();
  const ids = rows.map(({ event_id: id }) => id);
  if (ids.length === 0) return ids;
  await sql`update webhook_messages set body = '' where tenant_id = ${tx.tenantId}
    and event_id in (${sql.join(ids)})
    and not exists (select 1 from webhook_deliveries d where d.tenant_id = ${tx.tenantId}
      and d.event_id = webhook_messages.event_id and d.state = 'pending')`.execute(tx.db);
  await tx.db
    .updateTable('webhook_attempts')
    .set({ response_body: null })
    .where('tenant_id', '=', tx.tenantId)
    .where('event_id', 'in', ids)
    .execute();
  return ids;
}

/**
 * Old events that every consumer of the tenant has behind it; one that nobody runs any more does not hold them.
 * @returns how many
 */
export async function deleteAgedEvents(
  tx: TenantTx,
  args: { before: number; idleSince: number; limit: number },
): Promise<number> {
  await sql`update consumers set floor_seq = (
      select coalesce(max(e.seq), consumers.floor_seq) from events e
      where e.tenant_id = ${tx.tenantId} and e.seq > consumers.floor_seq
        and e.recorded_at < cast(${args.before} as bigint))
    where tenant_id = ${tx.tenantId}
      and last_active_at < cast(${args.idleSince} as bigint)`.execute(tx.db);
  const { rows } = await sql<{ seq: number }>`delete from events where seq in (
      select e.seq from events e where e.tenant_id = ${tx.tenantId}
        and e.recorded_at < cast(${args.before} as bigint)
        and not exists (select 1 from consumers c
          where c.tenant_id = ${tx.tenantId} and c.floor_seq < e.seq)
      order by e.seq limit ${args.limit}) returning seq`.execute(tx.db);
  return rows.length;
}
