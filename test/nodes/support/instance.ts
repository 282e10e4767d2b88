import path from 'node:path';
import { closeApps } from '../../../core/runtime';
import { startSandbox } from '../../../sandbox/server.ts';
import { createTestFolder } from '../../support/tempFolder.ts';
import { startDoorServer, type DoorServer } from './doorServer.ts';

type MetaFields = Record<
  | 'accessToken'
  | 'appId'
  | 'appSecret'
  | 'instagramAppSecret'
  | 'pageId'
  | 'verifyToken'
  | 'graphVersion'
  | 'graphBaseUrl',
  string
>;

type WhatsAppFields = Record<
  | 'accessToken'
  | 'phoneNumberId'
  | 'businessAccountId'
  | 'appSecret'
  | 'verifyToken'
  | 'graphVersion'
  | 'graphBaseUrl',
  string
>;

type NotificaMeFields = Record<'profile' | 'apiToken' | 'baseUrl' | 'webhookSecret', string>;

/** An n8n's surroundings for nodes in this process: folder, key, addresses; and Meta's stand-in. */
export interface Instance {
  sandbox: Awaited<ReturnType<typeof startSandbox>>;
  server: DoorServer;
  /** What `metaAccessTokenApi` holds for the sandbox's Page. */
  credential: MetaFields;
  /** What `whatsAppCloudApi` holds for the sandbox's business account: both of its numbers. */
  whatsApp: WhatsAppFields;
  /** What `notificaMeApi` holds for the sandbox's sub-account. */
  notificaMe: NotificaMeFields;
  folder: string;
  /** A call to the sandbox's control endpoints. */
  control<T>(method: string, route: string, body?: object): Promise<T>;
  close(): Promise<void>;
}

/** Variables of the machine that would choose another store or key. */
const CHOOSING = /^(OMNICHANNEL_(?!TEST_)|DB_|N8N_|WEBHOOK_URL|EXECUTIONS_MODE)/;

export async function startInstance(): Promise<Instance> {
  const before = { ...process.env };
  for (const name of Object.keys(process.env).filter((key) => CHOOSING.test(key))) {
    delete process.env[name];
  }
  const folder = createTestFolder('omnichannel-nodes-');
  const server = await startDoorServer();
  const sandbox = await startSandbox({ port: 0 });
  Object.assign(process.env, {
    N8N_LOG_LEVEL: 'silent',
    N8N_USER_FOLDER: folder.path,
    N8N_ENCRYPTION_KEY: 'a key for tests of the nodes',
    N8N_WEBHOOK_URL: `${server.url}/`,
    OMNICHANNEL_N8N_URL: server.url,
  });
  const { seed } = sandbox;
  return {
    sandbox,
    server,
    folder: path.join(folder.path, '.n8n'),
    credential: {
      accessToken: seed.pageAccessToken,
      appId: seed.app.id,
      appSecret: seed.app.secret,
      instagramAppSecret: '',
      pageId: seed.page.id,
      verifyToken: 'our verify token',
      graphVersion: seed.graphVersion,
      graphBaseUrl: seed.graphBaseUrl,
    },
    whatsApp: {
      accessToken: seed.whatsApp.accessToken,
      phoneNumberId: '',
      businessAccountId: seed.whatsApp.businessAccountId,
      appSecret: seed.app.secret,
      verifyToken: 'our verify token',
      graphVersion: seed.graphVersion,
      graphBaseUrl: seed.graphBaseUrl,
    },
    notificaMe: {
      profile: 'hub',
      apiToken: seed.notificaMe.apiToken,
      baseUrl: seed.notificaMe.baseUrl,
      webhookSecret: '',
    },
    async control(method, route, body) {
      const response = await fetch(`${sandbox.url}/_sandbox${route}`, {
        method,
        ...(body && {
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        }),
      });
      const answer: unknown = await response.json();
      if (!response.ok) throw new Error(`The sandbox refused ${route}: ${JSON.stringify(answer)}`);
      return answer as never;
    },
    async close() {
      await closeApps();
      await sandbox.close();
      await server.close();
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
      Object.assign(process.env, before);
      folder.remove();
    },
  };
}
