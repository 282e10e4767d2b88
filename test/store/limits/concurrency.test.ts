import { takeTokens, type LimitsContext } from '../../../core/limits';
import { describeOnBothDatabases, describeOnOneDatabase } from '../../support/storeContext';
import { waitFor } from '../../support/waitFor';
import { createAccount, WIDE, type TestAccount } from './support/account';
import { endLimitProcesses, startLimitProcess } from './support/limitProcesses';
import { differences, randomOf, type Call } from './support/reference';

const CALLERS = 32;

/** Callers that each take again and again, some of them through one process and some through the other. */
async function takeAtOnce(
  account: TestAccount,
  contexts: LimitsContext[],
  { takes, largest, seed }: { takes: number; largest: number; seed: number },
): Promise<Call[]> {
  const random = randomOf(seed);
  const calls: Call[] = [];
  let left = takes;
  const caller = async (_: unknown, index: number) => {
    const ctx = contexts[index % contexts.length] ?? account.ctx;
    while (left-- > 0) {
      const count = 1 + random(largest);
      calls.push({ count, state: await takeTokens(ctx, { ...account.of, count }) });
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return calls;
}

const sumOf = (calls: Call[]) => calls.reduce((sum, { state }) => sum + state.consumed, 0);

describeOnBothDatabases('many callers at once', (context) => {
  afterEach(endLimitProcesses);

  it.each([
    { binding: 'minute', limits: { perMinute: 60 }, largest: 1, seed: 1 },
    { binding: 'minute', limits: { perMinute: 60 }, largest: 7, seed: 2 },
    { binding: 'hour', limits: { perMinute: WIDE, perHour: 333 }, largest: 7, seed: 3 },
    {
      binding: 'day',
      limits: { perMinute: WIDE, perHour: WIDE, perDay: 500 },
      largest: 9,
      seed: 4,
    },
    { binding: 'each', limits: { perMinute: 200, perHour: 201, perDay: 202 }, largest: 5, seed: 5 },
  ])(
    'are answered as if they had come one by one (the $binding binds, up to $largest at once, seed $seed)',
    async ({ limits, largest, seed }) => {
      const account = createAccount(context);
      await account.limit(limits);
      const calls = await takeAtOnce(account, [account.ctx], { takes: 800, largest, seed });
      expect(calls).toHaveLength(800);
      expect(differences(calls, await account.row())).toEqual([]);
      expect(calls.some(({ state }) => !state.allowed)).toBe(true);
    },
  );

  it('are answered so over two processes', async () => {
    const account = createAccount(context);
    await account.limit({ perMinute: WIDE, perHour: WIDE, perDay: 700 });
    const contexts = [account.ctx, account.beside(await context.openAnother())];
    const calls = await takeAtOnce(account, contexts, { takes: 800, largest: 3, seed: 6 });
    expect(differences(calls, await account.row())).toEqual([]);
    expect(sumOf(calls)).toBe(700);
  });

  it('never get more than the limit out of tokens taken ahead, and what is left over comes back', async () => {
    const account = createAccount(context, { leases: true });
    await account.limit({ perMinute: WIDE, perHour: WIDE, perDay: 2_000 });
    const contexts = [account.ctx, account.beside(await context.openAnother())];
    const calls = await takeAtOnce(account, contexts, { takes: 1_500, largest: 1, seed: 7 });
    expect(sumOf(calls)).toBe(1_500);
    await waitFor(async () => (await account.row()).day_used === 1_500, {
      what: 'the tokens that nobody used to be given back',
    });
    const rest = await takeAtOnce(account, contexts, { takes: 1_500, largest: 1, seed: 8 });
    expect(sumOf(rest)).toBeLessThanOrEqual(500);
    await waitFor(async () => (await account.row()).day_used === 1_500 + sumOf(rest), {
      what: 'the counters to be what was admitted',
    });
  });

  it('stop using tokens taken ahead as soon as the limit is lowered', async () => {
    const account = createAccount(context, { leases: true });
    await account.limit({ perMinute: WIDE, perHour: WIDE, perDay: 10_000 });
    await takeAtOnce(account, [account.ctx], { takes: 200, largest: 1, seed: 9 });
    expect((await account.row()).day_used).toBeGreaterThan(200);
    await account.limit({ perDay: 100 });
    expect((await account.row()).day_used).toBe(200);
    expect((await account.take()).allowed).toBe(false);
  });
});

// A second process on the embedded file is not a way to run n8n.
describeOnOneDatabase('postgres', 'many callers of two processes', (context) => {
  afterEach(endLimitProcesses);

  it.each([1, 2])('are answered so over two real processes (seed %d)', async (seed) => {
    const account = createAccount(context);
    await account.limit({ perMinute: WIDE, perHour: WIDE, perDay: 900 });
    const setup = { callers: 16, takes: 400, largest: 5, leases: false };
    const processes = [seed * 10, seed * 10 + 1].map((own) =>
      startLimitProcess(context, account, { ...setup, seed: own }),
    );
    await Promise.all(processes.map(({ ready }) => ready));
    await Promise.all(processes.map((one) => one.takeAll()));
    const calls = processes.flatMap((one) => one.calls);
    expect(calls).toHaveLength(800);
    expect(differences(calls, await account.row())).toEqual([]);
    expect(sumOf(calls)).toBeGreaterThan(900 - 5);
    await Promise.all(processes.map((one) => one.end()));
  });

  it('lose at most a tenth of the limit to a process that is killed with tokens in hand', async () => {
    const account = createAccount(context, { leases: true });
    await account.limit({ perMinute: WIDE, perHour: WIDE, perDay: 3_000 });
    const setup = { callers: 8, takes: 1_000_000, largest: 1, leases: true, seed: 1 };
    const killed = startLimitProcess(context, account, setup);
    await killed.ready;
    killed.begin();
    await waitFor(() => killed.calls.length > 1_000, { what: 'a thousand takes' });
    await killed.kill();
    const stored = (await account.row()).day_used;
    const rest = await takeAtOnce(account, [account.ctx], { takes: 4_000, largest: 1, seed: 10 });
    expect(stored).toBeGreaterThanOrEqual(sumOf(killed.calls));
    // What the dead process had counted and not used is lost, and no more than that.
    expect(stored - sumOf(killed.calls)).toBeLessThanOrEqual(300 + 8);
    expect(stored + sumOf(rest)).toBeLessThanOrEqual(3_000);
  });
});
