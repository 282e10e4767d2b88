import { limits } from '../lib/core.ts';
import { openPostgres, openSqlite, type BenchStore } from '../lib/databases.ts';
import { concurrently, interleave, type Contestant, type Figure } from '../lib/measure.ts';
import type { Row } from '../lib/report.ts';
import { openPeer } from './rateLimiterFlexible.ts';

/** Callers at once: a busy n8n with its workers. */
const WIDTH = 32;
const TAKES = 4_000;
const KEYS = 100;
const TENANT = 'bench';
/** Never reached, so that both sides count every call. */
const LIMIT = 1_000_000_000;
const quiet = { debug() {}, info() {}, warn() {}, error: console.error };

type KeyOf = (index: number) => string;
const many: KeyOf = (index) => `account-${index % KEYS}`;
const one: KeyOf = () => 'account-0';

/** Takes a second over three windows, on PostgreSQL beside a peer and on the embedded store. */
export async function measureLimits(rounds: number): Promise<Row[]> {
  const sqlite = await openSqlite();
  const postgres = await openPostgres();
  const peers = [
    await openPeer(postgres.url ?? '', 'full'),
    await openPeer(postgres.url ?? '', 'normal'),
  ];
  try {
    for (const bench of [sqlite, postgres]) await raiseLimits(bench);
    const against = (keyOf: KeyOf) => peers.map((peer) => peer.consumes(TAKES, WIDTH, keyOf));
    const hundred = await interleave([ours(postgres, many), ...against(many)], rounds);
    const single = await interleave(
      [ours(postgres, one), ...against(one), ours(postgres, one, { leases: true })],
      rounds,
    );
    const embedded = await interleave(
      [ours(sqlite, many), ours(sqlite, one), ours(sqlite, one, { leases: true })],
      rounds,
    );
    return [
      row(`Three windows on PostgreSQL, ${KEYS} accounts`, hundred, [
        times(hundred, 1, 2),
        times(hundred, 2, 2),
      ]),
      row('Three windows on PostgreSQL, one account', single, [
        times(single, 1, 1.5),
        times(single, 2, 1.5),
      ]),
      row('Three windows on the embedded store', embedded, [atLeast(embedded, 10_000)]),
    ];
  } finally {
    for (const peer of peers) await peer.close();
    await sqlite.close();
    await postgres.close();
  }
}

async function raiseLimits({ store }: BenchStore): Promise<void> {
  const ctx = { store, logger: quiet };
  const all = { perMinute: LIMIT, perHour: LIMIT, perDay: LIMIT };
  for (let index = 0; index < KEYS; index += 1) {
    await limits.setLimits(ctx, TENANT, many(index), all);
  }
}

function ours(bench: BenchStore, keyOf: KeyOf, { leases = false } = {}): Contestant {
  const ctx = { store: bench.store, logger: quiet, leases };
  const how = leases ? 'tokens taken ahead' : 'each told after its commit';
  const accounts = keyOf === one ? 'one account' : `${KEYS} accounts`;
  return {
    name: `core/limits, ${accounts}, ${how}`,
    version: bench.label,
    run: async () => {
      await concurrently(TAKES, WIDTH, async (index) => {
        const request = { tenantId: TENANT, accountId: keyOf(index) };
        const { allowed } = await limits.takeTokens(ctx, request);
        if (!allowed) throw new Error('A take was refused below its limit.');
      });
      return TAKES;
    },
  };
}

function row(title: string, figures: Figure[], goals: Row['goals']): Row {
  return {
    title,
    unit: `takes a second, ${WIDTH} callers`,
    higherIsBetter: true,
    figures,
    notes: [],
    goals,
  };
}

function times(figures: Figure[], peer: number, goal: number): Row['goals'][number] {
  const ratio = (figures[0]?.median ?? 0) / (figures[peer]?.median ?? Number.NaN);
  return {
    text: `${goal} times ${figures[peer]?.name ?? 'the peer'}: ${ratio.toFixed(2)}`,
    kept: ratio >= goal,
  };
}

function atLeast(figures: Figure[], goal: number): Row['goals'][number] {
  const slowest = Math.min(...figures.map(({ median }) => median));
  return {
    text: `at least ${goal.toLocaleString('en-US')} a second embedded`,
    kept: slowest >= goal,
  };
}
