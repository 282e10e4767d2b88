import { getAccount } from '../../../core/accounts';
import { sendMessage, settleUnknownSends } from '../../../core/messaging';
import { attemptSend } from '../../../core/messaging/attempt';
import { resolveTargets } from '../../../core/messaging/target.unit';
import { ProviderError, RateLimitedError, TokenExpiredError } from '../../../core/model';
import { describeOnBothDatabases } from '../../support/storeContext';
import { failingAt } from './support/failingStore';
import type { Behaviour } from './support/fakeProvider';
import { deleteRows } from './support/messagingUnits.cjs';
import { createWorld, CUSTOMER, DAY_MS, type World, type WorldOptions } from './support/world';

const WELCOME = 'Bem-vindo!';
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const NOTHING = { checked: 0, settled: 0, sent: 0, failed: 0 };

describeOnBothDatabases('settling sends whose outcome nobody knows', (context) => {
  // Every test sees only its own: what another left waiting is looked at by every call.
  let worlds: World[] = [];
  afterEach(async () => {
    for (const world of worlds) await world.tenant.run(deleteRows, 'idempotency_keys');
    worlds = [];
  });

  async function create(options: WorldOptions = {}): Promise<World> {
    const world = await createWorld(context, options);
    worlds.push(world);
    await world.customerWrites();
    return world;
  }

  /** A world with one unknown send that is due to be looked at. */
  async function createUnknown(behaviour: Behaviour, options: WorldOptions = {}): Promise<World> {
    const world = await create(options);
    world.provider.behaviours.push(behaviour);
    expect(await world.send()).toMatchObject({ status: 'unknown' });
    await world.age('key-1', 30 * SECOND);
    return world;
  }

  /** A send whose process was killed before it could store what became of it. */
  async function createKilled(behaviour: 'accept' | 'nothing'): Promise<World> {
    const world = await create();
    if (behaviour === 'nothing') world.provider.behaviours.push('cut');
    const unit = behaviour === 'nothing' ? 'noteUnknown' : 'completeSends';
    await sendMessage(
      { ...world.ctx, store: failingAt(context.store, unit) },
      {
        tenantId: world.tenantId,
        accountId: world.account.id,
        recipientExternalId: CUSTOMER,
        content: { type: 'text', text: WELCOME },
        idempotencyKey: 'key-1',
      },
    );
    expect(await keyOf(world)).toMatchObject({ state: 'reserved' });
    return world;
  }

  const keyOf = async (world: World, key = 'key-1') =>
    (await world.rows('idempotency_keys')).find((row) => row.key === key);

  const fingerprint = (world: World, text = WELCOME) =>
    world.provider.contentFingerprint({ type: 'text', text });

  it('finds the message in the conversation and does not send it again', async () => {
    const world = await createUnknown('acceptThenCut');
    const before = await keyOf(world);
    expect(await settleUnknownSends(world.ctx)).toEqual({ ...NOTHING, checked: 1, settled: 1 });
    expect(world.provider.calls).toHaveLength(1);
    const again = await world.send();
    expect(again).toMatchObject({ status: 'sent', duplicate: true, messageId: before?.message_id });
    expect((await world.events()).at(-1)).toMatchObject({
      event: 'message.sent',
      message: {
        id: before?.message_id,
        providerId: again.providerMessageId,
        text: WELCOME,
        sentBy: 'automation',
      },
    });
  });

  it('looks no earlier than 30 seconds after the cut', async () => {
    const world = await create();
    world.provider.behaviours.push('acceptThenCut');
    await world.send();
    expect(await settleUnknownSends(world.ctx)).toEqual(NOTHING);
    await world.age('key-1', 29 * SECOND);
    expect(await settleUnknownSends(world.ctx)).toEqual(NOTHING);
    expect(world.provider.reads).toBe(0);
  });

  it('sends again after proof of absence, from what the reservation holds, under the same message id', async () => {
    const world = await createUnknown('cut');
    expect(await settleUnknownSends(world.ctx)).toEqual({ ...NOTHING, checked: 1, sent: 1 });
    const [first, second] = world.provider.calls;
    expect(second).toEqual(first);
    expect(world.provider.delivered(CUSTOMER)).toBe(1);
    expect(await world.send()).toMatchObject({
      status: 'sent',
      duplicate: true,
      messageId: first?.messageId,
    });
    expect(world.provider.calls).toHaveLength(2);
    expect(await settleUnknownSends(world.ctx)).toEqual(NOTHING);
  });

  it.each(['accept', 'nothing'] as const)(
    'settles what a killed process left, once its lease is over (the provider did: %s)',
    async (behaviour) => {
      const world = await createKilled(behaviour);
      await world.age('key-1', 64 * SECOND);
      expect(await settleUnknownSends(world.ctx)).toEqual(NOTHING);
      await world.age('key-1', SECOND);
      const { checked, settled, sent } = await settleUnknownSends(world.ctx);
      expect({ checked, settled, sent }).toEqual(
        behaviour === 'accept'
          ? { checked: 1, settled: 1, sent: 0 }
          : { checked: 1, settled: 0, sent: 1 },
      );
      expect(world.provider.delivered(CUSTOMER)).toBe(1);
      expect(await world.send()).toMatchObject({ status: 'sent', duplicate: true });
    },
  );

  it('settles what was left behind an hour ago, when nothing ran that could settle it', async () => {
    for (const behaviour of ['accept', 'nothing'] as const) {
      const world = await createKilled(behaviour);
      await world.age('key-1', 60 * MINUTE);
      for (const message of world.provider.conversations.get(CUSTOMER) ?? []) {
        message.createdAt -= 60 * MINUTE;
      }
      await settleUnknownSends(world.ctx);
      expect(world.provider.delivered(CUSTOMER)).toBe(1);
      expect(await world.send()).toMatchObject({ status: 'sent', duplicate: true });
    }
  });

  it('does not send after the window has closed meanwhile: failed, told, and the key is free', async () => {
    const world = await createUnknown('cut');
    context.clock.advance(DAY_MS);
    expect(await settleUnknownSends(world.ctx)).toEqual({ ...NOTHING, checked: 1, failed: 1 });
    expect(world.provider.calls).toHaveLength(1);
    expect((await world.events()).at(-1)).toMatchObject({
      event: 'message.failed',
      data: { reason: 'window_closed', retryable: false },
    });
    expect(await keyOf(world)).toBeUndefined();
  });

  it('takes nothing for proof while an equal message stands in the conversation that it cannot place', async () => {
    const world = await createUnknown('cut');
    const text = { fingerprint: fingerprint(world) };
    world.provider.put(CUSTOMER, { ...text, providerId: 'mid.a' });
    world.provider.put(CUSTOMER, { ...text, providerId: 'mid.b' });
    expect(await settleUnknownSends(world.ctx)).toEqual({ ...NOTHING, checked: 1 });
    expect(await keyOf(world)).toMatchObject({ state: 'unknown' });
    expect(world.provider.calls).toHaveLength(1);
  });

  it('takes nothing for proof when a person wrote the same since the reservation', async () => {
    const world = await createUnknown('cut');
    const echo = world.event('echo', { text: WELCOME, senderAppId: 'inbox', providerId: 'mid.p' });
    await world.receive(echo);
    world.provider.put(CUSTOMER, { fingerprint: fingerprint(world), providerId: 'mid.p' });
    expect(await settleUnknownSends(world.ctx)).toEqual({ ...NOTHING, checked: 1 });
    expect(world.provider.calls).toHaveLength(1);
  });

  it('settles two equal sends by two messages, each with its own', async () => {
    const world = await create();
    world.provider.behaviours.push('acceptThenCut', 'acceptThenCut');
    for (const idempotencyKey of ['a', 'b']) {
      await world.send({ idempotencyKey });
      await world.age(idempotencyKey, 30 * SECOND);
    }
    const { settled } = await settleUnknownSends(world.ctx);
    expect(settled).toBe(2);
    const results = [
      await world.send({ idempotencyKey: 'a' }),
      await world.send({ idempotencyKey: 'b' }),
    ];
    const ids = new Set(results.map(({ providerMessageId }) => providerMessageId));
    expect(ids.size).toBe(2);
    expect(world.provider.calls).toHaveLength(2);
  });

  it('decides nothing of two equal sends when one message is there', async () => {
    const world = await create();
    world.provider.behaviours.push('acceptThenCut', 'cut');
    for (const idempotencyKey of ['a', 'b']) {
      await world.send({ idempotencyKey });
      await world.age(idempotencyKey, 30 * SECOND);
    }
    expect(await settleUnknownSends(world.ctx)).toEqual({ ...NOTHING, checked: 2 });
    expect(world.provider.calls).toHaveLength(2);
  });

  it('takes nothing for proof when an equal send of ours got its result since the reservation', async () => {
    const world = await create();
    world.provider.behaviours.push('cut');
    await world.send({ idempotencyKey: 'lost' });
    await world.send({ idempotencyKey: 'arrived' });
    await world.age('lost', 30 * SECOND);
    expect(await settleUnknownSends(world.ctx)).toEqual({ ...NOTHING, checked: 1 });
    expect(world.provider.calls).toHaveLength(2);
  });

  it('is not held up by an equal message that was sent and known before the reservation', async () => {
    const world = await create();
    await world.send({ idempotencyKey: 'yesterday' });
    await world.age('yesterday', DAY_MS);
    for (const message of world.provider.conversations.get(CUSTOMER) ?? []) {
      message.createdAt -= DAY_MS;
    }
    world.provider.behaviours.push('cut');
    await world.send({ idempotencyKey: 'today' });
    await world.age('today', 30 * SECOND);
    expect(await settleUnknownSends(world.ctx)).toMatchObject({ sent: 1 });
    expect(world.provider.delivered(CUSTOMER)).toBe(2);
  });

  it('takes nothing for proof when the provider does not show what a message says', async () => {
    const world = await createUnknown('cut');
    world.provider.put(CUSTOMER, { fingerprint: null });
    expect(await settleUnknownSends(world.ctx)).toEqual({ ...NOTHING, checked: 1 });
    expect(world.provider.calls).toHaveLength(1);
  });

  it('takes nothing for proof when the read does not reach back before the reservation', async () => {
    const world = await createUnknown('cut');
    world.provider.reachesBeginning = false;
    const other = { direction: 'inbound' as const, fingerprint: 'x' };
    world.provider.put(CUSTOMER, other);
    expect(await settleUnknownSends(world.ctx)).toEqual({ ...NOTHING, checked: 1 });
    expect(world.provider.calls).toHaveLength(1);
    // One old message is enough: nothing newer is missing from the list.
    world.provider.put(CUSTOMER, { ...other, createdAt: Date.now() - 5 * MINUTE });
    await world.age('key-1', MINUTE);
    expect(await settleUnknownSends(world.ctx)).toMatchObject({ sent: 1 });
  });

  it('waits longer from look to look while the provider cannot be read', async () => {
    const world = await createUnknown('acceptThenCut');
    world.provider.readFailure = new ProviderError(
      'provider_unavailable',
      'Meta is down.',
      'unavailable',
      null,
      null,
    );
    const pauses: number[] = [];
    for (let look = 0; look < 4; look += 1) {
      expect(await settleUnknownSends(world.ctx)).toEqual({ ...NOTHING, checked: 1 });
      const pause = ((await keyOf(world))?.next_check_at ?? 0) - Date.now();
      pauses.push(pause);
      await world.age('key-1', pause + SECOND);
    }
    expect([...pauses].sort((a, b) => a - b)).toEqual(pauses);
    expect(pauses.at(-1)).toBeGreaterThan((pauses[0] ?? 0) * 1.5);
    world.provider.readFailure = null;
    expect(await settleUnknownSends(world.ctx)).toMatchObject({ settled: 1 });
  });

  it('gives up after ten minutes without proof: failed, not to be retried, and told', async () => {
    const world = await createUnknown('cut');
    world.provider.put(CUSTOMER, { fingerprint: null });
    await settleUnknownSends(world.ctx);
    await world.age('key-1', 9 * MINUTE);
    expect(await settleUnknownSends(world.ctx)).toEqual({ ...NOTHING, checked: 1 });
    await world.age('key-1', MINUTE);
    const mayHaveGoneAt = (await keyOf(world))?.reserved_at;
    expect(await settleUnknownSends(world.ctx)).toEqual({ ...NOTHING, checked: 1, failed: 1 });
    // There it stands in its conversation, and from there it counts against a cap.
    const row = (await world.rows('messages')).find(({ status }) => status === 'unknown');
    expect(row?.occurred_at).toBe(mayHaveGoneAt);
    const event = (await world.events()).at(-1);
    expect(event).toMatchObject({
      event: 'message.unknown',
      message: { status: 'unknown', text: WELCOME, providerId: null },
      data: { reason: 'outcome_unknown', retryable: false },
    });
    expect(await world.send()).toMatchObject({
      status: 'failed',
      reason: 'outcome_unknown',
      retryable: false,
      duplicate: true,
      messageId: event?.message?.id,
    });
    expect(await settleUnknownSends(world.ctx)).toEqual(NOTHING);
    expect(world.provider.calls).toHaveLength(1);
  });

  it('believes an echo that comes after it has given up', async () => {
    const world = await createUnknown('cut');
    world.provider.readFailure = new Error('unreadable');
    await world.age('key-1', 10 * MINUTE);
    expect(await settleUnknownSends(world.ctx)).toMatchObject({ failed: 1 });
    const metadata = (await keyOf(world))?.message_id ?? '';
    await world.receive(world.event('echo', { metadata, providerId: 'mid.late', text: WELCOME }));
    expect(await world.send()).toMatchObject({
      status: 'sent',
      duplicate: true,
      messageId: metadata,
      providerMessageId: 'mid.late',
    });
    const outbound = (await world.rows('messages')).filter((row) => row.direction === 'outbound');
    expect(outbound).toEqual([
      expect.objectContaining({ id: metadata, status: 'sent', provider_id: 'mid.late' }),
    ]);
  });

  it('sends once when two processes settle the same sends at the same moment', async () => {
    const world = await create();
    const count = 12;
    for (let index = 0; index < count; index += 1) {
      world.provider.behaviours.push('cut');
      const key = `key-${index}`;
      const text = `Mensagem ${index}`;
      await world.send({ idempotencyKey: key, content: { type: 'text', text } });
      await world.age(key, 30 * SECOND);
    }
    const other = world.beside(await context.openAnother());
    const both = await Promise.all([
      settleUnknownSends(world.ctx),
      settleUnknownSends(other),
      settleUnknownSends(world.ctx),
    ]);
    expect(both.reduce((sum, { sent }) => sum + sent, 0)).toBe(count);
    expect(world.provider.calls).toHaveLength(2 * count);
    expect(world.provider.delivered(CUSTOMER)).toBe(count);
  });

  it('does nothing with a look that took so long that another process took over', async () => {
    const world = await createUnknown('cut');
    const read = world.provider.recentMessages.bind(world.provider);
    world.provider.recentMessages = async (...args) => {
      world.provider.recentMessages = read;
      const seen = await read(...args);
      // The hold runs out; another process proves absence, sends, and is cut in turn.
      await world.age('key-1', 3 * MINUTE);
      world.provider.behaviours.push('acceptThenCut');
      await settleUnknownSends(world.ctx);
      return seen;
    };
    await settleUnknownSends(world.ctx);
    expect(world.provider.delivered(CUSTOMER)).toBe(1);
    expect(world.provider.calls).toHaveLength(2);
    await world.age('key-1', 30 * SECOND);
    expect(await settleUnknownSends(world.ctx)).toMatchObject({ settled: 1 });
  });

  it('does nothing when the echo comes while it looks', async () => {
    const world = await createUnknown('cut');
    const messageId = (await keyOf(world))?.message_id ?? '';
    const read = world.provider.recentMessages.bind(world.provider);
    world.provider.recentMessages = async (...args) => {
      const seen = await read(...args);
      await world.receive(world.event('echo', { metadata: messageId, providerId: 'mid.echo' }));
      return seen;
    };
    expect(await settleUnknownSends(world.ctx)).toEqual({ ...NOTHING, checked: 1 });
    expect(world.provider.calls).toHaveLength(1);
    expect(await world.send()).toMatchObject({ status: 'sent', providerMessageId: 'mid.echo' });
  });

  it('waits for the provider when it surely did not take the resend, as long as it says', async () => {
    const world = await createUnknown('cut');
    world.provider.behaviours.push(new RateLimitedError('Too fast.', 90_000, 0));
    expect(await settleUnknownSends(world.ctx)).toEqual({ ...NOTHING, checked: 1 });
    const wait = ((await keyOf(world))?.next_check_at ?? 0) - Date.now();
    expect(wait).toBeGreaterThan(80_000);
    expect(wait).toBeLessThanOrEqual(90_000);
    await world.age('key-1', 90_000);
    expect(await settleUnknownSends(world.ctx)).toEqual({ ...NOTHING, checked: 1, sent: 1 });
    expect(world.provider.delivered(CUSTOMER)).toBe(1);
  });

  it('stores a refusal of the resend as failed and frees the key', async () => {
    const world = await createUnknown('cut');
    world.provider.behaviours.push(
      new ProviderError('invalid_recipient', 'No such user.', 'recipient', 100, 2018001),
    );
    expect(await settleUnknownSends(world.ctx)).toEqual({ ...NOTHING, checked: 1, failed: 1 });
    expect((await world.events()).at(-1)).toMatchObject({
      event: 'message.failed',
      data: { reason: 'invalid_recipient' },
    });
    expect(await world.send()).toMatchObject({ status: 'sent' });
  });

  it('starts over when the resend is cut as well, but the ten minutes count from the first cut', async () => {
    const world = await createUnknown('cut');
    const since = (await keyOf(world))?.unknown_since;
    world.provider.behaviours.push('acceptThenCut');
    expect(await settleUnknownSends(world.ctx)).toEqual({ ...NOTHING, checked: 1 });
    expect(await keyOf(world)).toMatchObject({ state: 'unknown', unknown_since: since });
    expect(await settleUnknownSends(world.ctx)).toEqual(NOTHING);
    await world.age('key-1', 30 * SECOND);
    expect(await settleUnknownSends(world.ctx)).toEqual({ ...NOTHING, checked: 1, settled: 1 });
    expect(world.provider.delivered(CUSTOMER)).toBe(1);
  });

  it('marks the account expired when the token does not read', async () => {
    const world = await createUnknown('cut');
    world.provider.readFailure = new TokenExpiredError('The access token has expired.');
    await settleUnknownSends(world.ctx);
    expect(await getAccount(world.ctx, world.tenantId, world.account.id)).toMatchObject({
      status: 'expired',
    });
  });

  it('gives up what it cannot open when the encryption key is lost', async () => {
    const world = await createUnknown('cut');
    await world.age('key-1', 10 * MINUTE);
    const stranger = await context.openAnother({ encryptionSecret: 'another key' });
    expect(await settleUnknownSends(world.beside(stranger))).toMatchObject({ failed: 1 });
    expect((await world.events()).at(-1)).toMatchObject({ event: 'message.unknown' });
    expect(world.provider.reads).toBe(0);
  });

  it('settles the sends of every tenant, each in its own', async () => {
    const one = await createUnknown('cut');
    const two = await create();
    two.provider.behaviours.push('cut');
    await two.send({ content: { type: 'text', text: 'Outra clínica' } });
    await two.age('key-1', 30 * SECOND);
    // One process speaks for both tenants.
    expect(await settleUnknownSends(one.ctx)).toEqual({ ...NOTHING, checked: 2, sent: 2 });
    expect(one.provider.connections.map(({ account }) => account.tenantId).sort()).toEqual(
      [one.tenantId, one.tenantId, two.tenantId].sort(),
    );
    const tenants = (await two.rows('messages')).map(({ tenant_id }) => tenant_id);
    expect(new Set(tenants)).toEqual(new Set([two.tenantId]));
  });

  it('is not stopped by a send whose conversation has vanished', async () => {
    const broken = await createUnknown('cut');
    await broken.tenant.run(deleteRows, 'conversations');
    const world = await createUnknown('acceptThenCut');
    expect(await settleUnknownSends(world.ctx)).toEqual({ ...NOTHING, checked: 2, settled: 1 });
  });

  it('does not call the provider with a lease that another process has taken over', async () => {
    const world = await createUnknown('cut');
    const key = await keyOf(world);
    const query = { accountId: world.account.id, recipientExternalId: CUSTOMER };
    const [target] = await world.tenant.run(resolveTargets, { queries: [query] });
    if (!target?.ok || target.value.kind !== 'found') throw new Error('There is no target.');
    const outcome = await attemptSend(world.ctx, {
      tenantId: world.tenantId,
      key: 'key-1',
      messageId: key?.message_id ?? '',
      owner: 'a process that was halted',
      ...target.value.target,
      content: { type: 'text', text: WELCOME },
      settings: {},
      leasedAt: performance.now() - 6 * SECOND,
    });
    expect(outcome).toMatchObject({ kind: 'lost' });
    expect(world.provider.calls).toHaveLength(1);
  });
});
