import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { core } from '../../nodes/shared/loadCore';
import { openApp } from '../../nodes/shared/openApp';
import { watchCredential } from '../../nodes/shared/credentialWatch';
import { chosenCredential } from '../../nodes/MetaMessaging/metaCredential';
import { MetaMessaging } from '../../nodes/MetaMessaging/MetaMessaging.node';
import { MetaMessagingTrigger } from '../../nodes/MetaMessaging/MetaMessagingTrigger.node';
import { PAGE_SCOPES } from '../../sandbox/seed.ts';
import { newCustomer, receivedBy, untilAnswered, write } from '../support/customers.ts';
import { createTestLogger } from '../support/testLogger.ts';
import { waitFor } from '../support/waitFor.ts';
import { hookContext, triggerContext, webhookContext, type NodeSetup } from './support/contexts.ts';
import { startInstance, type Instance } from './support/instance.ts';
import { PACKAGE, runWorkflow } from './support/workflow.ts';
import { probeNodes } from './support/probeNodes.ts';

const PATH = '/webhook/webhook-id/meta';
const trigger = new MetaMessagingTrigger();
const logger = createTestLogger();
let instance: Instance;
let setup: NodeSetup;

const app = () => openApp({ getCredentials: async () => ({}) as never }, undefined);
const accounts = async () =>
  core.accounts.listAccounts(await app(), 'default', { provider: 'meta' });

/** The token that whoever sends for the Page would use now. */
async function storedToken(): Promise<string | undefined> {
  const page = (await accounts()).find(({ channel }) => channel === 'messenger');
  const { secrets } = await core.accounts.openConnection(await app(), 'default', page?.id ?? '');
  return secrets.accessToken;
}

/** What the admin does at Meta: another token for the same Page. */
async function makeToken(more: { scopes?: string[] } = {}): Promise<string> {
  const body = { type: 'PAGE', pageId: instance.credential.pageId, ...more };
  return (await instance.control<{ value: string }>('POST', '/tokens', body)).value;
}

/** As long as a door goes on with a credential that it has just opened. */
const KNOWN_MS = 1_000;
let editedAt = -Infinity;

/** What the admin does in n8n: the credential has other values from now on. */
function edit(values: Partial<Instance['credential']>) {
  setup.credentials = { metaAccessTokenApi: { ...instance.credential, ...values } };
  editedAt = performance.now();
}

let messages = 0;
/** A customer writes: the statuses of the door's answers, and whether the message is in the log then. */
async function customerWrites() {
  await waitFor(() => performance.now() > editedAt + KNOWN_MS, {
    what: 'the second after which the door opens its credential again',
  });
  messages += 1;
  const text = `mensagem ${messages}`;
  const { sandbox } = instance;
  const customer = await newCustomer(sandbox, 'messenger');
  const { deliveryIds } = await write(sandbox, customer, text);
  // Meta (and the sandbox) sends some calls twice.
  const statuses = [...new Set(await untilAnswered(sandbox, String(deliveryIds[0])))];
  const { items } = await core.events.listEvents(await app(), 'default', { limit: 500 });
  const item = items.find(({ message }) => message?.text === text);
  return { customer, statuses, item };
}
const stored = { statuses: [200], item: expect.objectContaining({ event: 'message.received' }) };

beforeAll(async () => {
  instance = await startInstance();
  setup = { node: trigger, logger, webhookUrl: instance.server.url + PATH };
  instance.server.mount(PATH, (call) => trigger.webhook.call(webhookContext(setup, call)));
  edit({});
  await trigger.webhookMethods.default.create.call(hookContext(setup));
  for (const object of ['page', 'instagram']) {
    await instance.control('POST', '/subscriptions', {
      callbackUrl: instance.server.url + PATH,
      verifyToken: instance.credential.verifyToken,
      object,
      subscribePages: true,
    });
  }
});
afterAll(() => instance.close());

describe('a credential that is edited in n8n', () => {
  it('has reached its accounts when the door answers the next message, a second later', async () => {
    const accessToken = await makeToken();
    edit({ accessToken });
    expect(await customerWrites()).toMatchObject(stored);
    expect(await storedToken()).toBe(accessToken);
  });

  it('with values that Meta refuses stops no message and shows on the accounts, until it is put right', async () => {
    const before = await storedToken();
    edit({ accessToken: 'EAAG-invented' });
    expect(await customerWrites()).toMatchObject(stored);
    expect(await storedToken()).toBe(before);
    const warned = await accounts();
    expect(warned.map(({ status }) => status)).toEqual(['active', 'active']);
    for (const { statusReason } of warned) {
      expect(statusReason).toMatch(/credential was changed .* token/i);
      expect(statusReason).not.toContain('EAAG-invented');
    }
    edit({ accessToken: before ?? '' });
    expect(await customerWrites()).toMatchObject(stored);
    expect((await accounts()).map(({ statusReason }) => statusReason)).toEqual([null, null]);
  });

  it('is noticed without any message by the published trigger, also with another process in between', async () => {
    const context = triggerContext(setup);
    // As in n8n: the present values, although trigger() has returned.
    context.getCredentials = async () => setup.credentials?.metaAccessTokenApi as never;
    const settings = { tenantId: 'default', store: undefined } as never;
    let closed = 0;
    const response = { closeFunction: async () => void (closed += 1) };
    const { closeFunction } = watchCredential(context, settings, response, chosenCredential, 20);
    const accessToken = await makeToken();
    edit({ accessToken });
    await waitFor(async () => (await storedToken()) === accessToken, { what: 'the new token' });

    // Another process, which saw the values in between, had the last word.
    const between = await makeToken();
    await core.accounts.connectLogin(await app(), {
      tenantId: 'default',
      provider: 'meta',
      source: { kind: 'credential', id: 'credential-1' },
      fingerprint: 'of other values',
      secrets: core.meta.loginOfCredential({ ...instance.credential, accessToken: between }),
      isFresh: false,
    });
    await waitFor(async () => (await storedToken()) === accessToken, { what: 'the token again' });
    await closeFunction?.();
    expect(closed).toBe(1);
  });

  it('stops no message while the API it names keeps silent', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const sockets: Array<{ destroy(): void }> = [];
    silent.on('connection', (socket) => sockets.push(socket));
    try {
      edit({ graphBaseUrl: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` });
      expect(await customerWrites()).toMatchObject(stored);
      expect(sockets.length).toBeGreaterThan(0);
    } finally {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => silent.close(resolve));
    }
  });

  it('reaches its accounts with the next message that is sent', async () => {
    edit({});
    const { customer, item } = await customerWrites();
    const accessToken = await makeToken();
    edit({ accessToken });
    const { error } = await runWorkflow(
      {
        nodes: [
          { name: 'Trigger', type: `${PACKAGE}.metaMessagingTrigger` },
          {
            name: 'Send',
            type: `${PACKAGE}.metaMessaging`,
            parameters: { text: 'Respondido' },
            credentials: { metaAccessTokenApi: { id: 'credential-1', name: 'Meta' } },
          },
        ],
        connections: [['Trigger', 'Send']],
      },
      {
        nodeTypes: { ...probeNodes, [`${PACKAGE}.metaMessaging`]: new MetaMessaging() },
        items: [{ json: item as never }],
        ...(setup.credentials ? { credentials: setup.credentials } : {}),
      },
    );
    expect(error).toBeUndefined();
    expect(receivedBy(instance.sandbox, customer).map(({ text }) => text)).toEqual(['Respondido']);
    expect(await storedToken()).toBe(accessToken);
  });

  it('is read again where the list of accounts is opened', async () => {
    const accessToken = await makeToken();
    edit({ accessToken });
    const { searchAccounts } = new MetaMessaging().methods.listSearch;
    const context = { ...hookContext(setup), getCurrentNodeParameter: () => ({}) } as never;
    const { results } = await searchAccounts.call(context);
    expect(results).toHaveLength(2);
    expect(await storedToken()).toBe(accessToken);
  });

  it('whose token may send but not subscribe leaves the Page active, with a warning', async () => {
    const scopes = PAGE_SCOPES.filter((scope) => scope !== 'pages_manage_metadata');
    edit({ accessToken: await makeToken({ scopes }) });
    expect(await customerWrites()).toMatchObject(stored);
    const page = (await accounts()).find(({ channel }) => channel === 'messenger');
    expect(page).toMatchObject({
      status: 'active',
      statusReason: expect.stringContaining('could not be subscribed') as unknown,
    });
    edit({});
    await customerWrites();
    expect((await accounts()).map(({ statusReason }) => statusReason)).toEqual([null, null]);
  });

  it('costs no call to Meta while it is the same', async () => {
    await customerWrites();
    const { calls } = instance.sandbox.context;
    const last = calls.list().at(-1)?.id ?? 0;
    expect(await customerWrites()).toMatchObject(stored);
    expect(calls.list(last)).toEqual([]);
  });
});
