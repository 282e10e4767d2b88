/** A transaction that is still open while an hour is put down: what it brings into the hour counts when it is over. */
import type { Insertable } from 'kysely';
import { Client } from 'pg';
import { rollUp } from '../../../core/insight';
import type { Database } from '../../../core/store/tables';
import { describeOnOneDatabase, type StoreContext } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import { insertRows, readTenant } from '../tenants/support/tenantUnits.cjs';
import { expectExact, FROM, HOUR_MS, NOW } from './support/exactFigures';

type Rows = { [T in keyof Database]?: Omit<Insertable<Database[T]>, 'tenant_id'>[] };

const of = (name: string) => ({
  contact_id: `P-${name}`,
  account_id: `a-${name}`,
  conversation_id: `C-${name}`,
});
const stamps = { created_at: FROM, updated_at: FROM };

function message(name: string, row: { id: string; direction: string; occurred_at: number }) {
  const status = row.direction === 'inbound' ? 'received' : 'sent';
  const sentBy = row.direction === 'inbound' ? 'contact' : 'automation';
  const content = { type: 'text', attachments: '[]', status, status_at: FROM, sent_by: sentBy };
  return { ...of(name), ...content, ...row, created_at: FROM };
}

function send(name: string) {
  const { conversation_id: _, ...who } = of(name);
  const what = { key: `K-${name}`, outcome: 'unknown', channel: 'messenger' };
  return { ...who, ...what, message_id: `M-${name}`, at: FROM, updated_at: FROM };
}

const claim = (name: string, trigger: string, dueAt: number) => ({
  trigger_id: trigger,
  journey_key: `birthday:${name}:x`,
  state: 'done',
  attempt: 1,
  due_at: dueAt,
  ...stamps,
});

const step = (name: string, id: string, at: number) => ({
  id: `${id}-${name}`,
  contact_id: `P-${name}`,
  to_stage: 'client',
  channel: 'messenger',
  account_id: `a-${name}`,
  at,
});

const ours = (name: string) =>
  message(name, { id: `M-${name}`, direction: 'outbound', occurred_at: FROM });

/** Two transactions write something of the same hour, and neither sees what the other writes. */
const CASES: {
  what: string;
  before?: (name: string) => Rows;
  /** In the transaction that stays open: rows, or a statement for one tenant. */
  open: (name: string) => Rows | string;
  /** In another, which is over before the hour is put down. */
  meanwhile: (name: string) => Rows;
}[] = [
  {
    what: 'the status of a message that turns out to be of a send',
    before: (name) => ({ messages: [ours(name)] }),
    open: () => `update messages set status = 'delivered' where tenant_id = $1`,
    meanwhile: (name) => ({ send_outcomes: [send(name)] }),
  },
  {
    what: 'an answer to a message that turns out to be of a send',
    before: (name) => ({ messages: [ours(name)] }),
    open: (name) => ({
      messages: [
        message(name, { id: `A-${name}`, direction: 'inbound', occurred_at: FROM + HOUR_MS }),
      ],
    }),
    meanwhile: (name) => ({ send_outcomes: [send(name)] }),
  },
  {
    what: 'a moment that another trigger has due later',
    open: (name) => ({ journey_claims: [claim(name, 't1', FROM + HOUR_MS)] }),
    meanwhile: (name) => ({ journey_claims: [claim(name, 't2', FROM + 4 * HOUR_MS)] }),
  },
  {
    what: 'a step that somebody takes once more later',
    open: (name) => ({ stage_changes: [step(name, 'S1', FROM + HOUR_MS)] }),
    meanwhile: (name) => ({ stage_changes: [step(name, 'S2', FROM + 4 * HOUR_MS)] }),
  },
  {
    what: 'the first conversation of a contact',
    open: (name) => ({
      conversations: [
        {
          id: `C-${name}`,
          account_id: `a-${name}`,
          contact_id: `P-${name}`,
          provider: 'meta',
          channel: 'messenger',
          status: 'open',
          ...stamps,
        },
      ],
    }),
    meanwhile: (name) => ({ contacts: [{ id: `P-${name}`, name, ...stamps }] }),
  },
];

describeOnOneDatabase('postgres', 'figures by the hour, of an open transaction', (context) => {
  let writer: Client;

  beforeEach(async () => {
    if (context.target.kind !== 'postgres') throw new Error('There is no server.');
    writer = new Client(context.target.connection);
    await writer.connect();
    await writer.query('set search_path to omnichannel');
  });

  afterEach(() => writer.end());

  async function write(tenantId: string, what: Rows | string): Promise<void> {
    if (typeof what === 'string') {
      await writer.query(what, [tenantId]);
      return;
    }
    for (const [table, rows] of Object.entries(what)) {
      for (const row of rows) {
        const columns = Object.entries({ ...row, tenant_id: tenantId });
        await writer.query(
          `insert into ${table} (${columns.map(([column]) => column).join(', ')})
            values (${columns.map((_, index) => `$${index + 1}`).join(', ')})`,
          columns.map(([, value]) => value),
        );
      }
    }
  }

  /** Up to the moment at which the hour is put down. */
  async function leaveOpen({ before, open, meanwhile }: (typeof CASES)[number]) {
    context.clock.set(NOW);
    const tenant = context.newTenant();
    const name = tenant.tenantId;
    await tenant.run(insertRows, {
      accounts: [
        {
          id: `a-${name}`,
          provider: 'meta',
          channel: 'messenger',
          external_id: name,
          name,
          status: 'active',
          ...stamps,
        },
      ],
      ...before?.(name),
    });
    await rollUp(context);
    await writer.query('begin');
    await write(name, open(name));
    await tenant.run(insertRows, meanwhile(name));
    return tenant;
  }

  async function isWaitedFor(): Promise<boolean> {
    await writer.query('select pg_stat_clear_snapshot()');
    const { rows } = await writer.query(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`,
    );
    return rows.length > 0;
  }

  const marksOf = async (tenant: ReturnType<StoreContext['newTenant']>) =>
    (await tenant.run(readTenant, null)).late_hours;

  it.each(CASES)('count $what, when it ends after the hour was put down', async (one) => {
    const tenant = await leaveOpen(one);
    await rollUp(context);
    await expectExact(context, tenant);
    await writer.query('commit');
    await expectExact(context, tenant);
    await rollUp(context);
    await expectExact(context, tenant);
    expect(await marksOf(tenant)).toEqual([]);
  });

  it.each(CASES)('count $what, when it ends while the hour is put down', async (one) => {
    const tenant = await leaveOpen(one);
    let isOver = false;
    const rolling = rollUp(context).finally(() => {
      isOver = true;
    });
    await waitFor(async () => isOver || (await isWaitedFor()), {
      what: 'the hour to wait for the transaction',
    });
    await writer.query('commit');
    await rolling;
    await expectExact(context, tenant);
    await rollUp(context);
    await expectExact(context, tenant);
    expect(await marksOf(tenant)).toEqual([]);
  });
});
