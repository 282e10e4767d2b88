import { sendMessage, settleUnknownSends } from '../../../core/messaging';
import { ProviderError, type SendResult } from '../../../core/model';
import { describeOnBothDatabases } from '../../support/storeContext';
import { failingAt } from './support/failingStore';
import { deleteRows } from './support/messagingUnits.cjs';
import { createWorld, CUSTOMER, type World } from './support/world';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const PART_MARK = '\u001f';
const KEYS = ['key-1', `key-1${PART_MARK}2`, `key-1${PART_MARK}3`];
/** Three messages of a channel that takes 1,000 bytes. */
const WORDS = ['primeira', 'segunda', 'terceira'];
const LONG = WORDS.map((word) => `${word} `.repeat(Math.floor(900 / (word.length + 1)))).join('\n');
const CONTENT = { type: 'text', text: LONG } as const;

const refused = new ProviderError(
  'invalid_recipient',
  'Meta refused it.',
  'recipient',
  551,
  1545041,
);

describeOnBothDatabases('a message in several parts', (context) => {
  let worlds: World[] = [];

  // settleUnknownSends() works for every tenant: what a test left open is taken out of the others' way.
  afterEach(async () => {
    for (const world of worlds) await world.tenant.run(deleteRows, 'idempotency_keys');
    worlds = [];
  });

  async function create(): Promise<World> {
    const world = await createWorld(context);
    worlds.push(world);
    await world.customerWrites();
    return world;
  }

  const send = (world: World) => world.send({ content: CONTENT });
  /** First words of what was given to the provider, in order. */
  const called = (world: World) =>
    world.provider.calls.map(({ content }) =>
      'text' in content ? content.text.split(' ')[0] : '',
    );
  /** First words of what the customer has, in order. */
  const got = (world: World) => {
    const prints = WORDS.map((word) => {
      const text = LONG.split('\n').find((line) => line.startsWith(word)) ?? '';
      return [
        world.provider.contentFingerprint({ type: 'text', text: text.trim() }),
        word,
      ] as const;
    });
    const byPrint = new Map(prints);
    return (world.provider.conversations.get(CUSTOMER) ?? [])
      .filter(({ direction }) => direction === 'outbound')
      .toReversed()
      .map(({ fingerprint }) => byPrint.get(fingerprint ?? ''));
  };
  const keysOf = async (world: World) =>
    (await world.rows('idempotency_keys')).map(({ key }) => key).sort();
  const ageAll = async (world: World, milliseconds: number) => {
    for (const key of await keysOf(world)) await world.age(key, milliseconds);
  };
  async function settleAll(world: World): Promise<void> {
    for (let look = 0; look < 6; look += 1) {
      await settleUnknownSends(world.ctx);
      await ageAll(world, 20 * SECOND);
    }
  }
  const statuses = ({ parts }: SendResult) => parts?.map(({ status }) => status);

  it('goes in order, is one result, and is stored and told message by message', async () => {
    const world = await create();
    const result = await send(world);
    expect(result).toMatchObject({ status: 'sent', partsTotal: 3 });
    expect(statuses(result)).toEqual(['sent', 'sent', 'sent']);
    expect(result.messageId).toBe(result.parts?.[0]?.messageId);
    expect(result.rateLimit?.perDay.remaining).toBe(9_997);
    expect(got(world)).toEqual(WORDS);
    const events = (await world.events()).filter(({ event }) => event === 'message.sent');
    expect(events.map(({ message }) => message?.text?.split(' ')[0])).toEqual(WORDS);
    const again = await send(world);
    expect(again).toMatchObject({ status: 'sent', duplicate: true, messageId: result.messageId });
    expect(world.provider.calls).toHaveLength(3);
  });

  it('answers a message with its first part alone', async () => {
    const world = await create();
    await world.send({ content: CONTENT, settings: { replyTo: 'mid.in.1', notification: 'none' } });
    expect(world.provider.calls.map(({ settings }) => settings)).toEqual([
      { replyTo: 'mid.in.1', notification: 'none' },
      { notification: 'none' },
      { notification: 'none' },
    ]);
  });

  it('is refused as a whole where that was asked for', async () => {
    const world = await create();
    const result = await world.send({ content: CONTENT, split: false });
    expect(result).toMatchObject({ status: 'failed', reason: 'invalid_content' });
    expect(world.provider.calls).toEqual([]);
  });

  it('sends nothing when a later part cannot go', async () => {
    const world = await create();
    const last = 'x'.repeat(1_100);
    world.provider.refusesTextWith = 'terceira';
    const result = await world.send({ content: { type: 'text', text: `${LONG}\n${last}` } });
    expect(result).toMatchObject({ status: 'failed', reason: 'invalid_content' });
    expect(world.provider.calls).toEqual([]);
    expect(await keysOf(world)).toEqual([]);
  });

  it('stops at a part that is refused, and a retry sends only what was not sent', async () => {
    const world = await create();
    world.provider.behaviours.push('accept', refused);
    const first = await send(world);
    expect(first).toMatchObject({ status: 'failed', reason: 'invalid_recipient', partsTotal: 3 });
    expect(statuses(first)).toEqual(['sent', 'failed']);
    expect(first.detail).toMatch(/1 of the 3 parts of this message were sent before it/);
    expect(await keysOf(world)).toEqual(KEYS.slice(0, 1));
    const retried = await send(world);
    expect(retried).toMatchObject({ status: 'sent', partsTotal: 3 });
    expect(retried).not.toHaveProperty('duplicate');
    expect(called(world)).toEqual(['primeira', 'segunda', 'segunda', 'terceira']);
    expect(got(world)).toEqual(WORDS);
  });

  it('gives every key back when the first part is held back by policy', async () => {
    const world = await createWorld(context);
    worlds.push(world);
    expect(await send(world)).toMatchObject({ status: 'skipped', reason: 'window_closed' });
    expect(await keysOf(world)).toEqual([]);
  });

  it.each(['acceptThenCut', 'cut'] as const)(
    'waits with the rest while nobody knows of a part (the provider did: %s), and then sends it in order',
    async (behaviour) => {
      const world = await create();
      world.provider.behaviours.push('accept', behaviour);
      const first = await send(world);
      expect(first).toMatchObject({ status: 'unknown', reason: 'outcome_unknown' });
      expect(await send(world)).toMatchObject({ status: 'unknown' });
      expect(called(world)).toEqual(['primeira', 'segunda']);
      await ageAll(world, 30 * SECOND);
      await settleAll(world);
      expect(got(world)).toEqual(WORDS);
      const again = await send(world);
      expect(again).toMatchObject({ status: 'sent', duplicate: true });
      expect(statuses(again)).toEqual(['sent', 'sent', 'sent']);
      expect(got(world)).toEqual(WORDS);
    },
  );

  it.each(['accept', 'nothing'] as const)(
    'is finished once by another process when this one dies in the middle (the provider did: %s)',
    async (behaviour) => {
      const world = await create();
      let died = () => undefined as void;
      const death = new Promise<void>((resolve) => (died = resolve));
      world.provider.behaviours.push('accept', (request, providerId) => {
        if (behaviour === 'accept') world.provider.hold(request, providerId);
        died();
        // A process that is gone hears no answer.
        return new Promise(() => undefined);
      });
      void send(world);
      await death;
      expect(await keysOf(world)).toEqual(KEYS);
      const other = { ...world, ctx: world.beside(await context.openAnother()) };
      await ageAll(world, 30 * SECOND);
      await settleUnknownSends(other.ctx);
      expect(world.provider.delivered(CUSTOMER)).toBe(behaviour === 'accept' ? 2 : 1);
      await ageAll(world, 35 * SECOND);
      await settleAll(other);
      expect(got(world)).toEqual(WORDS);
    },
  );

  it('is finished when the store fails after a part was accepted', async () => {
    const world = await create();
    const ctx = { ...world.ctx, store: failingAt(context.store, 'completeSends') };
    const result = await sendMessage(ctx, {
      tenantId: world.tenantId,
      accountId: world.account.id,
      recipientExternalId: CUSTOMER,
      content: CONTENT,
      idempotencyKey: 'key-1',
    });
    expect(result).toMatchObject({ status: 'unknown' });
    await ageAll(world, 65 * SECOND);
    await settleAll(world);
    expect(got(world)).toEqual(WORDS);
  });

  it('never sends the end of a message whose middle was given up', async () => {
    const world = await create();
    world.provider.behaviours.push('accept', 'cut');
    await send(world);
    world.provider.readFailure = new ProviderError(
      'provider_unavailable',
      'Meta is away.',
      'unavailable',
      null,
      null,
    );
    await ageAll(world, 11 * MINUTE);
    await settleAll(world);
    world.provider.readFailure = null;
    await settleAll(world);
    expect(called(world)).toEqual(['primeira', 'segunda']);
    const types = await world.eventTypes();
    expect(types.filter((type) => type === 'message.unknown')).toHaveLength(2);
    expect(await send(world)).toMatchObject({
      status: 'failed',
      reason: 'outcome_unknown',
      retryable: false,
    });
    expect(called(world)).toEqual(['primeira', 'segunda']);
  });

  it('goes once, however many ask for it at the same moment, from two processes', async () => {
    const world = await create();
    const beside = world.beside(await context.openAnother());
    const input = {
      tenantId: world.tenantId,
      accountId: world.account.id,
      recipientExternalId: CUSTOMER,
      content: CONTENT,
      idempotencyKey: 'key-1',
    };
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        sendMessage(index % 2 === 0 ? world.ctx : beside, input),
      ),
    );
    expect(results.filter(({ status, duplicate }) => status === 'sent' && !duplicate)).toHaveLength(
      1,
    );
    expect(got(world)).toEqual(WORDS);
    expect(await send(world)).toMatchObject({ status: 'sent', duplicate: true });
  });

  it('that became shorter sends nothing of its beginning again', async () => {
    const world = await create();
    world.provider.behaviours.push('accept', refused);
    await send(world);
    expect(await world.send()).toMatchObject({ status: 'sent', duplicate: true });
    expect(called(world)).toEqual(['primeira', 'segunda']);
  });
});
