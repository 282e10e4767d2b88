'use strict';

/* Units of work for the tests of what is due. Plain JavaScript: see test/store/support/units.cjs. */

const { sql } = require('kysely');
const statements = require('../../../../dist/core/store/statements/journeys');
const { tenantUnit } = require('../../../../dist/core/store/unit');
const { explained, withoutLimit } = require('../../support/explained.cjs');

/** As if the holders of what is claimed had died a while ago. */
exports.endJourneyLeases = tenantUnit(__filename, 'endJourneyLeases', async (tx) => {
  await tx.db
    .updateTable('journey_claims')
    .set({ lease_until: 1 })
    .where('tenant_id', '=', tx.tenantId)
    .where('lease_until', 'is not', null)
    .execute();
});

const HOUR = 3_600_000;

/** Many of everything: an appointment, a contact with a birthday and a conversation for each number. */
exports.fillDue = tenantUnit(__filename, 'fillDue', async (tx, { count, from }) => {
  await withoutLimit(tx);
  const stamps = { tenant_id: tx.tenantId, created_at: 1, updated_at: 1 };
  for (let start = 0; start < count; start += 500) {
    const numbers = Array.from(
      { length: Math.min(500, count - start) },
      (_, index) => start + index,
    );
    const id = (kind, number) => `${kind}-${tx.tenantId}-${String(number).padStart(8, '0')}`;
    const day = (number) =>
      new Date(Date.UTC(2000, 0, 1 + (number % 366))).toISOString().slice(5, 10);
    await tx.db
      .insertInto('contacts')
      .values(
        numbers.map((number) => ({
          ...stamps,
          id: id('c', number),
          birthday: `--${day(number)}`,
          birth_day: day(number),
          time_zone: number % 2 === 0 ? 'America/Manaus' : null,
        })),
      )
      .execute();
    await tx.db
      .insertInto('appointments')
      .values(
        numbers.map((number) => ({
          ...stamps,
          id: id('a', number),
          account_id: '',
          external_id: id('a', number),
          status: number % 10 === 0 ? 'cancelled' : 'confirmed',
          starts_at: from + number * HOUR,
          ends_at: from + (number + 1) * HOUR,
          booked_at: from + number * HOUR - 1,
          time_zone: 'UTC',
          language: 'en',
          contact_id: id('c', number),
        })),
      )
      .execute();
    await tx.db
      .insertInto('conversations')
      .values(
        numbers.map((number) => ({
          ...stamps,
          id: id('v', number),
          account_id: 'x',
          contact_id: id('c', number),
          provider: 'meta',
          channel: 'messenger',
          status: 'open',
          last_inbound_at: from + number * HOUR,
          last_outbound_at: from + number * HOUR + 1,
        })),
      )
      .execute();
  }
  if (tx.dialect === 'postgres') {
    for (const table of ['contacts', 'appointments', 'conversations']) {
      await sql.raw(`analyze ${table}`).execute(tx.db);
    }
  }
});

async function explain(tx, query) {
  const { sql: text, parameters } = query.compile();
  const values = parameters.map((value) =>
    typeof value === 'string' ? `'${value}'` : String(value),
  );
  let index = 0;
  const plain = text.replace(/\$\d+|\?/g, () => values[index++] ?? 'null');
  const how = tx.dialect === 'postgres' ? 'explain ' : 'explain query plan ';
  const { rows } = await sql.raw(how + plain).execute(tx.db);
  return rows.map((line) => String(line['QUERY PLAN'] ?? line.detail)).join('\n');
}

/** How the database finds what may be due, by what is looked for. */
exports.explainDue = tenantUnit(__filename, 'explainDue', async (tx, { from, to }) => {
  const stretch = { from, to, after: { at: from, id: 'a' }, limit: 500 };
  const by = (instant) => explain(tx, statements.selectAppointmentsBy(tx, instant, stretch));
  return {
    starts_at: await by('starts_at'),
    ends_at: await by('ends_at'),
    booked_at: await by('booked_at'),
    late: await explain(
      tx,
      statements.selectAppointmentsBy(tx, 'booked_at', stretch, { from, to: from + HOUR }),
    ),
    zones: (await explained(tx, (watched) => statements.listContactZones(watched))).plans.join(
      '\n',
    ),
    birthdays: await explain(
      tx,
      statements.selectBirthdays(tx, { days: ['02-28', '02-29'], after: null, limit: 500 }),
    ),
    silent: await explain(tx, statements.selectSilent(tx, stretch)),
    lost: await explain(
      tx,
      statements.selectLostClaims(tx, { triggerId: 't', databaseNow: 5, limit: 10 }),
    ),
  };
});
