import { createRequire } from 'node:module';
import { DatabaseSync } from 'node:sqlite';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TenantUnit } from '../../core/store/unit.ts';
import { startConsumer } from '../lib/core.ts';
import { openPostgres, openSqlite, type BenchStore } from '../lib/databases.ts';
import { concurrently, interleave, type Contestant } from '../lib/measure.ts';
import type { Row } from '../lib/report.ts';
import { openBoss } from './pgBoss.ts';

const { appendOne } = createRequire(import.meta.url)('../lib/append.unit.cjs') as {
  appendOne: TenantUnit<{ number: number }, null>;
};

/** Callers at once: what n8n's doors can bring together. */
const WIDTH = 64;
const EVENTS = 2_000;
const BATCH = 500;
const quiet = { debug() {}, info() {}, warn() {}, error: console.error };

/** Appends and consumes per second, on both databases, each beside what one would use instead. */
export async function measureLog(rounds: number): Promise<Row[]> {
  const sqlite = await openSqlite();
  const postgres = await openPostgres();
  const boss = await openBoss(postgres.url ?? '');
  try {
    return [
      await appends(sqlite, bareAppends(), rounds),
      await appends(postgres, boss.sends(EVENTS, WIDTH), rounds),
      await consumes(sqlite, 1, bareConsumes(1), rounds),
      await consumes(postgres, 1, boss.works(EVENTS, 1), rounds),
      await consumes(sqlite, BATCH, bareConsumes(BATCH), rounds),
      await consumes(postgres, BATCH, boss.works(EVENTS, BATCH), rounds),
    ];
  } finally {
    await boss.close();
    await sqlite.close();
    await postgres.close();
  }
}

async function append({ store }: BenchStore, tenant: string): Promise<number> {
  const tenantStore = store.forTenant(tenant);
  await concurrently(EVENTS, WIDTH, (number) => tenantStore.run(appendOne, { number }));
  return EVENTS;
}

async function appends(bench: BenchStore, peer: Contestant, rounds: number): Promise<Row> {
  const ours: Contestant = {
    name: `event log, ${WIDTH} callers, each told after its commit`,
    version: bench.label,
    run: () => append(bench, 'appends'),
  };
  return {
    title: `Appends on ${bench.store.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'}`,
    unit: 'events a second',
    higherIsBetter: true,
    figures: await interleave([ours, peer], rounds),
    notes: [],
    goals: [],
  };
}

/** One row, one commit, no thread: what a node would do without the store. */
function bareAppends(): Contestant {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'omnichannel-bench-'));
  const db = new DatabaseSync(path.join(folder, 'bare.sqlite'));
  db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL');
  db.exec('CREATE TABLE events (seq INTEGER PRIMARY KEY, payload TEXT)');
  const insert = db.prepare('INSERT INTO events (payload) VALUES (?)');
  const payload = JSON.stringify({ text: 'Oi, tem horário amanhã? '.repeat(8) });
  return {
    name: 'bare node:sqlite, one commit an event, blocking the process',
    version: process.version,
    run: async () => {
      for (let number = 0; number < EVENTS; number += 1) insert.run(payload);
      return EVENTS;
    },
  };
}

/** The simplest loop that loses nothing: claim with one commit, mark done with another, in n8n's own thread. */
function bareConsumes(batchSize: number): Contestant {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'omnichannel-bench-'));
  const db = new DatabaseSync(path.join(folder, 'bare.sqlite'));
  db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL');
  db.exec('CREATE TABLE events (seq INTEGER PRIMARY KEY, payload TEXT, state TEXT)');
  db.exec('CREATE INDEX waiting ON events (state, seq)');
  const insert = db.prepare("INSERT INTO events (payload, state) VALUES (?, 'new')");
  const claim = db.prepare(
    "UPDATE events SET state = 'claimed' WHERE seq IN (SELECT seq FROM events WHERE state = 'new' ORDER BY seq LIMIT ?) RETURNING seq, payload",
  );
  const finish = db.prepare(
    "UPDATE events SET state = 'done' WHERE seq IN (SELECT value FROM json_each(?))",
  );
  const payload = JSON.stringify({ text: 'Oi, tem horário amanhã? '.repeat(8) });
  return {
    name: `bare node:sqlite, claim and mark ${batchSize} at a time, blocking the process`,
    version: process.version,
    prepare: async () => {
      db.exec('BEGIN');
      for (let number = 0; number < EVENTS; number += 1) insert.run(payload);
      db.exec('COMMIT');
    },
    run: async () => {
      let done = 0;
      while (done < EVENTS) {
        const rows = claim.all(batchSize);
        finish.run(JSON.stringify(rows.map(({ seq }) => seq)));
        done += rows.length;
      }
      return done;
    },
  };
}

/**
 * From a full log to every event handled: claim, emit (a handler that does nothing), mark done. With a batch of one
 * ten run at once; with a larger one, one claim feeds one execution.
 */
async function consumes(
  bench: BenchStore,
  batchSize: number,
  peer: Contestant,
  rounds: number,
): Promise<Row> {
  let round = 0;
  let tenant = '';
  const ours: Contestant = {
    name:
      batchSize === 1
        ? 'consumer, one event an execution, 10 at once'
        : `consumer, ${batchSize} events an execution`,
    version: bench.label,
    prepare: async () => {
      round += 1;
      tenant = `consumes-${batchSize}-${round}`;
      // The first start fixes the place in the log; the events come after it, while nobody listens.
      await (await openConsumer(bench, tenant, batchSize, async () => undefined)).stop();
      await append(bench, tenant);
    },
    run: async () => {
      let handled = 0;
      const { promise, resolve } = Promise.withResolvers<void>();
      const consumer = await openConsumer(bench, tenant, batchSize, async (items) => {
        handled += items.length;
        if (handled >= EVENTS) resolve();
      });
      await promise;
      await consumer.stop();
      return handled;
    },
  };
  return {
    title: `Consumes on ${bench.store.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'}, batch of ${batchSize}`,
    unit: 'events a second',
    higherIsBetter: true,
    figures: await interleave([ours, peer], rounds),
    notes: [],
    goals: [],
  };
}

function openConsumer(
  bench: BenchStore,
  tenantId: string,
  batchSize: number,
  emit: (items: unknown[]) => Promise<void>,
): ReturnType<typeof startConsumer> {
  return startConsumer(
    { store: bench.store, clock: bench.store.clock, logger: quiet, processId: 'bench' },
    {
      consumerId: 'bench:consumer',
      tenantId,
      name: 'bench',
      filter: { types: ['message.received'] },
      batchSize,
      catchUpMs: 3_600_000,
      emit,
    },
  );
}
