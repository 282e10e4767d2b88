import type { Kysely } from 'kysely';
import { sql } from '../sql';

/*
 * Marks of 0036: whatever changes a row that statistics count puts down which hour is to be counted anew, in the same
 * transaction, whoever writes it. A mark is a row of its own: no two writers wait for each other, and who counts takes
 * away only the marks that were there before. Belongs to the migration, and like it is never edited.
 */

type Row = 'new' | 'old';

interface Mark {
  name: string;
  /** `insert on messages` */
  on: string;
  /** Only then is there anything to mark. */
  when?: string;
  /** Statements; each ends with a semicolon. */
  body: string;
  /** PostgreSQL runs this once for all rows that a statement wrote, `new_rows` and `old_rows`: sends come in batches. */
  batch?: string;
}

const HOUR_MS = 3_600_000;
/** So long after a message of ours something may be an answer to it. */
const LONGEST_ANSWER_MS = 30 * 24 * HOUR_MS;

const mark = (from: string) => `insert into late_hours (tenant_id, hour) ${from};`;
const hourOf = (row: Row, instant: string) =>
  mark(`values (${row}.tenant_id, ${row}.${instant} / ${HOUR_MS})`);
const changed = (...columns: string[]) =>
  columns.map((column) => `old.${column} is distinct from new.${column}`).join(' or ');

/** The hour of the send that a message of ours came of. @param ids of the message, by which the send may know it */
const sendOf = (row: Row, ids: string) =>
  mark(`select o.tenant_id, o.at / ${HOUR_MS} from send_outcomes o
    where o.tenant_id = ${row}.tenant_id and o.message_id in (${ids})`);

const sendsOf = (messages: string) =>
  mark(`select distinct o.tenant_id, o.at / ${HOUR_MS} from ${messages} m
    join send_outcomes o on o.tenant_id = m.tenant_id and o.message_id = m.id`);

const HOURS_OF_NEW = mark(`select distinct tenant_id, at / ${HOUR_MS} from new_rows`);

const SENT_NEW = sendsOf(`(select tenant_id, id from new_rows where direction = 'outbound')`);

/** Also under the id that the message had before. */
const SENT_CHANGED = sendsOf(`(
    select n.tenant_id, n.id from new_rows n
      left join old_rows p on p.tenant_id = n.tenant_id and p.id = n.id
      where n.direction = 'outbound' and (p.id is null or p.status is distinct from n.status
        or p.occurred_at <> n.occurred_at or p.conversation_id <> n.conversation_id)
    union all
    select p.tenant_id, p.id from old_rows p
      where p.direction = 'outbound' and not exists
        (select 1 from new_rows n where n.tenant_id = p.tenant_id and n.id = p.id))`);

/**
 * The hours of those sends to which a message of the customer is, or was, the first answer. Only the last message before
 * bounds the index (`+ 0`): with more bounds PostgreSQL takes the one by time, and walks through everybody's messages.
 */
const answeredBy = (row: Row) =>
  mark(`select o.tenant_id, o.at / ${HOUR_MS}
    from messages m cross join send_outcomes o
    where m.tenant_id = ${row}.tenant_id and m.conversation_id = ${row}.conversation_id
      and m.direction = 'outbound' and m.occurred_at + 0 < ${row}.occurred_at
      and m.occurred_at + 0 >= ${row}.occurred_at - ${LONGEST_ANSWER_MS}
      and m.occurred_at >= coalesce((select p.occurred_at from messages p
        where p.tenant_id = ${row}.tenant_id and p.conversation_id = ${row}.conversation_id
          and p.direction = 'inbound' and p.occurred_at < ${row}.occurred_at and p.id <> ${row}.id
        order by p.occurred_at desc limit 1), 0)
      and o.tenant_id = m.tenant_id and o.message_id = m.id`);

/** Every hour in which a moment was due: by which trigger first decides where it counts. */
const momentOf = (row: Row) =>
  mark(`select c.tenant_id, c.due_at / ${HOUR_MS} from journey_claims c
    where c.tenant_id = ${row}.tenant_id and c.journey_key = ${row}.journey_key`);

const contactOf = (row: Row) =>
  mark(`select c.tenant_id, c.created_at / ${HOUR_MS} from contacts c
    where c.tenant_id = ${row}.tenant_id and c.id = ${row}.contact_id`);

/** Every hour in which somebody came into a stage: twice in a period counts once. */
const stepsOf = (row: Row) =>
  mark(`select s.tenant_id, s.at / ${HOUR_MS} from stage_changes s
    where s.tenant_id = ${row}.tenant_id and s.contact_id = ${row}.contact_id
      and s.to_stage = ${row}.to_stage`);

const OUTCOME =
  'journey, message, workflow_id, workflow_name, outcome, reason, message_id, account_id';

/** What counts in another hour from now on. */
const moved = (name: string, table: string, instant: string): Mark => ({
  name,
  on: `update of ${instant} on ${table}`,
  when: changed(instant),
  body: hourOf('old', instant) + hourOf('new', instant),
});

const MARKS: readonly Mark[] = [
  {
    name: 'outcome_new',
    on: 'insert on send_outcomes',
    body: hourOf('new', 'at'),
    batch: HOURS_OF_NEW,
  },
  {
    name: 'outcome_changed',
    on: `update of ${OUTCOME} on send_outcomes`,
    body: hourOf('new', 'at'),
  },
  moved('outcome_moved', 'send_outcomes', 'at'),
  { name: 'outcome_gone', on: 'delete on send_outcomes', body: hourOf('old', 'at') },
  {
    name: 'answer_new',
    on: 'insert on messages',
    when: `new.direction = 'inbound'`,
    body: answeredBy('new'),
  },
  {
    name: 'answer_moved',
    on: 'update of occurred_at, conversation_id on messages',
    when: `new.direction = 'inbound' and (${changed('occurred_at', 'conversation_id')})`,
    body: answeredBy('old') + answeredBy('new'),
  },
  {
    name: 'answer_gone',
    on: 'delete on messages',
    when: `old.direction = 'inbound'`,
    body: answeredBy('old'),
  },
  {
    // Of a send whose end was not known, the message comes after its outcome.
    name: 'sent_new',
    on: 'insert on messages',
    when: `new.direction = 'outbound'`,
    body: sendOf('new', 'new.id'),
    batch: SENT_NEW,
  },
  {
    name: 'sent_changed',
    on: 'update of id, status, occurred_at, conversation_id on messages',
    when: `new.direction = 'outbound' and (${changed('id', 'status', 'occurred_at', 'conversation_id')})`,
    body: sendOf('new', 'old.id, new.id'),
    batch: SENT_CHANGED,
  },
  {
    name: 'sent_gone',
    on: 'delete on messages',
    when: `old.direction = 'outbound'`,
    body: sendOf('old', 'old.id'),
  },
  { name: 'moment_new', on: 'insert on journey_claims', body: momentOf('new') },
  {
    name: 'moment_changed',
    on: 'update of state on journey_claims',
    when: changed('state'),
    body: momentOf('new'),
  },
  {
    name: 'moment_moved',
    on: 'update of journey_key, due_at on journey_claims',
    when: changed('journey_key', 'due_at'),
    body: hourOf('old', 'due_at') + momentOf('old') + momentOf('new'),
  },
  {
    name: 'moment_gone',
    on: 'delete on journey_claims',
    body: hourOf('old', 'due_at') + momentOf('old'),
  },
  { name: 'contact_new', on: 'insert on contacts', body: hourOf('new', 'created_at') },
  {
    name: 'contact_changed',
    on: 'update of source, merged_into, erased_at on contacts',
    when: changed('source', 'merged_into', 'erased_at'),
    body: hourOf('new', 'created_at'),
  },
  moved('contact_moved', 'contacts', 'created_at'),
  { name: 'contact_gone', on: 'delete on contacts', body: hourOf('old', 'created_at') },
  { name: 'first_account_new', on: 'insert on conversations', body: contactOf('new') },
  {
    name: 'first_account_changed',
    on: 'update of contact_id, account_id, created_at on conversations',
    when: changed('contact_id', 'account_id', 'created_at'),
    body: contactOf('old') + contactOf('new'),
  },
  { name: 'first_account_gone', on: 'delete on conversations', body: contactOf('old') },
  { name: 'step_new', on: 'insert on stage_changes', body: stepsOf('new') },
  {
    name: 'step_changed',
    on: 'update on stage_changes',
    body: hourOf('old', 'at') + stepsOf('old') + stepsOf('new'),
  },
  {
    name: 'step_gone',
    on: 'delete on stage_changes',
    body: hourOf('old', 'at') + stepsOf('old'),
  },
  { name: 'rating_new', on: 'insert on ratings', body: hourOf('new', 'given_at') },
  {
    name: 'rating_changed',
    on: 'update of rating, best, journey, account_id on ratings',
    when: changed('rating', 'best', 'journey', 'account_id'),
    body: hourOf('new', 'given_at'),
  },
  moved('rating_moved', 'ratings', 'given_at'),
  { name: 'rating_gone', on: 'delete on ratings', body: hourOf('old', 'given_at') },
];

export async function createMarks(
  db: Kysely<unknown>,
  dialect: 'sqlite' | 'postgres',
): Promise<void> {
  for (const one of MARKS) {
    if (dialect === 'sqlite') await sql.raw(`${headOf(one)} begin ${one.body} end`).execute(db);
    else await createMark(db, one);
  }
}

/** Of a trigger that runs for each row. */
function headOf({ name, on, when }: Mark): string {
  return `create trigger figures_${name} after ${on} for each row ${when ? `when (${when})` : ''}`;
}

async function createMark(db: Kysely<unknown>, one: Mark): Promise<void> {
  const { name, batch } = one;
  await sql.raw(functionOf(name, batch ?? guarded(one.body))).execute(db);
  const head = batch === undefined ? headOf(one) : batchHeadOf(one);
  await sql.raw(`${head} execute function figures_${name}()`).execute(db);
}

/** Such a trigger cannot name columns. */
function batchHeadOf({ name, on }: Mark): string {
  const change = on.replace(/ of .* on /, ' on ');
  const before = change.startsWith('update') ? 'old table as old_rows' : '';
  return `create trigger figures_${name} after ${change}
    referencing ${before} new table as new_rows for each statement`;
}

/** Where a tenant has no sends, its messages concern none. */
function guarded(body: string): string {
  const isOfSends = body.includes('from messages') || body.includes('from send_outcomes');
  return isOfSends
    ? `if exists (select 1 from send_outcomes where tenant_id = coalesce(new.tenant_id, old.tenant_id)) then ${body} end if;`
    : body;
}

/**
 * Planned at each call: a plan that was kept from when the tables were empty may take any index, and walk through all that a
 * tenant has.
 */
function functionOf(name: string, body: string): string {
  return `create function figures_${name}() returns trigger language plpgsql
    set plan_cache_mode = force_custom_plan
    as $$ begin ${body} return null; end $$`;
}
