import type { RawBuilder } from 'kysely';
import { sql } from '../sql';
import type { TenantTx } from '../unit';
import {
  countedContacts,
  countedMoments,
  countedRatings,
  countedSends,
  countedSteps,
  type ContactHour,
  type MomentHour,
  type RatingHour,
  type SendHour,
  type StepHour,
} from './countedFigures';
import { HOUR_MS, type HourSpan } from './hours';

/*
 * Sends, due moments, new contacts, steps and ratings by the hour, as they were put down. Whatever changes one of their
 * rows marks its hour (migration 0036); a marked hour does not count until it has been counted anew.
 */

/** Hours of one tenant, of which some do not count as they were put down. */
export interface RolledHours extends HourSpan {
  without: readonly number[];
}

/** What was put down for hours, all of them together; `hour` is one of them. */
export interface RolledFigures {
  sends: SendHour[];
  moments: MomentHour[];
  contacts: ContactHour[];
  steps: StepHour[];
  ratings: RatingHour[];
}

const TABLES = [
  'send_hours',
  'moment_hours',
  'contact_hours',
  'step_hours',
  'rating_hours',
] as const;
const NONE: RolledFigures = { sends: [], moments: [], contacts: [], steps: [], ratings: [] };

/** Counts from the rows themselves. @param answerUnitMs in what `answered_in` of sends counts */
export async function countFigures(
  tx: TenantTx,
  spans: readonly HourSpan[],
  answerUnitMs = HOUR_MS,
): Promise<RolledFigures> {
  if (spans.length === 0) return NONE;
  return rowsOf(tx, {
    sends: countedSends(tx, spans, answerUnitMs),
    moments: countedMoments(tx, spans),
    contacts: countedContacts(tx, spans),
    steps: countedSteps(tx, spans),
    ratings: countedRatings(tx, spans),
  });
}

/** Counts hours anew and puts the figures in the place of what was put down for them before. */
export async function putDownFigures(tx: TenantTx, spans: readonly HourSpan[]): Promise<void> {
  if (spans.length === 0) return;
  for (const table of TABLES) {
    for (const { from, to } of spans) {
      await tx.db
        .deleteFrom(table)
        .where('tenant_id', '=', tx.tenantId)
        .where('hour', '>=', from)
        .where('hour', '<', to)
        .execute();
    }
  }
  const t = tx.tenantId;
  await sql`insert into send_hours (tenant_id, hour, journey, message, workflow_id, workflow_name, outcome, reason, account_id,
      answered_in, sends, delivered, read)
    select ${t}, n.* from (${countedSends(tx, spans, HOUR_MS)}) n`.execute(tx.db);
  await sql`insert into moment_hours (tenant_id, hour, journey, state, earlier, moments)
    select ${t}, n.* from (${countedMoments(tx, spans)}) n`.execute(tx.db);
  await sql`insert into contact_hours (tenant_id, hour, source, account_id, contacts)
    select ${t}, n.* from (${countedContacts(tx, spans)}) n`.execute(tx.db);
  await sql`insert into step_hours (tenant_id, hour, stage, source, channel, account_id, earlier, contacts)
    select ${t}, n.* from (${countedSteps(tx, spans)}) n`.execute(tx.db);
  await sql`insert into rating_hours (tenant_id, hour, rating, best, journey, account_id, ratings)
    select ${t}, n.* from (${countedRatings(tx, spans)}) n`.execute(tx.db);
}

/** What was put down. */
export async function readFigureHours(
  tx: TenantTx,
  { from, to, without }: RolledHours,
): Promise<RolledFigures> {
  if (from >= to) return NONE;
  const wanted = sql`t.tenant_id = ${tx.tenantId} and t.hour >= ${sql.lit(from)}
    and t.hour < ${sql.lit(to)} ${
      without.length === 0
        ? sql``
        : sql`and t.hour not in (${sql.join(without.map((hour) => sql.lit(hour)))})`
    }`;
  const first = sql`cast(min(t.hour) as bigint) as hour`;
  const total = (column: string) =>
    sql`cast(sum(${sql.ref(`t.${column}`)}) as bigint) as ${sql.ref(column)}`;
  const sends = sql<SendHour>`select ${first}, t.journey, t.message, t.workflow_id,
      max(t.workflow_name) as workflow_name, t.outcome, t.reason, t.account_id, t.answered_in,
      ${total('sends')}, ${total('delivered')}, ${total('read')}
    from send_hours t where ${wanted}
    group by t.journey, t.message, t.workflow_id, t.outcome, t.reason, t.account_id,
      t.answered_in`;
  const moments = sql<MomentHour>`select ${first}, t.journey, t.state, t.earlier,
      ${total('moments')}
    from moment_hours t where ${wanted} group by t.journey, t.state, t.earlier`;
  const contacts = sql<ContactHour>`select ${first}, t.source, t.account_id,
      ${total('contacts')}
    from contact_hours t where ${wanted} group by t.source, t.account_id`;
  const steps = sql<StepHour>`select ${first}, t.stage, t.source, t.channel, t.account_id,
      t.earlier, ${total('contacts')}
    from step_hours t where ${wanted}
    group by t.stage, t.source, t.channel, t.account_id, t.earlier`;
  const ratings = sql<RatingHour>`select ${first}, t.rating, t.best, t.journey, t.account_id,
      ${total('ratings')}
    from rating_hours t where ${wanted}
    group by t.rating, t.best, t.journey, t.account_id`;
  return rowsOf(tx, { sends, moments, contacts, steps, ratings });
}

type Asked = { [K in keyof RolledFigures]: RawBuilder<RolledFigures[K][number]> };

/** Started together: they go to PostgreSQL in one go. */
async function rowsOf(tx: TenantTx, asked: Asked): Promise<RolledFigures> {
  const [sends, moments, contacts, steps, ratings] = await Promise.all([
    asked.sends.execute(tx.db),
    asked.moments.execute(tx.db),
    asked.contacts.execute(tx.db),
    asked.steps.execute(tx.db),
    asked.ratings.execute(tx.db),
  ]);
  return {
    sends: sends.rows,
    moments: moments.rows,
    contacts: contacts.rows,
    steps: steps.rows,
    ratings: ratings.rows,
  };
}
