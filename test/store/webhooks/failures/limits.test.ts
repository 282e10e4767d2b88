import { takeTokens } from '../../../../core/limits';
import { describeOnBothDatabases } from '../../../support/storeContext';
import { createAccount, remainingOf, untilMinuteIsYoung } from '../../limits/support/account';
import { createWorld } from '../../messaging/support/world';
import { runSql } from '../support/databaseFaults';

describeOnBothDatabases('rate limits that cannot be read or are lowered', (context) => {
  it('case 40: the limits cannot be reached: a send goes uncounted and the log says so, whoever asks for tokens is refused, and a count that can never go is refused at once', async () => {
    const world = await createWorld(context);
    await world.customerWrites();
    const of = { tenantId: world.tenantId, accountId: world.account.id };
    await runSql(context.target, 'alter table account_limits rename to account_limits_away');
    try {
      const sent = await world.send({ idempotencyKey: 'while they are away' });
      expect(sent).toMatchObject({ status: 'sent' });
      expect(sent.rateLimit).toBeUndefined();
      expect(context.logger.entries).toContainEqual(
        expect.objectContaining({
          level: 'warn',
          message: expect.stringMatching(/goes uncounted/),
          meta: expect.objectContaining(of),
        }),
      );
      await expect(takeTokens(world.ctx, { ...of, count: 1 })).rejects.toMatchObject({
        name: 'StoreError',
      });
    } finally {
      await runSql(context.target, 'alter table account_limits_away rename to account_limits');
    }
    const counted = await world.send({ idempotencyKey: 'when they are back' });
    expect(counted.rateLimit?.perMinute.remaining).toBe(59);
    await expect(takeTokens(world.ctx, { ...of, count: 61 })).rejects.toMatchObject({
      field: 'count',
    });
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
