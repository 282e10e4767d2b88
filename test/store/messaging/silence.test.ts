import {
  getSilence,
  noteAccountStatus,
  registerDoor,
  setSilenceSettings,
  watchSilence,
  type SilenceContext,
} from '../../../core/accounts';
import { EVENT_SCHEMAS } from '../../../core/events';
import { firstFault } from '../../../core/events/schemas';
import { InvalidInputError, NotFoundError, type EventItem } from '../../../core/model';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import { FakeMissed } from './support/fakeMissed';
import { changeAccounts, forgetListening } from './support/messagingUnits.cjs';
import { createWorld, type World } from './support/world';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * An account that has received every hour of every day for three weeks, the last time just now; and time that passes
 * while somebody listens.
 */
async function createRegular(context: StoreContext) {
  const world = await createWorld(context, { channel: 'instagram' });
  const missed = new FakeMissed(() => world.account);
  const provider = new Proxy(world.provider, {
    get: (target, key) => {
      if (key === 'missed') return missed;
      return key === 'whenSilent' ? ['Look at Meta.'] : Reflect.get(target, key, target);
    },
  });
  const ctx: SilenceContext = { ...world.ctx, providers: new Map([['meta', provider]]) };
  const now = context.clock.now();
  const hours = Array.from({ length: 21 * 24 }, (_, index) => now - index * HOUR);
  await world.receive(
    ...hours.map((occurredAt) => world.event('message', { occurredAt, text: 'Oi' })),
  );
  await watchSilence(ctx).catch(() => undefined);
  await context.store.run(forgetListening, null);
  return {
    world,
    ctx,
    now,
    /** Somebody listens every nine minutes, as long as it takes. */
    async pass(milliseconds: number, as: SilenceContext = ctx) {
      const until = context.clock.now() + milliseconds;
      await watchSilence(as);
      while (context.clock.now() < until) {
        context.clock.advance(Math.min(9 * MINUTE, until - context.clock.now()));
        await watchSilence(as);
      }
    },
  };
}

const alarms = async (world: World): Promise<EventItem[]> =>
  (await world.events()).filter(({ event }) => event === 'connection.silent');

describeOnBothDatabases('an account that falls silent', (context) => {
  it('is told once, with what is usual and what to look at, until something arrives', async () => {
    const { world, pass, now } = await createRegular(context);
    const { tenantId } = world;
    const url = 'https://n8n.example/webhook/1/meta';
    const door = { tenantId, provider: 'meta' as const, doorId: 'door-1', credentialId: null, url };
    await registerDoor(world.ctx, door);
    await pass(4 * HOUR);
    expect(await alarms(world)).toEqual([]);
    await pass(6 * HOUR);
    const [alarm, ...more] = await alarms(world);
    expect(more).toEqual([]);
    expect(alarm).toMatchObject({
      connection: { id: world.account.id },
      contact: null,
      data: {
        lastReceivedAt: new Date(now).toISOString(),
        silentSince: new Date(now).toISOString(),
        usual: { perDay: 24, longestSilenceHours: 0 },
        refusedCalls: 0,
        doors: [url],
        checks: expect.arrayContaining(['Look at Meta.']),
      },
    });
    const { silentForHours, usual } = alarm?.data as {
      silentForHours: number;
      usual: { expectedMeanwhile: number };
    };
    expect(silentForHours).toBeGreaterThan(4);
    expect(usual.expectedMeanwhile).toBeCloseTo(silentForHours, 0);
    expect(firstFault(EVENT_SCHEMAS['connection.silent'], alarm, 'alarm')).toBeNull();
    const [account] = await world.rows('accounts');
    expect(account?.status_reason).toContain('Nothing has arrived for');
    await pass(DAY);
    expect(await alarms(world)).toHaveLength(1);

    await world.receive(world.event('message', { text: 'Ainda aí?' }));
    await pass(MINUTE);
    expect((await world.rows('accounts'))[0]?.status_reason).toBeNull();
    expect(await getSilence(world.ctx, tenantId, world.account.id)).toMatchObject({
      silentSince: null,
    });
    await pass(DAY);
    expect(await alarms(world)).toHaveLength(2);
  });

  it('has what it missed fetched, from before it fell silent', async () => {
    const { world, pass, now } = await createRegular(context);
    await pass(9 * HOUR);
    const [row] = await world.rows('catch_ups');
    expect(row).toMatchObject({ reason: 'silence', state: 'waiting', since: now - 10 * MINUTE });
  });

  it('is told by one of two processes that look at the same moment', async () => {
    const { world, ctx, pass } = await createRegular(context);
    await pass(4 * HOUR);
    // Past the moment of the alarm, without a pause in listening.
    for (let step = 0; step < 30; step += 1) {
      context.clock.advance(9 * MINUTE);
      await Promise.all([watchSilence(ctx), watchSilence(ctx), watchSilence(ctx)]);
    }
    expect(await alarms(world)).toHaveLength(1);
  });

  it('keeps to what was set for it', async () => {
    const { world, pass } = await createRegular(context);
    const { tenantId } = world;
    const set = (change: Parameters<typeof setSilenceSettings>[3]) =>
      setSilenceSettings(world.ctx, tenantId, world.account.id, change);
    await set({ enabled: false });
    await pass(12 * HOUR);
    expect(await alarms(world)).toEqual([]);
    await set({ enabled: true, minimumMs: 20 * HOUR });
    await pass(7 * HOUR);
    expect(await alarms(world)).toEqual([]);
    await pass(2 * HOUR);
    expect(await alarms(world)).toHaveLength(1);
    await expect(set({ minimumMs: MINUTE })).rejects.toThrow(InvalidInputError);
    await expect(set({ timeZone: 'America/Atlantis' })).rejects.toThrow('no time zone');
    await expect(set({ quietHours: { from: '22h', to: '7' } })).rejects.toThrow('Quiet hours');
    await expect(set({ quietDays: [0, 1, 2, 3, 4, 5, 6] })).rejects.toThrow('every day');
    await expect(
      setSilenceSettings(world.ctx, tenantId, 'no-such-account', { enabled: true }),
    ).rejects.toThrow(NotFoundError);
  });

  it('is not told of what is known to be broken', async () => {
    const { world, pass } = await createRegular(context);
    await world.tenant.run(changeAccounts, { status: 'expired' });
    await pass(12 * HOUR);
    expect(await alarms(world)).toEqual([]);
  });

  it('leaves another warning on the account alone', async () => {
    const { world, pass } = await createRegular(context);
    await world.tenant.run(changeAccounts, { status_reason: 'The webhooks are off.' });
    await pass(9 * HOUR);
    expect(await alarms(world)).toHaveLength(1);
    await world.receive(world.event('message'));
    await pass(MINUTE);
    expect((await world.rows('accounts'))[0]?.status_reason).toBe('The webhooks are off.');
  });

  it('counts every message of the log into its hour, once', async () => {
    const { world, ctx } = await createRegular(context);
    await Promise.all([watchSilence(ctx), watchSilence(ctx)]);
    context.clock.advance(2 * MINUTE);
    await Promise.all([watchSilence(ctx), watchSilence(ctx)]);
    const hours = await world.rows('account_hours');
    expect(hours).toHaveLength(21 * 24);
    expect(new Set(hours.map(({ received }) => received))).toEqual(new Set([1]));
  });
});

describeOnBothDatabases('an installation that was down', (context) => {
  it('fetches what came meanwhile, and begins to count silences anew', async () => {
    const { world, ctx, pass } = await createRegular(context);
    await pass(HOUR);
    const downAt = context.clock.now();
    context.clock.advance(9 * HOUR);
    expect(await watchSilence(ctx)).toMatchObject({ downForMs: 9 * HOUR });
    expect((await world.rows('catch_ups'))[0]).toMatchObject({
      reason: 'downtime',
      state: 'waiting',
      since: downAt - 10 * MINUTE,
    });
    await pass(4 * HOUR);
    expect(await alarms(world)).toEqual([]);
    await pass(6 * HOUR);
    const [alarm] = await alarms(world);
    expect(alarm?.data?.silentSince).toBe(new Date(downAt + 9 * HOUR).toISOString());
  });

  it('is not one that was restarted, and asks for no more than a week', async () => {
    const { world, ctx, pass } = await createRegular(context);
    await pass(HOUR);
    context.clock.advance(9 * MINUTE);
    expect(await watchSilence(ctx)).toMatchObject({ downForMs: null });
    expect(await world.rows('catch_ups')).toEqual([]);
    context.clock.advance(30 * DAY);
    await watchSilence(ctx);
    const [row] = await world.rows('catch_ups');
    expect(row?.since).toBe(context.clock.now() - 7 * DAY);
  });

  it('asks nothing of accounts that never received, or do not work', async () => {
    const { world, ctx, pass } = await createRegular(context);
    await pass(HOUR);
    await world.tenant.run(changeAccounts, { last_received_at: null });
    context.clock.advance(HOUR);
    await watchSilence(ctx);
    expect(await world.rows('catch_ups')).toEqual([]);
  });
});

describeOnBothDatabases('an account that works again', (context) => {
  it('has what it missed fetched', async () => {
    const { world, pass, now } = await createRegular(context);
    const note = (status: 'expired' | 'active') =>
      noteAccountStatus(world.ctx, world.tenantId, world.account.id, status, null);
    await note('expired');
    await pass(2 * HOUR);
    expect(await world.rows('catch_ups')).toEqual([]);
    await note('active');
    await pass(10 * MINUTE);
    expect((await world.rows('catch_ups'))[0]).toMatchObject({
      reason: 'reconnected',
      since: now - 10 * MINUTE,
    });
  });
});
