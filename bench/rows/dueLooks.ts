import { createRequire } from 'node:module';
import type { JourneyWatch } from '../../core/journeys/due/index.ts';
import type { TenantStore } from '../../core/store/store.ts';
import type { TenantUnit } from '../../core/store/unit.ts';
import { claimJourneys, DEFAULT_SETTINGS, openJourneyTrigger, settleJourney } from '../lib/core.ts';
import { openPostgres, openSqlite, type BenchStore } from '../lib/databases.ts';
import { median, type Figure } from '../lib/measure.ts';
import type { Row } from '../lib/report.ts';

const units = createRequire(import.meta.url)('../lib/due.unit.cjs') as {
  fillAppointments: TenantUnit<{ count: number; from: number; to: number }, null>;
  waitSince: TenantUnit<{ at: number }, null>;
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Appointments from ten days before now to eleven after it. */
const SIZES = [1_000, 10_000, 30_000];
const BEFORE_MS = 10 * DAY_MS;
const AFTER_MS = 11 * DAY_MS;
const LOOKS = 20;
const AT_ONCE = 200;
const MOST_MS = 20;

const WATCH: JourneyWatch = {
  kind: 'appointmentUpcoming',
  offsetMinutes: 24 * 60,
  timeOfDay: '09:00',
  leapDay: 'february28',
  hours: 'utility',
  holidays: 'next',
  catchUpMs: 6 * HOUR_MS,
  leastLeftMs: 2 * HOUR_MS,
  includeLateBookings: false,
  waitingFor: 'contact',
  stages: [],
};

/** What triggers with hours wait for. */
const WATCHES: Record<string, JourneyWatch> = {
  'a reminder of 24 hours': WATCH,
  'a word after the visit': { ...WATCH, kind: 'appointmentFinished', offsetMinutes: 120 },
};

/** How long one look of a trigger takes that waits, when everything due is behind it. */
export async function measureDueLooks(rounds: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const open of [openSqlite, openPostgres]) {
    const figures = new Map<string, Figure[]>();
    for (const size of SIZES) {
      const bench = await open();
      try {
        for (const [title, figure] of await looksAmong(bench, size, rounds)) {
          const row = `${title}, ${bench.label.split(',')[0] ?? ''}`;
          figures.set(row, [...(figures.get(row) ?? []), figure]);
        }
      } finally {
        await bench.close();
      }
    }
    for (const [title, of] of figures) rows.push(rowOf(title, of));
  }
  return rows;
}

async function looksAmong(
  { store, label }: BenchStore,
  size: number,
  rounds: number,
): Promise<Map<string, Figure>> {
  const tenant = store.forTenant('due');
  const now = Date.now();
  const span = { from: now - BEFORE_MS, to: now + AFTER_MS };
  await tenant.run(units.fillAppointments, { count: size, ...span });
  const figures = new Map<string, Figure>();
  for (const [title, watch] of Object.entries(WATCHES)) {
    await tenant.run(openJourneyTrigger, { triggerId: title, name: title, watch });
    await tenant.run(units.waitSince, { at: 0 });
    await handleDue(tenant, title, watch);
    const rates: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const times: number[] = [];
      for (let at = 0; at < LOOKS; at += 1) {
        const begun = performance.now();
        await look(tenant, title, watch, 10);
        times.push(performance.now() - begun);
      }
      rates.push(median(times));
    }
    figures.set(`A look of ${title}`, {
      name: `${size.toLocaleString('en-US')} appointments in three weeks`,
      version: label,
      rates,
      median: median(rates),
      min: Math.min(...rates),
      max: Math.max(...rates),
    });
  }
  return figures;
}

function look(tenant: TenantStore, triggerId: string, watch: JourneyWatch, limit: number) {
  return tenant.run(claimJourneys, {
    triggerId,
    name: triggerId,
    watch,
    settings: DEFAULT_SETTINGS,
    owner: 'bench',
    leaseMs: 60_000,
    maxAttempts: 3,
    limit,
    inFlight: [],
  });
}

/** What is due already is not what is measured. */
async function handleDue(tenant: TenantStore, triggerId: string, watch: JourneyWatch) {
  for (;;) {
    const { journeys } = await look(tenant, triggerId, watch, AT_ONCE);
    if (journeys.length === 0) return;
    for (const { key, attempt } of journeys) {
      const run = { triggerId, name: triggerId, owner: 'bench', key, attempt, failure: null };
      await tenant.run(settleJourney, run);
    }
  }
}

function rowOf(title: string, figures: Figure[]): Row {
  // The largest is far more than a clinic has: it shows how it grows.
  const usual = figures[1];
  return {
    title,
    unit: `milliseconds, median of ${LOOKS} looks`,
    higherIsBetter: false,
    figures,
    notes: [],
    goals: [
      {
        text: `under ${MOST_MS} ms with ${usual?.name ?? ''}`,
        kept: (usual?.median ?? Infinity) < MOST_MS,
      },
    ],
  };
}
