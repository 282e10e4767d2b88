import { blockAccount, refundTokens, resetLimit } from '../../../core/limits';
import { InvalidInputError } from '../../../core/model';
import { describeOnBothDatabases } from '../../support/storeContext';
import { createAccount, remainingOf, untilMinuteIsYoung } from './support/account';
import { age, readNow } from './support/limitUnits.cjs';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describeOnBothDatabases('the rate limiter', (context) => {
  beforeEach(untilMinuteIsYoung);

  it('counts in three windows of UTC, 60, 1,000 and 10,000 where nothing was set', async () => {
    const account = createAccount(context);
    const before = await context.store.forTenant(account.tenantId).run(readNow, null);
    const state = await account.take(3);
    const after = await context.store.forTenant(account.tenantId).run(readNow, null);
    expect(state).toEqual({
      allowed: true,
      connectionId: account.accountId,
      consumed: 3,
      retryAfterMs: 0,
      windows: {
        perMinute: { limit: 60, remaining: 57, resetsAt: expect.any(String) },
        perHour: { limit: 1_000, remaining: 997, resetsAt: expect.any(String) },
        perDay: { limit: 10_000, remaining: 9_997, resetsAt: expect.any(String) },
      },
    });
    const { perMinute, perHour, perDay } = state.windows;
    for (const [window, length] of [
      [perMinute, MINUTE],
      [perHour, HOUR],
      [perDay, DAY],
    ] as const) {
      const end = Date.parse(window.resetsAt);
      expect(end % length).toBe(0);
      expect(end).toBeGreaterThan(before);
      expect(end - length).toBeLessThanOrEqual(after);
    }
  });

  it('refuses what one window does not hold, and then no window counts it', async () => {
    const account = createAccount(context);
    await account.limit({ perMinute: 50, perHour: 7, perDay: 40 });
    expect((await account.take(5)).allowed).toBe(true);
    const refused = await account.take(3);
    expect(refused).toMatchObject({ allowed: false, consumed: 0 });
    expect(remainingOf(refused)).toEqual([45, 2, 35]);
    expect(refused.retryAfterMs).toBeGreaterThan(0);
    expect(refused.retryAfterMs).toBeLessThanOrEqual(HOUR);
    expect(await account.used()).toEqual([5, 5, 5]);
    expect((await account.take(2)).allowed).toBe(true);
    expect(await account.used()).toEqual([7, 7, 7]);
  });

  it('takes in the chosen windows alone', async () => {
    const account = createAccount(context);
    await account.limit({ perMinute: 2 });
    expect((await account.take(5, { windows: ['day'] })).allowed).toBe(true);
    expect(await account.used()).toEqual([0, 0, 5]);
    await account.take(2, { windows: ['minute', 'hour'] });
    expect(await account.used()).toEqual([2, 2, 5]);
    expect((await account.take(1, { windows: ['minute'] })).allowed).toBe(false);
    expect((await account.take(1, { windows: ['hour', 'day'] })).allowed).toBe(true);
  });

  it('says at once that a count beyond the smallest limit can never go, and spares those beside it', async () => {
    const account = createAccount(context);
    await account.limit({ perMinute: 10, perHour: 8 });
    const [first, tooMany, last] = await Promise.allSettled([
      account.take(4),
      account.take(9),
      account.take(4),
    ]);
    expect(first).toMatchObject({ status: 'fulfilled', value: { allowed: true } });
    expect(last).toMatchObject({ status: 'fulfilled', value: { allowed: true } });
    const { reason } = tooMany as PromiseRejectedResult;
    expect(reason).toBeInstanceOf(InvalidInputError);
    expect(reason).toMatchObject({
      field: 'count',
      message: expect.stringMatching(/9 at once.*limit for one hour is 8/) as unknown,
      hint: expect.stringMatching(/at most 8/) as unknown,
    });
    await expect(account.check(9)).rejects.toBeInstanceOf(InvalidInputError);
    expect(await account.used()).toEqual([8, 8, 8]);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses a count of %p',
    async (count) => {
      const account = createAccount(context);
      await expect(account.take(count)).rejects.toMatchObject({ field: 'count' });
    },
  );

  it('keeps accounts and tenants apart', async () => {
    const one = createAccount(context);
    const two = createAccount(context);
    await one.take(60);
    expect((await one.take()).allowed).toBe(false);
    expect(remainingOf(await two.take(1, { accountId: one.accountId }))).toEqual([59, 999, 9_999]);
    expect(remainingOf(await one.take(1, { accountId: two.accountId }))).toEqual([59, 999, 9_999]);
  });

  it('checks without taking, and without making anything', async () => {
    const account = createAccount(context);
    const fresh = await account.check();
    expect(fresh).toMatchObject({ allowed: true, consumed: 0, retryAfterMs: 0 });
    expect(remainingOf(fresh)).toEqual([60, 1_000, 10_000]);
    await expect(account.row()).rejects.toThrow('no row');
    await account.take(59);
    expect(await account.check(1)).toMatchObject({ allowed: true, consumed: 0 });
    expect(await account.check(2)).toMatchObject({ allowed: false, consumed: 0 });
    expect(remainingOf(await account.check())).toEqual([1, 941, 9_941]);
  });

  it.each([
    ['minute', ['minute'], [59, 997, 9_997]],
    ['hour', ['minute', 'hour'], [59, 999, 9_997]],
    ['day', ['minute', 'hour', 'day'], [59, 999, 9_999]],
  ] as const)('begins a new %s by itself', async (_name, windows, remaining) => {
    const account = createAccount(context);
    await account.take(2);
    const tenant = context.store.forTenant(account.tenantId);
    const length = { minute: MINUTE, hour: HOUR, day: DAY };
    for (const window of windows) {
      const { accountId } = account;
      await tenant.run(age, { accountId, windows: [window], milliseconds: length[window] });
    }
    expect(remainingOf(await account.take())).toEqual(remaining);
  });

  it('never goes back to an earlier window when the clock is set back', async () => {
    const account = createAccount(context);
    await account.limit({ perMinute: 5 });
    await account.take(5);
    const { minute_start: start } = await account.row();
    // The row was counted ten minutes ahead: as if the clock had been set back since.
    await context.store.forTenant(account.tenantId).run(age, {
      accountId: account.accountId,
      windows: ['minute'],
      milliseconds: -10 * MINUTE,
    });
    const refused = await account.take();
    expect(refused.allowed).toBe(false);
    expect(refused.windows.perMinute).toMatchObject({
      remaining: 0,
      resetsAt: new Date(start + 11 * MINUTE).toISOString(),
    });
    expect(refused.retryAfterMs).toBeGreaterThan(9 * MINUTE);
  });

  it('shows nothing left, never less, when a limit is lowered below what was used', async () => {
    const account = createAccount(context);
    await account.take(20);
    const lowered = await account.limit({ perMinute: 5, perHour: 10 });
    expect(remainingOf(lowered)).toEqual([0, 0, 9_980]);
    expect(lowered.windows.perMinute.limit).toBe(5);
    const refused = await account.take();
    expect(refused.allowed).toBe(false);
    expect(Date.parse(refused.windows.perHour.resetsAt) % HOUR).toBe(0);
    expect(remainingOf(await account.limit({ perMinute: 100, perHour: null }))).toEqual([
      80, 980, 9_980,
    ]);
    expect((await account.take(40)).allowed).toBe(true);
  });

  it('keeps the limits of an account in the store', async () => {
    const account = createAccount(context);
    await account.limit({ perMinute: 7, perDay: 70 });
    await account.limit({ perHour: 30 });
    const other = account.beside(await context.openAnother());
    expect(
      (await account.take(1, {})).windows.perMinute.limit +
        (await resetLimit(other, account.of)).windows.perHour.limit,
    ).toBe(37);
    expect(await account.row()).toMatchObject({ per_minute: 7, per_hour: 30, per_day: 70 });
  });

  it.each([0, -5, 2.5, 1_000_000_001])('refuses a limit of %p', async (perHour) => {
    const account = createAccount(context);
    await expect(account.limit({ perHour })).rejects.toMatchObject({ field: 'perHour' });
    await expect(account.row()).rejects.toThrow('no row');
  });

  it('counts from zero again in one window or in all', async () => {
    const account = createAccount(context);
    await account.take(10);
    await resetLimit(account.ctx, { ...account.of, window: 'hour' });
    expect(await account.used()).toEqual([10, 0, 10]);
    expect(remainingOf(await resetLimit(account.ctx, account.of))).toEqual([60, 1_000, 10_000]);
    expect(await account.used()).toEqual([0, 0, 0]);
  });

  it('gives back what was not used, in the windows that it was taken from', async () => {
    const account = createAccount(context);
    const taken = await account.take(10);
    await account.take(5);
    expect(remainingOf(await refundTokens(account.ctx, account.of, taken))).toEqual([
      55, 995, 9_995,
    ]);
    const late = await account.take(3);
    // The minute it was taken in is over; hour and day still run.
    const minute = late.windows.perMinute;
    minute.resetsAt = new Date(Date.parse(minute.resetsAt) - MINUTE).toISOString();
    await refundTokens(account.ctx, account.of, late);
    expect(await account.used()).toEqual([8, 5, 5]);
  });

  it('gives nothing back for a call that took nothing', async () => {
    const account = createAccount(context);
    await account.limit({ perMinute: 1 });
    await account.take();
    await refundTokens(account.ctx, account.of, await account.take());
    expect(await account.used()).toEqual([1, 1, 1]);
  });

  it('lets nothing through while an account is blocked, and charges nothing', async () => {
    const account = createAccount(context);
    const now = await context.store.forTenant(account.tenantId).run(readNow, null);
    const blocked = await blockAccount(account.ctx, { ...account.of, until: now + HOUR });
    expect(blocked.allowed).toBe(false);
    const refused = await account.take();
    expect(refused).toMatchObject({ allowed: false, consumed: 0 });
    expect(refused.retryAfterMs).toBeGreaterThan(HOUR - 10_000);
    expect(refused.retryAfterMs).toBeLessThanOrEqual(HOUR);
    expect(remainingOf(refused)).toEqual([60, 1_000, 10_000]);
    expect(await account.used()).toEqual([0, 0, 0]);
    await blockAccount(account.ctx, { ...account.of, until: null });
    expect((await account.take()).allowed).toBe(true);
  });

  it('lets an account go on by itself when its pause is over', async () => {
    const account = createAccount(context);
    const tenant = context.store.forTenant(account.tenantId);
    const until = (await tenant.run(readNow, null)) + HOUR;
    await blockAccount(account.ctx, { ...account.of, until });
    await tenant.run(age, { accountId: account.accountId, milliseconds: HOUR });
    expect((await account.take()).allowed).toBe(true);
  });
});
