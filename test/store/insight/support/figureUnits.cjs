'use strict';

/* Units of work for the tests of figures by the hour; plain JavaScript, as the store's worker thread loads them by path. */

const { sql } = require('kysely');
const { instanceUnit, tenantUnit } = require('../../../../dist/core/store/unit');
const { listCountedTenants } = require('../../../../dist/core/store/instance/lateHours');
const figureHours = require('../../../../dist/core/store/statements/figureHours');
const progress = require('../../../../dist/core/store/statements/figureProgress');
const { explained, numbers } = require('../../support/explained.cjs');

/** The plans of what was put down, and of putting it down, by name. */
exports.explainFigureHours = tenantUnit(__filename, 'explainFigureHours', async (tx, span) => {
  const asked = {
    read: (watched) => figureHours.readFigureHours(watched, { ...span, without: [span.from + 1] }),
    next: (watched) => progress.findCountedHour(watched, span.from),
    marks: (watched) => progress.takeLateHours(watched, { before: span.to, limit: 24 }),
    late: (watched) => progress.findLateAmong(watched, span),
  };
  const plans = {};
  for (const [name, ask] of Object.entries(asked)) {
    plans[name] = (await explained(tx, ask)).plans.join('\n');
  }
  return plans;
});

/** Who is counted while one tenant has marked so many changes, and the plan of asking that. */
exports.explainTenants = instanceUnit(__filename, 'explainTenants', async (tx, { id, marks }) => {
  await sql`insert into late_hours (tenant_id, hour)
    select ${id}, n % 100 from ${numbers(tx, marks)}`.execute(tx.db);
  if (tx.dialect === 'postgres') await sql`analyze late_hours`.execute(tx.db);
  const { result, plans } = await explained(tx, (watched) => listCountedTenants.run(watched, null));
  await tx.db.deleteFrom('late_hours').where('tenant_id', '=', id).execute();
  return { tenants: result, plan: plans.join('\n') };
});

/** Puts down everything of a span as the runner does, and is killed at the last moment. */
exports.breakOff = tenantUnit(__filename, 'breakOff', async (tx, span) => {
  await progress.holdRolledFigures(tx);
  await progress.takeLateHours(tx, { before: span.to, limit: 10_000 });
  await figureHours.putDownFigures(tx, [span]);
  await progress.saveRolledFigures(tx, span.to);
  throw new Error('killed');
});

/** Numbers from 0 to 1, the same for the same seed. */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Changes rows that statistics count, of a few people, sends and moments, within a span: anything that a row may go
 * through, in any order; only new ones (`makes`), or one kind of change.
 * @returns how many kinds of change there are
 */
exports.shake = tenantUnit(__filename, 'shake', async (tx, { seed, steps, from, to, only }) => {
  const next = random(seed);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const some = (prefix, of) => `${prefix}${Math.floor(next() * of)}-${tx.tenantId}`;
  // No two of the same instant: which of them is first would be anybody's guess.
  const at = (step) => from + Math.floor((next() * (to - from)) / 1e5) * 1e5 + seed * 400 + step;
  const stamps = { tenant_id: tx.tenantId, created_at: from, updated_at: from };
  const mine = (query) => query.where('tenant_id', '=', tx.tenantId);
  /** One of those that are there. */
  const present = async (table, column) => {
    const rows = await mine(tx.db.selectFrom(table).select(column)).orderBy(column).execute();
    return pick(rows)?.[column] ?? '';
  };
  const outbound = async () => {
    const rows = await mine(tx.db.selectFrom('messages').select('id'))
      .where('direction', '=', 'outbound')
      .orderBy('id')
      .execute();
    return pick(rows)?.id ?? null;
  };
  const insert = (table, row) =>
    tx.db
      .insertInto(table)
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  const change = (table, column, to) => async (step) => {
    const value = await present(table, column);
    await mine(tx.db.updateTable(table).set(await to(step)))
      .where(column, '=', value)
      .execute();
  };
  const remove = (table, column) => async () => {
    const value = await present(table, column);
    await mine(tx.db.deleteFrom(table)).where(column, '=', value).execute();
  };
  const contact = () => some('P', 6);
  const account = () => some('a', 2);
  const conversation = () => some('C', 8);
  const message = () => some('M', 60);
  const status = () => pick(['sent', 'delivered', 'read', 'failed', 'unknown', 'deleted']);
  const source = () => pick(['ad', 'form', null]);
  const writes = (direction) => (step) =>
    insert('messages', {
      tenant_id: tx.tenantId,
      created_at: from,
      id: message(),
      account_id: account(),
      conversation_id: conversation(),
      contact_id: contact(),
      direction,
      type: 'text',
      attachments: '[]',
      status: direction === 'inbound' ? 'received' : pick(['sent', 'read']),
      status_at: from,
      sent_by: direction === 'inbound' ? 'contact' : 'automation',
      occurred_at: at(step),
    });

  const makes = [
    async (step) =>
      insert('send_outcomes', {
        key: some('K', 60),
        journey: pick(['birthday', 'appointmentUpcoming-24h', null]),
        message: pick(['main', null]),
        workflow_id: pick(['w1', null]),
        outcome: pick(['sent', 'skipped', 'scheduled', 'failed']),
        reason: pick(['no_opt_in', null]),
        message_id: await outbound(),
        account_id: account(),
        channel: 'messenger',
        contact_id: contact(),
        tenant_id: tx.tenantId,
        at: at(step),
        updated_at: from,
      }),
    writes('outbound'),
    writes('inbound'),
    (step) =>
      insert('journey_claims', {
        ...stamps,
        trigger_id: pick(['t1', 't2']),
        journey_key: `${pick(['birthday', 'appointmentUpcoming-24h'])}:${some('e', 8)}:x`,
        state: pick(['claimed', 'done', 'skipped']),
        attempt: 1,
        due_at: at(step),
      }),
    (step) =>
      insert('contacts', { ...stamps, id: contact(), source: source(), created_at: at(step) }),
    (step) =>
      insert('conversations', {
        ...stamps,
        id: conversation(),
        account_id: account(),
        contact_id: contact(),
        provider: 'meta',
        channel: 'messenger',
        status: 'open',
        created_at: at(step),
      }),
    (step) =>
      insert('stage_changes', {
        id: some('S', 30),
        tenant_id: tx.tenantId,
        contact_id: contact(),
        to_stage: pick(['client', 'lead']),
        source: pick(['ad', null]),
        channel: 'messenger',
        account_id: account(),
        at: at(step),
      }),
    (step) =>
      insert('ratings', {
        ...stamps,
        id: some('R', 20),
        contact_id: contact(),
        subject: some('subject', 20),
        rating: pick([1, 3, 4.5]),
        best: pick([5, 10]),
        journey: pick(['birthday', null]),
        account_id: account(),
        event_id: '',
        given_at: at(step),
      }),
  ];
  const changes = [
    change('send_outcomes', 'key', () => ({ outcome: pick(['cancelled', 'skipped']) })),
    change('send_outcomes', 'key', async () => ({ message_id: await outbound() })),
    change('send_outcomes', 'key', (step) => ({ at: at(step) })),
    remove('send_outcomes', 'key'),
    change('messages', 'id', () => ({ status: status() })),
    change('messages', 'id', (step) => ({ occurred_at: at(step) })),
    change('messages', 'conversation_id', () => ({ conversation_id: conversation() })),
    change('messages', 'id', (step) => ({ id: `N${seed}.${step}-${tx.tenantId}` })),
    remove('messages', 'id'),
    change('journey_claims', 'journey_key', () => ({ state: pick(['done', 'parked']) })),
    change('journey_claims', 'journey_key', (step) => ({ due_at: at(step) })),
    remove('journey_claims', 'journey_key'),
    change('contacts', 'id', () => ({ source: source() })),
    change('contacts', 'id', (step) => ({ created_at: at(step) })),
    change('contacts', 'id', () => ({ merged_into: pick([contact(), null]) })),
    change('contacts', 'id', () => ({ erased_at: pick([from, null]) })),
    remove('contacts', 'id'),
    // Of an account of its own: an account knows a person once.
    change('conversations', 'id', (step) => ({ account_id: `a${seed}.${step}` })),
    change('conversations', 'id', async (step) => ({
      account_id: `b${seed}.${step}`,
      contact_id: await present('contacts', 'id'),
    })),
    remove('conversations', 'id'),
    change('stage_changes', 'contact_id', () => ({ contact_id: contact() })),
    remove('stage_changes', 'id'),
    change('ratings', 'id', () => ({ rating: pick([2, 5]) })),
    change('ratings', 'id', (step) => ({ given_at: at(step) })),
    remove('ratings', 'id'),
  ];
  for (const name of ['a0', 'a1']) {
    const id = `${name}-${tx.tenantId}`;
    const of = { provider: 'meta', channel: 'messenger', external_id: id, name, status: 'active' };
    await insert('accounts', { ...stamps, ...of, id });
  }
  const deeds =
    typeof only === 'number' ? [changes[only]] : only === 'makes' ? makes : [...makes, ...changes];
  for (let step = 0; step < steps; step += 1) await pick(deeds)(step);
  return changes.length;
});
