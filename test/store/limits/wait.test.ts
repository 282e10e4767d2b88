import {
  blockAccount,
  setLimits,
  waitForTokens,
  type LimitsContext,
  type WaitRequest,
} from '../../../core/limits';
import { describeOnBothDatabases } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import { createAccount, untilMinuteIsYoung, type TestAccount } from './support/account';
import { readNow } from './support/limitUnits.cjs';

const HOUR = 3_600_000;

describeOnBothDatabases('waiting for tokens', (context) => {
  beforeEach(untilMinuteIsYoung);

  const wait = (account: TestAccount, request: Partial<WaitRequest> = {}, ctx?: LimitsContext) =>
    waitForTokens(ctx ?? account.ctx, { ...account.of, maxWaitMs: 30_000, ...request });

  /** The account may go again in so many milliseconds. */
  async function pause(account: TestAccount, milliseconds: number) {
    const since = performance.now();
    const now = await context.store.forTenant(account.tenantId).run(readNow, null);
    await blockAccount(account.ctx, { ...account.of, until: now + milliseconds });
    return since;
  }

  it('takes at once where there is room', async () => {
    const account = createAccount(context);
    expect(await wait(account, { count: 4, maxWaitMs: 0 })).toMatchObject({
      allowed: true,
      consumed: 4,
    });
    expect(await account.used()).toEqual([4, 4, 4]);
  });

  it('goes when the pause is over, and not before', async () => {
    const account = createAccount(context);
    const since = await pause(account, 300);
    expect(await wait(account)).toMatchObject({ allowed: true, consumed: 1 });
    expect(performance.now() - since).toBeGreaterThanOrEqual(295);
    expect(await account.used()).toEqual([1, 1, 1]);
  });

  it('takes nothing where only the waiting is wanted', async () => {
    const account = createAccount(context);
    const since = await pause(account, 200);
    expect(await wait(account, { take: false })).toMatchObject({ allowed: true, consumed: 0 });
    expect(performance.now() - since).toBeGreaterThanOrEqual(195);
    expect(await account.used()).toEqual([0, 0, 0]);
  });

  it('says at once that the time is not enough, and takes nothing', async () => {
    const account = createAccount(context);
    await pause(account, HOUR);
    const started = performance.now();
    const refused = await wait(account, { maxWaitMs: 60_000 });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(refused).toMatchObject({ allowed: false, consumed: 0 });
    expect(refused.retryAfterMs).toBeGreaterThan(HOUR - 60_000);
    expect(await account.used()).toEqual([0, 0, 0]);
  });

  it('goes as soon as the limit is raised', async () => {
    const account = createAccount(context);
    await account.limit({ perMinute: 1, perHour: 1 });
    await account.take();
    const waiting = wait(account, { maxWaitMs: 2 * HOUR });
    const seen = jest.fn();
    void waiting.then(seen);
    // It has asked, and sleeps.
    await waitFor(async () => !(await account.check()).allowed, { what: 'the refusal' });
    expect(seen).not.toHaveBeenCalled();
    await setLimits(account.ctx, account.tenantId, account.accountId, {
      perMinute: 50,
      perHour: 50,
    });
    expect(await waiting).toMatchObject({ allowed: true });
    expect(await account.used()).toEqual([2, 2, 2]);
  });

  it('lets those who wait go one by one, at the pace of the minute', async () => {
    const account = createAccount(context);
    // 10 ms each
    await account.limit({ perMinute: 6_000, perHour: 6_000 });
    await pause(account, 200);
    const gone: number[] = [];
    const order: number[] = [];
    const states = await Promise.all(
      Array.from({ length: 11 }, async (_, index) => {
        const state = await wait(account);
        gone.push(performance.now());
        order.push(index);
        return state;
      }),
    );
    expect(states.every(({ allowed }) => allowed)).toBe(true);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    // A timer may be a millisecond early.
    expect((gone.at(-1) ?? 0) - (gone[0] ?? 0)).toBeGreaterThanOrEqual(10 * 9);
    expect(await account.used()).toEqual([11, 11, 11]);
  });

  it('ends with the reason of the signal, takes nothing, and lets the next one come', async () => {
    const account = createAccount(context);
    await pause(account, 400);
    const cancel = new AbortController();
    const first = wait(account, { signal: cancel.signal });
    const behind = wait(account, { signal: cancel.signal });
    const last = wait(account);
    cancel.abort(new Error('the execution was stopped'));
    await expect(first).rejects.toThrow('the execution was stopped');
    await expect(behind).rejects.toThrow('the execution was stopped');
    await expect(wait(account, { signal: cancel.signal })).rejects.toThrow('was stopped');
    expect(await last).toMatchObject({ allowed: true });
    expect(await account.used()).toEqual([1, 1, 1]);
  });

  it('gives those up who stand in line for longer than they may', async () => {
    const account = createAccount(context);
    await pause(account, 1_000);
    const patient = wait(account);
    const hasty = await wait(account, { maxWaitMs: 50 });
    expect(hasty).toMatchObject({ allowed: false, consumed: 0 });
    expect(hasty.retryAfterMs).toBeGreaterThan(0);
    expect(await patient).toMatchObject({ allowed: true });
    expect(await account.used()).toEqual([1, 1, 1]);
  });

  it('does not wait for what can never be', async () => {
    const account = createAccount(context);
    await expect(wait(account, { count: 61 })).rejects.toMatchObject({ field: 'count' });
    await expect(wait(account, { maxWaitMs: -1 })).rejects.toMatchObject({ field: 'maxWaitMs' });
    await expect(wait(account, { maxWaitMs: 25 * HOUR })).rejects.toMatchObject({
      field: 'maxWaitMs',
    });
    expect(await wait(account, { count: 60 })).toMatchObject({ allowed: true });
  });

  it('holds no transaction while it sleeps, and hears of what another process changes', async () => {
    const account = createAccount(context);
    await pause(account, HOUR);
    const waiting = wait(account, { maxWaitMs: 2 * HOUR });
    const other = account.beside(await context.openAnother());
    for (let perMinute = 10; perMinute < 20; perMinute += 1) {
      await setLimits(other, account.tenantId, account.accountId, { perMinute });
    }
    await blockAccount(other, { ...account.of, until: null });
    expect((await waiting).windows.perMinute).toMatchObject({ limit: 19, remaining: 18 });
  });
});
