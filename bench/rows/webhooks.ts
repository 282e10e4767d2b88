import { createRequire } from 'node:module';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { StoreTarget } from '../../core/model/index.ts';
import { createTestDatabase } from '../../test/support/postgres.ts';
import { openN8nDeliveries } from '../delivery/n8n.ts';
import { startReceiver, type Receiver } from '../delivery/receiver.ts';
import { startWorker, type Worker } from '../delivery/worker.ts';
import { interleave, type Contestant, type Figure } from '../lib/measure.ts';
import type { Row } from '../lib/report.ts';

const require = createRequire(import.meta.url);
const versionOf = (name: string): string =>
  (require(`${name}/package.json`) as { version: string }).version;
const OWN_VERSION = (require('../../package.json') as { version: string }).version;
const program = (name: string): string => path.join(import.meta.dirname, '../delivery', name);

/** On their way at a time, for everybody who can be told so: our dispatcher's own default. */
const WIDTH = 50;
/** As many as take each of them about a second or two. */
const COUNTS = {
  ours: 8_000,
  embedded: 4_000,
  items: 500,
  executions: 100,
  boss: 4_000,
  loop: 20_000,
};
const PEERS = ['n8n', 'boss', 'loop'];
const LOOP_NAMES = {
  signed: "bare undici loop, signed with createHmac('sha256', bytes)",
  prepared: 'bare undici loop, keys made once',
};
const GOALS = { items: 5, executions: 100, boss: 2, loopShare: 0.45 };

/**
 * Deliveries of 2 KB a second, from the full log (queue, list) of each to the last of them written down as delivered:
 * ours from PostgreSQL beside what one would use instead, and from the embedded store.
 * @param peers only these
 */
export async function measureWebhooks(rounds: number, peers = PEERS): Promise<Row[]> {
  const unknown = peers.find((peer) => !PEERS.includes(peer));
  if (unknown !== undefined)
    throw new Error(`There is no peer "${unknown}". There are: ${PEERS.join(', ')}.`);
  const receiver = await startReceiver();
  try {
    return [await onPostgres(receiver, rounds, peers), await embedded(receiver, rounds)];
  } finally {
    await receiver.close();
  }
}

async function onPostgres(receiver: Receiver, rounds: number, peers: string[]): Promise<Row> {
  const database = await createTestDatabase();
  const ends: Ends = [() => database.drop()];
  try {
    const target = {
      kind: 'postgres',
      connection: { connectionString: database.url },
      schema: 'omnichannel',
      source: 'the benchmark',
    } as const;
    // Who appends is another process, as n8n's doors are: what that costs is not the dispatcher's.
    const dispatcher = await startDispatcher(target, receiver, ends);
    const appender = await startDispatcher(target, null, ends);
    const contestants = [
      verified(
        receiver,
        'ours',
        COUNTS.ours,
        await ours(dispatcher, appender, COUNTS.ours, receiver),
      ),
    ];
    if (peers.includes('n8n')) contestants.push(...(await n8nRuns(receiver, ends)));
    if (peers.includes('boss')) contestants.push(await bossAndAxios(database.url, receiver, ends));
    if (peers.includes('loop')) contestants.push(...(await loops(receiver, ends)));
    return report('Webhooks from PostgreSQL', await interleave(contestants, rounds), receiver);
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

async function embedded(receiver: Receiver, rounds: number): Promise<Row> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'omnichannel-bench-'));
  const ends: Ends = [];
  try {
    const target = { kind: 'sqlite', file: path.join(folder, 'omnichannel.sqlite') } as const;
    const dispatcher = await startDispatcher(target, receiver, ends);
    const contestant = await ours(dispatcher, dispatcher, COUNTS.embedded, receiver);
    const figures = await interleave(
      [verified(receiver, 'ours', COUNTS.embedded, contestant)],
      rounds,
    );
    return {
      title: 'Webhooks from the embedded store',
      unit: 'deliveries/s',
      higherIsBetter: true,
      figures,
      notes: [],
      goals: [],
    };
  } finally {
    for (const end of ends.reverse()) await end();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function startDispatcher(
  target: StoreTarget,
  receiver: Receiver | null,
  ends: Ends,
): Promise<Worker> {
  const worker = await startWorker(program('dispatcherMain.ts'), { target });
  ends.push(() => worker.end());
  if (receiver) await worker.ask('subscribe', { url: `${receiver.origin}/ours` });
  return worker;
}

type Ends = (() => Promise<unknown>)[];

interface Counts {
  deliveries: Record<string, number>;
  attempts: Record<string, number>;
}

async function ours(
  dispatcher: Worker,
  appender: Worker,
  count: number,
  receiver: Receiver,
): Promise<Contestant> {
  const server = await dispatcher.ask<string>('describe');
  const kind = dispatcher === appender ? 'SQLite' : 'PostgreSQL';
  let total = 0;
  return {
    name: 'our dispatcher, event to success in the log',
    version: `${OWN_VERSION}, ${kind} ${server}`,
    prepare: async () => {
      await appender.ask('append', { count });
      total += count;
    },
    run: async () => {
      const all = receiver.arrived('ours', count);
      await dispatcher.ask('start');
      await all;
      await dispatcher.ask('untilSettled', { successes: total });
      return count;
    },
    verify: async () => {
      await dispatcher.ask('stop');
      const { deliveries, attempts } = await dispatcher.ask<Counts>('counts');
      const isWhole =
        deliveries['delivered'] === total &&
        attempts['success'] === total &&
        Object.keys(deliveries).length === 1 &&
        Object.keys(attempts).length === 1;
      if (!isWhole) {
        throw new Error(`Our run is void: ${JSON.stringify({ deliveries, attempts, total })}`);
      }
    },
  };
}

async function n8nRuns(receiver: Receiver, ends: Ends): Promise<Contestant[]> {
  const n8n = await openN8nDeliveries(receiver.origin);
  ends.push(() => n8n.close());
  const arrived = receiver.arrived.bind(receiver);
  const { items, executions } = COUNTS;
  return [
    verified(receiver, 'n8n-items', items, n8n.asItems(items, arrived)),
    verified(receiver, 'n8n-executions', executions, n8n.asExecutions(executions, WIDTH, arrived)),
  ];
}

async function bossAndAxios(
  databaseUrl: string,
  receiver: Receiver,
  ends: Ends,
): Promise<Contestant> {
  const boss = await startWorker(program('pgBossMain.ts'), {
    databaseUrl,
    url: `${receiver.origin}/boss`,
    width: WIDTH,
  });
  ends.push(() => boss.end());
  return verified(receiver, 'boss', COUNTS.boss, {
    name: 'pg-boss and axios, batches of 100, connections kept',
    version: `pg-boss ${versionOf('pg-boss')}, axios ${versionOf('axios')}`,
    prepare: () => boss.ask('prepare', { count: COUNTS.boss }),
    run: async () => {
      const all = receiver.arrived('boss', COUNTS.boss);
      const done = await boss.ask<number>('run');
      await all;
      return done;
    },
  });
}

async function loops(receiver: Receiver, ends: Ends): Promise<[Contestant, Contestant]> {
  const loop = await startWorker(program('undiciMain.ts'), {
    origin: receiver.origin,
    path: '/loop',
    width: WIDTH,
  });
  ends.push(() => loop.end());
  const contestant = (isKeyMadeOnce: boolean): Contestant =>
    verified(receiver, 'loop', COUNTS.loop, {
      name: isKeyMadeOnce ? LOOP_NAMES.prepared : LOOP_NAMES.signed,
      version: `undici ${versionOf('undici')}`,
      prepare: () => loop.ask('prepare', { count: COUNTS.loop }),
      run: async () => {
        const all = receiver.arrived('loop', COUNTS.loop);
        await loop.ask('run', { isKeyMadeOnce });
        await all;
        return COUNTS.loop;
      },
    });
  return [contestant(false), contestant(true)];
}

/** A run in which the receiver did not get exactly what it should is void. */
function verified(
  receiver: Receiver,
  name: string,
  count: number,
  contestant: Contestant,
): Contestant {
  return {
    ...contestant,
    verify: async () => {
      await contestant.verify?.();
      await receiver.verify(name, count);
    },
  };
}

function report(title: string, figures: Figure[], receiver: Receiver): Row {
  const figure = (name: string) => figures.find((one) => one.name.startsWith(name));
  const own = figures[0];
  const ratio = (peer: Figure) => (own?.median ?? Number.NaN) / peer.median;
  const times = (text: string, peer: Figure | undefined, goal: number): Row['goals'] =>
    peer
      ? [
          {
            text: `${text}: ${ratio(peer).toFixed(1)} times (goal: ${goal} times)`,
            kept: ratio(peer) >= goal,
          },
        ]
      : [];
  const share = (peer: Figure) => `${Math.round(ratio(peer) * 100)} %`;
  const loop = figure(LOOP_NAMES.signed);
  const preparedLoop = figure(LOOP_NAMES.prepared);
  return {
    title,
    unit: 'deliveries/s',
    higherIsBetter: true,
    figures,
    notes: [
      `2 KB each, ${WIDTH} at a time, to one receiver in a process of its own. Ours goes to 20 addresses, of each of which 50 are claimed at a time (the default is 5).`,
      'Ours begins with a full log, pg-boss with a full queue, the loop with everything in memory; n8n keeps nothing of what went well.',
      'n8n sends all items of an execution at once; it cannot be told how many at a time.',
      `ours: ${receiver.describe('ours')}`,
      `n8n, one execution: ${receiver.describe('n8n-items')}`,
      `n8n, an execution each: ${receiver.describe('n8n-executions')}`,
      `pg-boss and axios: ${receiver.describe('boss')}`,
      `undici loops: ${receiver.describe('loop')}`,
      ...(preparedLoop
        ? [`Of the loop whose keys are made once, as ours are, it is ${share(preparedLoop)}.`]
        : []),
    ],
    goals: [
      ...times(
        "n8n's HTTP Request with all items in one execution",
        figure('n8n HTTP Request, all'),
        GOALS.items,
      ),
      ...times('an execution of n8n for each', figure('n8n HTTP Request, one'), GOALS.executions),
      ...times('pg-boss with axios', figure('pg-boss'), GOALS.boss),
      ...(loop
        ? [
            {
              text: `share of a bare undici loop: ${share(loop)} (goal: ${GOALS.loopShare * 100} %)`,
              kept: ratio(loop) >= GOALS.loopShare,
            },
          ]
        : []),
    ],
  };
}
