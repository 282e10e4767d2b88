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
import { N8nUnderTest } from '../lib/meta/n8nUnderTest.ts';
import {
  interleaveSides,
  MESSAGE_COUNT,
  toSendingRows,
  type Sample,
  type Side,
} from '../lib/meta/sending.ts';
import { startStandIn, type StandIn } from '../lib/meta/standIn.ts';
import { PAGE } from '../lib/meta/traffic.ts';
import {
  DOOR_PATH,
  doorWorkflow,
  limitsWorkflow,
  ourWorkflow,
  PATHS,
  peerWorkflow,
  SENDING_NODE,
} from '../lib/meta/workflows.ts';
import type { Row } from '../lib/report.ts';

const require = createRequire(import.meta.url);
const versionOf = (manifest: string): string => (require(manifest) as { version: string }).version;
const N8N = `n8n ${versionOf('../../playground/node_modules/n8n/package.json')}`;
const OURS = `${versionOf('../../package.json')}, ${N8N}`;

const MESSAGES = { count: MESSAGE_COUNT, firstRecipient: 7_001_002_003_000_000 };

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
      return toSendingRows(
        sides,
        samples,
        voids,
        `messages of one Page, our store in ${storeName}`,
      );
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
  const limits = await n8n.publish(limitsWorkflow([accountId]));
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
