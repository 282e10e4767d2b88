import {
  getAppointment,
  refreshCalendarKeys,
  syncCalendar,
  syncDueCalendars,
  unwatchCalendar,
} from '../../../core/appointments';
import { beginCalendarSync, recordCalendarPage } from '../../../core/appointments/calendars.unit';
import { EVENT_SCHEMAS } from '../../../core/events';
import { firstFault } from '../../../core/events/schemas';
import { ProviderError, TokenExpiredError } from '../../../core/model';
import type { Store } from '../../../core/store/store';
import { describeOnBothDatabases } from '../../support/storeContext';
import { createWorld } from '../messaging/support/world';
import {
  createCalendarWorld,
  dayFromNow,
  startGoogle,
  type CalendarWorld,
  type Google,
} from './support/calendar';

let google: Google;
beforeAll(async () => {
  google = await startGoogle();
});
afterAll(() => google.close());

async function watched(context: Parameters<typeof createCalendarWorld>[0]) {
  const world = await createCalendarWorld(context, google);
  const { connection } = await world.watch();
  const sync = () => syncCalendar(world.ctx, world.tenantId, connection.id);
  return { world, sync, accountId: connection.id };
}

const accountOf = async (world: CalendarWorld) => (await world.rows('accounts'))[0];

describeOnBothDatabases('a calendar that is watched', (context) => {
  it('tells nothing of what it held before, unless that is wanted', async () => {
    const world = await createCalendarWorld(context, google);
    await world.make(dayFromNow(3));
    expect((await world.watch()).found).toBe(1);
    expect(await world.toldTypes()).toEqual([]);

    const other = await createCalendarWorld(context, google);
    await other.make(dayFromNow(3));
    await other.watch({ announcesExisting: true });
    expect(await other.toldTypes()).toEqual(['appointment.created']);
  });

  it('tells what is made, moved and cancelled, each once', async () => {
    const { world, sync, accountId } = await watched(context);
    const start = dayFromNow(3);
    const id = await world.make(start, { description: 'Telefone: (11) 98888-7777\nNome: Ana' });
    expect(await sync()).toMatchObject({ kind: 'incremental', created: 1 });
    await sync();
    const moved = dayFromNow(4, '09:30');
    await world.move(id, moved);
    await sync();
    await sync();
    await world.cancel(id);
    await sync();
    await sync();
    const told = await world.told();
    expect(told.map(({ event }) => event)).toEqual([
      'appointment.created',
      'appointment.updated',
      'appointment.cancelled',
    ]);
    for (const item of told) expect(firstFault(EVENT_SCHEMAS[item.event], item, '')).toBeNull();
    expect(told[0]).toMatchObject({
      channel: 'calendar',
      provider: 'google',
      connection: { id: accountId, name: 'Clínica Sol', externalId: world.calendarId },
      data: {
        externalId: id,
        source: 'calendar',
        start: `${start}-03:00`,
        time: '14:00',
        person: { name: 'Ana', phone: '+5511988887777' },
        changed: [],
        previous: null,
      },
    });
    expect(told[1]?.data).toMatchObject({
      start: `${moved}-03:00`,
      changed: ['start', 'end'],
      previous: { start: `${start}-03:00` },
    });
    expect(told[2]?.data).toMatchObject({ status: 'cancelled', title: 'Limpeza' });
    expect(new Set(told.map(({ data }) => data?.appointmentId)).size).toBe(1);
  });

  it('is read from the beginning when Google wants it, and tells the differences alone', async () => {
    const { world, sync } = await watched(context);
    const [stays, moves, goes] = [
      await world.make(dayFromNow(3)),
      await world.make(dayFromNow(4)),
      await world.make(dayFromNow(5)),
    ];
    await sync();
    await world.move(moves, dayFromNow(6));
    await world.cancel(goes);
    const added = await world.make(dayFromNow(7));
    await google.control('PATCH', '/google', { expireSyncTokens: true });
    expect(await sync()).toMatchObject({ kind: 'full', created: 1, updated: 1, cancelled: 1 });
    const news = (await world.told()).slice(3);
    expect(news.map(({ event, data }) => [event, data?.externalId])).toEqual(
      expect.arrayContaining([
        ['appointment.updated', moves],
        ['appointment.created', added],
        ['appointment.cancelled', goes],
      ]),
    );
    expect(news).toHaveLength(3);
    expect(news.map(({ data }) => data?.externalId)).not.toContain(stays);
  });

  it('tells of an appointment that is moved to a day long ago', async () => {
    const { world, sync } = await watched(context);
    const id = await world.make(dayFromNow(3));
    const old = await world.make(dayFromNow(-30));
    await sync();
    await world.move(id, dayFromNow(-20));
    await world.move(old, dayFromNow(-25));
    await sync();
    expect((await world.told()).map(({ event, data }) => [event, data?.externalId])).toEqual([
      ['appointment.created', id],
      ['appointment.updated', id],
    ]);
  });

  it('tells each appointment once when the process dies between two pages', async () => {
    const { world, sync, accountId } = await watched(context);
    for (let index = 0; index < 260; index += 1) await world.make(dayFromNow(3 + (index % 40)));
    let pages = 0;
    const { store } = world.ctx;
    const dying: Store = {
      ...store,
      run: (unit, args) => store.run(unit, args),
      sealer: store.sealer,
      forTenant: (tenantId) => ({
        tenantId,
        run: async (unit, args) => {
          if (unit.name === 'recordCalendarPage' && ++pages === 2) throw new Error('killed');
          return store.forTenant(tenantId).run(unit, args);
        },
      }),
    };
    const cut = syncCalendar({ ...world.ctx, store: dying }, world.tenantId, accountId);
    await expect(cut).rejects.toThrow('killed');
    expect(await world.toldTypes()).toHaveLength(250);
    await sync();
    await sync();
    const told = await world.told();
    expect(told).toHaveLength(260);
    expect(new Set(told.map(({ data }) => data?.externalId)).size).toBe(260);
  });

  it('refuses what a synchronisation writes after another one has begun', async () => {
    const { world, sync, accountId } = await watched(context);
    const [watch] = await world.rows('calendar_watches');
    await sync();
    const late = await world.tenant.run(recordCalendarPage, {
      accountId,
      run: watch?.run ?? 0,
      announces: true,
      language: 'en',
      drafts: [],
      cancelled: [],
      last: { syncToken: 'old', nextSyncAt: 0, full: null },
    });
    expect(late).toBeNull();
    expect((await world.rows('calendar_watches'))[0]?.sync_token).not.toBe('old');
  });

  it('finds the contact by number, whichever form of it the contact has', async () => {
    const messages = await createWorld(context, { channel: 'whatsapp' });
    await messages.receive(
      messages.event('message', {
        contact: { externalId: '551188887777', name: 'Ana Souza', phone: '+551188887777' },
      } as never),
    );
    const world = await createCalendarWorld(
      { ...context, newTenant: () => messages.tenant } as never,
      google,
    );
    const { connection } = await world.watch();
    await world.make(dayFromNow(3), { description: 'Phone: +55 11 98888-7777' });
    await syncCalendar(world.ctx, world.tenantId, connection.id);
    const [contact] = await world.rows('contacts');
    const [created] = await world.told();
    expect(created?.contact).toMatchObject({ id: contact?.id, name: 'Ana Souza' });
    expect(created?.data?.person).toMatchObject({ contactId: contact?.id });
  });

  it.each([
    ['a revoked key', 'expired', TokenExpiredError, /private key/, 'revoked'],
    ['a calendar that is not shared any more', 'error', ProviderError, /not shared/, 'none'],
  ])('shows %s on its account, and goes on when it is mended', async (...row) => {
    const [, status, kind, sentence, how] = row;
    const { world, sync } = await watched(context);
    const { calendarId } = world;
    if (how === 'revoked') await google.control('PATCH', '/google', { key: 'revoked' });
    else await google.control('POST', '/google/share', { calendarId, role: 'none' });
    const fresh = await startFreshClient(world);
    await expect(fresh()).rejects.toThrow(kind);
    const account = await accountOf(world);
    expect([account?.status, account?.status_reason]).toEqual([
      status,
      expect.stringMatching(sentence),
    ]);
    await google.control('PATCH', '/google', { key: 'valid' });
    await google.control('POST', '/google/share', { calendarId, role: 'writer' });
    await world.make(dayFromNow(3));
    await sync();
    expect((await accountOf(world))?.status).toBe('active');
    expect(await world.toldTypes()).toEqual(['appointment.created']);
  });

  it('waits when Google is busy, without a word on the account', async () => {
    const { world, sync } = await watched(context);
    await google.control('POST', '/google/refusals', { status: 429, times: 5 });
    await expect(sync()).rejects.toThrow(/fewer/);
    expect((await accountOf(world))?.status).toBe('active');
    const [watch] = await world.rows('calendar_watches');
    expect(watch?.next_sync_at).toBeGreaterThanOrEqual(context.clock.now() + 60_000);
  });

  it('gets the new key when the credential was changed', async () => {
    const { world } = await watched(context);
    const before = await accountOf(world);
    const input = { tenantId: world.tenantId, credentialId: 'credential-1' };
    await refreshCalendarKeys(world.ctx, { ...input, access: google.access });
    expect((await accountOf(world))?.sealed_secrets).toBe(before?.sealed_secrets);
    const access = { ...google.access, delegatedUser: 'recepcao@clinica-sorriso.example' };
    await refreshCalendarKeys(world.ctx, { ...input, access });
    const text = context.store.sealer.open(
      (await accountOf(world))?.sealed_secrets ?? '',
      before?.id ?? '',
    );
    expect(text).toContain('recepcao@clinica-sorriso.example');
  });

  it('goes on with the new key whatever a read with the old one meets meanwhile', async () => {
    const { world, accountId } = await watched(context);
    const { tenantId } = world;
    const access = { ...google.access, delegatedUser: 'recepcao@clinica-sorriso.example' };
    const slow: typeof world.ctx.google = {
      clock: world.ctx.google.clock,
      async call() {
        await refreshCalendarKeys(world.ctx, {
          tenantId,
          credentialId: 'credential-1',
          access,
        });
        throw new TokenExpiredError('The old key was revoked.');
      },
    };
    const late = syncCalendar({ ...world.ctx, google: slow }, tenantId, accountId);
    await expect(late).rejects.toThrow('revoked');
    expect(await accountOf(world)).toMatchObject({ status: 'active', status_reason: null });
    const [watch] = await world.rows('calendar_watches');
    expect(watch).toMatchObject({ failures: 0, next_sync_at: context.clock.now() });
  });

  it('is left alone once nobody watches it', async () => {
    const { world, accountId } = await watched(context);
    await unwatchCalendar(world.ctx, world.tenantId, world.calendarId);
    await world.make(dayFromNow(3));
    expect(await syncCalendar(world.ctx, world.tenantId, accountId)).toBeNull();
    expect(await accountOf(world)).toMatchObject({ status: 'disconnected', sealed_secrets: null });
    await expect(unwatchCalendar(world.ctx, world.tenantId, world.calendarId)).rejects.toThrow(
      /does not exist/,
    );
  });

  it('is looked at as often as was asked for', async () => {
    const world = await createCalendarWorld(context, google);
    await world.watch({ everyMinutes: 0.1 });
    for (const day of [3, 4]) {
      await world.make(dayFromNow(day));
      context.clock.advance(6_000);
      expect(await syncDueCalendars(world.ctx)).toBeLessThanOrEqual(6_000);
    }
    expect(await world.toldTypes()).toHaveLength(2);
  });

  it('is looked at when it is due, and not before', async () => {
    const { world } = await watched(context);
    const id = await world.make(dayFromNow(3));
    await syncDueCalendars(world.ctx);
    expect(await world.toldTypes()).toEqual([]);
    context.clock.advance(61_000);
    const wait = await syncDueCalendars(world.ctx);
    expect(await world.toldTypes()).toEqual(['appointment.created']);
    expect(wait).toBeLessThanOrEqual(60_000);
    const item = await getAppointment(world.ctx, world.tenantId, {
      appointmentId: String((await world.told())[0]?.data?.appointmentId),
      externalId: null,
    });
    expect(item.externalId).toBe(id);
  });

  it('is left to whoever has taken it since it was found to be due', async () => {
    const { world: before } = await watched(context);
    context.clock.advance(1_000);
    const { world, accountId } = await watched(context);
    context.clock.advance(61_000);
    const take = () =>
      world.tenant.run(beginCalendarSync, { accountId, claimMs: 30_000, onlyIfDue: true });
    let taken: Awaited<ReturnType<typeof take>>;
    const meanwhile: typeof before.ctx.google = {
      clock: before.ctx.google.clock,
      async call(access, call) {
        taken ??= await take();
        return await before.ctx.google.call(access, call);
      },
    };
    await syncDueCalendars({ ...before.ctx, google: meanwhile });
    expect(taken).toBeDefined();
    const [watch] = await world.rows('calendar_watches');
    expect(watch?.run).toBe(taken?.watch.run);
  });

  /** Of a process that holds no access token yet. */
  async function startFreshClient(world: CalendarWorld) {
    await google.control('PATCH', '/google', { expireAccessTokens: true });
    const account = await accountOf(world);
    return () => syncCalendar(world.ctx, world.tenantId, account?.id ?? '');
  }
});
