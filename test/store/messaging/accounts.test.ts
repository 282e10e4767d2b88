import {
  activeTestListeners,
  addTestListener,
  countRefusedCall,
  credentialState,
  getAccount,
  getDoor,
  listAccounts,
  listDoors,
  markDoorUnwanted,
  markDoorWanted,
  noteAccountStatus,
  openConnection,
  registerDoor,
  removeTestListener,
  removeUnwantedDoor,
  setAccountWarning,
  syncCredentialAccounts,
  unwantedDoors,
  type AccountsContext,
} from '../../../core/accounts';
import { NotFoundError } from '../../../core/model';
import type { DiscoveredAccount } from '../../../core/providers/provider';
import type { Store } from '../../../core/store/store';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import { changeAccounts, readRows } from './support/messagingUnits.cjs';

const DAY_MS = 24 * 3_600_000;

const page: DiscoveredAccount = {
  channel: 'messenger',
  externalId: '100200300400500',
  parentExternalId: null,
  name: 'Clínica Sol',
  secrets: { accessToken: 'token-1', appSecret: 'secret-1' },
  expiresAt: null,
};
const instagram: DiscoveredAccount = {
  ...page,
  channel: 'instagram',
  externalId: '17841400000000001',
  parentExternalId: page.externalId,
  name: 'clinicasol',
};

function createHelpers(context: StoreContext) {
  const contextOf = (store: Store): AccountsContext => ({
    store,
    clock: context.clock,
    logger: context.logger,
  });
  const sync = (
    tenantId: string,
    discovered: DiscoveredAccount[],
    {
      store = context.store,
      credentialId = 'credential-1',
    }: { store?: Store; credentialId?: string | null } = {},
  ) =>
    syncCredentialAccounts(contextOf(store), {
      tenantId,
      provider: 'meta',
      credentialId,
      discovered,
    });
  const eventTypes = async (tenantId: string) => {
    const rows = await context.store.forTenant(tenantId).run(readRows, 'events');
    const events = rows.filter((row) => 'payload' in row).sort((a, b) => a.seq - b.seq);
    return events.map(({ type }) => type);
  };
  return { contextOf, sync, eventTypes };
}

describeOnBothDatabases('accounts', (context) => {
  const { contextOf, sync, eventTypes } = createHelpers(context);
  const ctx = () => contextOf(context.store);

  it('makes an account for everything a credential leads to, and tells of each once', async () => {
    const { tenantId } = context.newTenant();
    const accounts = await sync(tenantId, [page, instagram]);
    expect(accounts).toEqual([
      expect.objectContaining({
        tenantId,
        provider: 'meta',
        channel: 'messenger',
        externalId: page.externalId,
        status: 'active',
        credentialId: 'credential-1',
        lastSyncedAt: context.clock.now(),
        refusedCalls: 0,
      }),
      expect.objectContaining({ channel: 'instagram', parentExternalId: page.externalId }),
    ]);
    expect(await sync(tenantId, [page, instagram])).toEqual(accounts);
    expect(await eventTypes(tenantId)).toEqual(['connection.connected', 'connection.connected']);
    expect(await listAccounts(ctx(), tenantId)).toEqual(accounts);
    expect(await listAccounts(ctx(), tenantId, { provider: 'notificame' })).toEqual([]);
  });

  it('makes one account when ten processes connect it at the same moment', async () => {
    const { tenantId } = context.newTenant();
    const other = await context.openAnother();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        sync(tenantId, [page], { store: index % 2 === 0 ? context.store : other }),
      ),
    );
    expect(new Set(answers.map(([account]) => account?.id)).size).toBe(1);
    expect(await eventTypes(tenantId)).toEqual(['connection.connected']);
    // Whoever came last, the secrets open for the account that is there.
    const { secrets } = await openConnection(ctx(), tenantId, answers[0]?.[0]?.id ?? '');
    expect(secrets).toEqual(page.secrets);
  });

  it('never shows a secret, in the row or in what it returns', async () => {
    const tenant = context.newTenant();
    const accounts = await sync(tenant.tenantId, [page]);
    const rows = await tenant.run(readRows, 'accounts');
    for (const text of [JSON.stringify(accounts), JSON.stringify(rows)]) {
      expect(text).not.toContain('token-1');
      expect(text).not.toContain('secret-1');
    }
  });

  it('takes the new token and name of an account, and tells when it was not connected', async () => {
    const { tenantId } = context.newTenant();
    const [account] = await sync(tenantId, [page]);
    const id = account?.id ?? '';
    await noteAccountStatus(ctx(), tenantId, id, 'expired', 'Reconnect it.');
    await noteAccountStatus(ctx(), tenantId, id, 'expired', 'Reconnect it.');
    const renewed = { ...page, name: 'Clínica Lua', secrets: { accessToken: 'token-2' } };
    const [again] = await sync(tenantId, [renewed], { credentialId: 'credential-2' });
    expect(again).toMatchObject({
      id,
      name: 'Clínica Lua',
      status: 'active',
      statusReason: null,
      credentialId: 'credential-2',
    });
    const { secrets } = await openConnection(ctx(), tenantId, id);
    expect(secrets).toEqual({ accessToken: 'token-2' });
    expect(await eventTypes(tenantId)).toEqual([
      'connection.connected',
      'connection.expired',
      'connection.connected',
    ]);
  });

  it('shows an account as expiring in the week before its token ends', async () => {
    const { tenantId } = context.newTenant();
    const now = context.clock.now();
    const [soon, later] = await sync(tenantId, [
      { ...page, expiresAt: now + 6 * DAY_MS },
      { ...instagram, expiresAt: now + 8 * DAY_MS },
    ]);
    expect([soon?.status, later?.status]).toEqual(['expiring', 'active']);
  });

  it('tells whether the accounts of a credential were read with its present values', async () => {
    const { tenantId } = context.newTenant();
    const stateOf = (credentialFingerprint: string, tenant = tenantId) =>
      credentialState(ctx(), {
        tenantId: tenant,
        credentialId: 'credential-1',
        credentialFingerprint,
      });
    const read = (credentialFingerprint: string, discovered: DiscoveredAccount[]) =>
      syncCredentialAccounts(ctx(), {
        tenantId,
        provider: 'meta',
        credentialId: 'credential-1',
        credentialFingerprint,
        discovered,
      });
    expect(await stateOf('first')).toBe('none');
    await read('first', [page, instagram]);
    expect([await stateOf('first'), await stateOf('second')]).toEqual(['current', 'changed']);
    // The second values lead to the Page alone; what they no longer lead to keeps what it had.
    await read('second', [page]);
    expect(await stateOf('second')).toBe('current');
    expect(await stateOf('second', context.newTenant().tenantId)).toBe('none');
  });

  it('keeps the same account of two tenants apart', async () => {
    const one = context.newTenant().tenantId;
    const two = context.newTenant().tenantId;
    const [mine] = await sync(one, [page]);
    const [theirs] = await sync(two, [{ ...page, name: 'Other', secrets: { accessToken: 'x' } }]);
    expect(theirs?.id).not.toBe(mine?.id);
    expect(await getAccount(ctx(), one, mine?.id ?? '')).toMatchObject({ name: 'Clínica Sol' });
    expect((await openConnection(ctx(), one, mine?.id ?? '')).secrets).toEqual(page.secrets);
  });

  it('finds nothing of another tenant, and changes nothing there', async () => {
    const mine = context.newTenant().tenantId;
    const [theirs] = await sync(context.newTenant().tenantId, [page]);
    const id = theirs?.id ?? '';
    await expect(getAccount(ctx(), mine, id)).rejects.toBeInstanceOf(NotFoundError);
    await expect(openConnection(ctx(), mine, id)).rejects.toBeInstanceOf(NotFoundError);
    await noteAccountStatus(ctx(), mine, id, 'error', 'x');
    await setAccountWarning(ctx(), mine, id, 'x');
    const refused = { tenantId: mine, doorId: 'd', credentialId: 'credential-1' };
    await countRefusedCall(ctx(), { ...refused, claimedExternalIds: [page.externalId] });
    expect(await getAccount(ctx(), theirs?.tenantId ?? '', id)).toEqual(theirs);
    expect(await eventTypes(mine)).toEqual([]);
    expect(await listAccounts(ctx(), mine)).toEqual([]);
  });

  it('says "reconnect this account" when the encryption key is lost, and connects it again under the new key', async () => {
    const { tenantId } = context.newTenant();
    const [account] = await sync(tenantId, [page]);
    const id = account?.id ?? '';
    const stranger = await context.openAnother({ encryptionSecret: 'another key' });
    await expect(openConnection(contextOf(stranger), tenantId, id)).rejects.toMatchObject({
      reason: 'no_connection',
      hint: expect.stringMatching(/reconnect this account/i),
    });
    expect(await getAccount(ctx(), tenantId, id)).toMatchObject({ status: 'error' });
    expect(await eventTypes(tenantId)).toContain('connection.error');
    await sync(tenantId, [page], { store: stranger });
    const { secrets } = await openConnection(contextOf(stranger), tenantId, id);
    expect(secrets).toEqual(page.secrets);
  });

  it('does not open secrets that were copied from another account', async () => {
    const tenant = context.newTenant();
    const [mine, other] = await sync(tenant.tenantId, [page, instagram]);
    const rows = await tenant.run(readRows, 'accounts');
    const stolen = rows.find((row) => 'sealed_secrets' in row && row.id === other?.id);
    if (!stolen || !('sealed_secrets' in stolen)) throw new Error('No such row.');
    await tenant.run(changeAccounts, { sealed_secrets: stolen.sealed_secrets });
    await expect(openConnection(ctx(), tenant.tenantId, mine?.id ?? '')).rejects.toMatchObject({
      reason: 'no_connection',
    });
  });

  it('shows a warning without changing the status', async () => {
    const { tenantId } = context.newTenant();
    const id = (await sync(tenantId, [page]))[0]?.id ?? '';
    await setAccountWarning(ctx(), tenantId, id, 'No webhooks.');
    expect(await getAccount(ctx(), tenantId, id)).toMatchObject({
      status: 'active',
      statusReason: 'No webhooks.',
    });
    await setAccountWarning(ctx(), tenantId, id, null);
    expect(await getAccount(ctx(), tenantId, id)).toMatchObject({ statusReason: null });
  });

  it('keeps the reason of an account that was disconnected before a warning came', async () => {
    const { tenantId } = context.newTenant();
    const id = (await sync(tenantId, [page]))[0]?.id ?? '';
    await noteAccountStatus(ctx(), tenantId, id, 'disconnected', 'Somebody disconnected it.');
    await setAccountWarning(ctx(), tenantId, id, 'No webhooks.');
    expect(await getAccount(ctx(), tenantId, id)).toMatchObject({
      status: 'disconnected',
      statusReason: 'Somebody disconnected it.',
    });
  });

  it('leaves one that was disconnected so, whatever is noticed of it late, until it is connected again', async () => {
    const { tenantId } = context.newTenant();
    const id = (await sync(tenantId, [page]))[0]?.id ?? '';
    await noteAccountStatus(ctx(), tenantId, id, 'disconnected', 'Somebody disconnected it.');
    const before = await eventTypes(tenantId);
    for (const status of ['expired', 'error', 'expiring', 'active'] as const) {
      await noteAccountStatus(ctx(), tenantId, id, status, 'Noticed late.');
    }
    expect(await getAccount(ctx(), tenantId, id)).toMatchObject({
      status: 'disconnected',
      statusReason: 'Somebody disconnected it.',
    });
    expect(await eventTypes(tenantId)).toEqual(before);
    await sync(tenantId, [page]);
    expect(await getAccount(ctx(), tenantId, id)).toMatchObject({ status: 'active' });
    expect(await eventTypes(tenantId)).toEqual([...before, 'connection.connected']);
  });

  it('counts refused calls on the accounts they name, among those of the door’s credential', async () => {
    const { tenantId } = context.newTenant();
    const [own, sister] = await sync(tenantId, [page, instagram]);
    const [foreign] = await sync(tenantId, [{ ...page, externalId: '999' }], {
      credentialId: 'credential-2',
    });
    const refuse = (claimedExternalIds: string[], credentialId: string | null = 'credential-1') =>
      countRefusedCall(ctx(), { tenantId, doorId: 'door-1', credentialId, claimedExternalIds });
    const counts = async () =>
      Promise.all(
        [own, sister, foreign].map(
          async (account) => (await getAccount(ctx(), tenantId, account?.id ?? '')).refusedCalls,
        ),
      );
    await registerDoor(ctx(), {
      tenantId,
      doorId: 'door-1',
      provider: 'meta',
      credentialId: 'credential-1',
      url: 'https://n8n.example/webhook/1/meta',
    });
    const since = context.clock.now();
    await refuse([page.externalId, '999']);
    expect(await counts()).toEqual([1, 0, 0]);
    // It names nobody of ours: it may have been meant for any of them.
    context.clock.advance(60_000);
    await refuse(['999', 'nonsense']);
    expect(await counts()).toEqual([2, 1, 0]);
    await refuse([], null);
    await refuse(Array.from({ length: 10_000 }, () => 'a\0'.repeat(500)));
    expect(await counts()).toEqual([3, 2, 0]);
    expect(await getAccount(ctx(), tenantId, own?.id ?? '')).toMatchObject({ refusedSince: since });
    expect(await getDoor(ctx(), tenantId, 'door-1')).toMatchObject({
      refusedCalls: 4,
      refusedSince: since,
    });
    expect(await eventTypes(tenantId)).toEqual(Array(3).fill('connection.connected'));
  });

  it('counts refused calls on accounts that people connected on a page, by their own ids alone', async () => {
    const { tenantId } = context.newTenant();
    const [own] = await sync(tenantId, [page]);
    const [customers] = await sync(tenantId, [{ ...page, externalId: '555' }], {
      credentialId: null,
    });
    const door = { tenantId, doorId: 'door-1' };
    const refuse = (claimedExternalIds: string[], doorId = 'door-1') => {
      const call = { ...door, doorId, credentialId: 'credential-1', claimedExternalIds };
      return countRefusedCall(ctx(), call);
    };
    const counts = async () =>
      Promise.all(
        [own, customers].map(
          async (account) => (await getAccount(ctx(), tenantId, account?.id ?? '')).refusedCalls,
        ),
      );
    const url = 'https://n8n.example/webhook/1/meta';
    await registerDoor(ctx(), { ...door, provider: 'meta', credentialId: 'credential-1', url });
    await refuse(['555']);
    expect(await counts()).toEqual([0, 1]);
    await refuse([page.externalId, '555']);
    expect(await counts()).toEqual([1, 2]);
    // Whoever names none of them makes nobody's customer worry.
    await refuse(['nonsense']);
    expect(await counts()).toEqual([2, 2]);
    const other = { tenantId, doorId: 'door-2', credentialId: 'credential-1' };
    await registerDoor(ctx(), { ...other, provider: 'whatsapp_cloud', url });
    await refuse(['555'], 'door-2');
    expect(await counts()).toEqual([3, 2]);
  });

  it('forgets refused calls when the secrets change, and only then', async () => {
    const { tenantId } = context.newTenant();
    const id = (await sync(tenantId, [page]))[0]?.id ?? '';
    const refused = { tenantId, doorId: 'd', credentialId: 'credential-1', claimedExternalIds: [] };
    await countRefusedCall(ctx(), refused);
    await sync(tenantId, [page]);
    expect(await getAccount(ctx(), tenantId, id)).toMatchObject({ refusedCalls: 1 });
    await sync(tenantId, [{ ...page, secrets: { ...page.secrets, appSecret: 'the right one' } }]);
    expect(await getAccount(ctx(), tenantId, id)).toMatchObject({
      refusedCalls: 0,
      refusedSince: null,
    });
  });
});

describeOnBothDatabases('doors and test listeners', (context) => {
  const { contextOf } = createHelpers(context);
  const ctx = () => contextOf(context.store);
  const register = (tenantId: string, doorId = 'workflow:node') =>
    registerDoor(ctx(), {
      tenantId,
      doorId,
      provider: 'meta',
      credentialId: 'credential-1',
      url: `https://n8n.example/webhook/${doorId}/meta`,
    });
  const unwantedOf = async (tenantId: string) =>
    (await unwantedDoors(ctx())).filter((door) => door.tenantId === tenantId);

  it('lists a door of any tenant that has been unwanted for a minute, and forgets it on request', async () => {
    const { tenantId } = context.newTenant();
    await register(tenantId);
    await markDoorUnwanted(ctx(), tenantId, 'workflow:node');
    context.clock.advance(30_000);
    // Marking again does not begin the minute anew.
    await markDoorUnwanted(ctx(), tenantId, 'workflow:node');
    context.clock.advance(29_999);
    expect(await unwantedOf(tenantId)).toEqual([]);
    context.clock.advance(1);
    const [door] = await unwantedOf(tenantId);
    expect(door).toMatchObject({ id: 'workflow:node', credentialId: 'credential-1' });
    if (!door) throw new Error('unreachable');
    expect(await removeUnwantedDoor(ctx(), door)).toBe(true);
    expect(await getDoor(ctx(), tenantId, 'workflow:node')).toBeUndefined();
  });

  it('keeps a door that is wanted again, also between listing and removing', async () => {
    const { tenantId } = context.newTenant();
    for (const again of [register, (id: string) => markDoorWanted(ctx(), id, 'workflow:node')]) {
      await register(tenantId);
      await markDoorUnwanted(ctx(), tenantId, 'workflow:node');
      context.clock.advance(60_000);
      const [door] = await unwantedOf(tenantId);
      if (!door) throw new Error('It should be unwanted.');
      await again(tenantId);
      expect(await unwantedOf(tenantId)).toEqual([]);
      expect(await removeUnwantedDoor(ctx(), door)).toBe(false);
      expect(await getDoor(ctx(), tenantId, 'workflow:node')).toMatchObject({
        unwantedSince: null,
      });
    }
  });

  it('keeps equal doors of two tenants apart', async () => {
    const one = context.newTenant().tenantId;
    const two = context.newTenant().tenantId;
    await register(one);
    await register(two);
    await markDoorUnwanted(ctx(), one, 'workflow:node');
    expect(await getDoor(ctx(), two, 'workflow:node')).toMatchObject({ unwantedSince: null });
    expect(await listDoors(ctx(), one)).toHaveLength(1);
    expect(await getDoor(ctx(), context.newTenant().tenantId, 'workflow:node')).toBeUndefined();
  });

  it('lists the doors of a credential', async () => {
    const { tenantId } = context.newTenant();
    await register(tenantId, 'a');
    await register(tenantId, 'b');
    const ids = async (credentialId: string) =>
      (await listDoors(ctx(), tenantId, { credentialId })).map(({ id }) => id);
    expect(await ids('credential-1')).toEqual(['a', 'b']);
    expect(await ids('credential-2')).toEqual([]);
  });

  it('lists who waits for a test event, until their time is over', async () => {
    const { tenantId } = context.newTenant();
    const listener = { tenantId, provider: 'meta' as const, ttlMs: 120_000 };
    const url = 'https://n8n.example/webhook-test/1/meta';
    await addTestListener(ctx(), { ...listener, id: 'a', url: 'https://old.example' });
    await addTestListener(ctx(), { ...listener, id: 'a', url });
    await addTestListener(ctx(), { ...listener, id: 'b', url, ttlMs: 1_000 });
    await addTestListener(ctx(), { ...listener, id: 'c', url, provider: 'notificame' });
    const urls = async () =>
      (await activeTestListeners(ctx(), tenantId, 'meta')).map(({ id, url: at }) => [id, at]);
    expect((await urls()).sort()).toEqual([
      ['a', url],
      ['b', url],
    ]);
    context.clock.advance(1_000);
    expect(await urls()).toEqual([['a', url]]);
    expect(await activeTestListeners(ctx(), context.newTenant().tenantId, 'meta')).toEqual([]);
    await removeTestListener(ctx(), tenantId, 'a');
    expect(await urls()).toEqual([]);
  });
});
