import {
  OutcomeUnknownError,
  ProviderError,
  RateLimitedError,
  TokenExpiredError,
  systemClock,
} from '../../../core/model';
import { createMetaProvider } from '../../../core/providers/meta';
import { META_ERRORS, findMetaError } from '../../../core/providers/meta/errorTable';
import type { Provider } from '../../../core/providers/provider';
import { rejectionOf } from '../http/support/clients';
import { APP_SECRET, TOKEN, messengerConnection } from './support/accounts';
import { startGraphServer } from './support/graphServer';
import type { GraphServer } from './support/graphServer';

let graph: GraphServer;
let meta: Provider;

beforeAll(async () => {
  graph = await startGraphServer();
  meta = createMetaProvider({ http: graph.http, clock: systemClock });
});

afterAll(() => graph.close());

const connection = () => messengerConnection(graph.server.url);
const sendError = () =>
  rejectionOf(
    meta.send(connection(), {
      recipientExternalId: '7001',
      content: { type: 'text', text: 'oi' },
      messageId: 'M',
    }),
  );
const readError = () => rejectionOf(meta.recentMessages(connection(), '7001', 20));

/** code, subcode, class and reason as the documentation's tables have them. */
const REFUSALS: Array<[number, number | undefined, string, string]> = [
  [10, 2018278, 'window', 'window_closed'],
  [10, 2534022, 'window', 'window_closed'],
  [10, 2018065, 'window', 'window_closed'],
  [10, 2018108, 'recipient', 'invalid_recipient'],
  [10, 1893063, 'restricted', 'provider_rejected'],
  [100, 2018001, 'recipient', 'invalid_recipient'],
  [100, 2534014, 'recipient', 'invalid_recipient'],
  [100, 2534029, 'recipient', 'invalid_recipient'],
  [100, 2018047, 'media', 'invalid_content'],
  [100, 2018008, 'media', 'invalid_content'],
  [100, 2018109, 'media', 'invalid_content'],
  [100, 2018294, 'media', 'invalid_content'],
  [100, 2018074, 'media', 'invalid_content'],
  [100, undefined, 'invalid', 'provider_rejected'],
  [100, 33, 'configuration', 'provider_rejected'],
  [100, 999, 'invalid', 'provider_rejected'],
  [200, 1545041, 'recipient', 'invalid_recipient'],
  [551, 1545041, 'recipient', 'invalid_recipient'],
  [200, 2018028, 'permission', 'provider_rejected'],
  [200, 2018027, 'permission', 'provider_rejected'],
  [200, 2534041, 'permission', 'provider_rejected'],
  [200, 2018300, 'permission', 'provider_rejected'],
  [230, undefined, 'permission', 'provider_rejected'],
  [299, undefined, 'permission', 'provider_rejected'],
  [3, undefined, 'permission', 'provider_rejected'],
  [10, undefined, 'permission', 'provider_rejected'],
  [100, 2534025, 'policy', 'provider_rejected'],
  [2534025, undefined, 'policy', 'provider_rejected'],
  [100, 2534001, 'recipient', 'invalid_recipient'],
  [2534013, undefined, 'recipient', 'invalid_recipient'],
  [104, undefined, 'configuration', 'provider_rejected'],
  [368, undefined, 'restricted', 'provider_rejected'],
  [506, undefined, 'policy', 'provider_rejected'],
  [803, undefined, 'invalid', 'provider_rejected'],
  [2500, undefined, 'configuration', 'provider_rejected'],
  [2635, undefined, 'configuration', 'provider_rejected'],
  [987654, undefined, 'invalid', 'provider_rejected'],
];

describe('a refusal', () => {
  it.each(REFUSALS)(
    '%s/%s is of class %s with reason %s',
    async (code, subcode, retryClass, reason) => {
      graph.answerError({ code, error_subcode: subcode });
      const error = await sendError();
      expect(error).toBeInstanceOf(ProviderError);
      expect(error).toMatchObject({
        retryClass,
        reason,
        retryable: false,
        providerCode: code,
        providerSubcode: subcode ?? null,
        message: expect.stringContaining('"Clínica Sol"'),
        hint: expect.stringMatching(/\.$/),
      });
    },
  );

  it('is told by its numbers, never by its words', async () => {
    graph.answerError({
      code: 10,
      error_subcode: 2018278,
      message: 'Error validating access token',
    });
    expect(await sendError()).toMatchObject({ reason: 'window_closed' });
    graph.answerError({ code: 100, message: 'This message is sent outside of allowed window.' });
    expect(await sendError()).toMatchObject({ retryClass: 'invalid' });
  });

  it('is told by its numbers, not by the HTTP status', async () => {
    graph.answerError({ code: 100, error_subcode: 2018001 }, 503);
    expect(await sendError()).toMatchObject({ reason: 'invalid_recipient' });
    graph.answerError({ code: 190 }, 200);
    expect(await sendError()).toBeInstanceOf(TokenExpiredError);
  });

  it('says what happened, what Meta says, and what to do next', async () => {
    graph.answerError({ code: 10, error_subcode: 2018278, message: '(#10) outside of window' });
    expect(await sendError()).toMatchObject({
      message:
        'Meta refused the message of "Clínica Sol": the person last wrote more than 24 hours ago, so the window for answers is closed (code 10/2018278). Meta says: "(#10) outside of window"',
      hint: 'Wait until they write or tap again; a person in an inbox may answer for 7 days.',
      details: { code: 10, subcode: 2018278, traceId: 'T' },
    });
  });

  it('never shows a secret that Meta repeats', async () => {
    const leak = `token ${TOKEN} or EAAGm0PX4ZCpsBAKZB1234567890abcdef with ${APP_SECRET}`;
    graph.answerError({ code: 100, message: leak });
    const error = (await sendError()) as ProviderError;
    const shown = JSON.stringify({ ...error, message: error.message });
    expect(shown).toContain('token *** or *** with ***');
    expect(shown).not.toMatch(/EAAG|app-secret-for-tests/);
  });
});

describe('a dead token', () => {
  it.each([
    [undefined, 'is not valid'],
    [458, 'removed the app'],
    [459, 'security check'],
    [460, 'changed their password'],
    [463, 'expired'],
    [464, 'not confirmed'],
    [467, 'revoked'],
    [492, 'no role on the Page'],
    [4711, 'is not valid'],
  ])('190/%s says in words why: %s', async (subcode, words) => {
    graph.answerError({ code: 190, error_subcode: subcode }, 401);
    const error = await sendError();
    expect(error).toBeInstanceOf(TokenExpiredError);
    expect(error).toMatchObject({
      reason: 'token_expired',
      message: expect.stringContaining(words),
      hint: expect.stringMatching(/token|log in/i),
    });
  });

  it('is code 102 as well', async () => {
    graph.answerError({ code: 102 }, 401);
    expect(await sendError()).toBeInstanceOf(TokenExpiredError);
  });
});

describe('a throttle', () => {
  const rateCodes = [4, 17, 32, 341, 613, 80001, 80002, 80006];

  it.each(rateCodes)(
    'with code %s waits five minutes where no header names a time',
    async (code) => {
      graph.answerError({ code, is_transient: true }, 403);
      const error = await sendError();
      expect(error).toBeInstanceOf(RateLimitedError);
      expect(error).toMatchObject({
        reason: 'rate_limited',
        retryable: true,
        retryAfterMs: 300_000,
        remaining: 0,
      });
    },
  );

  it.each([2534040, 1996])('613/%s is one too', async (subcode) => {
    graph.answerError({ code: 613, error_subcode: subcode });
    expect(await sendError()).toBeInstanceOf(RateLimitedError);
  });

  it('waits as long as the longest time in the usage header', async () => {
    const usage = {
      '1': [{ type: 'pages', estimated_time_to_regain_access: 3 }],
      '2': [{ type: 'messenger', estimated_time_to_regain_access: 19 }],
    };
    graph.answerError({ code: 80006 }, 400, { 'x-business-use-case-usage': JSON.stringify(usage) });
    expect(await sendError()).toMatchObject({ retryAfterMs: 19 * 60_000 });
  });

  it('without an error of Meta (HTTP 429) honours Retry-After', async () => {
    graph.answerWith((_request, response) => {
      response.writeHead(429, { 'retry-after': '7' }).end('slow down');
    });
    expect(await sendError()).toMatchObject({ reason: 'rate_limited', retryAfterMs: 7000 });
  });
});

describe('a fault of Meta itself', () => {
  const faults: Array<[object, number]> = [
    [{ code: 1 }, 500],
    [{ code: 2 }, 503],
    [{ code: 1, error_subcode: 1357046 }, 400],
    [{ code: 2, error_subcode: 1545133 }, 400],
    [{ code: 1200 }, 400],
    [{ code: 1, error_subcode: 1965014, is_transient: false }, 400],
    [{ code: 100, is_transient: true }, 400],
    [{ code: 987654, is_transient: true }, 400],
    [{ code: 987654 }, 500],
  ];

  it.each(faults)('%j with HTTP %s leaves a send unknown', async (error, status) => {
    graph.answerError(error, status);
    expect(await sendError()).toBeInstanceOf(OutcomeUnknownError);
  });

  it.each(faults)('%j with HTTP %s can be asked again when only reading', async (error, status) => {
    graph.answerError(error, status);
    expect(await readError()).toMatchObject({ reason: 'provider_unavailable', retryable: true });
  });

  it('cannot be a refusal whose subcode is certain', async () => {
    graph.answerError({ code: 10, error_subcode: 2018278, is_transient: true });
    expect(await sendError()).toMatchObject({ reason: 'window_closed' });
  });
});

describe('a server that is not the Graph API', () => {
  it.each([301, 404, 403, 401, 407])(
    'answering HTTP %s points to the base address',
    async (status) => {
      graph.answerWith((_request, response) => response.writeHead(status).end('<html>nope</html>'));
      expect(await sendError()).toMatchObject({
        reason: 'provider_rejected',
        retryClass: 'configuration',
        hint: expect.stringContaining('Graph Base URL'),
      });
    },
  );
});

describe('the table', () => {
  it('has every key once, and for every row a cause and a next step in plain words', () => {
    const keys = META_ERRORS.flatMap(({ at }) => at);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { cause, next } of META_ERRORS) {
      expect(cause).toMatch(/^[a-zM]/);
      expect(cause).not.toMatch(/\.$/);
      expect(next).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('knows no row for a code that is in no document', () => {
    expect(findMetaError(987654, null)).toBeUndefined();
    expect(findMetaError(300, 1)).toBeUndefined();
  });
});
