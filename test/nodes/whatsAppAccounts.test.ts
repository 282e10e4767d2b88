import type { IDataObject } from 'n8n-workflow';
import { core } from '../../nodes/shared/loadCore';
import { CLINIC_WHATSAPP } from '../../sandbox/whatsapp/seed.ts';
import { hookContext } from './support/contexts.ts';
import { WhatsAppNode } from './support/whatsApp.ts';

const { numberId, southNumberId, businessId } = CLINIC_WHATSAPP;
let whatsApp: WhatsAppNode;

beforeAll(async () => {
  whatsApp = await WhatsAppNode.start();
});
afterAll(() => whatsApp.close());

const list = async (credential: IDataObject = {}) => {
  const setup = {
    node: whatsApp.node,
    credentials: { whatsAppCloudApi: { ...whatsApp.instance.whatsApp, ...credential } },
  };
  const context = { ...hookContext(setup), getCurrentNodeParameter: () => ({}) } as never;
  return await whatsApp.node.methods.listSearch.searchAccounts.call(context);
};

describe('the accounts behind a credential of WhatsApp', () => {
  it('appear when the list of accounts is opened, each number with its name', async () => {
    const { results } = await list();
    expect(results.map(({ name }) => name)).toEqual([
      'Clínica Sorriso – Unidade Sul +55 51 90000-0002 · WhatsApp',
      'Clínica Sorriso +55 11 90000-0001 · WhatsApp',
    ]);
  });

  it('hold the number, its business account, quality and limit, and no secret', async () => {
    const account = await whatsApp.account();
    expect(account).toMatchObject({
      provider: 'whatsapp_cloud',
      channel: 'whatsapp',
      externalId: numberId,
      parentExternalId: businessId,
      status: 'active',
      credentialId: 'credential-3',
      expiresAt: null,
      health: { phoneNumber: '5511900000001', qualityRating: 'GREEN', messagingLimit: 'TIER_2K' },
    });
    expect(JSON.stringify(account)).not.toMatch(/EAAG/);
  });

  it('say what a check found: the token works, and nobody has subscribed its webhooks', async () => {
    const { id } = await whatsApp.account();
    const checked = await core.accounts.checkConnection(await whatsApp.app(), 'default', id);
    expect(checked).toMatchObject({ ok: false, status: 'active', webhookFields: [] });
    expect(checked.summary).toContain('not subscribed to webhooks');
    expect(checked.accessToken).toBe(`••••${whatsApp.instance.whatsApp.accessToken.slice(-4)}`);
    expect(checked.health).toMatchObject({ qualityRating: 'GREEN', messagingLimit: 'TIER_2K' });
    expect(JSON.stringify(checked)).not.toMatch(/EAAG/);
  });

  it('go on with the former token, warned, where the credential was given a dead one', async () => {
    const wrong = await whatsApp.run('phoneNumber', 'get', await whatsApp.chosen(), {
      credential: { accessToken: 'EAAG-ended' },
    });
    expect(wrong.error).toBeUndefined();
    const app = await whatsApp.app();
    const { id } = await whatsApp.account();
    const warned = await core.accounts.getConnection(app, 'default', id);
    expect(warned.statusReason).toContain('The credential was changed in n8n');
    const back = await whatsApp.run('phoneNumber', 'get', await whatsApp.chosen());
    expect(back.error).toBeUndefined();
    const healed = await core.accounts.getConnection(app, 'default', id);
    expect(healed).toMatchObject({ status: 'active', statusReason: null });
  });

  it('are one number only where the credential names it', async () => {
    const options = { options: { tenant: 'one-number' } };
    const { error } = await whatsApp.run('phoneNumber', 'getMany', options, {
      credential: { phoneNumberId: southNumberId },
    });
    expect(error).toBeUndefined();
    const accounts = await whatsApp.accounts('one-number');
    expect(accounts.map(({ externalId }) => externalId)).toEqual([southNumberId]);
  });

  it('are connected and disconnected through Omnichannel’s operations', async () => {
    const app = await whatsApp.app();
    const [account] = await whatsApp.accounts('one-number');
    const { id = '' } = account ?? {};
    const gone = await core.accounts.disconnectAccount(app, 'one-number', id);
    expect(gone).toMatchObject({ status: 'disconnected' });
    const { error } = await whatsApp.run('phoneNumber', 'get', {
      account: { __rl: true, mode: 'id', value: id },
      options: { tenant: 'one-number' },
    });
    expect(error).toContain('no access token stored');
  });
});

describe('WhatsApp Cloud: Phone Number', () => {
  it('gets many: every number of the business account, with the account where it is one', async () => {
    const { json, error } = await whatsApp.run('phoneNumber', 'getMany', { returnAll: true });
    expect(error).toBeUndefined();
    expect(json).toMatchObject([
      {
        channel: 'whatsapp',
        provider: 'whatsapp_cloud',
        connection: { id: (await whatsApp.account()).id, externalId: numberId, status: 'active' },
        id: numberId,
        displayPhoneNumber: '+55 11 90000-0001',
        qualityRating: 'GREEN',
      },
      { id: southNumberId, qualityRating: 'YELLOW' },
    ]);
  });

  it('gets a page of them, and the rest behind its cursor', async () => {
    const first = await whatsApp.run('phoneNumber', 'getMany', { limit: 1 });
    expect(first.json).toMatchObject([{ id: numberId }]);
    const rest = await whatsApp.run('phoneNumber', 'getMany', {
      options: { cursor: first.json[0]?.nextCursor },
    });
    expect(rest.json).toMatchObject([{ id: southNumberId }]);
  });

  it('gets one, with what it can do at present', async () => {
    const { json, items } = await whatsApp.run('phoneNumber', 'get', await whatsApp.chosen());
    expect(json).toMatchObject([
      { connection: { externalId: numberId }, canSendMessage: 'AVAILABLE', throughput: 'STANDARD' },
    ]);
    expect(items[0]?.pairedItem).toEqual({ item: 0 });
  });

  it('registers one with its PIN, and refuses another PIN before and after the call', async () => {
    const chosen = await whatsApp.chosen();
    const calls = whatsApp.callsSince();
    const short = await whatsApp.run('phoneNumber', 'register', { ...chosen, pin: '12' });
    expect(short.error).toBe('The PIN has six digits.');
    expect(calls().filter(({ path }) => path.endsWith('/register'))).toEqual([]);
    const wrong = await whatsApp.run('phoneNumber', 'register', { ...chosen, pin: '654321' });
    expect(wrong.error).toContain('the PIN of the number is wrong (code 133005)');
    expect(wrong.hint).toContain('two-step verification');
    const right = await whatsApp.run('phoneNumber', 'register', {
      ...chosen,
      pin: '123456',
      options: { region: 'br' },
    });
    expect(right.json).toMatchObject([{ success: true, connection: { externalId: numberId } }]);
    expect(calls().at(-1)).toMatchObject({ method: 'POST' });
  });

  it('refuses an account of another provider, and one of another tenant', async () => {
    const other = await whatsApp.run('phoneNumber', 'get', {
      ...(await whatsApp.chosen()),
      options: { tenant: 'another-tenant' },
    });
    expect(other.error).toMatch(/does not exist here/);
  });
});
