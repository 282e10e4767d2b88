import { checkLimit, resetLimit, takeTokens } from '../../../../core/limits';
import { describeOnBothDatabases } from '../../../support/storeContext';
import { waitFor } from '../../../support/waitFor';
import { createAccount, remainingOf, untilMinuteIsYoung } from '../../limits/support/account';
import { createWorld } from '../../messaging/support/world';
import { runSql } from '../support/databaseFaults';

describeOnBothDatabases('rate limits that cannot be read or are lowered', (context) => {
  /** The limits cannot be reached while the function runs. */
  async function withoutLimits<T>(run: () => Promise<T>): Promise<T> {
    await runSql(context.target, 'alter table account_limits rename to account_limits_away');
    try {
      return await run();
    } finally {
      await runSql(context.target, 'alter table account_limits_away rename to account_limits');
    }
  }

  it('case 40: the limits cannot be reached: a send goes uncounted, the log and a counter say so, whoever asks for tokens is refused, and a count that can never go is refused at once', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    const of = { tenantId: world.tenantId, accountId: world.account.id };
    await withoutLimits(async () => {
      const sent = await world.send({ idempotencyKey: 'while they are away' });
      expect(sent).toMatchObject({ status: 'sent' });
      expect(sent.rateLimit).toBeUndefined();
      await world.send({ idempotencyKey: 'one more' });
      expect(context.logger.entries).toContainEqual(
        expect.objectContaining({
          level: 'warn',
          message: expect.stringMatching(/goes uncounted/),
          meta: expect.objectContaining({ ...of, uncounted: 2 }),
        }),
      );
      await expect(takeTokens(world.ctx, { ...of, count: 1 })).rejects.toMatchObject({
        name: 'StoreError',
      });
    });
    const lastAt = new Date(context.clock.now()).toISOString();
    const uncounted = { sends: 2, lastAt };
    await expect(checkLimit(world.ctx, of)).resolves.toMatchObject({ uncounted });
    const counted = await world.send({ idempotencyKey: 'when they are back' });
    expect(counted.rateLimit?.perMinute.remaining).toBe(59);
    // Another process sees it, too, and whoever begins at zero has seen it.
    const elsewhere = world.beside(await context.openAnother());
    await waitFor(async () => (await checkLimit(elsewhere, of)).uncounted?.sends === 2, {
      what: 'the number to be written down',
    });
    await expect(checkLimit(world.ctx, of)).resolves.toMatchObject({ uncounted });
    const reset = await resetLimit(elsewhere, of);
    expect(reset.uncounted).toBeUndefined();
    await expect(takeTokens(world.ctx, { ...of, count: 61 })).rejects.toMatchObject({
      field: 'count',
    });
  });

  it('case 40: the limits cannot be reached and the admin wants nothing uncounted: the send is refused and can be made again', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    const of = { tenantId: world.tenantId, accountId: world.account.id };
    world.ctx.uncountedSends = 'refused';
    const refused = await withoutLimits(() => world.send());
    expect(refused).toMatchObject({ status: 'failed', reason: 'rate_limited', retryable: true });
    expect(refused.detail).toContain('cannot be read');
    expect(refused.detail).toContain('OMNICHANNEL_SEND_WITHOUT_LIMITS');
    expect((await checkLimit(world.ctx, of)).uncounted).toBeUndefined();
    await expect(world.send()).resolves.toMatchObject({ status: 'sent' });
  });

  it('case 41: a limit is lowered below what was used: nothing is left, never less than nothing, and the reset is the end of the window', async () => {
    await untilMinuteIsYoung();
    const account = createAccount(context);
    await account.take(20);
    const lowered = await account.limit({ perMinute: 5, perHour: 10 });
    expect(remainingOf(lowered)).toEqual([0, 0, 9_980]);
    const refused = await account.take();
    expect(refused).toMatchObject({ allowed: false, consumed: 0 });
    const resetsAt = Date.parse(refused.windows.perMinute.resetsAt);
    expect(resetsAt % 60_000).toBe(0);
    expect(resetsAt - Date.now()).toBeLessThanOrEqual(60_000);
    expect(await account.used()).toEqual([20, 20, 20]);
  });
});
