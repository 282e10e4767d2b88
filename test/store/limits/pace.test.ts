import { noteRecipientLimit, setLimits, takeTokens, type PaceRequest } from '../../../core/limits';
import { sendMessage, type MessagingContext } from '../../../core/messaging';
import { RateLimitedError } from '../../../core/model';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import { createWorld, type World } from '../messaging/support/world';

const PACE: PaceRequest = {
  perSecond: 80,
  recipient: { everyMs: 6_000, burst: 40 },
  contactId: '',
};
/** What the distance of 80 a second is with the margin. */
const GAP_MS = 1_000 / (80 * 0.97);

async function pacedWorld(context: StoreContext): Promise<World> {
  const world = await createWorld(context);
  world.provider.moreAbilities = { windowMs: null };
  await setLimits(world.ctx, world.tenantId, world.account.id, {
    perMinute: 100_000,
    perHour: 100_000,
    perDay: 100_000,
  });
  return world;
}

const takesOf = (ctx: MessagingContext, world: World, contactIds: string[]) =>
  contactIds.map((contactId) =>
    takeTokens(ctx, {
      tenantId: world.tenantId,
      accountId: world.account.id,
      pace: { ...PACE, contactId },
    }),
  );

const people = (count: number) => Array.from({ length: count }, (_, index) => `contact-${index}`);

describeOnBothDatabases('the pace of an account', (context) => {
  it('gives each message its own place, over processes', async () => {
    const world = await pacedWorld(context);
    const beside = world.beside(await context.openAnother());
    const states = await Promise.all([
      ...takesOf(world.ctx, world, people(100)),
      ...takesOf(beside, world, people(100)),
    ]);
    expect(states.every(({ allowed }) => allowed)).toBe(true);
    const waits = states.map(({ startInMs = 0 }) => startInMs).sort((a, b) => a - b);
    // The last place of 200 is 199 gaps away, less what passed while they were given.
    expect(waits.at(-1)).toBeGreaterThan(199 * GAP_MS - 1_000);
    expect(waits.at(-1)).toBeLessThan(200 * (GAP_MS + 1));
  });

  it('refuses what would wait too long, and says when there is room', async () => {
    const world = await pacedWorld(context);
    const states = await Promise.all(takesOf(world.ctx, world, people(900)));
    const refused = states.filter(({ allowed }) => !allowed);
    expect(refused.length).toBeGreaterThan(50);
    for (const state of refused) {
      expect(state).toMatchObject({ consumed: 0, slowedBy: 'account' });
      expect(state.retryAfterMs).toBeGreaterThan(10_000);
    }
  });

  it('lets 40 at once to one person and then waits, while others go', async () => {
    const world = await pacedWorld(context);
    const states = await Promise.all(takesOf(world.ctx, world, Array(43).fill('ana')));
    const waits = states.map(({ startInMs = 0 }) => startInMs);
    expect(Math.max(...waits.slice(0, 40))).toBeLessThan(1_000);
    expect(waits[40]).toBeGreaterThan(4_000);
    expect(waits[40]).toBeLessThanOrEqual(6_000);
    expect(states[42]).toMatchObject({ allowed: false, slowedBy: 'recipient' });
    const [other] = await Promise.all(takesOf(world.ctx, world, ['bia']));
    expect(other?.startInMs ?? 0).toBeLessThan(1_000);
  });

  it('is another one for another tenant', async () => {
    const [ours, theirs] = [await pacedWorld(context), await pacedWorld(context)];
    await Promise.all(takesOf(ours.ctx, ours, Array(42).fill('ana')));
    const [state] = await Promise.all(takesOf(theirs.ctx, theirs, ['ana']));
    expect(state).toMatchObject({ allowed: true });
    expect(state?.startInMs ?? 0).toBe(0);
  });

  it('steps back for one person after the provider has refused', async () => {
    const world = await pacedWorld(context);
    const { recipient } = PACE;
    if (!recipient) throw new Error('There is no pace to one person.');
    const args = { accountId: world.account.id, contactId: 'ana', recipient };
    await noteRecipientLimit(world.ctx, world.tenantId, args);
    const [ana, bia] = await Promise.all(takesOf(world.ctx, world, ['ana', 'bia']));
    expect(ana?.startInMs).toBeGreaterThan(4_000);
    expect(bia?.startInMs ?? 0).toBeLessThan(1_000);
  });
});

describeOnBothDatabases('a send that has to wait for its place', (context) => {
  const sendTo = (world: World, to: string, key: string) =>
    sendMessage(world.ctx, {
      tenantId: world.tenantId,
      accountId: world.account.id,
      recipientExternalId: to,
      content: { type: 'text', text: 'Oi' },
      idempotencyKey: key,
    });

  it('waits for it, and all of them go (complaint 8)', async () => {
    const world = await pacedWorld(context);
    world.provider.pace = () => ({ perSecond: 80 });
    const since = performance.now();
    const results = await Promise.all(people(60).map((to) => sendTo(world, to, to)));
    expect(results.map(({ status }) => status)).toEqual(results.map(() => 'sent'));
    expect(performance.now() - since).toBeGreaterThan(59 * GAP_MS - 100);
    expect(results[0]?.rateLimit?.perMinute).toMatchObject({ limit: 100_000 });
  });

  it('waits where its content is slower than the rest, also where it waits for room', async () => {
    const world = await pacedWorld(context);
    world.provider.pace = (_, { type }) => (type === 'video' ? { perSecond: 10 } : undefined);
    const send = (to: string, limitWait?: { maxMs: number }) =>
      sendMessage(world.ctx, {
        tenantId: world.tenantId,
        accountId: world.account.id,
        recipientExternalId: to,
        content: { type: 'video', media: { url: 'https://clinica.example/tour.mp4' } },
        limitWait,
        idempotencyKey: to,
      });
    const since = performance.now();
    const text = sendTo(world, 'text', 'text').then(() => performance.now() - since);
    const results = await Promise.all([
      ...people(4).map((to) => send(to)),
      ...people(8)
        .slice(4)
        .map((to) => send(to, { maxMs: 20_000 })),
    ]);
    expect(results.map(({ status }) => status)).toEqual(results.map(() => 'sent'));
    const tookMs = performance.now() - since;
    expect(tookMs).toBeGreaterThan(7 * 100);
    expect(await text).toBeLessThan(tookMs);
  });

  it('is refused without a call where that takes too long, and can be tried again', async () => {
    const world = await pacedWorld(context);
    world.provider.pace = () => ({ perSecond: 80, recipient: { everyMs: 60_000, burst: 1 } });
    expect(await sendTo(world, 'ana', 'a')).toMatchObject({ status: 'sent' });
    const refused = await sendTo(world, 'ana', 'b');
    expect(refused).toMatchObject({ status: 'failed', reason: 'rate_limited', retryable: true });
    expect(refused.detail).toMatch(/as many messages to this person waiting/);
    expect(refused.retryAfterMs).toBeGreaterThan(50_000);
    expect(await sendTo(world, 'bia', 'c')).toMatchObject({ status: 'sent' });
    expect(world.provider.calls).toHaveLength(2);
  });

  it('remembers what the provider refused for one person', async () => {
    const world = await pacedWorld(context);
    world.provider.pace = () => ({ perSecond: 80, recipient: { everyMs: 60_000, burst: 45 } });
    world.provider.behaviours.push(
      new RateLimitedError('Too many to them (code 131056).', 6_000, 0, {
        details: { code: 131056, ofRecipient: true },
      }),
    );
    expect(await sendTo(world, 'ana', 'a')).toMatchObject({ reason: 'rate_limited' });
    expect(await sendTo(world, 'ana', 'b')).toMatchObject({ reason: 'rate_limited' });
    expect(await sendTo(world, 'bia', 'c')).toMatchObject({ status: 'sent' });
    expect(world.provider.calls.map((call) => call.recipientExternalId)).toEqual(['ana', 'bia']);
  });
});
