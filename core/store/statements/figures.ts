import { sql } from '../sql';
import type { TenantTx } from '../unit';

/* What statistics count beside messages by the hour; every statement walks over one period of one tenant by an index. */

/** Epoch ms, from inclusive, to exclusive. */
export interface Period {
  from: number;
  to: number;
}

export interface FigureAccount {
  id: string;
  name: string;
  channel: string;
  provider: string;
  status: string;
}

export async function listFigureAccounts(tx: TenantTx): Promise<FigureAccount[]> {
  return tx.db
    .selectFrom('accounts')
    .select(['id', 'name', 'channel', 'provider', 'status'])
    .where('tenant_id', '=', tx.tenantId)
    .orderBy('name')
    .orderBy('id')
    .execute();
}

export interface OutcomeRow {
  journey: string | null;
  message: string | null;
  workflow_id: string | null;
  workflow_name: string | null;
  outcome: string;
  reason: string | null;
  account_id: string;
  sends: number;
  delivered: number;
  read: number;
  answered: number;
}

/**
 * What became of the sends that were tried in a period: as it is known today, also where the status came later. Answered
 * is what the same person wrote something to, in the same conversation, soon enough.
 */
export async function countOutcomes(
  tx: TenantTx,
  { from, to }: Period,
  answerWithinMs: number,
): Promise<OutcomeRow[]> {
  const known = sql`case when m.status in ('sent', 'delivered', 'read') then 'sent'
      when m.status = 'failed' then 'failed' else o.outcome end`;
  const flag = (condition: ReturnType<typeof sql>) =>
    sql`cast(coalesce(sum(case when ${condition} then 1 else 0 end), 0) as bigint)`;
  const answer = sql`exists (select 1 from messages i where i.tenant_id = m.tenant_id
      and i.conversation_id = m.conversation_id and i.direction = 'inbound'
      and i.occurred_at > m.occurred_at
      and i.occurred_at <= m.occurred_at + cast(${answerWithinMs} as bigint))`;
  const { rows } = await sql<OutcomeRow>`select o.journey, o.message, o.workflow_id,
      max(o.workflow_name) as workflow_name, ${known} as outcome, o.reason, o.account_id,
      cast(count(*) as bigint) as sends,
      ${flag(sql`m.status in ('delivered', 'read')`)} as delivered,
      ${flag(sql`m.status = 'read'`)} as read,
      ${flag(sql`m.status in ('sent', 'delivered', 'read') and ${answer}`)} as answered
    from send_outcomes o
    left join messages m on m.id = o.message_id and m.tenant_id = o.tenant_id
    where o.tenant_id = ${tx.tenantId} and o.at >= cast(${from} as bigint)
      and o.at < cast(${to} as bigint)
    group by o.journey, o.message, o.workflow_id, 5, o.reason, o.account_id`.execute(tx.db);
  return rows;
}

export interface DueRow {
  journey: string;
  /** claimed | done | skipped | parked */
  state: string;
  moments: number;
}

/** Moments that were due in a period, by what the triggers made of them; one that several wait for counts once. */
export async function countDueMoments(tx: TenantTx, { from, to }: Period): Promise<DueRow[]> {
  const name =
    tx.dialect === 'postgres'
      ? sql`split_part(c.journey_key, ':', 1)`
      : sql`substr(c.journey_key, 1, instr(c.journey_key, ':') - 1)`;
  const { rows } = await sql<DueRow>`select d.journey, d.state, cast(count(*) as bigint) as moments
    from (select c.journey_key, ${name} as journey, min(c.state) as state from journey_claims c
      where c.tenant_id = ${tx.tenantId} and c.due_at >= cast(${from} as bigint)
        and c.due_at < cast(${to} as bigint)
      group by c.journey_key) d
    group by d.journey, d.state`.execute(tx.db);
  return rows;
}

export interface RatingCount {
  rating: number;
  best: number;
  journey: string | null;
  account_id: string | null;
  ratings: number;
}

export async function countRatings(tx: TenantTx, { from, to }: Period): Promise<RatingCount[]> {
  const { rows } = await sql<RatingCount>`select r.rating, r.best, r.journey, r.account_id,
      cast(count(*) as bigint) as ratings
    from ratings r where r.tenant_id = ${tx.tenantId} and r.given_at >= cast(${from} as bigint)
      and r.given_at < cast(${to} as bigint)
    group by r.rating, r.best, r.journey, r.account_id`.execute(tx.db);
  return rows;
}

export interface SourceCount {
  source: string | null;
  account_id: string | null;
  channel: string | null;
  contacts: number;
}

/** Who was met in a period, by source and by the account at which they were met first. */
export async function countNewContacts(tx: TenantTx, { from, to }: Period): Promise<SourceCount[]> {
  const { rows } = await sql<SourceCount>`select n.source, n.account_id, null as channel,
      cast(count(*) as bigint) as contacts
    from (select c.source, (select v.account_id from conversations v
        where v.tenant_id = c.tenant_id and v.contact_id = c.id order by v.created_at limit 1)
        as account_id
      from contacts c where c.tenant_id = ${tx.tenantId}
        and c.created_at >= cast(${from} as bigint) and c.created_at < cast(${to} as bigint)
        and c.merged_into is null and c.erased_at is null) n
    group by n.source, n.account_id`.execute(tx.db);
  return rows;
}

/** Who came into a stage in a period; twice counts once. */
export async function countSteps(
  tx: TenantTx,
  { from, to }: Period,
  stage: string,
): Promise<SourceCount[]> {
  const { rows } = await sql<SourceCount>`select s.source, s.account_id, s.channel,
      cast(count(distinct s.contact_id) as bigint) as contacts
    from stage_changes s where s.tenant_id = ${tx.tenantId} and s.at >= cast(${from} as bigint)
      and s.at < cast(${to} as bigint) and s.to_stage = ${stage}
    group by s.source, s.account_id, s.channel`.execute(tx.db);
  return rows;
}

/** Open conversations by who looks after them, as it is now. */
export async function countAssigned(
  tx: TenantTx,
): Promise<{ assignee: string; account_id: string; conversations: number }[]> {
  const { rows } = await sql<{ assignee: string; account_id: string; conversations: number }>`
    select assignee, account_id, cast(count(*) as bigint) as conversations
    from conversations where tenant_id = ${tx.tenantId} and assignee is not null
      and status = 'open' group by assignee, account_id`.execute(tx.db);
  return rows;
}

/** Attempts to deliver webhooks, by whole days (UTC, days since 1970). */
export async function countAttempts(
  tx: TenantTx,
  days: { from: number; to: number },
): Promise<{ succeeded: number; failed: number }> {
  const { rows } = await sql<{ succeeded: number; failed: number }>`select
      cast(coalesce(sum(succeeded), 0) as bigint) as succeeded,
      cast(coalesce(sum(failed), 0) as bigint) as failed
    from webhook_stats_daily where tenant_id = ${tx.tenantId}
      and day >= ${sql.lit(days.from)} and day <= ${sql.lit(days.to)}`.execute(tx.db);
  return rows[0] ?? { succeeded: 0, failed: 0 };
}
