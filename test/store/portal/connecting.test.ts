import { openConnection } from '../../../core/accounts';
import type { EventItem } from '../../../core/model';
import { listEvents } from '../../../core/events';
import { describeOnBothDatabases } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor.ts';
import {
  createPortalWorld,
  leave,
  locationOf,
  passThrough,
  rowsOf,
  walk,
  type PortalWorld,
  type TestLink,
} from './support/portal';

/** Dra. Helena of the sandbox: three Pages she may answer on, two of them with an Instagram account. */
const PAGE = '100200300400500';
const PAGE_INSTAGRAM = '17841400000000001';
const SOUTH_PAGE = '100200300400501';
const SOUTH_INSTAGRAM = '17841400000000002';
const SOCIAL_PAGE = '100200300400502';
const DOCTOR_INSTAGRAM = '17841400000000003';
const NOBODY = '10200300400500602';

const messenger = (id: string) => `messenger:${id}`;
const instagram = (id: string) => `instagram:${id}`;

describeOnBothDatabases('connecting on the page', (context) => {
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

  const state = async (token = link.token) => (await world.get('state', token)).body;
  const events = async (tenantId = link.tenantId): Promise<EventItem[]> =>
    (await listEvents(world.ctx, tenantId, { order: 'asc' })).items;

  it('asks the provider with a state of its own, for the address that is registered', async () => {
    const { dialog } = await leave(world, link.token);
    expect(Object.fromEntries(dialog.searchParams)).toMatchObject({
      client_id: world.sandbox.seed.app.id,
      redirect_uri: world.setup.callbackUrl,
      response_type: 'code',
      display: 'popup',
    });
    const other = await leave(world, link.token);
    expect(other.dialog.searchParams.get('state')).not.toBe(dialog.searchParams.get('state'));
  });

  it('lets the person choose among what the login led to, and connects only that', async () => {
    const { attemptId, claim } = await walk(world, link.token);
    expect((await state()).attempts).toMatchObject([{ id: attemptId, stage: 'returned' }]);
    const { body } = await world.post('complete', claim);
    expect(body.stage).toBe('choosing');
    expect(body.choices.map(({ id }: { id: string }) => id)).toEqual(
      expect.arrayContaining([messenger(PAGE), instagram(PAGE_INSTAGRAM), messenger(SOCIAL_PAGE)]),
    );
    expect(body.choices).toContainEqual({
      id: instagram(PAGE_INSTAGRAM),
      channel: 'instagram',
      name: '@clinica.sorriso',
      pageName: 'Clínica Sorriso',
      problem: false,
    });

    const ids = [messenger(SOUTH_PAGE), instagram(SOUTH_INSTAGRAM)];
    const chosen = await world.post('choose', claim, { ids });
    expect(chosen.body).toMatchObject({ stage: 'connected', error: null });
    expect(chosen.body.accounts).toHaveLength(2);

    const { accounts, attempts } = await state();
    expect(accounts.map(({ name }: { name: string }) => name).sort()).toEqual([
      '@clinica.sorriso.sul',
      'Clínica Sorriso – Unidade Sul',
    ]);
    expect(attempts).toMatchObject([{ id: attemptId, stage: 'connected' }]);
    expect(attempts[0].accountIds).toHaveLength(2);
    expect((await events()).map(({ event }) => event)).toEqual([
      'connection.connected',
      'connection.connected',
    ]);
  });

  it('keeps tokens that last and subscribes each Page to its webhook fields', async () => {
    const { claim } = await walk(world, link.token);
    await world.post('complete', claim);
    const { body } = await world.post('choose', claim, { ids: [messenger(SOCIAL_PAGE)] });
    const connection = await openConnection(world.ctx, link.tenantId, body.accounts[0].id);
    const tokens = await world.control('GET', '/tokens?type=PAGE');
    const token = tokens.data.find(
      ({ value }: { value: string }) => value === connection.secrets.accessToken,
    );
    expect(token).toMatchObject({ pageId: SOCIAL_PAGE, expiresAtSeconds: 0, problem: null });
    const { pages } = await world.control('GET', '/subscriptions');
    const page = pages.find(({ pageId }: { pageId: string }) => pageId === SOCIAL_PAGE);
    expect(page.fields).toEqual(expect.arrayContaining(['messages', 'messaging_postbacks']));
  });

  it('connects the one account of Instagram Login without a question', async () => {
    const { claim } = await walk(world, link.token, {
      login: 'instagram',
      person: DOCTOR_INSTAGRAM,
    });
    const { body } = await world.post('complete', claim);
    expect(body).toMatchObject({
      stage: 'connected',
      accounts: [{ channel: 'instagram', name: '@dra.helena.prado', warning: false }],
    });
    const [card] = (await state()).accounts;
    expect(card).toMatchObject({
      badge: 'active',
      username: 'dra.helena.prado',
      pageName: null,
      renewBy: 'server',
      can: { check: true, renew: true, disconnect: true },
    });
    const day = 24 * 3_600_000;
    expect(card.expiresAt).toBeGreaterThan(context.clock.now() + 59 * day);
  });

  it('adds to what the same person connected before, and leaves the rest as it is', async () => {
    const first = await walk(world, link.token);
    await world.post('complete', first.claim);
    await world.post('choose', first.claim, { ids: [messenger(PAGE)] });
    const second = await walk(world, link.token);
    await world.post('complete', second.claim);
    await world.post('choose', second.claim, { ids: [messenger(SOCIAL_PAGE)] });
    const { accounts } = await state();
    expect(accounts.map(({ name }: { name: string }) => name).sort()).toEqual([
      'Clínica Sorriso',
      'Sorriso Solidário',
    ]);
    const logins = await rowsOf(context.store.forTenant(link.tenantId), 'logins');
    expect(logins).toHaveLength(1);
  });

  it('does not bring back what somebody disconnected, unless it is chosen again', async () => {
    const first = await walk(world, link.token);
    await world.post('complete', first.claim);
    await world.post('choose', first.claim, { ids: [messenger(PAGE), messenger(SOCIAL_PAGE)] });
    const card = (await state()).accounts.find(
      ({ name }: { name: string }) => name === 'Clínica Sorriso',
    );
    await world.post('disconnect', link.token, { accountId: card.id });
    const second = await walk(world, link.token);
    await world.post('complete', second.claim);
    await world.post('choose', second.claim, { ids: [messenger(SOUTH_PAGE)] });
    const badges = async () =>
      Object.fromEntries((await state()).accounts.map((one: any) => [one.name, one.badge])); // eslint-disable-line @typescript-eslint/no-explicit-any
    expect(await badges()).toEqual({
      'Clínica Sorriso': 'disconnected',
      'Sorriso Solidário': 'active',
      'Clínica Sorriso – Unidade Sul': 'active',
    });
    const third = await walk(world, link.token, { accountId: card.id });
    await world.post('complete', third.claim);
    await world.post('choose', third.claim, { ids: [messenger(PAGE)] });
    expect((await badges())['Clínica Sorriso']).toBe('active');
  });

  it('is finished once, however often its window is loaded and its button pressed', async () => {
    const { claim } = await walk(world, link.token);
    const [a, b] = await Promise.all([
      world.post('complete', claim),
      world.post('complete', claim),
    ]);
    const stages = [a, b].map(({ body }) => body.stage ?? body.error.code).sort();
    expect([
      ['choosing', 'choosing'],
      ['choosing', 'login_busy'],
    ]).toContainEqual(stages);
    expect((await world.post('complete', claim)).body.stage).toBe('choosing');
    const ids = [messenger(PAGE)];
    await Promise.all([world.post('choose', claim, { ids }), world.post('choose', claim, { ids })]);
    expect((await world.post('choose', claim, { ids })).body).toMatchObject({
      stage: 'connected',
      accounts: [{ name: 'Clínica Sorriso' }],
    });
    const connected = (await events()).filter(({ event }) => event === 'connection.connected');
    expect(connected).toHaveLength(1);
  });

  it('connects nothing of what was not offered', async () => {
    const { claim } = await walk(world, link.token, { pages: [PAGE], edit: true });
    await world.post('complete', claim);
    for (const ids of [[], [messenger(SOUTH_PAGE)], 'messenger', [{ id: 1 }]]) {
      expect(await world.post('choose', claim, { ids })).toMatchObject({
        status: 400,
        body: { error: { code: 'nothing_chosen' } },
      });
    }
    expect((await state()).accounts).toEqual([]);
  });

  it('says that the consent was refused, and begins again from there', async () => {
    const { attemptId, claim } = await walk(world, link.token, { cancel: true });
    expect((await state()).attempts).toMatchObject([
      { id: attemptId, stage: 'failed', error: 'consent_refused' },
    ]);
    expect((await world.post('complete', claim)).body).toMatchObject({
      stage: 'failed',
      error: 'consent_refused',
    });
    const again = await world.post('again', claim);
    const dialog = new URL(
      locationOf(
        await world.call({
          path: String(again.body.path).split('?')[0] ?? '',
          query: { again: '1' },
        }),
      ),
    );
    expect(dialog.searchParams.get('auth_type')).toBe('rerequest');
    const back = await passThrough(dialog);
    expect(back.searchParams.get('code')).toBeTruthy();
  });

  it('names the permissions that were left out, when nothing could be answered without', async () => {
    const decline = ['pages_messaging', 'instagram_manage_messages'];
    const { claim } = await walk(world, link.token, { decline, edit: true });
    const { body } = await world.post('complete', claim);
    expect(body).toMatchObject({ stage: 'failed', error: 'permission_missing' });
    expect(body.permissions).toEqual(
      expect.arrayContaining(['pages_messaging', 'instagram_manage_messages']),
    );
    const again = (await world.post('complete', claim)).body;
    expect(again.permissions).toEqual(body.permissions);
    expect((await state()).accounts).toEqual([]);
  });

  it('marks what was found but cannot be answered from', async () => {
    await world.control('POST', '/users/10200300400500600/withdraw', {});
    const { claim } = await walk(world, link.token, {
      decline: ['instagram_manage_messages'],
      edit: true,
    });
    const { body } = await world.post('complete', claim);
    const problems = Object.fromEntries(body.choices.map((one: any) => [one.id, one.problem])); // eslint-disable-line @typescript-eslint/no-explicit-any
    expect(problems).toMatchObject({ [messenger(PAGE)]: false, [instagram(PAGE_INSTAGRAM)]: true });
  });

  it('says that no account was found', async () => {
    const { claim } = await walk(world, link.token, { person: NOBODY });
    expect((await world.post('complete', claim)).body).toMatchObject({
      stage: 'failed',
      error: 'no_account_found',
    });
  });

  it('says that the provider does not answer, and keeps nothing half done', async () => {
    const { claim } = await walk(world, link.token);
    await world.control('POST', '/faults', {
      kind: 'failBefore',
      route: 'token',
      error: { code: 2, status: 503, isTransient: true },
    });
    expect((await world.post('complete', claim)).body).toMatchObject({
      stage: 'failed',
      error: 'provider_down',
    });
    await world.control('DELETE', '/faults');
    expect((await state()).accounts).toEqual([]);
  });

  describe('where the provider does not answer while accounts are connected', () => {
    const away = { kind: 'failBefore', error: { code: 2, status: 503, isTransient: true } };
    const down = { status: 502, body: { error: { code: 'provider_down' } } };
    afterEach(async () => {
      await world.control('DELETE', '/faults');
      await world.control('POST', '/users/10200300400500600/withdraw', {});
    });

    it('lets the person choose once more at once', async () => {
      const { claim } = await walk(world, link.token);
      await world.post('complete', claim);
      const ids = [messenger(SOCIAL_PAGE)];
      await world.control('POST', '/faults', { ...away, route: 'token' });
      expect(await world.post('choose', claim, { ids })).toMatchObject(down);
      const { body } = await world.post('complete', claim);
      expect(body.stage).toBe('choosing');
      expect(body.choices).toContainEqual(expect.objectContaining({ id: ids[0] }));
      expect((await world.post('choose', claim, { ids })).body).toMatchObject({
        stage: 'connected',
        accounts: [{ name: 'Sorriso Solidário', warning: false }],
      });
    });

    it('offers the one account to be chosen that is else connected without a question', async () => {
      const { claim } = await walk(world, link.token, { pages: [SOCIAL_PAGE], edit: true });
      // The code is exchanged; what fails is the exchange for the token that lasts.
      await failAfterExchange('token', () => world.post('complete', claim));
      const { body } = await world.post('complete', claim);
      expect(body).toMatchObject({ stage: 'choosing', choices: [{ name: 'Sorriso Solidário' }] });
      const ids = [body.choices[0].id];
      expect((await world.post('choose', claim, { ids })).body).toMatchObject({
        stage: 'connected',
        accounts: [{ name: 'Sorriso Solidário', warning: false }],
      });
    });

    it('connects at the second try also what was disconnected before', async () => {
      const first = await walk(world, link.token);
      await world.post('complete', first.claim);
      const ids = [messenger(SOCIAL_PAGE), messenger(PAGE)];
      await world.post('choose', first.claim, { ids });
      const [card] = (await state()).accounts;
      await world.post('disconnect', link.token, { accountId: card.id });
      const second = await walk(world, link.token);
      await world.post('complete', second.claim);
      await failAfterExchange('any', () => world.post('choose', second.claim, { ids }));
      await world.post('choose', second.claim, { ids });
      const badges = (await state()).accounts.map(({ badge }: { badge: string }) => badge);
      expect(badges).toEqual(['active', 'active']);
    });

    /** Meta answers the first exchange, and no call of the route after it. */
    async function failAfterExchange(route: 'token' | 'any', call: () => Promise<unknown>) {
      const { id } = await world.control('POST', '/faults', { kind: 'hold', route: 'token' });
      const answer = call();
      await waitFor(async () => (await heldBy(id)) === 1, { what: 'the exchange' });
      await world.control('POST', '/faults', { ...away, route, times: 99 });
      await world.control('POST', `/faults/${id}/release`);
      expect(await answer).toMatchObject(down);
      await world.control('DELETE', '/faults');
    }

    async function heldBy(faultId: string): Promise<number> {
      const { data } = await world.control('GET', '/faults');
      return data.find(({ id }: { id: string }) => id === faultId)?.held;
    }
  });

  it('says that the app of the page is wrong', async () => {
    const { facebook } = world.setup.apps;
    if (!facebook) throw new Error('no app');
    const setup = { ...world.setup, apps: { facebook: { ...facebook, appSecret: 'wrong' } } };
    const { claim } = await walk(world, link.token);
    expect((await world.post('complete', claim, {}, { setup })).body).toMatchObject({
      stage: 'failed',
      error: 'app_misconfigured',
    });
  });

  it('offers no login that the page has no app for', async () => {
    const { facebook } = world.setup.apps;
    const setup = { ...world.setup, apps: { ...(facebook ? { facebook } : {}) } };
    expect((await world.get('state', link.token, { setup })).body.logins).toEqual(['facebook']);
    expect(await world.post('start', link.token, { login: 'instagram' }, { setup })).toMatchObject({
      status: 400,
      body: { error: { code: 'login_unavailable' } },
    });
    expect(await world.post('start', link.token, { login: 'myspace' })).toMatchObject({
      body: { error: { code: 'request_invalid' } },
    });
  });

  it('leaves no token and no code in what the page gets', async () => {
    const { claim, back } = await walk(world, link.token);
    const complete = await world.post('complete', claim);
    const choose = await world.post('choose', claim, { ids: [messenger(PAGE)] });
    const told = JSON.stringify([complete, choose, await state()]);
    const connection = await openConnection(world.ctx, link.tenantId, choose.body.accounts[0].id);
    for (const secret of [
      connection.secrets.accessToken,
      world.sandbox.seed.app.secret,
      back.searchParams.get('code'),
    ]) {
      expect(told).not.toContain(secret);
    }
  });
});
