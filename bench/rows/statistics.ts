import { createRequire } from 'node:module';
import type { TenantUnit } from '../../core/store/unit.ts';
import { getStatistics, rollUp } from '../lib/core.ts';
import { openPostgres, openSqlite, type BenchStore } from '../lib/databases.ts';
import { median, type Figure } from '../lib/measure.ts';
import type { Row } from '../lib/report.ts';

const units = createRequire(import.meta.url)(
  '../../test/store/insight/support/insightUnits.cjs',
) as {
  fill: TenantUnit<{ messages: number; everyMs: number; now: number }, void>;
};

const DAY_MS = 24 * 3_600_000;
/** Messages of a month; a tenth as many sends of a journey, due moments, ratings, new contacts and steps. */
const SIZES = [40_000, 150_000, 400_000];
const CALLS = 10;
const MOST_MS = 100;

/** How long *Statistics: Get* takes over a month that was put down by the hour. */
export async function measureStatistics(rounds: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const open of [openSqlite, openPostgres]) {
    const figures: Figure[] = [];
    const notes: string[] = [];
    for (const size of SIZES) {
      const bench = await open();
      try {
        const { figure, note } = await monthOf(bench, size, rounds);
        figures.push(figure);
        notes.push(note);
      } finally {
        await bench.close();
      }
    }
    rows.push(rowOf(figures, notes));
  }
  return rows;
}

async function monthOf(
  { store, label }: BenchStore,
  messages: number,
  rounds: number,
): Promise<{ figure: Figure; note: string }> {
  const tenantId = 'statistics';
  const ctx = { store, clock: store.clock };
  const everyMs = Math.floor((30 * DAY_MS) / messages);
  const now = store.clock.now();
  await store.forTenant(tenantId).run(units.fill, { messages, everyMs, now });
  const ask = () => getStatistics(ctx, { tenantId, period: 'last30Days' });
  const puttingDown = await timed(() => rollUp(ctx));
  const rates: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const times: number[] = [];
    for (let call = 0; call < CALLS; call += 1) times.push(await timed(ask));
    rates.push(median(times));
  }
  const name = `${messages.toLocaleString('en-US')} messages, ${(messages / 10).toLocaleString('en-US')} sends`;
  return {
    figure: {
      name,
      version: label,
      rates,
      median: median(rates),
      min: Math.min(...rates),
      max: Math.max(...rates),
    },
    note: `${name}: putting all of it down took ${Math.round(puttingDown)} ms, once`,
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function rowOf(figures: Figure[], notes: string[]): Row {
  const largest = figures.at(-1);
  return {
    title: `Statistics of a month, ${largest?.version.split(',')[0] ?? ''}`,
    unit: `milliseconds, median of ${CALLS} calls`,
    higherIsBetter: false,
    figures,
    notes,
    goals: [
      {
        text: `under ${MOST_MS} ms with ${largest?.name ?? ''}`,
        kept: (largest?.median ?? Infinity) < MOST_MS,
      },
    ],
  };
}
