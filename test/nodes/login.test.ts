import { setTimeout } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { GenericValue, IDataObject } from 'n8n-workflow';
import { LOGIN_SCOPES } from '../../core/providers/meta';
import { MetaOAuth2Api } from '../../credentials/MetaOAuth2Api.credentials';
import { core } from '../../nodes/shared/loadCore';
import { openApp } from '../../nodes/shared/openApp';
import { MetaMessaging } from '../../nodes/MetaMessaging/MetaMessaging.node';
import { MetaMessagingTrigger } from '../../nodes/MetaMessaging/MetaMessagingTrigger.node';
import { facebookLogin, passDialog, REDIRECT_URI } from '../sandbox/support/login.ts';
import { newCustomer, receivedBy, untilAnswered, write } from '../support/customers.ts';
import { createTestLogger } from '../support/testLogger.ts';
import { hookContext, webhookContext, type NodeSetup } from './support/contexts.ts';
import { startInstance, type Instance } from './support/instance.ts';
import { probeNodes } from './support/probeNodes.ts';
import { PACKAGE, runWorkflow } from './support/workflow.ts';

const PATH = '/webhook/webhook-id/meta';
const trigger = new MetaMessagingTrigger();
const logger = createTestLogger();
let instance: Instance;
let setup: NodeSetup;

const app = () => openApp({ getCredentials: async () => ({}) as never }, undefined);
const accounts = async () => core.accounts.listAccounts(await app(), 'default');

beforeAll(async () => {
  instance = await startInstance();
  setup = {
    node: trigger,
    logger,
    webhookUrl: instance.server.url + PATH,
    parameters: { authentication: 'oAuth2' },
  };
  instance.server.mount(PATH, (call) => trigger.webhook.call(webhookContext(setup, call)));
});
afterAll(() => instance.close());

/** The credential as n8n decrypts it, after its callback stored what the token endpoint answered. */
function credentialWith(oauthTokenData: GenericValue, more: IDataObject = {}): IDataObject {
  const { seed } = instance.sandbox;
  return {
    login: 'facebook',
    clientId: seed.app.id,
    clientSecret: seed.app.secret,
    verifyToken: 'our verify token',
    graphVersion: seed.graphVersion,
    graphBaseUrl: seed.graphBaseUrl,
    oauthTokenData,
    ...more,
  };
}

const shortToken = async () =>
  await facebookLogin(instance.sandbox, {
    params: { scope: LOGIN_SCOPES.facebook.join(',') },
  });

const useToken = (access_token: string) => {
  setup.credentials = { metaOAuth2Api: credentialWith({ access_token, token_type: 'bearer' }) };
};

const listed = async () => {
  const { searchAccounts } = new MetaMessaging().methods.listSearch;
  const context = { ...hookContext(setup), getCurrentNodeParameter: () => ({}) } as never;
  return (await searchAccounts.call(context)).results.map(({ name }) => name);
};

describe('the credential metaOAuth2Api', () => {
  const credential = new MetaOAuth2Api();
  const value = (name: string) =>
    credential.properties.find((property) => property.name === name)?.default;

  it('asks for the permissions of the core, and has every address for a sandbox to take', () => {
    expect(value('facebookScopes')).toBe(LOGIN_SCOPES.facebook.join(','));
    expect(value('instagramScopes')).toBe(LOGIN_SCOPES.instagram.join(','));
    const bases = credential.properties.filter(({ name }) => name.endsWith('BaseUrl'));
    expect(bases.map((property) => property.default)).toEqual([
      'https://graph.facebook.com',
      'https://www.facebook.com',
      'https://graph.instagram.com',
      'https://api.instagram.com',
      'https://www.instagram.com',
    ]);
  });

  it('says beforehand that its token lives an hour, as does the field of the nodes', () => {
    const notice = credential.properties.find(({ type }) => type === 'notice');
    expect(notice?.displayName).toContain('within the hour');
    for (const node of [new MetaMessaging(), trigger]) {
      const [field, note] = node.description.properties;
      expect(field).toMatchObject({ name: 'authentication', displayName: 'Connect With' });
      expect(note).toMatchObject({
        type: 'notice',
        displayName: expect.stringContaining('within the hour') as unknown,
        displayOptions: { show: { authentication: ['oAuth2'] } },
      });
    }
  });
});

describe('a login with n8n’s own button', () => {
  it('that was never made says so', async () => {
    setup.credentials = { metaOAuth2Api: credentialWith(undefined) };
    await expect(listed()).rejects.toMatchObject({
      message: 'The credential is not connected yet.',
      description: expect.stringContaining('click "Connect"') as unknown,
    });
  });

  it('whose token died before says what to do', async () => {
    const token = await shortToken();
    await instance.control('PATCH', `/tokens/${token}`, { expire: true });
    useToken(token);
    await expect(listed()).rejects.toMatchObject({
      description: 'Connect again, then open the node within the hour.',
    });
  });

  it('shows the accounts that can send when the list is loaded, and keeps a token of 60 days', async () => {
    useToken(await shortToken());
    const names = await listed();
    expect(names).toEqual(
      expect.arrayContaining([
        expect.stringContaining('Clínica Sorriso · Messenger'),
        expect.stringContaining('Sorriso Solidário · Messenger'),
      ]),
    );
    expect(names.join()).not.toContain('Congresso');
    const all = await accounts();
    const [page] = all;
    const days = ((page?.expiresAt ?? 0) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(60);
    expect(all.find(({ name }) => name.startsWith('Congresso'))).toMatchObject({
      status: 'error',
      statusReason: expect.stringContaining('task MESSAGING') as unknown,
    });
  });

  it('opens the door, receives and answers, with the short token long dead', async () => {
    const token = await shortToken();
    useToken(token);
    await trigger.webhookMethods.default.create.call(hookContext(setup));
    await instance.control('PATCH', `/tokens/${token}`, { expire: true });
    await instance.control('POST', '/subscriptions', {
      callbackUrl: instance.server.url + PATH,
      verifyToken: 'our verify token',
    });
    const { sandbox } = instance;
    const customer = await newCustomer(sandbox, 'instagram');
    const { deliveryIds } = await write(sandbox, customer, 'Olá');
    expect(new Set(await untilAnswered(sandbox, String(deliveryIds[0])))).toEqual(new Set([200]));
    const { items } = await core.events.listEvents(await app(), 'default', { limit: 500 });
    const item = items.find(({ message }) => message?.text === 'Olá');
    const { error } = await runWorkflow(
      {
        nodes: [
          { name: 'Trigger', type: `${PACKAGE}.metaMessagingTrigger` },
          {
            name: 'Send',
            type: `${PACKAGE}.metaMessaging`,
            parameters: { authentication: 'oAuth2', text: 'Respondido' },
            credentials: { metaOAuth2Api: { id: 'credential-2', name: 'Meta login' } },
          },
        ],
        connections: [['Trigger', 'Send']],
      },
      {
        nodeTypes: { ...probeNodes, [`${PACKAGE}.metaMessaging`]: new MetaMessaging() },
        items: [{ json: item as never }],
        credentials: setup.credentials as never,
      },
    );
    expect(error).toBeUndefined();
    expect(receivedBy(sandbox, customer).map(({ text }) => text)).toEqual(['Respondido']);
  });

  it('that is taken back in n8n closes no door: what comes in is stored, and the accounts say so', async () => {
    const token = setup.credentials;
    setup.credentials = { metaOAuth2Api: credentialWith(undefined) };
    // A busy door opens its credential once a second.
    await setTimeout(1_100);
    const { sandbox } = instance;
    const customer = await newCustomer(sandbox, 'messenger');
    const { deliveryIds } = await write(sandbox, customer, 'Ainda aqui?');
    expect(new Set(await untilAnswered(sandbox, String(deliveryIds[0])))).toEqual(new Set([200]));
    const { items } = await core.events.listEvents(await app(), 'default', { limit: 500 });
    expect(items.some(({ message }) => message?.text === 'Ainda aqui?')).toBe(true);
    const page = (await accounts()).find(({ name }) => name === 'Clínica Sorriso');
    expect(page).toMatchObject({
      status: 'active',
      statusReason: expect.stringContaining('not connected yet') as unknown,
    });
    setup.credentials = token ?? {};
  });

  it('is refused at the door with a signature of another secret', async () => {
    const body = '{"object":"page","entry":[]}';
    const answer = await fetch(instance.server.url + PATH, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': 'sha256=00' },
      body,
    });
    expect(answer.status).toBe(401);
  });

  it.each(['flat', 'wrapped'])(
    'through Instagram, whose answer is %s, connects the account without a Page',
    async (shape) => {
      const { seed } = instance.sandbox;
      const { instagramLogin } = seed;
      const back = await passDialog(
        `${seed.instagramDialogBaseUrl}/oauth/authorize`,
        {
          client_id: instagramLogin.appId,
          redirect_uri: REDIRECT_URI,
          state: 's',
          response_type: 'code',
          scope: LOGIN_SCOPES.instagram.join(','),
        },
        { person: instagramLogin.account.id },
      );
      await instance.control('PATCH', '/settings', { instagramCodeAnswer: shape });
      // What n8n posts to the token endpoint with the credential's "Authentication: Body".
      const response = await fetch(`${seed.instagramTokenBaseUrl}/oauth/access_token`, {
        method: 'POST',
        body: new URLSearchParams({
          code: back.searchParams.get('code') ?? '',
          grant_type: 'authorization_code',
          redirect_uri: REDIRECT_URI,
          client_id: instagramLogin.appId,
          client_secret: instagramLogin.appSecret,
        }),
      });
      setup.credentials = {
        metaOAuth2Api: credentialWith(JSON.stringify(await response.json()), {
          login: 'instagram',
          clientId: instagramLogin.appId,
          clientSecret: instagramLogin.appSecret,
          metaAppId: seed.app.id,
          metaAppSecret: seed.app.secret,
          instagramGraphBaseUrl: seed.instagramGraphBaseUrl,
        }),
      };
      expect((await listed()).join()).toContain(instagramLogin.account.username);
      const found = (await accounts()).find(
        ({ externalId }) => externalId === instagramLogin.account.id,
      );
      expect(found).toMatchObject({
        channel: 'instagram',
        parentExternalId: null,
        status: 'active',
        credentialId: 'credential-2',
      });
    },
  );

  it('keeps no token readable: not in the store, not in the log', async () => {
    const { folder } = instance;
    const file = path.join(folder, 'omnichannel', 'omnichannel.sqlite');
    const bytes = [file, `${file}-wal`].map((name) => readFileSync(name, 'latin1')).join('');
    expect(bytes).toContain('nica Sorriso');
    const tokens = await instance.control<{ data: Array<{ value: string }> }>('GET', '/tokens');
    const text = bytes + JSON.stringify(logger.entries);
    const shown = tokens.data.filter(({ value }) => text.includes(value));
    expect(shown).toEqual([]);
    expect(text).not.toContain(instance.sandbox.seed.app.secret);
  });
});
