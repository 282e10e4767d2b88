import { checkLimit, setLimits } from '../../../core/limits';
import { sendMessage } from '../../../core/messaging';
import { ProviderError } from '../../../core/model';
import type { Store } from '../../../core/store/store';
import { describeOnBothDatabases } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor.ts';
import { createWorld, CUSTOMER, type World } from '../messaging/support/world';
import { untilMinuteIsYoung } from './support/account';

const LONG = { maxMs: 60_000 };

describeOnBothDatabases('a send that waits at the limit of its account', (context) => {
  beforeEach(untilMinuteIsYoung);

  const limit = (world: World, perMinute: number) =>
    setLimits(world.ctx, world.tenantId, world.account.id, { perMinute });
  const left = async (world: World) => {
    const of = { tenantId: world.tenantId, accountId: world.account.id };
    return (await checkLimit(world.ctx, of)).windows.perMinute.remaining;
  };

  /** An account whose one message of this minute is sent. */
  async function createFull(): Promise<World> {
    const world = await createWorld(context);
    await world.customerWrites();
    await limit(world, 1);
    expect(await world.send()).toMatchObject({ status: 'sent' });
    return world;
  }

  it('goes when there is room, with nothing reserved or told until then', async () => {
    const world = await createFull();
    let isBack = false;
    const waiting = world
      .send({ idempotencyKey: 'later', limitWait: LONG })
      .finally(() => (isBack = true));
    expect((await world.rows('idempotency_keys')).map(({ key }) => key)).toEqual(['key-1']);
    expect(isBack).toBe(false);
    await limit(world, 2);
    expect(await waiting).toMatchObject({
      status: 'sent',
      rateLimit: { perMinute: { limit: 2, remaining: 0 } },
    });
    expect(world.provider.calls).toHaveLength(2);
    expect(await world.eventTypes()).not.toContain('message.failed');
    expect(await left(world)).toBe(0);
  });

  it('goes with all others that wait, each once and with one token', async () => {
    const world = await createFull();
    const texts = ['one', 'two', 'three'];
    const waiting = texts.map((text) =>
      world.send({ idempotencyKey: text, content: { type: 'text', text }, limitWait: LONG }),
    );
    await limit(world, 100_000);
    const results = await Promise.all(waiting);
    expect(results.map(({ status }) => status)).toEqual(['sent', 'sent', 'sent']);
    const sent = world.provider.calls.map(({ content }) => 'text' in content && content.text);
    expect(sent.slice(1).toSorted()).toEqual(texts.toSorted());
    expect(await left(world)).toBe(100_000 - 4);
  });

  it('fails at once, with the time to wait, when it may not wait long enough', async () => {
    const world = await createFull();
    const refused = await world.send({ idempotencyKey: 'later', limitWait: { maxMs: 5 } });
    expect(refused).toMatchObject({
      status: 'failed',
      reason: 'rate_limited',
      retryable: true,
      rateLimit: { perMinute: { limit: 1, remaining: 0 } },
    });
    expect(refused.retryAfterMs).toBeGreaterThan(5);
    expect(world.provider.calls).toHaveLength(1);
    await limit(world, 2);
    expect(await world.send({ idempotencyKey: 'later' })).toMatchObject({ status: 'sent' });
  });

  it('does not wait for what was sent before', async () => {
    const world = await createFull();
    expect(await world.send({ limitWait: LONG })).toMatchObject({
      status: 'sent',
      duplicate: true,
    });
  });

  it('does not wait for what policy holds back', async () => {
    const world = await createFull();
    context.clock.advance(25 * 3_600_000);
    expect(await world.send({ idempotencyKey: 'later', limitWait: LONG })).toMatchObject({
      status: 'skipped',
      reason: 'window_closed',
    });
  });

  it('waits for all of its parts, and gives the tokens back that none came for', async () => {
    const world = await createFull();
    const content = { type: 'text', text: 'Bom dia, tudo bem? '.repeat(150) } as const;
    world.provider.behaviours.push(
      new ProviderError('invalid_recipient', 'Nobody there.', 'recipient', 100, 2018001),
    );
    const waiting = world.send({ idempotencyKey: 'long', content, limitWait: LONG });
    await limit(world, 10);
    expect(await waiting).toMatchObject({ status: 'failed', reason: 'invalid_recipient' });
    expect(await left(world)).toBe(9);
    const whole = await world.send({ idempotencyKey: 'long', content, limitWait: LONG });
    expect(whole.status).toBe('sent');
    expect(whole.partsTotal).toBeGreaterThan(1);
    expect(await left(world)).toBe(9 - (whole.partsTotal ?? 0));
  });

  it('ends when the execution is cancelled, and sends nothing', async () => {
    const world = await createFull();
    const cancel = new AbortController();
    const waiting = world.send({
      idempotencyKey: 'later',
      limitWait: { ...LONG, signal: cancel.signal },
    });
    const reason = new Error('Somebody cancelled it.');
    cancel.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(world.provider.calls).toHaveLength(1);
    expect(await world.rows('idempotency_keys')).toHaveLength(1);
    await limit(world, 2);
    expect(await left(world)).toBe(1);
  });

  it('sees what happened while it waited: the window that closed meanwhile', async () => {
    const world = await createFull();
    const { store, seen } = watched(context.store);
    const ctx = { ...world.ctx, store };
    const waiting = sendMessage(ctx, {
      tenantId: world.tenantId,
      accountId: world.account.id,
      recipientExternalId: CUSTOMER,
      content: { type: 'text', text: 'Bem-vindo!' },
      idempotencyKey: 'later',
      limitWait: LONG,
    });
    await waitFor(() => seen.includes('applyWork'), { what: 'the first of the line to ask' });
    context.clock.advance(25 * 3_600_000);
    await setLimits(ctx, world.tenantId, world.account.id, { perMinute: 2 });
    expect(await waiting).toMatchObject({ status: 'skipped', reason: 'window_closed' });
    expect(await left(world)).toBe(1);
  });
});

/** The same store, telling which units of a tenant have run. */
function watched(store: Store): { store: Store; seen: string[] } {
  const seen: string[] = [];
  return {
    seen,
    store: {
      ...store,
      forTenant: (tenantId) => {
        const tenant = store.forTenant(tenantId);
        return {
          ...tenant,
          run: async (unit, args) => {
            const result = await tenant.run(unit, args);
            seen.push(unit.name);
            return result;
          },
        };
      },
    },
  };
}
