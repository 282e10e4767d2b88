import { createHmac } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { core } from '../../nodes/shared/loadCore';
import { openApp } from '../../nodes/shared/openApp';
import { WhatsAppCloudTrigger } from '../../nodes/WhatsAppCloud/WhatsAppCloudTrigger.node';
import { createTestLogger } from '../support/testLogger.ts';
import { waitFor } from '../support/waitFor.ts';
import { hookContext, triggerContext, webhookContext, type NodeSetup } from './support/contexts.ts';
import { startInstance, type Instance } from './support/instance.ts';

const PATH = '/webhook/webhook-id/whatsapp_cloud';
const OTHER_PATH = '/webhook/other-id/whatsapp_cloud';
const BUSY_PATH = '/webhook/busy-id/whatsapp_cloud';
const TEST_PATH = '/webhook-test/webhook-id/whatsapp_cloud';
const ANA = '5511988887777';
const node = new WhatsAppCloudTrigger();
const logger = createTestLogger();
let instance: Instance;
let setup: NodeSetup;

const app = () => openApp({ getCredentials: async () => ({}) as never }, undefined);
const accounts = async () =>
  core.accounts.listAccounts(await app(), 'default', { provider: 'whatsapp_cloud' });
const account = async () => {
  const { phoneNumberId } = instance.sandbox.seed.whatsApp;
  const found = (await accounts()).find(({ externalId }) => externalId === phoneNumberId);
  if (!found) throw new Error('The number is not connected.');
  return found;
};
const events = async () => (await core.events.listEvents(await app(), 'default', {})).items;
const received = async () =>
  (await events()).filter(({ event }) => event === 'message.received').map((one) => one.message);
const sign = (body: string, secret = instance.whatsApp.appSecret) =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
const urlAt = (path: string) => instance.server.url + path;
/** What the sandbox holds of WhatsApp: who is subscribed to the clinic's business account. */
const subscribers = async () => {
  const { businesses } = await instance.control<{
    businesses: { id: string; subscribedApps: { appId: string; override?: IDataObject }[] }[];
  }>('GET', '/whatsapp');
  return businesses.find(({ id }) => id === instance.whatsApp.businessAccountId)?.subscribedApps;
};
const write = (message: object) =>
  instance.control<{ mid: string }>('POST', '/inject', {
    persona: ANA,
    kind: 'message',
    ...message,
  });
const PICTURE = Buffer.from('a picture of an examination');
async function storePicture(): Promise<{ mediaId: string }> {
  const response = await fetch(`${instance.sandbox.url}/_sandbox/media`, {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: PICTURE,
  });
  return (await response.json()) as { mediaId: string };
}
const publish = (over: Partial<NodeSetup> = {}) =>
  node.webhookMethods.default.create.call(hookContext({ ...setup, ...over }));

function post(body: string, headers: Record<string, string>, path = PATH) {
  return fetch(urlAt(path), {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

function textMessage(id: string, text = 'Olá') {
  const { phoneNumberId } = instance.sandbox.seed.whatsApp;
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '5511900000001', phone_number_id: phoneNumberId },
    contacts: [{ profile: { name: 'Ana' }, wa_id: ANA }],
    messages: [
      {
        from: ANA,
        id,
        timestamp: String(Math.floor(Date.now() / 1000)),
        type: 'text',
        text: { body: text },
      },
    ],
  };
  return JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: instance.whatsApp.businessAccountId, changes: [{ field: 'messages', value }] }],
  });
}

beforeAll(async () => {
  instance = await startInstance();
  setup = {
    node,
    logger,
    credentials: { whatsAppCloudApi: instance.whatsApp },
    webhookUrl: urlAt(PATH),
  };
  const mount = (path: string, over: Partial<NodeSetup> = {}) =>
    instance.server.mount(path, (call) =>
      node.webhook.call(webhookContext({ ...setup, ...over }, call)),
    );
  mount(PATH);
  mount(OTHER_PATH, { workflowId: 'workflow-2' });
  mount(TEST_PATH, { mode: 'manual' });
});
afterAll(() => instance.close());

describe('publishing the trigger', () => {
  it('has Meta call the door for the whole business account, and needs nothing in the dashboard', async () => {
    await publish();
    const { phoneNumberId } = instance.sandbox.seed.whatsApp;
    expect((await accounts()).map(({ externalId }) => externalId)).toContain(phoneNumberId);
    expect(await subscribers()).toEqual([
      expect.objectContaining({
        override: { callbackUrl: urlAt(PATH), verifyToken: 'our verify token' },
      }),
    ]);
    const { app: ofApp } = await instance.control<{ app: { object: string; fields: string[] }[] }>(
      'GET',
      '/subscriptions',
    );
    const own = ofApp.find(({ object }) => object === 'whatsapp_business_account');
    expect(own?.fields).toEqual(expect.arrayContaining(['messages', 'account_update', 'security']));
    expect((await account()).statusReason).toBeNull();
  });

  it('once more changes nothing at Meta', async () => {
    const before = instance.sandbox.context.calls.list().at(-1)?.id ?? 0;
    await publish();
    const calls = instance.sandbox.context.calls.list(before);
    expect(calls.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('lets a customer’s words in', async () => {
    await write({ text: 'Quero agendar' });
    await waitFor(async () => (await received()).some((one) => one?.text === 'Quero agendar'), {
      what: 'the message',
    });
  });

  it('says what is wrong with a token that does not work', async () => {
    const credentials = {
      whatsAppCloudApi: { ...instance.whatsApp, accessToken: 'EAAG-invented' },
    };
    await expect(publish({ credentials })).rejects.toThrow(/token/i);
  });

  it('refuses a credential without an app secret, because no call could be verified', async () => {
    const credentials = { whatsAppCloudApi: { ...instance.whatsApp, appSecret: ' ' } };
    await expect(publish({ credentials })).rejects.toThrow(/app secret/i);
  });

  it('opens the door when n8n starts although WhatsApp cannot be reached', async () => {
    const credentials = {
      whatsAppCloudApi: { ...instance.whatsApp, graphBaseUrl: 'http://127.0.0.1:9' },
    };
    logger.entries.length = 0;
    await expect(publish({ credentials, activation: 'init' })).resolves.toBe(true);
    await waitFor(() => logger.entries.find(({ level }) => level === 'warn'), {
      what: 'the warning',
    });
    await publish();
  });
});

describe('an address that somebody else has', () => {
  const theirs = { callbackUrl: '', verifyToken: 'theirs' };

  beforeAll(() => {
    theirs.callbackUrl = urlAt('/their/address');
    instance.server.mount('/their/address', async ({ query, response }) => {
      response.end(query['hub.challenge']);
      return { noWebhookResponse: true };
    });
  });

  /** As another system of the same app would. */
  async function theySubscribe(): Promise<void> {
    const { accessToken, businessAccountId, graphVersion, graphBaseUrl } = instance.whatsApp;
    const response = await fetch(
      `${graphBaseUrl}/${graphVersion}/${businessAccountId}/subscribed_apps`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          override_callback_uri: theirs.callbackUrl,
          verify_token: theirs.verifyToken,
        }),
      },
    );
    expect(response.status).toBe(200);
  }
  const address = async () => (await subscribers())?.[0]?.override?.callbackUrl;

  it('is not taken over: publishing fails and names it, the account says so, and so does a check', async () => {
    await theySubscribe();
    const error: unknown = await publish().catch((thrown: unknown) => thrown);
    expect(String((error as Error).message)).toContain(theirs.callbackUrl);
    expect(String((error as { description?: string }).description)).toContain('Take Over');
    expect(await address()).toBe(theirs.callbackUrl);
    const { id, statusReason } = await account();
    expect(statusReason).toContain(theirs.callbackUrl);
    const checked = await core.accounts.checkConnection(await app(), 'default', id);
    expect(checked.ok).toBe(false);
    expect(checked.summary).toContain(theirs.callbackUrl);
  });

  it('is taken over where the admin says so', async () => {
    await publish({ parameters: { subscription: 'takeOver' } });
    expect(await address()).toBe(urlAt(PATH));
    const { id, statusReason } = await account();
    expect(statusReason).toBeNull();
    expect((await core.accounts.checkConnection(await app(), 'default', id)).problems).toEqual([]);
  });

  it('is left where the admin says so, and what is passed on from there comes in', async () => {
    await theySubscribe();
    await publish({ parameters: { subscription: 'leave' } });
    expect(await address()).toBe(theirs.callbackUrl);
    const body = textMessage('wamid.passed-on');
    expect((await post(body, { 'x-hub-signature-256': sign(body) })).status).toBe(200);
    expect(await received()).toContainEqual(
      expect.objectContaining({ providerId: 'wamid.passed-on' }),
    );
  });

  it('stays theirs when our last trigger is unpublished, or the account is disconnected', async () => {
    await publish({ parameters: { subscription: 'ifFree' } }).catch(() => undefined);
    const theApp = await app();
    const door = await core.accounts.getDoor(
      theApp,
      'default',
      'workflow-1:id-of-whatsAppCloudTrigger',
    );
    const keeper = theApp.providers.get('whatsapp_cloud')?.keeper;
    const { id } = await account();
    const connection = await core.accounts.openConnection(theApp, 'default', id);
    expect(await keeper?.unsubscribe(connection, door ? [door] : [])).toBe(false);
    expect(await address()).toBe(theirs.callbackUrl);
  });

  it('in the dashboard of the app counts as theirs, too', async () => {
    const { accessToken, businessAccountId, graphVersion, graphBaseUrl } = instance.whatsApp;
    await instance.control('POST', '/subscriptions', {
      object: 'whatsapp_business_account',
      ...theirs,
    });
    // An empty body ends the address of the account.
    await fetch(`${graphBaseUrl}/${graphVersion}/${businessAccountId}/subscribed_apps`, {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken}` },
    });
    await expect(publish()).rejects.toThrow(theirs.callbackUrl);
    await publish({ parameters: { subscription: 'takeOver' } });
    expect(await address()).toBe(urlAt(PATH));
  });
});

describe('of two doors of one credential', () => {
  it('the other one is called when that which was called closes, and none when both have', async () => {
    const theApp = await app();
    await publish();
    await publish({ workflowId: 'workflow-2', webhookUrl: urlAt(OTHER_PATH) });
    const address = async () => (await subscribers())?.[0]?.override?.callbackUrl;
    expect(await address()).toBe(urlAt(PATH));
    const connection = await core.accounts.openConnection(theApp, 'default', (await account()).id);
    const doorOf = async (workflow: string) => {
      const id = `${workflow}:id-of-whatsAppCloudTrigger`;
      const door = await core.accounts.getDoor(theApp, 'default', id);
      if (!door) throw new Error(`${id} is no door.`);
      return door;
    };
    const keeper = theApp.providers.get('whatsapp_cloud')?.keeper;
    await keeper?.handOver?.(connection, await doorOf('workflow-1'), [await doorOf('workflow-2')]);
    expect(await address()).toBe(urlAt(OTHER_PATH));
    expect(await keeper?.unsubscribe(connection, [await doorOf('workflow-2')])).toBe(true);
    expect(await subscribers()).toEqual([]);
    await publish();
  });
});

describe('the handshake', () => {
  it('echoes the challenge as plain text to whoever knows the verify token, and nobody else', async () => {
    const ask = (token: string) =>
      fetch(
        `${urlAt(PATH)}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${encodeURIComponent(token)}`,
      );
    const response = await ask('our verify token');
    expect([response.status, await response.text()]).toEqual([200, '1158201444']);
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect((await ask('guess')).status).toBe(403);
  });
});

describe('a call', () => {
  it('is verified over the bytes as they came, escapes included', async () => {
    const body = textMessage('wamid.escaped', 'PLACEHOLDER').replace(
      'PLACEHOLDER',
      'Ol\\u00e1 \\ud83d\\ude00',
    );
    const headers = { 'x-hub-signature-256': sign(body) };
    expect((await post(JSON.stringify(JSON.parse(body)), headers)).status).toBe(401);
    expect((await post(body, headers)).status).toBe(200);
  });

  it('gives one message when it comes three times at the same moment', async () => {
    const body = textMessage('wamid.thrice');
    const headers = { 'x-hub-signature-256': sign(body) };
    const answers = await Promise.all([1, 2, 3].map(() => post(body, headers)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const stored = (await received()).filter((one) => one?.providerId === 'wamid.thrice');
    expect(stored).toHaveLength(1);
  });

  it('gets a constant 401 for a wrong, a malformed and a missing signature, and leaves only the counter of its number', async () => {
    const before = await events();
    const { refusedCalls } = await account();
    const others = (await accounts()).filter(({ externalId }) => externalId !== '410000000000001');
    logger.entries.length = 0;
    const body = textMessage('wamid.forged');
    const wrong = sign(body, 'another secret');
    const answers = [
      await post(body, { 'x-hub-signature-256': wrong }),
      await post(body, { 'x-hub-signature-256': 'sha256=zz' }),
      await post(body, {}),
    ];
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(new Set(texts).size).toBe(1);
    const everything = `${texts.join()} ${JSON.stringify(logger.entries)}`;
    for (const digest of [wrong, sign(body)]) expect(everything).not.toContain(digest.slice(7, 27));
    expect(await events()).toEqual(before);
    expect((await account()).refusedCalls).toBe(refusedCalls + 3);
    const now = await accounts();
    for (const { id, refusedCalls: count } of others) {
      expect(now.find((one) => one.id === id)?.refusedCalls).toBe(count);
    }
  });

  it('opens the credential once for many, and knows a new app secret at once and the old one for a second', async () => {
    let opened = 0;
    let appSecret = instance.whatsApp.appSecret;
    const credentials = {
      get whatsAppCloudApi() {
        opened += 1;
        return { ...instance.whatsApp, appSecret };
      },
    };
    instance.server.mount(BUSY_PATH, (call) =>
      node.webhook.call(webhookContext({ ...setup, credentials, workflowId: 'workflow-3' }, call)),
    );
    const callWith = async (secret: string, id: string) => {
      const body = textMessage(id);
      return (await post(body, { 'x-hub-signature-256': sign(body, secret) }, BUSY_PATH)).status;
    };
    const ids = Array.from({ length: 10 }, (_, index) => `wamid.busy.${index}`);
    const statuses = await Promise.all(ids.map((id) => callWith(appSecret, id)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(opened).toBe(1);

    const before = appSecret;
    appSecret = 'the app secret after a reset';
    expect(await callWith(appSecret, 'wamid.busy.new')).toBe(200);
    await waitFor(async () => (await callWith(before, 'wamid.busy.old')) === 401, {
      what: 'the refusal of the secret from before',
      timeoutMs: 3_000,
    });
    expect(await callWith('none of them', 'wamid.busy.forged')).toBe(401);
  });

  it('gets 500 when it cannot be stored, so that Meta sends it again', async () => {
    const good = process.env.OMNICHANNEL_DATABASE_URL;
    process.env.OMNICHANNEL_DATABASE_URL = 'postgresql://nobody:secret-word@127.0.0.1:9/none';
    const body = textMessage('wamid.no-store');
    const headers = { 'x-hub-signature-256': sign(body) };
    const response = await post(body, headers);
    if (good === undefined) delete process.env.OMNICHANNEL_DATABASE_URL;
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text + JSON.stringify(logger.entries)).not.toContain('secret-word');
    expect((await post(body, headers)).status).toBe(200);
  });
});

describe('a test in the editor', () => {
  it('shows a copy of what reaches the production door, and production has every message', async () => {
    await publish({ mode: 'manual', webhookUrl: urlAt(TEST_PATH) });
    await write({ text: 'Para o editor' });
    const shown = await waitFor(
      () => instance.server.results.find(({ workflowData }) => workflowData !== undefined),
      { what: 'the copy in the editor' },
    );
    expect(shown.workflowData?.[0]?.[0]?.json.message).toMatchObject({ text: 'Para o editor' });
    const texts = (await received()).map((one) => one?.text);
    expect(texts.filter((text) => text === 'Para o editor')).toHaveLength(1);
    // The end of the test leaves the door, and the address at Meta, as they were.
    await node.webhookMethods.default.delete.call(hookContext({ ...setup, mode: 'internal' }));
    expect((await subscribers())?.[0]?.override?.callbackUrl).toBe(urlAt(PATH));
    await write({ text: 'Depois do teste' });
    await waitFor(async () => (await received()).some((one) => one?.text === 'Depois do teste'), {
      what: 'the message after the test',
    });
  });
});

describe('the trigger as a consumer', () => {
  it('hands over messages with their files, and no statuses unless they are asked for', async () => {
    const parameters = { options: { downloadFiles: true } };
    const context = triggerContext({ ...setup, parameters, child: 'Welcome' });
    const stored: Buffer[] = [];
    Object.assign(context.helpers, {
      prepareBinaryData: async (bytes: Buffer, fileName?: string, mimeType?: string) => {
        stored.push(bytes);
        return { data: String(stored.length - 1), mimeType, fileName, fileExtension: 'png' };
      },
    });
    const { closeFunction } = await node.trigger.call(context);
    const { mediaId } = await storePicture();
    await write({ attachments: [{ type: 'image', mediaId }], text: 'meu exame' });
    const [items] = await waitFor(
      () => (context.executions.length > 0 ? context.executions : null),
      {
        what: 'the execution',
      },
    );
    await closeFunction?.();
    expect(items?.[0]?.json.message).toMatchObject({
      text: 'meu exame',
      attachments: [{ type: 'image', binaryField: 'attachment_0' }],
    });
    expect(items?.[0]?.binary?.attachment_0?.mimeType).toBe('image/png');
    expect(stored).toEqual([PICTURE]);
    const told = context.executions.flat().map(({ json }) => json.event);
    expect(new Set(told)).toEqual(new Set(['message.received']));
  });
});
