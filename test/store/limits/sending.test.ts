import { blockAccount, checkLimit, setLimits } from '../../../core/limits';
import { ProviderError } from '../../../core/model';
import { sendMessage, settleUnknownSends } from '../../../core/messaging';
import { describeOnBothDatabases } from '../../support/storeContext';
import { failingAt } from '../messaging/support/failingStore';
import { createWorld, CUSTOMER, type World } from '../messaging/support/world';
import { untilMinuteIsYoung } from './support/account';
import { readNow } from './support/limitUnits.cjs';

describeOnBothDatabases('the limits of a sending account', (context) => {
  beforeEach(untilMinuteIsYoung);

  const limit = (world: World, perMinute: number) =>
    setLimits(world.ctx, world.tenantId, world.account.id, { perMinute });
  const left = async (world: World) => {
    const of = { tenantId: world.tenantId, accountId: world.account.id };
    return (await checkLimit(world.ctx, of)).windows.perMinute.remaining;
  };

  it('let one message go for each token, and then refuse with the time to wait', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    await limit(world, 2);
    expect((await world.send({ idempotencyKey: '1' })).rateLimit?.perMinute.remaining).toBe(1);
    expect((await world.send({ idempotencyKey: '2' })).rateLimit?.perMinute.remaining).toBe(0);
    const refused = await world.send({ idempotencyKey: '3' });
    expect(refused).toMatchObject({
      status: 'failed',
      reason: 'rate_limited',
      retryable: true,
      providerMessageId: null,
      rateLimit: { perMinute: { limit: 2, remaining: 0 }, perHour: { remaining: 998 } },
    });
    expect(refused.detail).toMatch(
      /"Clínica Sol" has used up its limit of 2 messages a minute: none is left, and there is room again in \d+ seconds?\. Nothing was sent\./,
    );
    expect(world.provider.calls).toHaveLength(2);
    expect((await world.eventTypes()).at(-1)).toBe('message.failed');
    // The key is free again: the same call can be made later.
    await limit(world, 3);
    expect(await world.send({ idempotencyKey: '3' })).toMatchObject({ status: 'sent' });
  });

  it('say that the provider asks for a pause', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    const until = (await world.tenant.run(readNow, null)) + 125_000;
    const of = { tenantId: world.tenantId, accountId: world.account.id };
    await blockAccount(world.ctx, { ...of, until });
    const refused = await world.send();
    expect(refused).toMatchObject({ status: 'failed', reason: 'rate_limited', retryable: true });
    expect(refused.detail).toMatch(/paused for another 3 minutes, because its provider/);
    expect(world.provider.calls).toHaveLength(0);
  });

  it('are not charged for what policy or content holds back', async () => {
    const world = await createWorld(context);
    const closed = await world.send();
    expect(closed).toMatchObject({ status: 'skipped' });
    expect(closed.rateLimit).toBeUndefined();
    await world.customerWrites();
    const text = 'x'.repeat(1_001);
    const tooLong = await world.send({ content: { type: 'text', text }, split: false });
    expect(tooLong).toMatchObject({ status: 'failed', reason: 'invalid_content' });
    expect(await left(world)).toBe(60);
  });

  it('are not charged for a repeat', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    await world.send();
    const repeat = await world.send();
    expect(repeat).toMatchObject({ duplicate: true });
    expect(repeat.rateLimit).toBeUndefined();
    expect(await left(world)).toBe(59);
  });

  it('get the token back when the message was surely not sent', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    world.provider.behaviours.push(
      new ProviderError('invalid_recipient', 'Nobody there.', 'recipient', 100, 2018001),
    );
    const failed = await world.send();
    expect(failed).toMatchObject({ status: 'failed', rateLimit: { perMinute: { remaining: 60 } } });
    expect(await left(world)).toBe(60);
  });

  it('keep the token of a message that may have arrived', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    world.provider.behaviours.push('acceptThenCut');
    expect(await world.send()).toMatchObject({ status: 'unknown' });
    expect(await left(world)).toBe(59);
  });

  it('hold for the runtime too, which then sends when there is room', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    world.provider.behaviours.push('cut');
    await world.send();
    await limit(world, 1);
    await world.age('key-1', 60_000);
    expect(await settleUnknownSends(world.ctx)).toMatchObject({ checked: 1, sent: 0, failed: 0 });
    expect(world.provider.calls).toHaveLength(1);
    await limit(world, 10);
    await world.age('key-1', 60_000);
    expect(await settleUnknownSends(world.ctx)).toMatchObject({ sent: 1 });
    expect(world.provider.delivered(CUSTOMER)).toBe(1);
  });

  it('do not keep a message back when they cannot be counted at this moment', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    const ctx = { ...world.ctx, store: failingAt(context.store, 'applyWork') };
    const result = await sendMessage(ctx, {
      tenantId: world.tenantId,
      accountId: world.account.id,
      recipientExternalId: CUSTOMER,
      content: { type: 'text', text: 'Lembrete' },
      idempotencyKey: 'uncounted',
    });
    expect(result).toMatchObject({ status: 'sent' });
    expect(result.rateLimit).toBeUndefined();
    expect(context.logger.entries.at(-1)?.message).toMatch(/goes uncounted/);
  });

  it('let exactly as many of a hundred sends at once go as there are tokens', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    await limit(world, 30);
    const other = world.beside(await context.openAnother());
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        sendMessage(index % 2 === 0 ? world.ctx : other, {
          tenantId: world.tenantId,
          accountId: world.account.id,
          recipientExternalId: CUSTOMER,
          content: { type: 'text', text: `Oi ${index}` },
          idempotencyKey: `key-${index}`,
        }),
      ),
    );
    expect(results.filter(({ status }) => status === 'sent')).toHaveLength(30);
    expect(world.provider.calls).toHaveLength(30);
    expect(await left(world)).toBe(0);
  });
});
