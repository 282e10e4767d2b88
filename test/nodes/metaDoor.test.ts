import { createHmac } from 'node:crypto';
import { core } from '../../nodes/shared/loadCore';
import { openApp } from '../../nodes/shared/openApp';
import { MetaMessaging } from '../../nodes/MetaMessaging/MetaMessaging.node';
import { MetaMessagingTrigger } from '../../nodes/MetaMessaging/MetaMessagingTrigger.node';
import { createTestLogger } from '../support/testLogger.ts';
import { waitFor } from '../support/waitFor.ts';
import { hookContext, triggerContext, webhookContext, type NodeSetup } from './support/contexts.ts';
import { startInstance, type Instance } from './support/instance.ts';

const PATH = '/webhook/webhook-id/meta';
const DOOR = 'workflow-1:id-of-metaMessagingTrigger';
const TEST_PATH = '/webhook-test/webhook-id/meta';
const node = new MetaMessagingTrigger();
const logger = createTestLogger();
let instance: Instance;
let setup: NodeSetup;

const app = () => openApp({ getCredentials: async () => ({}) as never }, undefined);
const accounts = async () =>
  core.accounts.listAccounts(await app(), 'default', { provider: 'meta' });
const recorded = async () =>
  (await core.events.listEvents(await app(), 'default', {})).items.map(({ event }) => event);
const sign = (body: string, secret: string) =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

function post(body: string, headers: Record<string, string>, path = PATH) {
  return fetch(instance.server.url + path, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

function textMessage(mid: string, text = 'Olá') {
  const { page } = instance.sandbox.seed;
  const message = { mid, text };
  const one = {
    sender: { id: '7001' },
    recipient: { id: page.id },
    timestamp: Date.now(),
    message,
  };
  return JSON.stringify({
    object: 'page',
    entry: [{ id: page.id, time: Date.now(), messaging: [one] }],
  });
}

beforeAll(async () => {
  instance = await startInstance();
  setup = {
    node,
    logger,
    credentials: { metaAccessTokenApi: instance.credential },
    webhookUrl: instance.server.url + PATH,
  };
  instance.server.mount(PATH, (call) => node.webhook.call(webhookContext(setup, call)));
  instance.server.mount(TEST_PATH, (call) =>
    node.webhook.call(webhookContext({ ...setup, mode: 'manual' }, call)),
  );
});
afterAll(() => instance.close());

describe('publishing the trigger', () => {
  it('registers the door, reads the accounts and subscribes the Page', async () => {
    await node.webhookMethods.default.create.call(hookContext(setup));
    const found = await accounts();
    expect(found.map(({ channel }) => channel).sort()).toEqual(['instagram', 'messenger']);
    const { pages } = await instance.control<{ pages: unknown[] }>('GET', '/subscriptions');
    expect(JSON.stringify(pages)).toContain('messaging_postbacks');
    const door = await core.accounts.getDoor(await app(), 'default', DOOR);
    expect(door).toMatchObject({ url: instance.server.url + PATH, unwantedSince: null });
  });

  it('says what is wrong with a token that does not work', async () => {
    const broken = { ...instance.credential, accessToken: 'EAAG-invented' };
    const context = hookContext({ ...setup, credentials: { metaAccessTokenApi: broken } });
    await expect(node.webhookMethods.default.create.call(context)).rejects.toThrow(/token/i);
  });

  it('refuses a credential without an app secret, because no call could be verified', async () => {
    const context = hookContext({
      ...setup,
      credentials: { metaAccessTokenApi: { ...instance.credential, appSecret: ' ' } },
    });
    await expect(node.webhookMethods.default.create.call(context)).rejects.toThrow(/app secret/i);
  });

  it('opens the door when n8n starts although Meta cannot be reached', async () => {
    const away = { ...instance.credential, graphBaseUrl: 'http://127.0.0.1:9' };
    const context = hookContext({
      ...setup,
      activation: 'init',
      credentials: { metaAccessTokenApi: away },
    });
    await expect(node.webhookMethods.default.create.call(context)).resolves.toBe(true);
    await waitFor(() => logger.entries.find(({ level }) => level === 'warn'), {
      what: 'the warning',
    });
  });
});

describe('the handshake', () => {
  it('echoes the challenge as plain text to whoever knows the verify token', async () => {
    const query =
      'hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=our%20verify%20token';
    const response = await fetch(`${instance.server.url}${PATH}?${query}`);
    expect([response.status, await response.text()]).toEqual([200, '1158201444']);
    expect(response.headers.get('content-type')).toContain('text/plain');
  });

  it('refuses another verify token', async () => {
    const query = 'hub.mode=subscribe&hub.challenge=1&hub.verify_token=guess';
    expect((await fetch(`${instance.server.url}${PATH}?${query}`)).status).toBe(403);
  });
});

describe('a call of Meta', () => {
  it('is stored before it is answered, and starts no execution itself', async () => {
    const body = textMessage('m_first');
    const response = await post(body, {
      'x-hub-signature-256': sign(body, instance.credential.appSecret),
    });
    expect([response.status, await response.text()]).toEqual([200, 'OK']);
    expect(await recorded()).toContain('message.received');
    expect(instance.server.results.at(-1)).toEqual({ noWebhookResponse: true });
  });

  it('is verified over the bytes as they came, escapes included', async () => {
    const body = textMessage('m_escaped', 'PLACEHOLDER').replace(
      'PLACEHOLDER',
      'Ol\\u00e1 \\ud83d\\ude00',
    );
    const signature = sign(body, instance.credential.appSecret);
    const rewritten = JSON.stringify(JSON.parse(body));
    expect((await post(rewritten, { 'x-hub-signature-256': signature })).status).toBe(401);
    expect((await post(body, { 'x-hub-signature-256': signature })).status).toBe(200);
  });

  it('is accepted under the Instagram app secret, too', async () => {
    setup.credentials = {
      metaAccessTokenApi: { ...instance.credential, instagramAppSecret: 'the instagram secret' },
    };
    const body = textMessage('m_instagram_secret');
    const response = await post(body, {
      'x-hub-signature-256': sign(body, 'the instagram secret'),
    });
    setup.credentials = { metaAccessTokenApi: instance.credential };
    expect(response.status).toBe(200);
  });

  it('gives one message when it comes three times at the same moment', async () => {
    const body = textMessage('m_thrice');
    const headers = { 'x-hub-signature-256': sign(body, instance.credential.appSecret) };
    const before = (await recorded()).filter((event) => event === 'message.received').length;
    const answers = await Promise.all([1, 2, 3].map(() => post(body, headers)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const after = (await recorded()).filter((event) => event === 'message.received').length;
    expect(after - before).toBe(1);
  });

  it('about an account that was disconnected gets its 200, is counted, and leaves nothing else', async () => {
    const id = (await accounts()).find(({ channel }) => channel === 'messenger')?.id ?? '';
    const { account, secrets } = await core.accounts.openConnection(await app(), 'default', id);
    const door = async () => core.accounts.getDoor(await app(), 'default', DOOR);
    await core.accounts.noteAccountStatus(await app(), 'default', id, 'disconnected', null);
    const before = await recorded();
    const unknownCalls = (await door())?.unknownCalls ?? NaN;
    const body = textMessage('m_disconnected');
    const headers = { 'x-hub-signature-256': sign(body, instance.credential.appSecret) };
    const response = await post(body, headers);
    expect([response.status, await response.text()]).toEqual([200, 'OK']);
    expect(await recorded()).toEqual(before);
    expect(await door()).toMatchObject({
      unknownCalls: unknownCalls + 1,
      unknownExternalId: instance.sandbox.seed.page.id,
    });
    const { provider, credentialId, loginId } = account;
    const discovered = [{ ...account, secrets }];
    const source = { tenantId: 'default', provider, credentialId, loginId };
    await core.accounts.syncCredentialAccounts(await app(), { ...source, discovered });
    expect((await post(body, headers)).status).toBe(200);
    expect((await recorded()).filter((event) => event === 'message.received').length).toBe(
      before.filter((event) => event === 'message.received').length + 1,
    );
  });

  it('gets a constant 401 for a wrong, a malformed and a missing signature, and leaves only the counter', async () => {
    const before = await recorded();
    const [{ refusedCalls = 0 } = {}] = await accounts();
    logger.entries.length = 0;
    const body = textMessage('m_forged');
    const wrong = sign(body, 'another secret');
    const right = sign(body, instance.credential.appSecret);
    const answers = [
      await post(body, { 'x-hub-signature-256': wrong }),
      await post(body, { 'x-hub-signature-256': 'sha256=zz' }),
      await post(body, {}),
    ];
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(new Set(texts).size).toBe(1);
    const everything = `${texts.join()} ${JSON.stringify(logger.entries)}`;
    for (const digest of [wrong, right]) expect(everything).not.toContain(digest.slice(7, 27));
    expect(await recorded()).toEqual(before);
    expect((await accounts())[0]?.refusedCalls).toBe(refusedCalls + 3);
  });

  it('that was refused shows in every list of accounts, with the time in n8n’s zone', async () => {
    const body = textMessage('m_wrong_secret');
    await post(body, { 'x-hub-signature-256': sign(body, 'another secret') });
    const [page] = (await accounts()).filter(({ channel }) => channel === 'messenger');
    const since = new Date(page?.refusedSince ?? NaN).toLocaleTimeString('pt-BR', {
      timeZone: 'America/Sao_Paulo',
      timeStyle: 'short',
    });
    expect(page?.refusedCalls).toBeGreaterThan(1);
    const context = { ...hookContext(setup), getCurrentNodeParameter: () => ({}) } as never;
    const name = `${page?.name} · Messenger (${page?.refusedCalls} calls refused since ${since}: is the app secret right?)`;
    const { results } = await new MetaMessaging().methods.listSearch.searchAccounts.call(context);
    expect(results).toContainEqual({ name, value: page?.id });
    expect(await node.methods.loadOptions.getAccounts.call(context)).toContainEqual({
      name,
      value: page?.id,
    });
  });

  it('gets 500 when it cannot be stored, so that Meta sends it again', async () => {
    const good = process.env.OMNICHANNEL_DATABASE_URL;
    process.env.OMNICHANNEL_DATABASE_URL = 'postgresql://nobody:secret-word@127.0.0.1:9/none';
    const body = textMessage('m_no_store');
    const headers = { 'x-hub-signature-256': sign(body, instance.credential.appSecret) };
    const response = await post(body, headers);
    if (good === undefined) delete process.env.OMNICHANNEL_DATABASE_URL;
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text + JSON.stringify(logger.entries)).not.toContain('secret-word');
    expect((await post(body, headers)).status).toBe(200);
  });
});

describe('a test in the editor', () => {
  const manual = () => ({
    ...setup,
    mode: 'manual' as const,
    webhookUrl: instance.server.url + TEST_PATH,
  });

  it('shows a copy of what reaches the production door, and production has it too', async () => {
    await node.webhookMethods.default.create.call(hookContext(manual()));
    const body = textMessage('m_for_the_editor');
    await post(body, { 'x-hub-signature-256': sign(body, instance.credential.appSecret) });
    const shown = await waitFor(
      () => instance.server.results.find(({ workflowData }) => workflowData !== undefined),
      { what: 'the copy in the editor' },
    );
    expect(shown.workflowData?.[0]?.[0]?.json.message).toMatchObject({
      providerId: 'm_for_the_editor',
    });
  });

  it('leaves the door wanted when the test ends, and notes the end of the real thing', async () => {
    const id = 'workflow-1:id-of-metaMessagingTrigger';
    const unwanted = async () =>
      (await core.accounts.getDoor(await app(), 'default', id))?.unwantedSince ?? null;
    const leave = () =>
      node.webhookMethods.default.delete.call(hookContext({ ...setup, mode: 'internal' }));
    await leave();
    expect(await unwanted()).toBeNull();
    await leave();
    expect(await unwanted()).not.toBeNull();
    await node.webhookMethods.default.create.call(hookContext(setup));
    expect(await unwanted()).toBeNull();
  });

  it('refuses everything but copies of its own door at the test address', async () => {
    const body = textMessage('m_at_the_test_address');
    const headers = { 'x-hub-signature-256': sign(body, instance.credential.appSecret) };
    const forged = { 'x-omnichannel-test-copy': `t=${Date.now()},v1=${'0'.repeat(64)}` };
    expect((await post(body, headers, TEST_PATH)).status).toBe(401);
    expect((await post(JSON.stringify({ items: [] }), forged, TEST_PATH)).status).toBe(401);
  });
});

describe('the trigger as a consumer', () => {
  it('is only a door while nothing is connected, and starts consuming with the first call after', async () => {
    const context = triggerContext(setup);
    const { closeFunction } = await node.trigger.call(context);
    const send = (mid: string) => {
      const body = textMessage(mid);
      return post(body, {
        'x-hub-signature-256': sign(body, instance.credential.appSecret),
      });
    };
    await send('m_door_only');
    setup.child = 'Welcome';
    await send('m_consumed');
    await waitFor(() => context.executions.length > 0, { what: 'the first execution' });
    await closeFunction?.();
    delete setup.child;
    const texts = context.executions
      .flat()
      .map(({ json }) => (json.message as { providerId: string }).providerId);
    expect(texts).toEqual(['m_consumed']);
  });
});
