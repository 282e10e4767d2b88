import { createMetaProvider } from '../../../core/providers/meta';
import { delayFor } from '../../../core/providers/meta/readPace';
import type { Provider } from '../../../core/providers/provider';
import { rejectionOf } from '../http/support/clients';
import { sendJson } from '../http/support/localServer';
import { messengerConnection } from './support/accounts';
import { startGraphServer } from './support/graphServer';
import type { GraphServer } from './support/graphServer';

let graph: GraphServer;
let provider: Provider;
let reports: Array<number | null>;

beforeEach(async () => {
  graph = await startGraphServer();
  reports = [];
  provider = createMetaProvider({
    http: graph.http,
    clock: { now: () => Date.now() },
    onUsage: (_usage, _access, throttledForMs) => reports.push(throttledForMs),
  });
});

afterEach(() => graph.close());

const read = () => provider.recentMessages(messengerConnection(graph.server.url), '7001', 5);
const usage = (percent: number, minutes = 0) => ({
  'x-business-use-case-usage': JSON.stringify({
    '100200300400500': [
      {
        type: 'messenger',
        call_count: percent,
        total_cputime: 1,
        total_time: 1,
        estimated_time_to_regain_access: minutes,
      },
    ],
  }),
});
const answerWith = (headers: Record<string, string>) =>
  graph.answerWith((_request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    sendJson(response, { data: [] });
  });

describe('reads of an account', () => {
  it('go more slowly from 80 % on', async () => {
    expect([0, 79, 80, 90, 100, 300].map(delayFor)).toEqual([0, 0, 0, 1_000, 2_000, 2_000]);
    answerWith(usage(85));
    await read();
    const startedAt = performance.now();
    await read();
    expect(performance.now() - startedAt).toBeGreaterThan(450);
    // Heard of every read, whichever function makes it.
    expect(reports).toEqual([null, null]);
  });

  it.each([
    ['the minutes that Meta names', 19, 19],
    ['five minutes where it names none', 0, 5],
  ])('wait %s at 100 %%, without a call', async (_what, named, minutes) => {
    answerWith(usage(100, named));
    await read();
    graph.server.requests.length = 0;
    const error = await rejectionOf(read());
    expect(error).toMatchObject({ reason: 'rate_limited', retryable: true });
    const { retryAfterMs } = error as { retryAfterMs: number };
    expect(retryAfterMs).toBeGreaterThan((minutes - 0.1) * 60_000);
    expect(retryAfterMs).toBeLessThanOrEqual(minutes * 66_000);
    expect(graph.server.requests).toEqual([]);
  });

  it('wait after a refusal for too many calls, as those of other accounts need not', async () => {
    const verify = async (id: string) => {
      const connection = messengerConnection(graph.server.url);
      const account = { ...connection.account, id };
      return provider.keeper?.verify({ ...connection, account });
    };
    graph.answerError({ code: 32 }, 400, usage(60, 2));
    expect(await rejectionOf(verify('one'))).toMatchObject({ reason: 'rate_limited' });
    answerWith(usage(10));
    expect(await rejectionOf(verify('one'))).toMatchObject({
      message: expect.stringContaining('Meta was not asked'),
    });
    await verify('another');
  });

  it('go on at once where nothing is near a limit', async () => {
    answerWith(usage(79));
    await read();
    await read();
    expect(graph.server.requests).toHaveLength(2);
  });
});
