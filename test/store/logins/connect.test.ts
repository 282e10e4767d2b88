import {
  connectLogin,
  listAccounts,
  openConnection,
  registerDoor,
  sourceState,
} from '../../../core/accounts';
import { InvalidInputError, ProviderError, TokenExpiredError } from '../../../core/model';
import { describeOnBothDatabases } from '../../support/storeContext';
import { failingAt } from '../messaging/support/failingStore';
import { readRows } from '../messaging/support/messagingUnits.cjs';
import { createClinic } from './support/clinic';
import { forgetAllLogins, readLogins } from './support/loginUnits.cjs';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

describeOnBothDatabases('connecting by a login', (context) => {
  beforeEach(() => context.store.run(forgetAllLogins, null));

  it('exchanges the short token for one that lasts, and derives the tokens of the accounts from it', async () => {
    const clinic = createClinic(context);
    const short = clinic.keeper.issueShort();
    const accounts = await clinic.connect(short);
    expect(clinic.keeper.calls.map(([name]) => name)).toEqual(['extend', 'inspect', 'discover']);
    const now = context.clock.now();
    expect(accounts).toEqual([
      expect.objectContaining({
        channel: 'messenger',
        name: 'Clínica Sol',
        status: 'active',
        credentialId: 'credential-1',
        expiresAt: now + 60 * DAY_MS,
        connectedAt: now,
        lastSyncedAt: now,
      }),
      expect.objectContaining({
        channel: 'instagram',
        username: 'sol100',
        parentName: 'Clínica Sol',
        loginId: accounts[0]?.loginId,
      }),
    ]);
    expect(await clinic.tokenInUse()).toMatch(/^page-100-of-long-/);
    expect(await clinic.login()).toMatchObject({
      status: 'active',
      subject_id: 'user-1',
      permissions: '["messages","comments"]',
      renewable: 1,
      synced_at: now,
    });
    expect(await clinic.news()).toEqual([
      'connection.connected of Clínica Sol',
      'connection.connected of @sol100',
    ]);
  });

  it('keeps no token readable, and shows none', async () => {
    const clinic = createClinic(context);
    const short = clinic.keeper.issueShort();
    const accounts = await clinic.connect(short, { fingerprint: 'values-1' });
    const rows = [
      await clinic.tenant.run(readLogins, null),
      await clinic.tenant.run(readRows, 'accounts'),
      await clinic.tenant.run(readRows, 'events'),
      accounts,
    ];
    expect(JSON.stringify(rows)).not.toMatch(/short-|long-|app-secret/);
  });

  it('goes on with the lasting token although the short one has died, and costs no exchange', async () => {
    const clinic = createClinic(context);
    const short = clinic.keeper.issueShort();
    await clinic.connect(short);
    context.clock.advance(2 * 60 * MINUTE_MS);
    clinic.keeper.pages.push({ id: '200', name: 'Filial' });
    expect(await clinic.connect(short)).toHaveLength(4);
    expect(clinic.keeper.countOf('extend')).toBe(1);
  });

  it('exchanges again when the credential has another token', async () => {
    const clinic = createClinic(context);
    await clinic.connect(clinic.keeper.issueShort());
    const before = await clinic.tokenInUse();
    await clinic.connect(clinic.keeper.issueShort());
    expect(clinic.keeper.countOf('extend')).toBe(2);
    expect(await clinic.tokenInUse()).not.toBe(before);
    expect(await clinic.news()).toHaveLength(2);
  });

  it('says what to do when the short token died before it was used', async () => {
    const clinic = createClinic(context);
    const short = clinic.keeper.issueShort();
    context.clock.advance(2 * 60 * MINUTE_MS);
    const error = await clinic.connect(short).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TokenExpiredError);
    expect(error).toMatchObject({
      hint: 'Connect again, then open the node within the hour.',
      details: { code: 190, subcode: 463 },
    });
    expect(await clinic.tenant.run(readLogins, null)).toEqual([]);
  });

  it('loses nothing when the process dies right after the exchange: the background work reads the accounts', async () => {
    const clinic = createClinic(context);
    const short = clinic.keeper.issueShort();
    clinic.keeper.failNext('discover', new Error('killed'));
    await expect(clinic.connect(short)).rejects.toThrow('killed');
    expect(await clinic.accounts()).toEqual([]);
    // The short token is dead by the time somebody looks.
    await clinic.later(2 * 60 * MINUTE_MS);
    expect(await clinic.accounts()).toHaveLength(2);
    expect(await clinic.tokenInUse()).toMatch(/-of-long-/);
    expect(clinic.keeper.countOf('extend')).toBe(1);
  });

  it.each(['discover', 'subscribe'] as const)(
    'on the page loses no webhooks when the process dies at "%s": the background work subscribes the accounts',
    async (method) => {
      const clinic = createClinic(context);
      clinic.keeper.failNext(method, new Error('killed'));
      await expect(clinic.connectOnPage(clinic.keeper.issueShort())).rejects.toThrow('killed');
      expect(clinic.keeper.subscribed).toEqual(new Set());
      await clinic.later(MINUTE_MS);
      expect(clinic.keeper.subscribed).toEqual(new Set(['100']));
      expect((await clinic.accounts()).map(({ status }) => status)).toEqual(['active', 'active']);
      // Once is enough.
      const calls = clinic.keeper.countOf('subscribe');
      await clinic.later(50 * DAY_MS);
      expect(clinic.keeper.countOf('renew')).toBe(1);
      expect(clinic.keeper.countOf('subscribe')).toBe(calls);
    },
  );

  it('subscribes for a dead process what an open door wants, and nothing else', async () => {
    for (const isOpen of [true, false]) {
      const clinic = createClinic(context);
      const { ctx, tenantId, keeper } = clinic;
      const url = 'https://n8n.example/x';
      const door = { tenantId, doorId: 'door-1', provider: 'meta', url } as const;
      if (isOpen) await registerDoor(ctx, { ...door, credentialId: 'credential-1' });
      const { store } = ctx;
      ctx.store = failingAt(store, 'settle');
      await expect(clinic.connect(keeper.issueShort())).rejects.toThrow();
      ctx.store = store;
      keeper.subscribed.clear();
      await clinic.later(MINUTE_MS);
      expect(keeper.subscribed).toEqual(new Set(isOpen ? ['100'] : []));
    }
  });

  it('exchanges once more when the store failed before it had the lasting token', async () => {
    const clinic = createClinic(context);
    const short = clinic.keeper.issueShort();
    const { ctx } = clinic;
    const store = ctx.store;
    ctx.store = failingAt(store, 'saveLogin');
    await expect(clinic.connect(short)).rejects.toMatchObject({ code: 'store_unavailable' });
    ctx.store = store;
    expect(await clinic.connect(short)).toHaveLength(2);
    expect(clinic.keeper.countOf('extend')).toBe(2);
  });

  it('is one login, and each account once, when two processes connect at the same moment', async () => {
    const clinic = createClinic(context);
    const short = clinic.keeper.issueShort();
    const other = clinic.beside(await context.openAnother());
    const input = {
      tenantId: clinic.tenantId,
      provider: 'meta' as const,
      source: { kind: 'credential' as const, id: 'credential-1' },
      fingerprint: short,
      secrets: {
        login: 'facebook' as const,
        accessToken: short,
        apiBaseUrl: 'https://graph.example',
        apiVersion: 'v25.0',
      },
      isFresh: true,
    };
    await Promise.all([connectLogin(clinic.ctx, input), connectLogin(other, input)]);
    const login = await clinic.login();
    const accounts = await clinic.accounts();
    expect(accounts.map(({ loginId }) => loginId)).toEqual([login.id, login.id]);
    expect(await clinic.news()).toHaveLength(2);
    // Whoever came last, the tokens open and work.
    expect(await clinic.tokenInUse()).toMatch(/-of-long-/);
  });

  it('is asked for again until the accounts were read, and then only for other values', async () => {
    const clinic = createClinic(context);
    const { ctx, tenantId, keeper } = clinic;
    const source = { kind: 'credential' as const, id: 'credential-1' };
    const stateOf = (fingerprint: string, tenant = tenantId) =>
      sourceState(ctx, { tenantId: tenant, provider: 'meta', source, fingerprint });
    const short = keeper.issueShort();
    expect(await stateOf(short)).toBe('none');
    keeper.failNext(
      'discover',
      new InvalidInputError('Access Token', 'The token gives access to no Page.'),
    );
    await expect(clinic.connect(short)).rejects.toThrow('no Page');
    expect(await stateOf(short)).toBe('changed');
    await clinic.connect(short);
    expect(await stateOf(short)).toBe('current');
    expect(await stateOf('another')).toBe('changed');
    expect(await stateOf(short, context.newTenant().tenantId)).toBe('none');
  });

  describe('with a pasted token', () => {
    it('keeps one that does not end as it is', async () => {
      const clinic = createClinic(context);
      const token = clinic.keeper.issueLong(null);
      const [page] = await clinic.paste(token);
      expect(page).toMatchObject({ status: 'active', expiresAt: null });
      expect(clinic.keeper.countOf('extend')).toBe(0);
      expect(await clinic.tokenInUse()).toBe(`page-100-of-${token}`);
    });

    it('exchanges one that lives an hour, where id and secret of its app are known', async () => {
      const clinic = createClinic(context);
      const [page] = await clinic.paste(clinic.keeper.issueShort());
      expect(page?.expiresAt).toBe(context.clock.now() + 60 * DAY_MS);
      expect(await clinic.tokenInUse()).toMatch(/-of-long-/);
    });

    it('takes one as it is when the exchange fails, and warns of its end', async () => {
      const clinic = createClinic(context);
      clinic.keeper.failNext(
        'extend',
        new ProviderError('provider_rejected', 'No.', 'invalid', 100, null),
      );
      const [page] = await clinic.paste(clinic.keeper.issueShort());
      expect(page).toMatchObject({
        status: 'expiring',
        statusReason: expect.stringMatching(/^The login ends on .* UTC\./),
      });
    });

    it('that is wrong takes the place of none', async () => {
      const clinic = createClinic(context);
      await clinic.paste(clinic.keeper.issueLong());
      const before = await clinic.login();
      await expect(clinic.paste('invented')).rejects.toBeInstanceOf(TokenExpiredError);
      expect(await clinic.login()).toEqual(before);
    });
  });

  it('shows an account that lacks an essential permission as an error, with the reason, and tells so once', async () => {
    const clinic = createClinic(context);
    clinic.keeper.permissions = ['comments'];
    const short = clinic.keeper.issueShort();
    await clinic.connect(short);
    const [page] = await clinic.connect(short);
    expect(page).toMatchObject({
      status: 'error',
      statusReason: 'It was connected without messages.',
    });
    expect(await clinic.news()).toEqual([
      'connection.error of Clínica Sol',
      'connection.error of @sol100',
    ]);
    clinic.keeper.permissions = ['messages', 'comments'];
    await clinic.connect(clinic.keeper.issueShort());
    expect((await clinic.news()).slice(2)).toEqual([
      'connection.connected of Clínica Sol',
      'connection.connected of @sol100',
    ]);
  });

  it('keeps what it no longer leads to as long as that works, and says so', async () => {
    const clinic = createClinic(context);
    const { keeper } = clinic;
    keeper.pages.push({ id: '200', name: 'Filial' });
    const short = keeper.issueShort();
    await clinic.connect(short);
    keeper.pages.pop();
    await clinic.connect(short);
    const branch = async () => (await clinic.accounts()).find(({ name }) => name === 'Filial');
    expect(await branch()).toMatchObject({
      status: 'active',
      statusReason: expect.stringContaining('does not lead to this account any more'),
    });
    keeper.kill(String(await clinic.tokenInUse()).replace(/^page-\d+-of-/, ''));
    await clinic.connect(keeper.issueShort());
    expect(await branch()).toMatchObject({ status: 'expired' });
    expect((await clinic.news()).slice(4)).toEqual([
      'connection.expired of Filial',
      'connection.expired of @sol200',
    ]);
  });

  it('leaves the logins and accounts of another tenant alone, also with the same credential', async () => {
    const mine = createClinic(context);
    const theirs = createClinic(context);
    await mine.connect(mine.keeper.issueShort());
    const before = [await mine.login(), await mine.accounts(), await mine.news()];
    await theirs.connect(theirs.keeper.issueShort());
    expect([await mine.login(), await mine.accounts(), await mine.news()]).toEqual(before);
    const [account] = await theirs.accounts();
    await expect(openConnection(mine.ctx, mine.tenantId, account?.id ?? '')).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await listAccounts(mine.ctx, mine.tenantId)).toHaveLength(2);
  });
});
