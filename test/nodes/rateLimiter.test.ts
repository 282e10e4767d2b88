import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { core } from '../../nodes/shared/loadCore';
import { openApp } from '../../nodes/shared/openApp';
import { RateLimiter } from '../../nodes/RateLimiter/RateLimiter.node';
import { waitFor } from '../support/waitFor.ts';
import { startInstance, type Instance } from './support/instance.ts';
import { probeNodes } from './support/probeNodes.ts';
import { eventItem, PACKAGE, runWorkflow, type TestNode } from './support/workflow.ts';

const nodeTypes = { ...probeNodes, [`${PACKAGE}.rateLimiter`]: new RateLimiter() };
const app = () => openApp({ getCredentials: async () => ({}) as never }, undefined);
let instance: Instance;
let made = 0;

beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance.close());
// Every test counts within one minute of the real clock.
beforeEach(async () => {
  await waitFor(() => Date.now() % 60_000 < 57_000, { what: 'the next minute' });
});

/** An account that nobody has counted for, and the item of a message that came in on it. */
async function newAccount() {
  made += 1;
  const [account] = await core.accounts.syncCredentialAccounts(await app(), {
    tenantId: 'default',
    provider: 'meta',
    credentialId: 'credential-1',
    discovered: [
      {
        channel: 'messenger',
        externalId: `page-${made}`,
        parentExternalId: null,
        name: 'Clínica Sol',
        secrets: { accessToken: 'token-1' },
        expiresAt: null,
      },
    ],
  });
  if (!account) throw new Error('No account was made.');
  const item = (id: string) => eventItem(id, { connection: { id: account.id } });
  return { id: account.id, item };
}

async function run(
  parameters: TestNode['parameters'],
  items: INodeExecutionData[],
  more: Partial<TestNode> = {},
) {
  const finished = await runWorkflow(
    {
      nodes: [
        { name: 'Trigger', type: `${PACKAGE}.omnichannelTrigger` },
        { name: 'Limiter', type: `${PACKAGE}.rateLimiter`, parameters, ...more },
      ],
      connections: [['Trigger', 'Limiter']],
    },
    { nodeTypes, items },
  );
  const [entry] = finished.run.data.resultData.runData.Limiter ?? [];
  const [allowed = [], limited = []] = entry?.data?.main ?? [];
  return {
    error: finished.run.data.resultData.error,
    allowed: allowed ?? [],
    limited: limited ?? [],
  };
}

const ids = (items: INodeExecutionData[]) => items.map(({ json }) => json.id);
const setLimits = (limits: IDataObject, item: INodeExecutionData) =>
  run({ operation: 'setLimits', limits } as TestNode['parameters'], [item]);

describe('Rate Limiter', () => {
  it('parts the items by what the account may send, paired and with what they came with', async () => {
    const { id, item } = await newAccount();
    await setLimits({ perMinute: 2 }, item('settings'));
    const { allowed, limited, error } = await run({}, ['a', 'b', 'c', 'd'].map(item));
    expect(error).toBeUndefined();
    expect(ids(allowed)).toEqual(['a', 'b']);
    expect(ids(limited)).toEqual(['c', 'd']);
    expect(limited.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 2 }, { item: 3 }]);
    expect(allowed[0]?.json).toEqual({
      ...item('a').json,
      allowed: true,
      connectionId: id,
      consumed: 1,
      retryAfterMs: 0,
      windows: {
        perMinute: { limit: 2, remaining: 1, resetsAt: expect.any(String) as unknown },
        perHour: { limit: 1_000, remaining: 999, resetsAt: expect.any(String) as unknown },
        perDay: { limit: 10_000, remaining: 9_999, resetsAt: expect.any(String) as unknown },
      },
    });
    expect(limited[0]?.json).toMatchObject({
      allowed: false,
      consumed: 0,
      windows: { perMinute: { remaining: 0 }, perHour: { remaining: 998 } },
    });
    expect(limited[0]?.json.retryAfterMs).toBeGreaterThan(0);
  });

  it('gives the bare state where the admin wants no more', async () => {
    const { item } = await newAccount();
    const { allowed } = await run({ options: { keepInput: false } }, [item('a')]);
    expect(Object.keys(allowed[0]?.json ?? {}).sort()).toEqual([
      'allowed',
      'connectionId',
      'consumed',
      'retryAfterMs',
      'windows',
    ]);
  });

  it('takes several at once, in the chosen windows', async () => {
    const { item } = await newAccount();
    const { allowed } = await run({ count: 100, options: { windows: ['hour', 'day'] } }, [
      item('a'),
    ]);
    expect(allowed[0]?.json).toMatchObject({
      consumed: 100,
      windows: { perMinute: { remaining: 60 }, perHour: { remaining: 900 } },
    });
  });

  it('checks without taking', async () => {
    const { item } = await newAccount();
    const items = [item('a'), item('b')];
    await run({ operation: 'check', count: 60 }, items);
    const { allowed, limited } = await run({ operation: 'check', count: 60 }, items);
    expect(ids(allowed)).toEqual(['a', 'b']);
    expect(limited).toEqual([]);
    expect(allowed[0]?.json).toMatchObject({
      consumed: 0,
      windows: { perMinute: { remaining: 60 } },
    });
    await run({ count: 1 }, [item('c')]);
    expect((await run({ operation: 'check', count: 60 }, items)).limited).toHaveLength(2);
  });

  it('resets one window or all', async () => {
    const { item } = await newAccount();
    await run({ count: 50 }, [item('a')]);
    const hour = await run({ operation: 'reset', window: 'hour' }, [item('a')]);
    expect(hour.allowed[0]?.json.windows).toMatchObject({
      perMinute: { remaining: 10 },
      perHour: { remaining: 1_000 },
      perDay: { remaining: 9_950 },
    });
    const all = await run({ operation: 'reset' }, [item('a')]);
    expect(all.allowed[0]?.json.windows).toMatchObject({
      perMinute: { remaining: 60 },
      perDay: { remaining: 10_000 },
    });
  });

  it('sets limits, leaves the others, and goes back to the default with 0', async () => {
    const { item } = await newAccount();
    await setLimits({ perMinute: 5, perDay: 50 }, item('a'));
    const { allowed } = await setLimits({ perMinute: 0 }, item('a'));
    expect(allowed[0]?.json.windows).toMatchObject({
      perMinute: { limit: 60 },
      perHour: { limit: 1_000 },
      perDay: { limit: 50 },
    });
    expect((await setLimits({}, item('a'))).error?.message).toBe('No limit was given.');
  });

  it('waits until there is room, and sends what has no time to the other output', async () => {
    const { id, item } = await newAccount();
    const of = { tenantId: 'default', accountId: id };
    // On the wall, for the store has this machine's clock: how long each step takes does not matter.
    const until = Date.now() + 1_000;
    await core.limits.blockAccount(await app(), { ...of, until });
    const waited = await run({ operation: 'wait' }, [item('a')]);
    expect(ids(waited.allowed)).toEqual(['a']);
    expect(Date.now()).toBeGreaterThanOrEqual(until);
    await core.limits.blockAccount(await app(), { ...of, until: null });
    const only = { operation: 'wait', options: { onlyWait: true } };
    expect((await run(only, [item('a')])).allowed[0]?.json).toMatchObject({
      allowed: true,
      consumed: 0,
    });
    await core.limits.blockAccount(await app(), { ...of, until: Date.now() + 3_600_000 });
    const hasty = await run({ operation: 'wait', maxWaitSeconds: 5 }, [item('b')]);
    expect(ids(hasty.limited)).toEqual(['b']);
    expect(hasty.limited[0]?.json).toMatchObject({ allowed: false, consumed: 0 });
  });

  it('stops with 429, what is left and the time to wait, where the admin wants an error', async () => {
    const { item } = await newAccount();
    await setLimits({ perMinute: 3 }, item('settings'));
    await run({ count: 2 }, [item('a')]);
    const { error } = await run({ count: 2, options: { whenLimited: 'fail' } }, [item('b')]);
    expect(error).toMatchObject({
      name: 'NodeApiError',
      httpCode: '429',
      message: expect.stringMatching(
        /"Clínica Sol" has used up its limit of 3 messages a minute: 1 is left, and there is room again in \d+ second/,
      ) as unknown,
      context: { itemIndex: 0 },
    });
  });

  it('says at once that a count can never go, and lets no item pass that failed', async () => {
    const { item } = await newAccount();
    const { error } = await run({ operation: 'wait', count: 61 }, [item('a')]);
    expect(error).toMatchObject({
      name: 'NodeOperationError',
      message: expect.stringContaining('can never be allowed') as unknown,
    });
    const goesOn = { onError: 'continueRegularOutput' as const };
    const { allowed, limited } = await run({ count: 61 }, [item('a'), item('b')], goesOn);
    expect(allowed).toEqual([]);
    expect(limited.map(({ json }) => typeof json.error)).toEqual(['string', 'string']);
    expect(limited[1]?.pairedItem).toEqual({ item: 1 });
  });

  it('knows no account of another tenant, and asks for one where none is named', async () => {
    const { item } = await newAccount();
    const foreign = await run({ options: { tenant: 'someone-else' } }, [item('a')]);
    expect(foreign.error?.message).toMatch(/does not exist/);
    const none = await run({}, [{ json: {} }]);
    expect(none.error?.message).toBe('"Account" is empty.');
  });
});
