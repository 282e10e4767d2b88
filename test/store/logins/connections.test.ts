import {
  checkConnection,
  disconnectAccount,
  getConnection,
  listConnections,
  markDoorUnwanted,
  noteAccountStatus,
  registerDoor,
  renewConnection,
  sourceState,
} from '../../../core/accounts';
import { NotFoundError, ProviderError, TokenExpiredError } from '../../../core/model';
import { describeOnBothDatabases } from '../../support/storeContext';
import { failingAt } from '../messaging/support/failingStore';
import { readRows } from '../messaging/support/messagingUnits.cjs';
import { createClinic, type Clinic } from './support/clinic';
import { forgetAllLogins, readLogins } from './support/loginUnits.cjs';

const DAY_MS = 24 * 3_600_000;
const away = () => new ProviderError('provider_unavailable', 'Away.', 'unavailable', 2, null);

describeOnBothDatabases('connections as workflows see them', (context) => {
  beforeEach(() => context.store.run(forgetAllLogins, null));

  async function connected(prepare: (clinic: Clinic) => void = () => undefined) {
    const clinic = createClinic(context);
    prepare(clinic);
    const short = clinic.keeper.issueShort();
    const [page, instagram] = await clinic.connect(short);
    if (!page || !instagram) throw new Error('Two accounts should be connected.');
    clinic.keeper.calls.length = 0;
    return { clinic, page, instagram, short };
  }

  const openDoor = (clinic: Clinic, doorId = 'door-1') =>
    registerDoor(clinic.ctx, {
      tenantId: clinic.tenantId,
      doorId,
      provider: 'meta',
      credentialId: 'credential-1',
      url: 'https://n8n.example/webhook/1/meta',
    });

  it('show everything about an account but its secrets', async () => {
    const { clinic, page, instagram } = await connected(({ keeper }) => {
      keeper.dataAccessExpiresAt = context.clock.now() + 90 * DAY_MS;
      keeper.permissions = ['messages'];
    });
    const now = new Date(context.clock.now());
    const item = await getConnection(clinic.ctx, clinic.tenantId, instagram.id);
    expect(item).toEqual({
      id: instagram.id,
      name: '@sol100',
      username: 'sol100',
      pictureUrl: null,
      provider: 'meta',
      channel: 'instagram',
      externalId: 'ig-100',
      page: { id: '100', name: 'Clínica Sol' },
      status: 'active',
      statusReason: null,
      connectedAt: now.toISOString(),
      lastSyncedAt: now.toISOString(),
      lastReceivedAt: null,
      expiresAt: new Date(now.getTime() + 60 * DAY_MS).toISOString(),
      dataAccessExpiresAt: new Date(now.getTime() + 90 * DAY_MS).toISOString(),
      permissions: ['messages'],
      missingPermissions: ['comments'],
      refusedCalls: 0,
      refusedSince: null,
      credentialId: 'credential-1',
      // No more of `page-100-of-long-…` than its end.
      accessToken: expect.stringMatching(/^••••.{4}$/) as unknown,
      health: null,
    });
    expect(await getConnection(clinic.ctx, clinic.tenantId, page.id)).toMatchObject({
      page: { id: '100', name: 'Clínica Sol' },
    });
  });

  it('are listed page by page, each once, by provider, channel and status', async () => {
    const { clinic } = await connected(({ keeper }) => {
      keeper.pages = Array.from({ length: 7 }, (_, index) => ({
        id: String(index),
        name: `Clínica ${index}`,
      }));
    });
    const { ctx, tenantId } = clinic;
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await listConnections(ctx, { tenantId, limit: 4, cursor });
      seen.push(...page.items.map(({ id }) => id));
      expect(page.items.length).toBeLessThanOrEqual(4);
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toHaveLength(14);
    expect(new Set(seen).size).toBe(14);

    await noteAccountStatus(ctx, tenantId, seen[3] ?? '', 'error', 'x');
    const idsOf = async (filter: object) =>
      (await listConnections(ctx, { tenantId, limit: 50, cursor: null, ...filter })).items.map(
        ({ id }) => id,
      );
    expect(await idsOf({ channels: ['instagram'] })).toHaveLength(7);
    expect(await idsOf({ statuses: ['error', 'expired'] })).toEqual([seen[3]]);
    expect(await idsOf({ provider: 'notificame' })).toEqual([]);
    await expect(listConnections(ctx, { tenantId, limit: 4, cursor: 'x' })).rejects.toMatchObject({
      field: 'Cursor',
    });
  });

  describe('when they are checked', () => {
    const check = (clinic: Clinic, id: string) => checkConnection(clinic.ctx, clinic.tenantId, id);

    it('say in words that everything works', async () => {
      const { clinic, page } = await connected();
      clinic.keeper.subscribed.add('100');
      const checked = await check(clinic, page.id);
      expect(checked).toMatchObject({
        ok: true,
        problems: [],
        webhookFields: ['messages'],
        summary: expect.stringMatching(/^"Clínica Sol" works: /),
      });
      expect(clinic.keeper.calls[0]).toEqual(['verify', await clinic.tokenInUse()]);
    });

    it('say that no webhook arrives, and what to do', async () => {
      const { clinic, page } = await connected();
      expect((await check(clinic, page.id)).problems).toEqual([
        {
          about: 'webhooks',
          problem: expect.stringContaining('Publish a workflow with the trigger'),
        },
      ]);
      await openDoor(clinic);
      expect((await check(clinic, page.id)).summary).toContain('once more');
    });

    it('say what was not granted', async () => {
      const { clinic, page } = await connected(({ keeper }) => (keeper.permissions = ['messages']));
      clinic.keeper.subscribed.add('100');
      expect(await check(clinic, page.id)).toMatchObject({
        ok: false,
        status: 'active',
        problems: [
          { about: 'permissions', problem: expect.stringMatching(/^Not granted: comments\./) },
        ],
      });
    });

    it('find out what was granted or taken back since', async () => {
      const { clinic, page } = await connected();
      clinic.keeper.permissions = [];
      const checked = await check(clinic, page.id);
      expect(checked).toMatchObject({
        ok: false,
        status: 'error',
        missingPermissions: ['messages', 'comments'],
      });
    });

    it('find a dead token, and give the account another where its login has one', async () => {
      const { clinic, page } = await connected();
      clinic.keeper.failNext('verify', new TokenExpiredError('Dead.'));
      clinic.keeper.subscribed.add('100');
      expect(await check(clinic, page.id)).toMatchObject({ ok: true, status: 'active' });
    });

    it('say that the login is dead, for the account and all others of it, once', async () => {
      const { clinic, page } = await connected();
      for (const token of clinic.keeper.tokens.keys()) clinic.keeper.kill(token, 190, 458);
      const checked = await check(clinic, page.id);
      expect(checked).toMatchObject({ ok: false, status: 'expired', webhookFields: null });
      expect(checked.problems).toEqual([
        { about: 'token', problem: expect.stringContaining('190/458') },
      ]);
      await check(clinic, page.id);
      expect((await clinic.news()).slice(2)).toEqual([
        'connection.expired of Clínica Sol',
        'connection.expired of @sol100',
      ]);
    });

    it('say that the provider cannot be reached, and change nothing', async () => {
      const { clinic, page } = await connected();
      clinic.keeper.failNext('verify', away());
      expect(await check(clinic, page.id)).toMatchObject({
        ok: false,
        status: 'active',
        problems: [{ about: 'provider', problem: 'Away.' }],
      });
    });

    it('bring back an account that works again', async () => {
      const { clinic, page } = await connected();
      clinic.keeper.subscribed.add('100');
      await noteAccountStatus(clinic.ctx, clinic.tenantId, page.id, 'expired', 'Dead.');
      expect(await check(clinic, page.id)).toMatchObject({ ok: true, status: 'active' });
      expect((await clinic.news()).slice(2)).toEqual([
        'connection.expired of Clínica Sol',
        'connection.connected of Clínica Sol',
      ]);
    });
  });

  describe('when they are renewed by hand', () => {
    const renew = (clinic: Clinic, id: string) => renewConnection(clinic.ctx, clinic.tenantId, id);

    it('have new tokens and a later end at once', async () => {
      const { clinic, page } = await connected();
      const before = await clinic.tokenInUse();
      context.clock.advance(DAY_MS);
      expect(await renew(clinic, page.id)).toMatchObject({
        renewed: true,
        expiresAt: new Date(context.clock.now() + 60 * DAY_MS).toISOString(),
      });
      expect(await clinic.tokenInUse()).not.toBe(before);
    });

    it('say why nothing could be renewed', async () => {
      const { clinic, page } = await connected(({ keeper }) => (keeper.renewable = false));
      expect(await renew(clinic, page.id)).toMatchObject({
        renewed: false,
        detail: expect.stringContaining('no end that a renewal could move'),
      });
      const other = await connected();
      other.clinic.keeper.failNext(
        'renew',
        new ProviderError('provider_rejected', 'It says no.', 'permission', 10, null),
      );
      expect(await renew(other.clinic, other.page.id)).toMatchObject({
        renewed: false,
        detail: expect.stringContaining('It says no.'),
      });
    });

    it('fail where the login is dead or the provider away', async () => {
      const { clinic, page } = await connected();
      clinic.keeper.failNext('inspect', away());
      clinic.keeper.failNext('renew', away());
      await expect(renew(clinic, page.id)).rejects.toMatchObject({
        reason: 'provider_unavailable',
      });
      for (const token of clinic.keeper.tokens.keys()) clinic.keeper.kill(token);
      await expect(renew(clinic, page.id)).rejects.toMatchObject({
        reason: 'token_expired',
        hint: 'Connect the account again.',
      });
    });
  });

  describe('when they are disconnected', () => {
    let pages = 1_000;
    /** A Page that no other test has, of whichever tenant. */
    const ofItsOwn = async () => {
      pages += 1;
      const asset = String(pages);
      const prepare = ({ keeper }: Clinic) => (keeper.pages = [{ id: asset, name: 'Clínica Sol' }]);
      return { ...(await connected(prepare)), asset };
    };
    const disconnect = (clinic: Clinic, id: string) =>
      disconnectAccount(clinic.ctx, clinic.tenantId, id);

    it('lose their secrets, and the Page its webhooks with its last account; the login is forgotten then', async () => {
      const { clinic, page, instagram, asset } = await ofItsOwn();
      clinic.keeper.subscribed.add(asset);
      expect(await disconnect(clinic, page.id)).toMatchObject({
        status: 'disconnected',
        statusReason: expect.stringContaining('Connect again'),
        expiresAt: null,
        unsubscribed: false,
        detail: expect.stringContaining('another account of the Page'),
      });
      expect(clinic.keeper.subscribed).toEqual(new Set([asset]));
      expect((await clinic.login()).sealed_secrets).not.toBeNull();
      expect(await disconnect(clinic, instagram.id)).toMatchObject({ unsubscribed: true });
      expect(clinic.keeper.subscribed).toEqual(new Set());
      expect(await clinic.login()).toMatchObject({
        sealed_secrets: null,
        status: 'disconnected',
        next_check_at: null,
      });
      const rows = await clinic.tenant.run(readRows, 'accounts');
      expect(rows).toEqual([
        expect.objectContaining({ sealed_secrets: null }),
        expect.objectContaining({ sealed_secrets: null }),
      ]);
      expect((await clinic.news()).slice(2)).toEqual([
        'connection.disconnected of Clínica Sol',
        `connection.disconnected of @sol${asset}`,
      ]);
    });

    it('leave the webhooks on where another tenant has them from the same Page', async () => {
      const { clinic, page, instagram } = await connected(
        ({ keeper }) => (keeper.pages = [{ id: '777', name: 'Shared' }]),
      );
      await connected(({ keeper }) => (keeper.pages = [{ id: '777', name: 'Shared' }]));
      await disconnect(clinic, page.id);
      expect(await disconnect(clinic, instagram.id)).toMatchObject({ unsubscribed: false });
      expect(clinic.keeper.countOf('unsubscribe')).toBe(0);
    });

    it('twice do nothing more', async () => {
      const { clinic, page } = await ofItsOwn();
      await disconnect(clinic, page.id);
      expect(await disconnect(clinic, page.id)).toMatchObject({
        detail: 'It was disconnected already.',
      });
      expect((await clinic.news()).slice(2)).toEqual(['connection.disconnected of Clínica Sol']);
    });

    it('are as they were when the provider cannot be reached', async () => {
      const { clinic, page, instagram } = await ofItsOwn();
      await disconnect(clinic, instagram.id);
      clinic.keeper.failNext('unsubscribe', away());
      await expect(disconnect(clinic, page.id)).rejects.toMatchObject({ retryable: true });
      expect(await clinic.tokenInUse()).toMatch(/^page-\d+-of-/);
      expect(await disconnect(clinic, page.id)).toMatchObject({ unsubscribed: true });
    });

    it('go although their token is dead, for then nothing can be switched off', async () => {
      const { clinic, page, instagram } = await ofItsOwn();
      await disconnect(clinic, instagram.id);
      for (const token of clinic.keeper.tokens.keys()) clinic.keeper.kill(token);
      expect(await disconnect(clinic, page.id)).toMatchObject({
        status: 'disconnected',
        unsubscribed: false,
        detail: expect.stringContaining('does no harm'),
      });
    });

    it('and the process dies after the provider was told, can be disconnected again', async () => {
      const { clinic, page, instagram } = await ofItsOwn();
      await disconnect(clinic, instagram.id);
      const store = clinic.ctx.store;
      clinic.ctx.store = failingAt(store, 'dropConnection');
      await expect(disconnect(clinic, page.id)).rejects.toMatchObject({
        code: 'store_unavailable',
      });
      clinic.ctx.store = store;
      expect(await disconnect(clinic, page.id)).toMatchObject({ status: 'disconnected' });
    });

    it('stay so whoever looks at them, and come back with another token alone', async () => {
      const { clinic, page, instagram, short } = await ofItsOwn();
      await disconnect(clinic, page.id);
      await clinic.connect(short);
      await clinic.connect(short, { fingerprint: 'another verify token' });
      for (let day = 0; day < 50; day += 1) await clinic.later(DAY_MS);
      const statusOf = async (id: string) =>
        (await getConnection(clinic.ctx, clinic.tenantId, id)).status;
      expect([await statusOf(page.id), await statusOf(instagram.id)]).toEqual([
        'disconnected',
        'active',
      ]);
      await disconnect(clinic, instagram.id);
      expect(await clinic.connect(short, { fingerprint: 'another verify token' })).toEqual([]);
      const source = { kind: 'credential' as const, id: 'credential-1' };
      const input = { tenantId: clinic.tenantId, provider: 'meta' as const, source };
      expect(await sourceState(clinic.ctx, { ...input, fingerprint: 'another verify token' })).toBe(
        'current',
      );
      await expect(renewConnection(clinic.ctx, clinic.tenantId, page.id)).rejects.toMatchObject({
        reason: 'no_connection',
      });

      await clinic.connect(clinic.keeper.issueShort());
      expect([await statusOf(page.id), await statusOf(instagram.id)]).toEqual(['active', 'active']);
    });
  });

  it('of another tenant do not exist here', async () => {
    const { page } = await connected();
    const { clinic: mine } = await connected();
    const before = await mine.news();
    for (const call of [getConnection, checkConnection, renewConnection, disconnectAccount]) {
      await expect(call(mine.ctx, mine.tenantId, page.id)).rejects.toBeInstanceOf(NotFoundError);
    }
    expect(await mine.news()).toEqual(before);
    expect(await mine.tenant.run(readLogins, null)).toHaveLength(1);
  });

  it('are subscribed where a door is open, each Page once, and carry a warning where that is refused', async () => {
    const { clinic } = await connected();
    await openDoor(clinic);
    clinic.keeper.pages.push({ id: '200', name: 'Filial' });
    clinic.keeper.failNext(
      'subscribe',
      new ProviderError('provider_rejected', 'It says no.', 'permission', 200, null),
    );
    await clinic.connect(clinic.keeper.issueShort());
    expect(clinic.keeper.countOf('subscribe')).toBe(2);
    expect(clinic.keeper.subscribed).toEqual(new Set(['200']));
    expect((await clinic.accounts()).map(({ statusReason }) => statusReason)).toEqual([
      'The webhooks could not be subscribed. It says no.',
      null,
      null,
      null,
    ]);
    await markDoorUnwanted(clinic.ctx, clinic.tenantId, 'door-1');
    await clinic.connect(clinic.keeper.issueShort());
    expect(clinic.keeper.countOf('subscribe')).toBe(2);
  });
});
