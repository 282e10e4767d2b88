import type { UsageReport } from '../../../core/limits';
import type { Account } from '../../../core/model';
import { systemClock } from '../../../core/model';
import { createProviderRegistry } from '../../../core/providers/registry';
import { rejectionOf } from '../http/support/clients';
import { sendJson } from '../http/support/localServer';
import { PAGE_ID, messengerConnection } from './support/accounts';
import { startGraphServer, type GraphServer } from './support/graphServer';

const MINUTE = 60_000;
const share = (percent: number) => ({
  call_count: percent,
  total_time: 1,
  total_cputime: 2,
});
const business = (entries: object[]) => JSON.stringify({ [PAGE_ID]: entries });

let graph: GraphServer;
const heard: { account: Account; report: UsageReport }[] = [];

beforeAll(async () => {
  graph = await startGraphServer();
});
afterAll(() => graph.close());
beforeEach(() => {
  heard.length = 0;
});

function send() {
  const providers = createProviderRegistry({
    http: graph.http,
    clock: systemClock,
    onUsage: (account, report) => heard.push({ account, report }),
  });
  const meta = providers.get('meta');
  if (!meta) throw new Error('There is no Meta.');
  const connection = messengerConnection(graph.server.url);
  const content = { type: 'text' as const, text: 'Oi' };
  return meta.send(connection, { recipientExternalId: '7001', content, messageId: '01J' });
}

function answer(headers: Record<string, string>) {
  graph.answerWith((_request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    sendJson(response, { recipient_id: '7001', message_id: 'm_1' });
  });
}

describe("what Meta's answers say of its own limits", () => {
  it.each<[string, Record<string, string>, Partial<UsageReport>]>([
    ['nothing', {}, { percent: 0, regainAccessMs: 0 }],
    ['the app', { 'x-app-usage': JSON.stringify(share(81)) }, { percent: 81 }],
    [
      'the Page',
      { 'x-page-usage': JSON.stringify({ ...share(2), total_time: 93 }) },
      { percent: 93 },
    ],
    [
      'the business object, the highest of them',
      {
        'x-app-usage': JSON.stringify(share(10)),
        'x-business-use-case-usage': business([
          { type: 'messenger', ...share(96), estimated_time_to_regain_access: 0 },
          { type: 'pages', ...share(20) },
        ]),
      },
      { percent: 96, regainAccessMs: 0 },
    ],
    [
      'the time until calls are let through again',
      {
        'x-business-use-case-usage': business([
          { type: 'messenger', ...share(100), estimated_time_to_regain_access: 7 },
        ]),
      },
      { percent: 100, regainAccessMs: 7 * MINUTE },
    ],
    [
      'advertisements, which slow no message down',
      {
        'x-business-use-case-usage': business([
          { type: 'ads_management', ...share(100), estimated_time_to_regain_access: 30 },
        ]),
      },
      { percent: 0, regainAccessMs: 0 },
    ],
    ['unreadable', { 'x-app-usage': 'not JSON' }, { percent: 0 }],
  ])('is heard for the account: %s', async (_what, headers, expected) => {
    answer(headers);
    await send();
    expect(heard).toEqual([
      {
        account: expect.objectContaining({ id: messengerConnection('').account.id }) as unknown,
        report: { percent: 0, regainAccessMs: 0, throttled: false, ...expected },
      },
    ]);
  });

  it.each([4, 17, 32, 613, 80001, 80002, 80006])(
    'is heard as a stop with the code %d, until the time Meta names',
    async (code) => {
      graph.answerError({ code }, 400, {
        'x-business-use-case-usage': business([
          { type: 'messenger', ...share(100), estimated_time_to_regain_access: 3 },
        ]),
      });
      expect(await rejectionOf(send())).toMatchObject({ reason: 'rate_limited' });
      expect(heard.map(({ report }) => report)).toEqual([
        { percent: 100, regainAccessMs: 3 * MINUTE, throttled: true },
      ]);
    },
  );

  it('is heard as a stop of five minutes where Meta names no time', async () => {
    graph.answerError({ code: 80006 });
    await rejectionOf(send());
    expect(heard[0]?.report).toEqual({
      percent: 0,
      regainAccessMs: 5 * MINUTE,
      throttled: true,
    });
  });

  it.each([100, 190, 10])('is no stop with the code %d', async (code) => {
    graph.answerError({ code });
    await rejectionOf(send());
    expect(heard[0]?.report.throttled).toBe(false);
  });
});
