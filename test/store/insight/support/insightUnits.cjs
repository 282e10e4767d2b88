'use strict';

/* Units of work for the tests of statistics; plain JavaScript, as the store's worker thread loads them by path. */

const { sql } = require('kysely');
const { tenantUnit } = require('../../../../dist/core/store/unit');
const counted = require('../../../../dist/core/store/statements/countedFigures');
const hours = require('../../../../dist/core/store/statements/hours');
const { explained, id, numbers, withoutLimit } = require('../../support/explained.cjs');

const TABLES = [
  'accounts',
  'contacts',
  'conversations',
  'messages',
  'send_outcomes',
  'journey_claims',
  'ratings',
  'stage_changes',
];

/**
 * Fills the tenant: messages one every `everyMs` before `now`, one after the other in as many conversations as a tenth of
 * them, in turn from the customer and by us; with each tenth message an outcome, a due moment, a rating, a step and a
 * contact of the same moment.
 */
exports.fill = tenantUnit(__filename, 'fill', async (tx, { messages, everyMs, now }) => {
  await withoutLimit(tx);
  const t = tx.tenantId;
  const n = sql`cast(n as bigint)`;
  const people = messages / 10;
  const who = sql`n % ${sql.lit(people)}`;
  const lit = sql.lit;
  const mine = (prefix, of) => sql`${id(tx, prefix, of)} || ${lit(`-${t}`)}`;
  const at = sql`(${lit(now)} - (${lit(messages)} - ${n}) * ${lit(everyMs)})`;
  const of10 = sql`(${lit(now)} - (${lit(people)} - ${n}) * ${lit(everyMs * 10)})`;
  await sql`insert into accounts (id, tenant_id, provider, channel, external_id, name, status, refused_calls, created_at, updated_at)
    values (${`a0-${t}`}, ${t}, 'meta', 'messenger', 'a0', 'a0', 'active', 0, 1, 1),
      (${`a1-${t}`}, ${t}, 'meta', 'instagram', 'a1', 'a1', 'active', 0, 1, 1)`.execute(tx.db);
  const account = sql`case when n % 4 = 1 then ${lit(`a1-${t}`)} else ${lit(`a0-${t}`)} end`;
  const all = numbers(tx, people);
  await sql`insert into contacts (id, tenant_id, name, stage, source, created_at, updated_at)
    select ${mine('P', n)}, ${t}, 'Contact', 'lead', case when n % 3 = 0 then 'ad' end, ${of10}, ${of10} from ${all}`.execute(
    tx.db,
  );
  await sql`insert into conversations (id, tenant_id, account_id, contact_id, provider, channel, status, assignee, created_at, updated_at)
    select ${mine('C', n)}, ${t}, ${account}, ${mine('P', n)}, 'meta', 'messenger', 'open',
      case when n % 7 = 0 then 'Helena' end, ${of10}, ${of10} from ${all}`.execute(tx.db);
  await sql`insert into messages (id, tenant_id, account_id, conversation_id, contact_id, direction, type, text, attachments,
      status, status_at, sent_by, occurred_at, created_at)
    select ${mine('M', n)}, ${t}, ${account}, ${mine('C', who)}, ${mine('P', who)},
      case when (n / ${lit(people)}) % 2 = 0 then 'inbound' else 'outbound' end, 'text',
      'Bom dia, gostaria de marcar uma consulta', '[]',
      case when (n / ${lit(people)}) % 2 = 0 then 'received' else 'read' end, ${at},
      case when (n / ${lit(people)}) % 2 = 0 then 'contact' when n % 5 = 0 then 'person' else 'automation' end, ${at}, ${at}
    from ${numbers(tx, messages)}`.execute(tx.db);
  await sql`insert into send_outcomes (tenant_id, key, journey, message, workflow_id, workflow_name, outcome, reason, message_id,
      account_id, channel, contact_id, at, updated_at)
    select ${t}, 'journey/' || n, 'appointmentUpcoming-24h', 'main', 'w1', 'Lembrete',
      case when n % 9 = 0 then 'skipped' else 'sent' end, case when n % 9 = 0 then 'no_opt_in' end,
      ${mine('M', sql`n * 10 + 5`)}, ${account}, 'messenger', ${mine('P', n)}, ${of10}, ${of10} from ${all}`.execute(
    tx.db,
  );
  await sql`insert into journey_claims (tenant_id, trigger_id, journey_key, state, attempt, due_at, created_at, updated_at)
    select ${t}, 't1', 'appointmentUpcoming-24h:' || n || ':x', 'done', 1, ${of10}, ${of10}, ${of10} from ${all}`.execute(
    tx.db,
  );
  await sql`insert into ratings (id, tenant_id, contact_id, subject, rating, best, event_id, given_at, created_at, updated_at)
    select ${mine('R', n)}, ${t}, ${mine('P', n)}, 'appointment:' || n, 1 + n % 5, 5, '', ${of10}, ${of10}, ${of10}
    from ${all}`.execute(tx.db);
  await sql`insert into stage_changes (id, tenant_id, contact_id, from_stage, to_stage, source, channel, account_id, at)
    select ${mine('S', n)}, ${t}, ${mine('P', n)}, 'lead', 'client', 'ad', 'messenger', ${account}, ${of10} from ${all}`.execute(
    tx.db,
  );
  if (tx.dialect === 'postgres') {
    for (const table of TABLES) await sql`analyze ${sql.table(table)}`.execute(tx.db);
  }
});

/** The plans of everything that statistics ask, by name. */
exports.explainStatistics = tenantUnit(__filename, 'explainStatistics', async (tx, { span }) => {
  const filter = { accountIds: [] };
  const asked = {
    messages: (watched) => hours.countMessages(watched, span, filter),
    turns: (watched) => hours.countTurns(watched, span, filter),
    messageHours: (watched) => hours.sumMessageHours(watched, span, filter),
    messagesByHour: (watched) => hours.sumMessagesByHour(watched, span, filter),
    turnHours: (watched) => hours.sumTurnHours(watched, span, filter),
    outcomes: (watched) => counted.countedSends(watched, [span], 3_600_000).execute(watched.db),
    due: (watched) => counted.countedMoments(watched, [span]).execute(watched.db),
    ratings: (watched) => counted.countedRatings(watched, [span]).execute(watched.db),
    newContacts: (watched) => counted.countedContacts(watched, [span]).execute(watched.db),
    steps: (watched) => counted.countedSteps(watched, [span]).execute(watched.db),
  };
  const plans = {};
  for (const [name, ask] of Object.entries(asked)) {
    plans[name] = (await explained(tx, ask)).plans.join('\n');
  }
  return plans;
});
