import { disconnectAccount, getConnection, listDoors, registerDoor } from '../../../core/accounts';
import { beginLogin, openRow, takeAttempt } from '../../../core/portal/attempts';
import { followHubWalks, revokeConnectLink, type PortalSetup } from '../../../core/portal';
import { listEvents } from '../../../core/events';
import { HUB_SEED } from '../../../sandbox/notificame/seed.ts';
import { describeOnBothDatabases } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import {
  createPortalWorld,
  locationOf,
  rowsOf,
  type PortalWorld,
  type TestLink,
} from './support/portal';

const SECRET = 'a-webhook-secret-of-thirty-two-characters';
const WHATSAPP = 'notificame-whatsapp';

interface Card {
  id: string;
  name: string;
  badge: string;
  renewBy: string | null;
}

describeOnBothDatabases("connecting in NotificaMe's window", (context) => {
  let world: PortalWorld;
  let link: TestLink;
  let setup: PortalSetup;

  beforeAll(async () => {
    world = await createPortalWorld(context);
  });
  beforeEach(async () => {
    context.clock.set(Date.now());
    link = await world.newLink();
    setup = ownSetup(link.tenantId);
  });
  afterEach(async () => {
    // Told off by its channel limit otherwise; what one test connected is nothing to the next.
    const hub = world.sandbox.context.store.state.notificaMe;
    for (const [id, { name }] of Object.entries(hub.channels)) {
      if (name.startsWith('Novo')) delete hub.channels[id];
    }
    hub.faults = [];
  });
  afterAll(async () => {
    await world.close();
  });

  function ownSetup(tenantId: string, over: Record<string, unknown> = {}): PortalSetup {
    const { baseUrl, apiToken } = world.sandbox.seed.notificaMe;
    const credential = {
      apiToken,
      baseUrl,
      profile: 'hub',
      webhookSecret: SECRET,
      v2Channels: ['whatsapp', 'instagram', 'facebook'],
      fileTypes: 'kind',
      timezone: 'America/Sao_Paulo',
      ...over,
    };
    const hub = { credentialId: `credential of ${tenantId}`, credential };
    return { ...world.setup, tenantId, hub: hub as unknown as PortalSetup['hub'] };
  }

  const state = async (token = link.token, from = setup) =>
    (await world.get('state', token, { setup: from })).body;
  const cards = async (): Promise<Card[]> => (await state()).accounts;
  const attempt = async () => (await state()).attempts[0];
  /** The page asks every two seconds; the hub is asked every three. */
  const until = async (stage: string) =>
    await waitFor(
      async () => {
        context.clock.advance(4_000);
        const now = await attempt();
        return now?.stage === stage ? now : undefined;
      },
      { what: `the walk ${stage}` },
    );
  const offer = async (more: object = {}) =>
    await world.post('start', link.token, { login: WHATSAPP, ...more }, { setup });
  /** From the page into the window: its address. */
  const openWindow = async (more: object = {}): Promise<URL> => {
    const { body } = await offer(more);
    const response = await world.call({ path: body.path, setup });
    return new URL(locationOf(response));
  };
  /** What the person does there. */
  const finish = async (window: URL, name = 'Novo WhatsApp'): Promise<void> => {
    const body = new URLSearchParams({ name });
    const answer = await fetch(window, { method: 'POST', body });
    expect(await answer.text()).toContain('Canal conectado');
  };
  const connect = async (name?: string) => {
    await finish(await openWindow(), name);
    return await until('connected');
  };

  it('offers the window for each kind of channel that it connects', async () => {
    expect((await state()).logins).toEqual([
      'facebook',
      'instagram',
      'notificame-whatsapp',
      'notificame-instagram',
      'notificame-facebook',
    ]);
  });

  it('leads to the hub with the sub-account, the kind of channel and the origin of the page', async () => {
    const window = await openWindow({ login: 'notificame-facebook' });
    expect(window.pathname).toBe('/notificame/v2/oauth/meta/start');
    expect(Object.fromEntries(window.searchParams)).toEqual({
      company_uuid: HUB_SEED.token,
      redirect_origin: 'https://n8n.example.com',
      type: 'facebook',
    });
  });

  it('shows the new channel once the hub lists it, and tells the event log', async () => {
    const window = await openWindow();
    expect(await attempt()).toMatchObject({ login: WHATSAPP, stage: 'started' });
    context.clock.advance(4_000);
    await state();
    expect(await cards()).toEqual([]);

    await finish(window);
    const { accountIds } = await until('connected');
    expect(accountIds).toHaveLength(1);
    const found = (await cards()).find(({ id }) => id === accountIds[0]);
    expect(found).toMatchObject({ name: 'Novo WhatsApp', badge: 'active', renewBy: null });
    const { items } = await listEvents(world.ctx, link.tenantId, { limit: 100 });
    const told = items.filter(({ connection }) => connection?.id === accountIds[0]);
    expect(told.map(({ event }) => event)).toEqual(['connection.connected']);
  });

  it('leaves what came out of another window to that one', async () => {
    const instagram = await openWindow({ login: 'notificame-instagram' });
    await finish(await openWindow());
    const stages = async () =>
      Object.fromEntries(
        (await state()).attempts.map(({ login, stage }: Record<string, string>) => [login, stage]),
      );
    context.clock.advance(4_000);
    await followHubWalks(world.ctx);
    expect(await stages()).toEqual({
      [WHATSAPP]: 'connected',
      'notificame-instagram': 'started',
    });
    await finish(instagram, 'Novo Instagram');
    await waitFor(
      async () => {
        context.clock.advance(4_000);
        return (await stages())['notificame-instagram'] === 'connected';
      },
      { what: 'the other window' },
    );
    expect((await cards()).map(({ name }) => name)).toContain('Novo Instagram');
  });

  it('shows the other channels of the sub-account too, for its owner holds them all', async () => {
    await connect();
    expect((await cards()).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Novo WhatsApp', 'clinica.sorriso', 'ClinicaSorrisoBot']),
    );
    const without = { ...setup, hub: undefined };
    expect((await state(link.token, without)).accounts).toEqual([]);
  });

  it('subscribes the channel at the door of the same credential', async () => {
    const url = `https://n8n.example.com/webhook/${link.tenantId}/notificame`;
    const credentialId = setup.hub?.credentialId ?? '';
    const door = {
      doorId: 'workflow-9:node-9',
      provider: 'notificame',
      credentialId,
      url,
    } as const;
    await registerDoor(world.ctx, { tenantId: link.tenantId, ...door });
    expect(await listDoors(world.ctx, link.tenantId, { credentialId })).toHaveLength(1);
    const { accountIds } = await connect();
    const { externalId } = await getConnection(world.ctx, link.tenantId, accountIds[0]);
    const own = world.sandbox.context.store.state.notificaMe.subscriptions.filter(
      ({ criteria, webhook }) => criteria.channel === externalId && webhook.url.startsWith(url),
    );
    expect(own.map(({ eventType }) => eventType).sort()).toEqual(['MESSAGE', 'MESSAGE_STATUS']);
  });

  it('is found by the runner when the page was closed', async () => {
    await finish(await openWindow());
    context.clock.advance(4_000);
    await followHubWalks(world.ctx);
    const [row] = await rowsOf(context.store.forTenant(link.tenantId), 'oauth_states');
    expect(row).toMatchObject({ stage: 'connected', sealed: null });
    expect(JSON.parse(row?.account_ids ?? '[]')).toHaveLength(1);
  });

  it('is found by the next who asks when a process died over it', async () => {
    await finish(await openWindow());
    context.clock.advance(4_000);
    const tenant = context.store.forTenant(link.tenantId);
    const [row] = await rowsOf(tenant, 'oauth_states');
    if (!row) throw new Error('no walk');
    await takeAttempt(world.ctx, openRow(world.ctx, row), 60_000);
    await followHubWalks(world.ctx);
    expect(await cards()).toEqual([]);
    context.clock.advance(61_000);
    await until('connected');
  });

  it('keeps nothing of the token readable in the store', async () => {
    await openWindow();
    const [row] = await rowsOf(context.store.forTenant(link.tenantId), 'oauth_states');
    expect(row?.sealed).toEqual(expect.any(String));
    expect(JSON.stringify(row)).not.toContain(HUB_SEED.token);
  });

  it('opens the window although somebody looks while the hub is still asked', async () => {
    const { http } = world.ctx;
    const ask = http.request;
    const looked = jest.spyOn(http, 'request').mockImplementationOnce(async (request) => {
      await followHubWalks(world.ctx);
      return await ask(request);
    });
    const window = await openWindow();
    expect(looked).toHaveBeenCalled();
    looked.mockRestore();
    await finish(window);
    expect(await until('connected')).toMatchObject({ login: WHATSAPP, error: null });
  });

  it('ends by itself when a process died before the window opened', async () => {
    const { body } = await offer();
    const ticket = String(body.path).slice('start/'.length);
    await beginLogin(world.ctx, ticket, setup.pageId);
    await finish(
      new URL(
        `${setup.hub?.credential.baseUrl}/v2/oauth/meta/start?company_uuid=${HUB_SEED.token}&type=whatsapp`,
      ),
    );
    await followHubWalks(world.ctx);
    expect((await attempt())?.stage).toBe('started');
    context.clock.advance(11 * 60_000);
    expect(await until('failed')).toMatchObject({ error: 'login_expired' });
    expect(await cards()).toEqual([]);
  });

  it('says so when nothing came of it within ten minutes', async () => {
    await openWindow();
    context.clock.advance(11 * 60_000);
    await followHubWalks(world.ctx);
    expect(await attempt()).toMatchObject({ stage: 'failed', error: 'hub_nothing_found' });
  });

  it('goes on asking while the hub answers with nothing it can use', async () => {
    const window = await openWindow();
    await world.control('POST', '/notificame/faults', { on: 'any', kind: 'nothing', times: 1 });
    context.clock.advance(4_000);
    await followHubWalks(world.ctx);
    expect((await attempt())?.stage).toBe('started');
    await finish(window);
    await until('connected');
  });

  it('leads back to the page when the hub cannot be asked, or refuses the token', async () => {
    await world.control('POST', '/notificame/faults', { on: 'any', kind: 'nothing', times: 1 });
    const down = await world.call({ path: (await offer()).body.path, setup });
    expect(locationOf(down)).toBe('../connect#e.hub_down');
    expect(await attempt()).toMatchObject({ stage: 'failed', error: 'hub_down' });

    setup = ownSetup(link.tenantId, { apiToken: 'a-token-of-nobody' });
    const refused = await world.call({ path: (await offer()).body.path, setup });
    expect(locationOf(refused)).toBe('../connect#e.hub_refused');
  });

  it('ends what is under way when the link is withdrawn', async () => {
    await finish(await openWindow());
    await revokeConnectLink(world.ctx, link.tenantId, link.id);
    context.clock.advance(4_000);
    await followHubWalks(world.ctx);
    const tenant = context.store.forTenant(link.tenantId);
    const [row] = await rowsOf(tenant, 'oauth_states');
    expect(row).toMatchObject({ stage: 'failed', error: 'link_revoked' });
    expect(await rowsOf(tenant, 'accounts')).toEqual([]);
  });

  it('connects a channel again at its card, and leaves the others that were disconnected', async () => {
    const { accountIds } = await connect();
    for (const { id } of await cards()) await disconnectAccount(world.ctx, link.tenantId, id);
    const card = (await cards()).find(({ id }) => id === accountIds[0]);
    expect(card).toMatchObject({ badge: 'disconnected', renewBy: WHATSAPP });

    // The page names the newest first: a walk of the same instant is no newer.
    context.clock.advance(1_000);
    await openWindow({ accountId: accountIds[0] });
    expect(await until('connected')).toMatchObject({ accountIds });
    const working = (await cards()).filter(({ badge }) => badge === 'active');
    expect(working.map(({ id }) => id)).toEqual(accountIds);
    // A channel of a kind that the window does not connect has no such way.
    const telegram = (await cards()).find(({ name }) => name === 'ClinicaSorrisoBot');
    expect(telegram).toMatchObject({ badge: 'disconnected', renewBy: null });
  });

  it("is offered to links of the page's own tenant alone", async () => {
    const other = await world.newLink();
    expect((await state(other.token)).logins).toEqual(['facebook', 'instagram']);
    const { status, body } = await world.post('start', other.token, { login: WHATSAPP }, { setup });
    expect([status, body.error.code]).toEqual([400, 'login_unavailable']);
  });
});
