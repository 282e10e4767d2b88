import {
  countRefusedCall,
  noteAccountStatus,
  registerDoor,
  syncCredentialAccounts,
} from '../../../core/accounts';
import { revokeConnectLink } from '../../../core/portal';
import { describeOnBothDatabases } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import { createPortalWorld, rowsOf, walk, type PortalWorld, type TestLink } from './support/portal';

const PAGE = '100200300400500';
/** Each in one test alone: what is connected elsewhere too keeps its webhooks. */
const SOUTH_PAGE = '100200300400501';
const SOCIAL_PAGE = '100200300400502';
const DOCTOR_INSTAGRAM = '17841400000000003';
const DAY_MS = 24 * 3_600_000;

interface Card {
  id: string;
  name: string;
  badge: string;
  [more: string]: unknown;
}

describeOnBothDatabases('the cards of the connect page', (context) => {
  let world: PortalWorld;
  let link: TestLink;

  beforeAll(async () => {
    world = await createPortalWorld(context);
  });
  beforeEach(async () => {
    context.clock.set(Date.now());
    link = await world.newLink();
  });
  afterAll(async () => {
    await world.close();
  });

  const cards = async (token = link.token): Promise<Card[]> =>
    (await world.get('state', token)).body.accounts;
  const card = async (token = link.token): Promise<Card> => {
    const [first] = await cards(token);
    if (!first) throw new Error('no card');
    return first;
  };
  /** A Page, or its Instagram account, connected on the page. */
  const connect = async (id = `messenger:${PAGE}`): Promise<void> => {
    const { claim } = await walk(world, link.token);
    await world.post('complete', claim);
    const { body } = await world.post('choose', claim, { ids: [id] });
    if (body.stage !== 'connected') throw new Error(JSON.stringify(body));
  };
  /** An account that the admin connected in n8n. */
  const connectInN8n = async (): Promise<string> => {
    const [account] = await syncCredentialAccounts(world.ctx, {
      tenantId: link.tenantId,
      provider: 'meta',
      credentialId: 'credential-9',
      discovered: [
        {
          channel: 'messenger',
          externalId: '999',
          parentExternalId: null,
          name: "The admin's own",
          secrets: { accessToken: 'EAAG-own', apiBaseUrl: world.sandbox.url, apiVersion: 'v25.0' },
          expiresAt: null,
        },
      ],
    });
    return String(account?.id);
  };

  it('show a badge for each way an account can stand', async () => {
    await connect();
    const { id } = await card();
    expect(await card()).toMatchObject({ badge: 'active', reason: null });
    for (const status of ['expiring', 'expired', 'error', 'disconnected'] as const) {
      await noteAccountStatus(world.ctx, link.tenantId, id, status, 'a reason');
      expect((await card()).badge).toBe(status);
    }
  });

  it('show that calls with a wrong signature arrive for an account that a customer connected', async () => {
    await connect();
    const { tenantId } = link;
    const door = { tenantId, doorId: 'workflow-2:node-2', credentialId: 'credential-1' };
    await registerDoor(world.ctx, {
      ...door,
      provider: 'meta',
      url: 'https://n8n.example/webhook/2/meta',
    });
    await countRefusedCall(world.ctx, { ...door, claimedExternalIds: [PAGE] });
    expect(await card()).toMatchObject({
      badge: 'refused',
      refusedCalls: 1,
      refusedSince: context.clock.now(),
    });
  });

  it('keep the reason, which may name things of n8n, to operators', async () => {
    await connect();
    const { id } = await card();
    await noteAccountStatus(world.ctx, link.tenantId, id, 'error', 'The credential "X" is wrong.');
    const operate = await world.newLink({ tenantId: link.tenantId, scope: 'operate' });
    expect(await card()).toMatchObject({ badge: 'error', reason: null });
    expect(await card(operate.token)).toMatchObject({ reason: 'The credential "X" is wrong.' });
  });

  it('tell until when the access lasts', async () => {
    await connect();
    const { expiresAt } = await card();
    expect(expiresAt).toBeGreaterThan(context.clock.now() + 59 * DAY_MS);
  });

  it("show a customer's link what was connected on the page, and an operator's all", async () => {
    await connect();
    const own = await connectInN8n();
    const operate = await world.newLink({ tenantId: link.tenantId, scope: 'operate' });
    expect((await cards()).map(({ id }) => id)).not.toContain(own);
    expect((await cards(operate.token)).map(({ id }) => id)).toContain(own);
    for (const action of ['check', 'renew', 'disconnect']) {
      expect(await world.post(action, link.token, { accountId: own })).toMatchObject({
        status: 403,
        body: { error: { code: 'scope_missing', scope: 'operate' } },
      });
    }
  });

  it('of another tenant are as unknown as those that do not exist', async () => {
    await connect();
    const { id } = await card();
    const stranger = await world.newLink({ scope: 'admin' });
    for (const accountId of [id, '01ARZ3NDEKTSV4RRFFQ69G5FAV', "' or 1=1 --"]) {
      for (const action of ['check', 'renew', 'disconnect']) {
        const answer = await world.post(action, stranger.token, { accountId });
        expect(answer).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
      }
      const start = { login: 'facebook', accountId };
      expect((await world.post('start', stranger.token, start)).status).toBe(404);
      const query = { account: accountId };
      expect((await world.get('picture', stranger.token, { query })).status).toBe(404);
    }
    expect((await card()).badge).toBe('active');
  });

  it('are checked at the provider, and what was switched off there is switched on again', async () => {
    await connect();
    const { id } = await card();
    expect(await world.post('check', link.token, { accountId: id })).toMatchObject({
      status: 200,
      body: { card: { badge: 'active' } },
    });
    await world.control('POST', `/users/10200300400500600/revoke`, {});
    expect(await world.post('check', link.token, { accountId: id })).toMatchObject({
      status: 200,
      body: { card: { badge: 'expired', renewBy: 'facebook' } },
    });
  });

  it('of Instagram Login are renewed by the server, of Facebook Login by logging in again', async () => {
    await connect();
    expect(await card()).toMatchObject({ renewBy: 'facebook' });
    const other = await world.newLink({ lifetimeMs: 7 * DAY_MS });
    const { claim } = await walk(world, other.token, {
      login: 'instagram',
      person: DOCTOR_INSTAGRAM,
    });
    await world.post('complete', claim);
    const instagram = await card(other.token);
    expect(instagram.renewBy).toBe('server');
    context.clock.advance(2 * DAY_MS);
    await world.control('POST', '/clock', { advanceMs: 2 * DAY_MS });
    const renewed = await world.post('renew', other.token, { accountId: instagram.id });
    await world.control('POST', '/clock', { reset: true });
    expect(renewed.status).toBe(200);
    expect(renewed.body.card.expiresAt).toBeGreaterThan(Number(instagram.expiresAt));
  });

  it('forget their secrets when they are disconnected, and say so in the log', async () => {
    await connect(`messenger:${SOCIAL_PAGE}`);
    const { id } = await card();
    const answer = await world.post('disconnect', link.token, { accountId: id });
    expect(answer).toMatchObject({
      status: 200,
      body: { card: { badge: 'disconnected', can: { check: false, disconnect: false } } },
    });
    const tenant = context.store.forTenant(link.tenantId);
    const rows = await rowsOf(tenant, 'accounts');
    expect(rows.map((row) => row.sealed_secrets)).toEqual([null]);
    const logins = await rowsOf(tenant, 'logins');
    expect(logins.map((login) => login.sealed_secrets)).toEqual([null]);
    const { pages } = await world.control('GET', '/subscriptions');
    expect(pages.map(({ pageId }: { pageId: string }) => pageId)).not.toContain(SOCIAL_PAGE);
    const events = await rowsOf(tenant, 'events');
    expect(events.map(({ type }) => type)).toContain('connection.disconnected');
  });

  it('stay connected when the provider cannot be told', async () => {
    await connect(`messenger:${SOUTH_PAGE}`);
    const { id } = await card();
    await world.control('POST', '/faults', {
      kind: 'failBefore',
      route: 'any',
      times: 5,
      error: { code: 2, status: 503, isTransient: true },
    });
    expect(await world.post('disconnect', link.token, { accountId: id })).toMatchObject({
      status: 502,
      body: { error: { code: 'provider_down' } },
    });
    await world.control('DELETE', '/faults');
    expect((await card()).badge).toBe('active');
  });

  it('show the picture that the server fetched, once a day', async () => {
    await connect('instagram:17841400000000001');
    const { id, hasPicture } = await card();
    expect(hasPicture).toBe(true);
    const picture = () =>
      world.call({
        path: 'api/picture',
        query: { account: id },
        headers: { 'x-connect-token': link.token },
      });
    const first = await picture();
    expect(first).toMatchObject({ status: 200, headers: { 'content-type': 'image/png' } });
    expect(Buffer.isBuffer(first.body)).toBe(true);
    const before = await world.control('GET', '/calls?path=avatars');
    expect((await picture()).body).toEqual(first.body);
    const after = await world.control('GET', '/calls?path=avatars');
    expect(after.data.length).toBe(before.data.length);
  });

  it('are told of as a stream, at once and whenever something changes', async () => {
    const response = await world.call({
      path: 'api/events',
      headers: { 'x-connect-token': link.token },
    });
    expect(response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
    });
    let text = '';
    let close: () => void = () => undefined;
    response.stream?.({
      write: (chunk) => {
        text += chunk;
      },
      end: () => undefined,
      onClose: (listener) => {
        close = listener;
      },
    });
    try {
      await waitFor(() => text.includes('"accounts":[]'), { what: 'the first state' });
      await connect();
      await waitFor(() => text.includes('"stage":"connected"'), { what: 'the outcome' });
      expect(text.startsWith('retry: 2000\n: connected\n\n')).toBe(true);
    } finally {
      close();
    }
  });

  it('are told of no longer when the link is withdrawn', async () => {
    const response = await world.call({
      path: 'api/events',
      headers: { 'x-connect-token': link.token },
    });
    let isOver = false;
    response.stream?.({
      write: () => undefined,
      end: () => {
        isOver = true;
      },
      onClose: () => undefined,
    });
    await revokeConnectLink(world.ctx, link.tenantId, link.id);
    await waitFor(() => isOver, { what: 'the stream to end' });
  });
});
