import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { createTestDatabase } from '../../test/support/postgres.ts';
import {
  countOf,
  readEmbeddedStore,
  readServerStore,
  type StoreReader,
} from '../../test/support/storeReader.ts';
import { letEverybodyWrite } from '../lib/meta/inbound.ts';
import { N8nUnderTest, type Timing } from '../lib/meta/n8nUnderTest.ts';
import { startStandIn, type StandIn } from '../lib/meta/standIn.ts';
import { PAGE, type Traffic } from '../lib/meta/traffic.ts';
import {
  DOOR_PATH,
  doorWorkflow,
  limitsWorkflow,
  ourWorkflow,
  PATHS,
  peerWorkflow,
  SENDING_NODE,
} from '../lib/meta/workflows.ts';
import { median, type Figure } from '../lib/measure.ts';
import type { Row } from '../lib/report.ts';

const require = createRequire(import.meta.url);
const versionOf = (manifest: string): string => (require(manifest) as { version: string }).version;
const N8N = `n8n ${versionOf('../../playground/node_modules/n8n/package.json')}`;
const OURS = `${versionOf('../../package.json')}, ${N8N}`;

const MESSAGES = { count: 1_000, firstRecipient: 7_001_002_003_000_000 };
const GOAL_TIMES = 8;
/** Rounds that may be void before the row is given up. */
const MAX_VOID = 3;

interface Sample extends Timing {
  traffic: Traffic;
}

/** One side: its published workflow, and what must be true after each of its runs. */
interface Side {
  name: string;
  version: string;
  run: () => Promise<Sample>;
}

/** 1,000 messages of one Page through our node and through n8n's own, in one n8n, to one stand-in for Meta. */
export async function measureMeta(rounds: number): Promise<Row[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'omnichannel-bench-'));
  const standIn = await startStandIn(folder);
  try {
    const dataDir = path.join(folder, 'sqlite');
    const embedded = await measureIn(rounds, dataDir, standIn, 'SQLite', {}, () =>
      Promise.resolve(readEmbeddedStore(dataDir)),
    );
    const database = await createTestDatabase();
    try {
      const env = { OMNICHANNEL_DATABASE_URL: database.url };
      const open = () => readServerStore(database.url);
      const server = await measureIn(
        rounds,
        path.join(folder, 'postgres'),
        standIn,
        'PostgreSQL',
        env,
        open,
      );
      return [...embedded, ...server];
    } finally {
      await database.drop();
    }
  } finally {
    await standIn.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function measureIn(
  rounds: number,
  dataDir: string,
  standIn: StandIn,
  storeName: string,
  env: Record<string, string>,
  openReader: () => Promise<StoreReader>,
): Promise<Row[]> {
  const n8n = await N8nUnderTest.start(path.join(dataDir, 'n8n'), { ...standIn.env, ...env });
  try {
    const ours = await n8n.credential('metaAccessTokenApi', {
      accessToken: PAGE.token,
      appId: PAGE.appId,
      appSecret: PAGE.appSecret,
      instagramAppSecret: '',
      pageId: PAGE.id,
      verifyToken: PAGE.verifyToken,
      graphVersion: PAGE.graphVersion,
      graphBaseUrl: 'https://graph.facebook.com',
    });
    await n8n.publish(doorWorkflow(ours));
    const reader = await openReader();
    try {
      const sides = await prepareSides(n8n, standIn, reader, ours, storeName);
      const { samples, voids } = await interleaveSides(sides, rounds);
      return toRows(sides, samples, voids, storeName);
    } finally {
      await reader.close();
    }
  } catch (error) {
    console.error(n8n.logTail());
    throw error;
  } finally {
    await n8n.stop();
  }
}

async function prepareSides(
  n8n: N8nUnderTest,
  standIn: StandIn,
  reader: StoreReader,
  ours: { type: string; id: string },
  storeName: string,
): Promise<[Side, Side]> {
  await letEverybodyWrite(`${n8n.baseUrl}/${DOOR_PATH}`, MESSAGES);
  const [account] = await reader.rows("select id from accounts where channel = 'messenger'");
  const accountId = String(account?.id);
  const limits = await n8n.publish(limitsWorkflow(accountId));
  await n8n.run(limits, PATHS.limits, 'Rate Limiter');
  const ourId = await n8n.publish(ourWorkflow(accountId, ours, MESSAGES));
  const peer = await n8n.credential('facebookGraphApi', { accessToken: PAGE.token });
  const peerId = await n8n.publish(peerWorkflow(peer, MESSAGES));

  const countSent = () =>
    countOf(reader, "messages where direction = 'outbound' and status = 'sent'");
  const timed = async (workflowId: string, webhookPath: string): Promise<Sample> => {
    await standIn.takeTraffic();
    const timing = await n8n.run(workflowId, webhookPath, SENDING_NODE);
    return { ...timing, traffic: await standIn.takeTraffic() };
  };
  return [
    {
      name: `Instagram and Messenger, all stored in ${storeName}`,
      version: OURS,
      run: async () => {
        const before = await countSent();
        const sample = await timed(ourId, PATHS.ours);
        const stored = (await countSent()) - before;
        if (stored !== MESSAGES.count)
          throw new Error(`${stored} of ${MESSAGES.count} messages are stored as sent.`);
        return sample;
      },
    },
    {
      name: "n8n's Facebook Graph API, nothing stored",
      version: N8N,
      run: () => timed(peerId, PATHS.peer),
    },
  ];
}

/** Round after round, one side after the other; a round in which one of them failed once does not count. */
async function interleaveSides(
  sides: Side[],
  rounds: number,
): Promise<{ samples: Sample[][]; voids: number }> {
  const samples = sides.map((): Sample[] => []);
  let voids = 0;
  // The first round warms up.
  for (let round = 0; round <= rounds; ) {
    const taken: Sample[] = [];
    for (const side of sides) taken.push(await side.run());
    if (!taken.every(({ traffic }) => isWhole(traffic))) {
      voids += 1;
      if (voids > MAX_VOID) throw new Error(`Too many void rounds: ${JSON.stringify(taken)}`);
      continue;
    }
    if (round > 0) taken.forEach((sample, index) => samples[index]?.push(sample));
    round += 1;
  }
  return { samples, voids };
}

function isWhole({ sends }: Traffic): boolean {
  return Object.keys(sends).length === 1 && sends['200'] === MESSAGES.count;
}

function toRows(sides: Side[], samples: Sample[][], voids: number, storeName: string): Row[] {
  const figuresOf = (milliseconds: (sample: Sample) => number): Figure[] =>
    sides.map(({ name, version }, index) => {
      const rates = (samples[index] ?? []).map(
        (sample) => (MESSAGES.count * 1_000) / milliseconds(sample),
      );
      const [min, max] = [Math.min(...rates), Math.max(...rates)];
      return { name, version, rates, median: median(rates), min, max };
    });
  const goalOf = ([ours, peer]: Figure[]): Row['goals'] => {
    // The two of a round ran one after the other: what else the machine did in other rounds is left out.
    const times = median(
      (ours?.rates ?? []).map((rate, round) => rate / (peer?.rates[round] ?? Number.NaN)),
    );
    const text = `${times.toFixed(1)} times as fast, median of the rounds (goal: ${GOAL_TIMES} times)`;
    return [{ text, kept: times >= GOAL_TIMES }];
  };
  const whole = figuresOf(({ executionMs }) => executionMs);
  const sending = figuresOf(({ nodeMs }) => nodeMs);
  const title = `${MESSAGES.count.toLocaleString('en-US')} messages of one Page, our store in ${storeName}`;
  const shared = { unit: 'messages/s', higherIsBetter: true };
  return [
    {
      ...shared,
      title: `${title}: the node that sends`,
      figures: sending,
      notes: sides.map((side, index) => trafficNote(side, samples[index] ?? [])),
      goals: goalOf(sending),
    },
    {
      ...shared,
      title: `${title}: the whole execution`,
      figures: whole,
      notes: [
        'A webhook and a Code node that makes the items come before, in both alike.',
        ...(voids === 0 ? [] : [`${voids} rounds were void: a send failed.`]),
      ],
      goals: goalOf(whole),
    },
  ];
}

/** What one run put on the wire; the counts of all its rounds where they differ. */
function trafficNote({ name }: Side, samples: Sample[]): string {
  const each = (value: (traffic: Traffic) => number): string => {
    const values = samples.map(({ traffic }) => value(traffic));
    const [min, max] = [Math.min(...values), Math.max(...values)];
    const shown = (count: number) => count.toLocaleString('en-US');
    return min === max ? shown(min) : `${shown(min)} to ${shown(max)}`;
  };
  const kilobytes = (bytes: number) => Math.round(bytes / 1_000);
  return [
    `${name}: ${each(({ sends }) => sends['200'] ?? 0)} sends answered with 200`,
    `${each(({ others }) => others)} other requests`,
    `${each(({ connections }) => connections)} new TLS connections`,
    `${each(({ bytesIn }) => kilobytes(bytesIn))} kB to Meta`,
    `${each(({ bytesOut }) => kilobytes(bytesOut))} kB back`,
    `${each(({ sendingMs }) => Math.round(sendingMs ?? 0))} ms from the first send to the last answer`,
  ].join(', ');
}
