import { createRequire } from 'node:module';
import type { Store } from '../../core/store/store.ts';
import type { TenantUnit } from '../../core/store/unit.ts';
import { findContacts, listConversations, listMessages, nextScheduledAt } from '../lib/core.ts';
import { openPostgres, openSqlite, type BenchStore } from '../lib/databases.ts';
import type { Figure } from '../lib/measure.ts';
import type { Row } from '../lib/report.ts';

const units = createRequire(import.meta.url)('../lib/growth.unit.cjs') as {
  fillAccount: TenantUnit<null, null>;
  fillClients: TenantUnit<{ from: number; to: number; now: number }, null>;
  analyse: TenantUnit<null, null>;
};

/** Clients at which it is looked, each with ten messages. */
const SIZES = [10_000, 100_000, 1_000_000];
const AT_ONCE = 50_000;
const CALLS = 100;
const TENANT = 'growth';
const MOST_MS = 50;
const QUIET = { debug() {}, info() {}, warn() {}, error: console.error };

type Look = (store: Store, client: number) => Promise<unknown>;

const padded = (client: number) => String(client).padStart(9, '0');

/** What people and runners ask for again and again. */
const LOOKS: Record<string, Look> = {
  'Conversation list, the last active': (store) =>
    listConversations({ store }, { tenantId: TENANT, limit: 50, cursor: null }),
  'Conversation list, the open ones of an account': (store) =>
    listConversations(
      { store },
      { tenantId: TENANT, accountIds: ['account'], status: 'open', limit: 50, cursor: null },
    ),
  'Messages of a conversation': (store, client) =>
    listMessages(
      { store },
      {
        tenantId: TENANT,
        conversationId: `v${padded(client)}`,
        order: 'desc',
        limit: 50,
        cursor: null,
      },
    ),
  'Unanswered conversations': (store) =>
    listConversations({ store }, { tenantId: TENANT, unanswered: true, limit: 50, cursor: null }),
  'A contact by phone': (store, client) =>
    findContacts(
      { store, clock: store.clock, logger: QUIET },
      {
        tenantId: TENANT,
        phone: `+5511${padded(client)}`,
        limit: 50,
        cursor: null,
      },
    ),
  'When the next scheduled message is due': (store) => store.run(nextScheduledAt, null),
};

/** How long the lists and the due queries take while the tables grow, on both databases. */
export async function measureGrowth(rounds: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const open of [openSqlite, openPostgres]) {
    const bench = await open();
    try {
      rows.push(...(await grow(bench, rounds)));
    } finally {
      await bench.close();
    }
  }
  return rows;
}

async function grow({ store, label }: BenchStore, rounds: number): Promise<Row[]> {
  const tenant = store.forTenant(TENANT);
  const now = Date.now();
  await tenant.run(units.fillAccount, null);
  const figures = new Map<string, Figure[]>();
  let filled = 0;
  for (const size of SIZES) {
    while (filled < size) {
      const to = Math.min(filled + AT_ONCE, size);
      await tenant.run(units.fillClients, { from: filled + 1, to, now });
      filled = to;
    }
    await tenant.run(units.analyse, null);
    for (const [title, look] of Object.entries(LOOKS)) {
      const found = figures.get(title) ?? [];
      figures.set(title, found);
      found.push(await figureOf(store, look, { size, rounds, label }));
    }
  }
  return [...figures].map(([title, of]) => rowOf(`${title}, ${label.split(',')[0]}`, of));
}

async function figureOf(
  store: Store,
  look: Look,
  { size, rounds, label }: { size: number; rounds: number; label: string },
): Promise<Figure> {
  const rates: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const times: number[] = [];
    for (let call = 0; call < CALLS; call += 1) {
      const client = 1 + ((call * 7_919 + round * 104_729) % size);
      const begun = performance.now();
      await look(store, client);
      times.push(performance.now() - begun);
    }
    times.sort((a, b) => a - b);
    rates.push(times[Math.floor(CALLS * 0.95)] ?? 0);
  }
  rates.sort((a, b) => a - b);
  const clients = size.toLocaleString('en-US');
  return {
    name: `${clients} contacts, ${(size * 10).toLocaleString('en-US')} messages`,
    version: label,
    rates,
    median: rates[Math.floor(rates.length / 2)] ?? 0,
    min: rates[0] ?? 0,
    max: rates.at(-1) ?? 0,
  };
}

function rowOf(title: string, figures: Figure[]): Row {
  const largest = figures.at(-1);
  return {
    title,
    unit: `milliseconds, p95 of ${CALLS} calls`,
    higherIsBetter: false,
    figures,
    notes: [],
    goals: [
      {
        text: `under ${MOST_MS} ms with ${largest?.name ?? ''}`,
        kept: (largest?.median ?? Infinity) < MOST_MS,
      },
    ],
  };
}
