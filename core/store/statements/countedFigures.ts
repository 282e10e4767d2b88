import type { RawBuilder } from 'kysely';
import type {
  ContactHoursTable,
  MomentHoursTable,
  RatingHoursTable,
  SendHoursTable,
  StepHoursTable,
} from '../insightTables';
import { sql } from '../sql';
import type { TenantTx } from '../unit';
import { HOUR_MS, type HourSpan } from './hours';

/*
 * What statistics count beside messages, from the rows themselves, by the hour. The same statements count what is asked
 * for at this moment and what is put down, so that both say the same; each walks over stretches of one tenant by an
 * index.
 */

/** Longer after a message of ours nothing is an answer to it. */
export const LONGEST_ANSWER_MS = 30 * 24 * HOUR_MS;

export type SendHour = Omit<SendHoursTable, 'tenant_id'>;
export type MomentHour = Omit<MomentHoursTable, 'tenant_id'>;
export type ContactHour = Omit<ContactHoursTable, 'tenant_id'>;
export type StepHour = Omit<StepHoursTable, 'tenant_id'>;
export type RatingHour = Omit<RatingHoursTable, 'tenant_id'>;

const HOUR = () => sql.lit(HOUR_MS);

/** The stretches as rows, with the first instant of each and the one at which it is over. */
const inSpans = (spans: readonly HourSpan[]) =>
  sql`(values ${sql.join(
    spans.map(({ from, to }) => sql`(${sql.lit(from * HOUR_MS)}, ${sql.lit(to * HOUR_MS)})`),
  )}) spans`;
const within = (instant: RawBuilder<unknown>) =>
  sql`${instant} >= spans.column1 and ${instant} < spans.column2`;
const hourOf = (instant: RawBuilder<unknown>) => sql`${instant} / ${HOUR()}`;
const startOfHourOf = (instant: RawBuilder<unknown>) => sql`${instant} / ${HOUR()} * ${HOUR()}`;
const count = () => sql`cast(count(*) as bigint)`;
const flag = (condition: RawBuilder<unknown>) => sql`case when ${condition} then 1 else 0 end`;

/**
 * What became of the sends that were tried: as it is known today, also where the status came later. Answered is what the
 * same person wrote something to, in the same conversation.
 * @param answerUnitMs `answered_in` counts in these
 */
export function countedSends(
  tx: TenantTx,
  spans: readonly HourSpan[],
  answerUnitMs: number,
): RawBuilder<SendHour> {
  const known = sql`case when m.status in ('sent', 'delivered', 'read') then 'sent'
      when m.status = 'failed' then 'failed' else o.outcome end`;
  const answeredAt = sql`(select i.occurred_at from messages i where i.tenant_id = m.tenant_id
      and i.conversation_id = m.conversation_id and i.direction = 'inbound'
      and i.occurred_at > m.occurred_at
      and i.occurred_at <= m.occurred_at + ${sql.lit(LONGEST_ANSWER_MS)}
      order by i.occurred_at limit 1)`;
  const unit = sql.lit(answerUnitMs);
  return sql<SendHour>`select found.hour, found.journey, found.message, found.workflow_id,
      max(found.workflow_name) as workflow_name, found.outcome, found.reason, found.account_id, found.answered_in,
      ${count()} as sends, cast(sum(found.delivered) as bigint) as delivered,
      cast(sum(found.was_read) as bigint) as read
    from (select ${hourOf(sql`o.at`)} as hour, o.journey, o.message, o.workflow_id, o.workflow_name,
        ${known} as outcome, o.reason, o.account_id,
        case when m.status in ('sent', 'delivered', 'read')
          then coalesce((${answeredAt} - m.occurred_at + ${unit} - 1) / ${unit}, 0)
          else 0 end as answered_in,
        ${flag(sql`m.status in ('delivered', 'read')`)} as delivered,
        ${flag(sql`m.status = 'read'`)} as was_read
      from ${inSpans(spans)} cross join send_outcomes o
      left join messages m on m.id = o.message_id and m.tenant_id = o.tenant_id
      where o.tenant_id = ${tx.tenantId} and ${within(sql`o.at`)}) found
    group by found.hour, found.journey, found.message, found.workflow_id, found.outcome, found.reason, found.account_id,
      found.answered_in`;
}

/**
 * Moments that were due, by what the triggers made of them. One that several triggers had due in different hours says so,
 * that it counts once in a period.
 */
export function countedMoments(tx: TenantTx, spans: readonly HourSpan[]): RawBuilder<MomentHour> {
  const name =
    tx.dialect === 'postgres'
      ? sql`split_part(c.journey_key, ':', 1)`
      : sql`substr(c.journey_key, 1, instr(c.journey_key, ':') - 1)`;
  const same = sql`x.tenant_id = c.tenant_id and x.journey_key = c.journey_key`;
  return sql<MomentHour>`select found.hour, found.journey, found.state, found.earlier, ${count()} as moments
    from (select distinct ${hourOf(sql`c.due_at`)} as hour, c.journey_key, ${name} as journey,
        (select min(x.state) from journey_claims x where ${same}) as state,
        coalesce((select max(x.due_at) from journey_claims x where ${same}
          and x.due_at < ${startOfHourOf(sql`c.due_at`)}) / ${HOUR()}, -1) as earlier
      from ${inSpans(spans)} cross join journey_claims c
      where c.tenant_id = ${tx.tenantId} and ${within(sql`c.due_at`)}) found
    group by found.hour, found.journey, found.state, found.earlier`;
}

/** Who was met, by source and by the account at which they were met first. */
export function countedContacts(tx: TenantTx, spans: readonly HourSpan[]): RawBuilder<ContactHour> {
  return sql<ContactHour>`select found.hour, found.source, found.account_id, ${count()} as contacts
    from (select ${hourOf(sql`c.created_at`)} as hour, c.source,
        (select v.account_id from conversations v
          where v.tenant_id = c.tenant_id and v.contact_id = c.id
          order by v.created_at limit 1) as account_id
      from ${inSpans(spans)} cross join contacts c
      where c.tenant_id = ${tx.tenantId} and ${within(sql`c.created_at`)}
        and c.merged_into is null and c.erased_at is null) found
    group by found.hour, found.source, found.account_id`;
}

/** Who came into a stage; who had come into it in the same way before says so, that they count once in a period. */
export function countedSteps(tx: TenantTx, spans: readonly HourSpan[]): RawBuilder<StepHour> {
  const earlier = sql`(select max(x.at) from stage_changes x where x.tenant_id = s.tenant_id
      and x.contact_id = s.contact_id and x.to_stage = s.to_stage
      and x.source is not distinct from s.source and x.channel is not distinct from s.channel
      and x.account_id is not distinct from s.account_id and x.at < ${startOfHourOf(sql`s.at`)})`;
  return sql<StepHour>`select found.hour, found.stage, found.source, found.channel, found.account_id, found.earlier,
      ${count()} as contacts
    from (select distinct ${hourOf(sql`s.at`)} as hour, s.to_stage as stage, s.source, s.channel,
        s.account_id, s.contact_id, coalesce(${earlier} / ${HOUR()}, -1) as earlier
      from ${inSpans(spans)} cross join stage_changes s
      where s.tenant_id = ${tx.tenantId} and ${within(sql`s.at`)}) found
    group by found.hour, found.stage, found.source, found.channel, found.account_id, found.earlier`;
}

export function countedRatings(tx: TenantTx, spans: readonly HourSpan[]): RawBuilder<RatingHour> {
  return sql<RatingHour>`select ${hourOf(sql`r.given_at`)} as hour, r.rating, r.best, r.journey,
      r.account_id, ${count()} as ratings
    from ${inSpans(spans)} cross join ratings r
    where r.tenant_id = ${tx.tenantId} and ${within(sql`r.given_at`)}
    group by 1, 2, 3, 4, 5`;
}
