import { noteUsage, resetLimit, takeTokens, type UsageReport } from '../../../core/limits';
import { describeOnBothDatabases } from '../../support/storeContext';
import {
  createAccount,
  remainingOf,
  untilMinuteIsYoung,
  type TestAccount,
} from './support/account';
import { age } from './support/limitUnits.cjs';

const MINUTE = 60_000;

describeOnBothDatabases("a provider's own limit", (context) => {
  beforeEach(untilMinuteIsYoung);

  const hear = (account: TestAccount, report: Partial<UsageReport>) =>
    noteUsage(
      account.ctx,
      { id: account.accountId, tenantId: account.tenantId },
      { percent: 0, regainAccessMs: 0, throttled: false, ...report },
    );
  const limitsOf = async (account: TestAccount) => {
    const { perMinute, perHour, perDay } = (await account.check()).windows;
    return [perMinute.limit, perHour.limit, perDay.limit];
  };

  it.each([
    [74, [60, 1_000, 10_000]],
    [75, [60, 1_000, 10_000]],
    [85, [37, 625, 6_250]],
    [95, [15, 250, 2_500]],
    [99, [15, 250, 2_500]],
  ])('at %d %% leaves these limits: %p', async (percent, limits) => {
    const account = createAccount(context);
    await hear(account, { percent });
    expect(await limitsOf(account)).toEqual(limits);
  });

  it('is forgotten when it is low again, also by a process that did not hear of it', async () => {
    const account = createAccount(context);
    await hear(account, { percent: 95 });
    const other = account.beside(await context.openAnother());
    expect((await account.take()).windows.perMinute).toMatchObject({ limit: 15, remaining: 14 });
    // What the other process knows, it knows from its own takes.
    await takeTokens(other, account.of);
    await hear({ ...account, ctx: other }, { percent: 20 });
    expect(await limitsOf(account)).toEqual([60, 1_000, 10_000]);
  });

  it('is believed for five minutes', async () => {
    const account = createAccount(context);
    await hear(account, { percent: 95 });
    const { accountId } = account;
    const tenant = context.store.forTenant(account.tenantId);
    await tenant.run(age, { accountId, milliseconds: 4 * MINUTE });
    expect((await limitsOf(account))[0]).toBe(15);
    await tenant.run(age, { accountId, milliseconds: MINUTE });
    expect((await limitsOf(account))[0]).toBe(60);
  });

  it('writes nothing while it is low', async () => {
    const account = createAccount(context);
    await hear(account, { percent: 40 });
    await hear(account, { percent: 74 });
    await expect(account.row()).rejects.toThrow('no row');
  });

  it('never shows less than nothing left, and never less than one', async () => {
    const account = createAccount(context);
    await account.limit({ perMinute: 2 });
    await account.take(2);
    await hear(account, { percent: 95 });
    expect(remainingOf(await account.check())).toEqual([0, 248, 2_498]);
    expect((await limitsOf(account))[0]).toBe(1);
  });

  it('makes a count wait that fits the limits but not the slowed ones', async () => {
    const account = createAccount(context);
    await hear(account, { percent: 95 });
    const refused = await account.take(40);
    expect(refused.allowed).toBe(false);
    expect(refused.retryAfterMs).toBeGreaterThan(4 * MINUTE);
    expect(refused.retryAfterMs).toBeLessThanOrEqual(5 * MINUTE);
  });

  it.each<[string, Partial<UsageReport>, number]>([
    ['at 100 %, for five minutes where no time is named', { percent: 100 }, 5],
    ['after a refusal for too many calls', { percent: 10, throttled: true }, 5],
    ['until the time that it names', { percent: 100, regainAccessMs: 12 * MINUTE }, 12],
    ['when it names a time below 100 %', { percent: 80, regainAccessMs: 3 * MINUTE }, 3],
  ])('stops an account %s', async (_name, report, minutes) => {
    const account = createAccount(context);
    await hear(account, report);
    const refused = await account.take();
    expect(refused).toMatchObject({ allowed: false, consumed: 0 });
    expect(refused.retryAfterMs).toBeGreaterThan((minutes - 1) * MINUTE);
    expect(refused.retryAfterMs).toBeLessThanOrEqual(minutes * MINUTE);
    expect(await account.used()).toEqual([0, 0, 0]);
    const { accountId } = account;
    await context.store
      .forTenant(account.tenantId)
      .run(age, { accountId, milliseconds: minutes * MINUTE });
    // Afterwards slowly, until it says that it may be faster.
    expect((await account.take()).windows.perMinute).toMatchObject({ limit: 15, remaining: 14 });
    await hear(account, { percent: 5 });
    expect((await limitsOf(account))[0]).toBe(60);
  });

  it('does not shorten a longer pause', async () => {
    const account = createAccount(context);
    await hear(account, { percent: 100, regainAccessMs: 60 * MINUTE });
    await hear(account, { throttled: true, regainAccessMs: MINUTE });
    expect((await account.take()).retryAfterMs).toBeGreaterThan(59 * MINUTE);
  });

  it('stays in force when our own counters are reset, unless that is asked for', async () => {
    const account = createAccount(context);
    await account.take(5);
    await hear(account, { throttled: true });
    expect((await resetLimit(account.ctx, account.of)).allowed).toBe(false);
    const lifted = await resetLimit(account.ctx, { ...account.of, liftPause: true });
    expect(lifted.allowed).toBe(true);
    expect(remainingOf(lifted)).toEqual([60, 1_000, 10_000]);
  });
});
