import type { RawBuilder } from 'kysely';
import type { MessageHoursTable, TurnHoursTable } from '../insightTables';
import { literal, sql } from '../sql';
import type { TenantTx } from '../unit';
import { ANSWER_EDGES, ANSWER_WITHIN_MS } from './durations';

/*
 * Messages and answers by the hour. The same statements count what is asked for at this moment and what is put down for
 * hours that are over, so that both say the same.
 */

export const HOUR_MS = 3_600_000;

/** Hours since 1970, from inclusive, to exclusive. */
export interface HourSpan {
  from: number;
  to: number;
}

export interface HourFilter {
  /** Empty: all. */
  accountIds: readonly string[];
}

/** As the table keeps it, also where it is counted at this moment. */
export type MessageHour = Omit<MessageHoursTable, 'tenant_id'>;
export type TurnHour = Omit<TurnHoursTable, 'tenant_id'>;
/** Of all accounts and attendants together. */
export type MessagesOfHour = Omit<MessageHour, 'account_id' | 'attendant'>;

const inSpan = ({ from, to }: HourSpan) =>
  sql`m.occurred_at >= ${sql.lit(from * HOUR_MS)} and m.occurred_at < ${sql.lit(to * HOUR_MS)}`;

const ofAccounts = (column: RawBuilder<unknown>, { accountIds }: HourFilter) =>
  accountIds.length === 0 ? sql`` : sql`and ${column} in (${sql.join(accountIds)})`;

/** A number of rows as a plain integer on both databases: PostgreSQL's sums are numeric. */
const total = (of: RawBuilder<unknown>) => sql`cast(coalesce(sum(${of}), 0) as bigint)`;
const countIf = (condition: RawBuilder<unknown>) =>
  total(sql`case when ${condition} then 1 else 0 end`);

/** What did not reach anybody answers nobody. */
const WENT = literal('failed');
const UNSURE = literal('unknown');

/** Looked up for each message: a join makes PostgreSQL read all conversations of the tenant for those of an hour. */
const attendant = () => sql`coalesce((select c.assignee from conversations c
  where c.tenant_id = m.tenant_id and c.id = m.conversation_id), '')`;

/** Messages of whole hours, by the instant at which they happened. */
function countedMessages(tx: TenantTx, span: HourSpan, filter: HourFilter) {
  const isOut = sql`m.direction = 'outbound'`;
  const went = sql`m.status not in (${WENT}, ${UNSURE})`;
  return sql<MessageHour>`select m.occurred_at / ${sql.lit(HOUR_MS)} as hour, m.account_id,
      ${attendant()} as attendant,
      ${countIf(sql`m.direction = 'inbound'`)} as received,
      ${countIf(sql`${isOut} and ${went} and m.sent_by <> 'person'`)} as by_automation,
      ${countIf(sql`${isOut} and ${went} and m.sent_by = 'person'`)} as by_person,
      ${countIf(sql`${isOut} and m.status = ${WENT}`)} as failed
    from messages m
    where m.tenant_id = ${tx.tenantId} and ${inSpan(span)} ${ofAccounts(sql`m.account_id`, filter)}
    group by 1, 2, 3`;
}

const same = () => sql`x.tenant_id = m.tenant_id and x.conversation_id = m.conversation_id`;

/**
 * Turns of customers that began in whole hours: a message behind one of ours, or the first of all. Each with how soon the
 * first message of ours came, by class.
 */
function countedTurns(tx: TenantTx, span: HourSpan, filter: HourFilter) {
  const before = sql`(select x.direction from messages x where ${same()}
      and x.occurred_at <= m.occurred_at and x.id <> m.id
      and (x.occurred_at < m.occurred_at or x.id < m.id)
      order by x.occurred_at desc limit 1)`;
  // When, and in the lowest bit by whom: a scalar that one look at the index gives.
  const answer = sql`(select x.occurred_at * 2 + case when x.sent_by = 'person' then 1 else 0 end
      from messages x where ${same()} and x.direction = 'outbound'
      and x.occurred_at > m.occurred_at
      and x.occurred_at <= m.occurred_at + ${sql.lit(ANSWER_WITHIN_MS)}
      and x.status not in (${WENT}, ${UNSURE})
      order by x.occurred_at limit 1)`;
  const took = sql`(t.answer / 2 - t.at)`;
  const edges = ANSWER_EDGES.map(
    (edge, bucket) => sql`when ${took} <= ${sql.lit(edge)} then ${sql.lit(bucket)}`,
  );
  // Materialized: both databases would look the answer up anew for each class that it is compared with.
  return sql<TurnHour>`with t as materialized (
      select m.occurred_at as at, m.account_id, ${attendant()} as attendant, ${answer} as answer
      from messages m
      where m.tenant_id = ${tx.tenantId} and ${inSpan(span)} and m.direction = 'inbound'
        ${ofAccounts(sql`m.account_id`, filter)}
        and coalesce(${before}, 'outbound') = 'outbound')
    select t.at / ${sql.lit(HOUR_MS)} as hour, t.account_id, t.attendant,
      case when t.answer is null then '' when t.answer % 2 = 1 then 'person' else 'automation' end
        as answered_by,
      case when t.answer is null then -1 ${sql.join(edges, sql` `)} end as bucket,
      cast(count(*) as bigint) as turns, ${total(sql`coalesce(${took}, 0)`)} as sum_ms
    from t group by 1, 2, 3, 4, 5`;
}

export async function countMessages(
  tx: TenantTx,
  span: HourSpan,
  filter: HourFilter,
): Promise<MessageHour[]> {
  if (span.from >= span.to) return [];
  return (await countedMessages(tx, span, filter).execute(tx.db)).rows;
}

export async function countTurns(
  tx: TenantTx,
  span: HourSpan,
  filter: HourFilter,
): Promise<TurnHour[]> {
  if (span.from >= span.to) return [];
  return (await countedTurns(tx, span, filter).execute(tx.db)).rows;
}

/** Counts hours anew and puts the figures in the place of what was put down for them before. */
export async function putDownHours(tx: TenantTx, span: HourSpan): Promise<void> {
  for (const table of ['message_hours', 'turn_hours'] as const) {
    await tx.db
      .deleteFrom(table)
      .where('tenant_id', '=', tx.tenantId)
      .where('hour', '>=', span.from)
      .where('hour', '<', span.to)
      .execute();
  }
  const all = { accountIds: [] };
  await sql`insert into message_hours (tenant_id, hour, account_id, attendant, received, by_automation, by_person, failed)
    select ${tx.tenantId}, n.* from (${countedMessages(tx, span, all)}) n`.execute(tx.db);
  await sql`insert into turn_hours (tenant_id, hour, account_id, attendant, answered_by, bucket, turns, sum_ms)
    select ${tx.tenantId}, n.* from (${countedTurns(tx, span, all)}) n`.execute(tx.db);
}

/** Hours of one tenant that are put down, of the accounts that are asked for. */
const putDown = (tx: TenantTx, { from, to }: HourSpan, filter: HourFilter) =>
  sql`t.tenant_id = ${tx.tenantId} and t.hour >= ${sql.lit(from)} and t.hour < ${sql.lit(to)}
    ${ofAccounts(sql`t.account_id`, filter)}`;

const messageTotals = () => sql`${total(sql`t.received`)} as received,
  ${total(sql`t.by_automation`)} as by_automation, ${total(sql`t.by_person`)} as by_person,
  ${total(sql`t.failed`)} as failed`;

/** Messages that were put down for a span, all of its hours together. */
export async function sumMessageHours(
  tx: TenantTx,
  span: HourSpan,
  filter: HourFilter,
): Promise<MessageHour[]> {
  if (span.from >= span.to) return [];
  const { rows } = await sql<MessageHour>`select cast(min(t.hour) as bigint) as hour, t.account_id,
      t.attendant, ${messageTotals()}
    from message_hours t where ${putDown(tx, span, filter)}
    group by t.account_id, t.attendant`.execute(tx.db);
  return rows;
}

/** Messages that were put down for each hour of a span. */
export async function sumMessagesByHour(
  tx: TenantTx,
  span: HourSpan,
  filter: HourFilter,
): Promise<MessagesOfHour[]> {
  if (span.from >= span.to) return [];
  const { rows } = await sql<MessagesOfHour>`select t.hour, ${messageTotals()}
    from message_hours t where ${putDown(tx, span, filter)} group by t.hour`.execute(tx.db);
  return rows;
}

/** Turns that were put down for a span, all of its hours together. */
export async function sumTurnHours(
  tx: TenantTx,
  span: HourSpan,
  filter: HourFilter,
): Promise<TurnHour[]> {
  if (span.from >= span.to) return [];
  const { rows } = await sql<TurnHour>`select cast(min(t.hour) as bigint) as hour, t.account_id,
      t.attendant, t.answered_by, t.bucket, ${total(sql`t.turns`)} as turns,
      ${total(sql`t.sum_ms`)} as sum_ms
    from turn_hours t where ${putDown(tx, span, filter)}
    group by t.account_id, t.attendant, t.answered_by, t.bucket`.execute(tx.db);
  return rows;
}

/** How many turns began in each hour, and how many of them were answered. */
export async function sumTurnsByHour(
  tx: TenantTx,
  span: HourSpan,
  filter: HourFilter,
): Promise<{ hour: number; turns: number; answered: number }[]> {
  if (span.from >= span.to) return [];
  const { rows } = await sql<{ hour: number; turns: number; answered: number }>`select t.hour,
      ${total(sql`t.turns`)} as turns,
      ${total(sql`case when t.bucket >= 0 then t.turns else 0 end`)} as answered
    from turn_hours t where ${putDown(tx, span, filter)}
    group by t.hour`.execute(tx.db);
  return rows;
}

/**
 * As findRolledHour, held until the end of the transaction: two that count the same hours take turns.
 * @param first where nothing is put down yet; null: then nothing is to be put down
 */
export async function holdRolledHour(tx: TenantTx, first: number | null): Promise<number | null> {
  if (first !== null) {
    await tx.db
      .insertInto('rolled_hours')
      .values({ tenant_id: tx.tenantId, until_hour: first, updated_at: tx.now })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  let query = tx.db
    .selectFrom('rolled_hours')
    .select('until_hour')
    .where('tenant_id', '=', tx.tenantId);
  if (tx.dialect === 'postgres') query = query.forUpdate();
  return (await query.executeTakeFirst())?.until_hour ?? null;
}

/** Every hour before this one is put down; null: none yet. */
export async function findRolledHour(tx: TenantTx): Promise<number | null> {
  const row = await tx.db
    .selectFrom('rolled_hours')
    .select('until_hour')
    .where('tenant_id', '=', tx.tenantId)
    .executeTakeFirst();
  return row?.until_hour ?? null;
}

export async function saveRolledHour(tx: TenantTx, hour: number): Promise<void> {
  await tx.db
    .updateTable('rolled_hours')
    .set({ until_hour: hour, updated_at: tx.now })
    .where('tenant_id', '=', tx.tenantId)
    .execute();
}

/** When the tenant's first message happened; null: there is none. */
export async function findFirstMessageAt(tx: TenantTx): Promise<number | null> {
  const row = await tx.db
    .selectFrom('messages')
    .select('occurred_at')
    .where('tenant_id', '=', tx.tenantId)
    .orderBy('occurred_at')
    .limit(1)
    .executeTakeFirst();
  return row?.occurred_at ?? null;
}
