import type { IDataObject } from 'n8n-workflow';
import { core } from '../../nodes/shared/loadCore';
import { HUB_SEED } from '../../sandbox/notificame/seed.ts';
import { hookContext } from './support/contexts.ts';
import { Hub, SECRET } from './support/notificaMe.ts';

let hub: Hub;

beforeAll(async () => {
  hub = await Hub.start();
  await hub.publish();
});
afterAll(() => hub.close());

describe('NotificaMe: Channel, Subscription and Template', () => {
  const chosen = async (channelId?: string) => ({
    account: { __rl: true, mode: 'list', value: (await hub.account(channelId)).id },
  });

  it('lists the channels with their accounts, and one of them', async () => {
    const { json } = await hub.run('channel', 'getMany', { returnAll: true });
    expect(json).toHaveLength(5);
    expect(json[0]).toMatchObject({
      id: HUB_SEED.whatsAppChannelId,
      channel: 'whatsapp',
      type: 'whatsapp_business_account',
      connection: { id: (await hub.account()).id },
    });
    const one = await hub.run('channel', 'get', await chosen());
    expect(one.json).toMatchObject([{ id: HUB_SEED.whatsAppChannelId, isConnected: true }]);
  });

  it('looks at a channel: connected, and its messages arrive; then not', async () => {
    const well = await hub.run('channel', 'status', await chosen());
    expect(well.json).toMatchObject([{ ok: true, webhookFields: ['MESSAGE', 'MESSAGE_STATUS'] }]);
    const channels = { [HUB_SEED.telegramChannelId]: 'disconnected' };
    await hub.instance.control('PATCH', '/notificame', { channels });
    const ill = await hub.run('channel', 'status', await chosen(HUB_SEED.telegramChannelId));
    expect(ill.json).toMatchObject([{ ok: false }]);
    expect(ill.json[0]?.summary).toMatch(/calls the channel "ClinicaSorrisoBot" "disconnected"/);
    await hub.instance.control('PATCH', '/notificame', {
      channels: { [HUB_SEED.telegramChannelId]: 'active' },
    });
  });

  describe.each<[string, string, string, IDataObject]>([
    ['the list of channels', 'channel', 'getMany', { returnAll: true }],
    ['the list of webhooks', 'subscription', 'getMany', { returnAll: true }],
    ['the templates of "Clínica Sorriso"', 'template', 'getMany', { returnAll: true }],
    ['the webhook', 'subscription', 'create', { url: 'https://crm.example/a-long-secret' }],
  ])('where %s is asked for', (subject, resource, operation, parameters) => {
    it.each([
      ['error200', `NotificaMe refused ${subject} (code ERROR). NotificaMe says: "Something went`],
      ['limit', `NotificaMe refused ${subject} (code ERROR). NotificaMe says: "channel limit`],
      ['busy', `NotificaMe refused ${subject} (code ERROR). NotificaMe says: "Too many requests"`],
      ['text', `NotificaMe answered ${subject} with plain text instead of JSON (HTTP 200): "serv`],
      ['nothing', `NotificaMe answered ${subject} with nothing at all (HTTP 200).`],
    ])('an answer "%s" has its own sentence, and what to do next', async (kind, sentence) => {
      await hub.instance.control('POST', '/notificame/faults', { kind, on: 'any' });
      const { error, hint } = await hub.run(resource, operation, {
        ...(await chosen()),
        ...parameters,
      });
      expect(error).toContain(sentence);
      expect(hint).toMatch(/\w+/);
    });
  });

  it('gives the address of the window in which an account is connected', async () => {
    const { json } = await hub.run('channel', 'connect', {
      connectType: 'instagram',
      redirectOrigin: 'https://crm.example',
    });
    const url = new URL(json[0]?.url as string);
    expect(url.pathname).toMatch(/\/v2\/oauth\/meta\/start$/);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      company_uuid: HUB_SEED.token,
      redirect_origin: 'https://crm.example',
      type: 'instagram',
    });
  });

  it('creates, lists, changes and deletes webhooks, and shows no secret of ours', async () => {
    const url = 'https://other.example/webhooks/a-long-secret';
    const created = await hub.run('subscription', 'create', {
      ...(await chosen()),
      url,
      direction: 'IN',
    });
    expect(created.json).toMatchObject([
      {
        url,
        eventType: 'MESSAGE',
        channelId: HUB_SEED.whatsAppChannelId,
        direction: 'IN',
        status: 'ACTIVE',
      },
    ]);
    const again = await hub.run('subscription', 'create', {
      ...(await chosen()),
      url,
      direction: 'IN',
    });
    expect(again.json).toMatchObject([{ alreadyExists: true }]);
    const { json: all } = await hub.run('subscription', 'getMany', { returnAll: true });
    expect(all).toHaveLength(11);
    expect(JSON.stringify(all)).not.toContain(SECRET);
    const subscription = { __rl: true, mode: 'id', value: created.json[0]?.id };
    const changed = await hub.run('subscription', 'update', { subscription, status: 'INACTIVE' });
    expect(changed.json).toMatchObject([{ status: 'INACTIVE', url }]);
    const ended = await hub.run('subscription', 'delete', { subscription });
    expect(ended.json).toMatchObject([{ success: true }]);
    expect((await hub.state()).subscriptions).toHaveLength(10);
  });

  it('lists templates and hands one in', async () => {
    const found = await hub.run('template', 'getMany', { ...(await chosen()), returnAll: true });
    expect(found.json).toMatchObject([{ name: 'lembrete_consulta', status: 'APPROVED' }]);
    const created = await hub.run('template', 'create', {
      ...(await chosen()),
      templateName: 'novo',
    });
    expect(created.json).toMatchObject([{ name: 'novo', status: 'PENDING', category: 'UTILITY' }]);
    const refused = await hub.run('template', 'create', {
      ...(await chosen()),
      templateName: 'Não Pode',
    });
    expect(refused.error).toMatch(/name: name is invalid/);
  });
});

describe('the profile Instances API', () => {
  const credential = () => ({
    profile: 'instances',
    baseUrl: hub.instance.sandbox.seed.notificaMe.instancesBaseUrl,
  });
  const run = (operation: string, parameters: IDataObject) =>
    hub.run(
      'instance',
      operation,
      { profile: 'instances', ...parameters },
      { credential: credential() },
    );

  it('is refused under the profile Hub', async () => {
    const { error } = await hub.run('instance', 'getMany', { profile: 'instances' });
    expect(error).toMatch(/belong to the profile "Instances API"/);
  });

  it('creates, authorizes, completes, syncs, lists by platform, shows the QR code and disconnects', async () => {
    const created = await run('create', { platform: 'instagram', instanceName: 'Clínica' });
    const instanceId = created.json[0]?.id as string;
    expect(created.json).toMatchObject([
      { authUrl: expect.stringContaining(instanceId) as unknown },
    ]);
    expect((await run('authorize', { instanceId })).json).toMatchObject([{ status: 'pending' }]);
    const completed = await run('completeAuthorization', { instanceId, code: 'c', state: 's' });
    expect(completed.json).toMatchObject([{ status: 'connected', platform: 'instagram' }]);
    expect((await run('sync', { instanceId })).json).toMatchObject([{ status: 'connected' }]);
    expect((await run('getQrCode', { instanceId })).json).toMatchObject([
      { qrCode: `2@${instanceId}` },
    ]);
    expect((await run('getMany', { platform: 'Instagram' })).json).toHaveLength(1);
    expect((await run('getMany', { platform: 'whatsapp' })).json).toHaveLength(0);
    expect((await run('get', { instanceId })).json).toMatchObject([{ name: 'Clínica' }]);
    expect((await run('disconnect', { instanceId })).json).toMatchObject([{ success: true }]);
    expect((await run('get', { instanceId })).error).toMatch(/instance not found/);
  });

  it('asks at the paths of the credential', async () => {
    const { error } = await hub.run(
      'instance',
      'getMany',
      { profile: 'instances' },
      { credential: { ...credential(), listPath: 'v9/devices' } },
    );
    expect(error).toMatch(/instance not found|does not know/);
  });
});

describe('leaving the door', () => {
  it('notes that it may be unwanted, and leaves the webhooks until that is sure', async () => {
    await hub.publish();
    await hub.trigger.webhookMethods.default.delete.call(hookContext(hub.setup()));
    const [door] = await core.accounts.listDoors(await hub.app(), 'default');
    expect(door?.unwantedSince).not.toBeNull();
    expect((await hub.state()).subscriptions).toHaveLength(10);
  });

  it('hands a channel over to another door before its own webhooks end', async () => {
    const app = await hub.app();
    const account = await hub.account();
    const keeper = app.providers.get('notificame')?.keeper;
    const connection = await core.accounts.openConnection(app, 'default', account.id);
    const [door] = await core.accounts.listDoors(app, 'default');
    if (!keeper?.handOver || !door) throw new Error('There is nobody to hand over.');
    const other = {
      url: 'https://n8n.example/webhook/other/notificame',
      subscription: 'ifFree',
    } as const;
    await keeper.handOver(connection, door, [other]);
    const own = async () =>
      (await hub.state()).subscriptions.filter(
        ({ criteria }) => criteria.channel === account.externalId,
      );
    const after = await own();
    expect(after).toHaveLength(2);
    expect(after.every(({ webhook }) => webhook.url.startsWith(`${other.url}/${SECRET}?`))).toBe(
      true,
    );
    expect(await keeper.unsubscribe(connection, [other])).toBe(true);
    expect(await own()).toEqual([]);
    expect(await keeper.unsubscribe(connection, [other])).toBe(false);
  });
});
