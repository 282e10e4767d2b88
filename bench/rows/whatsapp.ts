import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { countOf, readEmbeddedStore, type StoreReader } from '../../test/support/storeReader.ts';
import { N8nUnderTest } from '../lib/meta/n8nUnderTest.ts';
import {
  interleaveSides,
  MESSAGE_COUNT,
  toSendingRows,
  type Sample,
  type Side,
} from '../lib/meta/sending.ts';
import { startStandIn, type StandIn } from '../lib/meta/standIn.ts';
import { BUSINESS_ID, NUMBERS, PAGE } from '../lib/meta/traffic.ts';
import {
  OUR_DOOR,
  ourDoor,
  ourSends,
  PEER_DOOR,
  peerDoor,
  peerSends,
  signedCall,
} from '../lib/meta/whatsApp.ts';
import { limitsWorkflow, PATHS, SENDING_NODE, type Credential } from '../lib/meta/workflows.ts';
import { median, type Figure } from '../lib/measure.ts';
import type { Row } from '../lib/report.ts';

const require = createRequire(import.meta.url);
const versionOf = (manifest: string): string => (require(manifest) as { version: string }).version;
const N8N = `n8n ${versionOf('../../playground/node_modules/n8n/package.json')}`;
const OURS = `${versionOf('../../package.json')}, ${N8N}`;

/** The default seven rounds make 2,100 calls. */
const CALLS = 300;
const CONCURRENT = 20;
const GOAL_TIMES = 1.5;
const GOAL_P95_MS = 1_000;
const MESSAGES = { count: MESSAGE_COUNT, firstRecipient: 447_700_900_000 };
const DRAINED_WITHIN_MS = 120_000;

interface Bench {
  n8n: N8nUnderTest;
  standIn: StandIn;
  reader: StoreReader;
  ours: Credential;
}

/** Messages of WhatsApp in and out, through our nodes and through n8n's own, in one n8n, to one stand-in for Meta. */
export async function measureWhatsApp(rounds: number): Promise<Row[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'omnichannel-bench-'));
  const standIn = await startStandIn(folder);
  const n8n = await N8nUnderTest.start(path.join(folder, 'n8n'), standIn.env);
  try {
    const ours = await n8n.credential('whatsAppCloudApi', {
      accessToken: PAGE.token,
      // Empty: every number of the business account.
      phoneNumberId: '',
      businessAccountId: BUSINESS_ID,
      appSecret: PAGE.appSecret,
      verifyToken: PAGE.verifyToken,
      graphVersion: PAGE.graphVersion,
      graphBaseUrl: 'https://graph.facebook.com',
    });
    const bench = { n8n, standIn, reader: readEmbeddedStore(folder), ours };
    const inbound = await measureInbound(bench, rounds);
    return [...inbound, ...(await measureSends(bench, rounds))];
  } catch (error) {
    console.error(n8n.logTail());
    throw error;
  } finally {
    await n8n.stop();
    await standIn.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

interface Calls {
  perSecond: number;
  p95Ms: number;
}

async function measureInbound({ n8n, reader, ours }: Bench, rounds: number): Promise<Row[]> {
  const peer = await n8n.credential('whatsAppTriggerApi', {
    clientId: PAGE.appId,
    clientSecret: PAGE.appSecret,
  });
  await n8n.publish(ourDoor(ours));
  const peerId = await n8n.publish(peerDoor(peer));
  let calls = 0;
  const callAll = async (door: string): Promise<Calls> => {
    const start = calls;
    calls += CALLS;
    const requests = Array.from({ length: CALLS }, (_, index) => {
      const nth = start + index;
      return signedCall([{ from: String(5_511_900_100_000 + nth), id: `wamid.in.${nth}` }]);
    });
    return await post(`${n8n.baseUrl}/${door}`, requests);
  };
  const sides = [
    {
      name: 'WhatsApp Cloud Trigger: stored, repeats dropped, batches of 50',
      version: OURS,
      run: async () => {
        const stored = () => countOf(reader, "messages where direction = 'inbound'");
        const before = await stored();
        const sample = await callAll(OUR_DOOR);
        const added = (await stored()) - before;
        if (added !== CALLS) throw new Error(`${added} of ${CALLS} messages were stored.`);
        await drained(reader);
        return sample;
      },
    },
    {
      name: "n8n's WhatsApp Trigger: an execution each, nothing else stored",
      version: N8N,
      run: async () => {
        const sample = await callAll(PEER_DOOR);
        await idle(n8n, peerId);
        return sample;
      },
    },
  ];
  const samples = sides.map((): Calls[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, side] of sides.entries()) {
      const sample = await side.run();
      // The first round warms up.
      if (round > 0) samples[index]?.push(sample);
    }
  }
  const executions = await n8n.countExecutions(peerId);
  if (executions === 0) throw new Error("n8n's own trigger has started nothing.");
  return [toInboundRow(sides, samples)];
}

/** Sends everything, so many at a time. @throws Error for an answer that is no 200 */
async function post(url: string, requests: RequestInit[]): Promise<Calls> {
  const latencies: number[] = [];
  const waiting = [...requests];
  const startedAt = performance.now();
  const work = async () => {
    for (let request = waiting.shift(); request; request = waiting.shift()) {
      const sentAt = performance.now();
      const response = await fetch(url, request);
      const text = await response.text();
      if (response.status !== 200) throw new Error(`${url} answered ${response.status}: ${text}`);
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT }, work));
  const seconds = (performance.now() - startedAt) / 1_000;
  latencies.sort((a, b) => a - b);
  return {
    perSecond: requests.length / seconds,
    p95Ms: latencies[Math.ceil(latencies.length * 0.95) - 1] ?? Number.NaN,
  };
}

/** Until every message that came in has been through an execution, so that the other side has the machine to itself. */
async function drained(reader: StoreReader): Promise<void> {
  const deadline = performance.now() + DRAINED_WITHIN_MS;
  for (;;) {
    const handled = await countOf(reader, "consumer_deliveries where state = 'done'");
    const received = await countOf(reader, "events where type = 'message.received'");
    if (handled >= received) return;
    if (performance.now() > deadline) throw new Error(`${handled} of ${received} were handled.`);
    await delay(100);
  }
}

async function idle(n8n: N8nUnderTest, workflowId: string): Promise<void> {
  while ((await n8n.countExecutions(workflowId, 'running')) > 0) await delay(100);
}

function toInboundRow(sides: Array<{ name: string; version: string }>, samples: Calls[][]): Row {
  const figures = sides.map(({ name, version }, index): Figure => {
    const rates = (samples[index] ?? []).map(({ perSecond }) => perSecond);
    const [min, max] = [Math.min(...rates), Math.max(...rates)];
    return { name, version, rates, median: median(rates), min, max };
  });
  const p95Of = (index: number) => median((samples[index] ?? []).map(({ p95Ms }) => p95Ms));
  const [ours, peer] = figures;
  const times = median(
    (ours?.rates ?? []).map((rate, round) => rate / (peer?.rates[round] ?? Number.NaN)),
  );
  const ms = (value: number) => `${Math.round(value)} ms`;
  return {
    title: `Inbound webhooks of one WhatsApp number, ${CALLS} a round, ${CONCURRENT} at a time`,
    unit: 'calls/s',
    higherIsBetter: true,
    figures,
    notes: sides.map(({ name }, index) => `${name}: p95 ${ms(p95Of(index))}`),
    goals: [
      {
        text: `answered ${times.toFixed(1)} times as fast, median of the rounds (goal: ${GOAL_TIMES} times)`,
        kept: times >= GOAL_TIMES,
      },
      {
        text: `p95 ${ms(p95Of(0))} (goal: under ${ms(GOAL_P95_MS)})`,
        kept: p95Of(0) < GOAL_P95_MS,
      },
    ],
  };
}

async function measureSends(bench: Bench, rounds: number): Promise<Row[]> {
  const { n8n, reader, ours } = bench;
  await letEverybodyWrite(`${n8n.baseUrl}/${OUR_DOOR}`);
  await drained(reader);
  const accounts = await reader.rows(
    "select id from accounts where channel = 'whatsapp' order by external_id",
  );
  const accountIds = accounts.map(({ id }) => String(id));
  if (accountIds.length !== NUMBERS.length) {
    throw new Error(`${accountIds.length} of ${NUMBERS.length} numbers became accounts.`);
  }
  const limits = await n8n.publish(limitsWorkflow(accountIds));
  await n8n.run(limits, PATHS.limits, 'Rate Limiter');
  const peer = await n8n.credential('whatsAppApi', {
    accessToken: PAGE.token,
    businessAccountId: BUSINESS_ID,
  });
  const ourId = await n8n.publish(ourSends(accountIds, ours, MESSAGES));
  const peerId = await n8n.publish(peerSends(peer, MESSAGES));
  const sides = sendingSides(bench, ourId, peerId);
  const { samples, voids } = await interleaveSides(sides, rounds);
  return toSendingRows(
    sides,
    samples,
    voids,
    'texts of the two WhatsApp numbers of a business, whose throughput Meta has raised to 1,000 a second each',
  );
}

function sendingSides({ n8n, standIn, reader }: Bench, ourId: string, peerId: string): Side[] {
  const timed = async (workflowId: string, webhookPath: string): Promise<Sample> => {
    await standIn.takeTraffic();
    const timing = await n8n.run(workflowId, webhookPath, SENDING_NODE);
    return { ...timing, traffic: await standIn.takeTraffic() };
  };
  const countSent = () =>
    countOf(reader, "messages where direction = 'outbound' and status = 'sent'");
  return [
    {
      name: 'WhatsApp Cloud, every message stored',
      version: OURS,
      run: async () => {
        const before = await countSent();
        const sample = await timed(ourId, PATHS.ours);
        const stored = (await countSent()) - before;
        if (stored !== MESSAGES.count) {
          throw new Error(`${stored} of ${MESSAGES.count} messages are stored as sent.`);
        }
        return sample;
      },
    },
    {
      name: "n8n's WhatsApp Business Cloud, nothing stored",
      version: N8N,
      run: () => timed(peerId, PATHS.peer),
    },
  ];
}

/** Meta puts up to so many messages into one call. */
const PER_CALL = 100;

/** Only who wrote to a number within a day may be written to from it. */
async function letEverybodyWrite(url: string): Promise<void> {
  const people = Array.from({ length: MESSAGES.count }, (_, index) => ({
    from: String(MESSAGES.firstRecipient + index),
    id: `wamid.hello.${index}`,
  }));
  for (const [turn, number] of NUMBERS.entries()) {
    const theirs = people.filter((_, index) => index % NUMBERS.length === turn);
    for (let first = 0; first < theirs.length; first += PER_CALL) {
      await post(url, [signedCall(theirs.slice(first, first + PER_CALL), number)]);
    }
  }
}
