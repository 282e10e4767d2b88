import {
  OutcomeUnknownError,
  ProviderError,
  RateLimitedError,
  TokenExpiredError,
} from '../../../core/model';
import type { Provider } from '../../../core/providers/provider';
import { createWhatsAppProvider, getNumber } from '../../../core/providers/whatsapp-cloud';
import {
  WHATSAPP_ERRORS,
  findWhatsAppError,
} from '../../../core/providers/whatsapp-cloud/errorTable';
import { rejectionOf } from '../http/support/clients';
import { startGraphServer, type GraphServer } from '../meta/support/graphServer';
import { APP_SECRET, PERSON, TOKEN, connectionTo } from './support/accounts';

let graph: GraphServer;
let whatsApp: Provider;

beforeAll(async () => {
  graph = await startGraphServer();
  whatsApp = createWhatsAppProvider({ http: graph.http });
});

afterAll(() => graph.close());

const sendError = () =>
  rejectionOf(
    whatsApp.send(connectionTo(graph.server.url), {
      recipientExternalId: PERSON,
      content: { type: 'text', text: 'oi' },
      messageId: 'M',
    }),
  );

/** Every code of the documentation's page with its class of retry: R with backoff, L after a wait, N never. */
const PAGE: Array<[number, 'R' | 'L' | 'N' | 'token' | 'ambiguous']> = [
  [0, 'token'],
  [1, 'ambiguous'],
  [2, 'ambiguous'],
  [3, 'N'],
  [4, 'L'],
  [10, 'N'],
  [200, 'N'],
  [299, 'N'],
  [33, 'N'],
  [100, 'N'],
  [190, 'token'],
  [368, 'N'],
  [80007, 'L'],
  [80008, 'L'],
  [130403, 'N'],
  [130429, 'R'],
  [130472, 'N'],
  [130497, 'N'],
  [131000, 'R'],
  [131005, 'N'],
  [131008, 'N'],
  [131009, 'N'],
  [131016, 'R'],
  [131021, 'N'],
  [131026, 'N'],
  [131030, 'N'],
  [131031, 'N'],
  [131037, 'N'],
  [131042, 'N'],
  [131045, 'N'],
  [131047, 'N'],
  [131048, 'L'],
  [131049, 'L'],
  [131050, 'N'],
  [131051, 'N'],
  [131052, 'N'],
  [131053, 'N'],
  [131056, 'L'],
  [131057, 'R'],
  [131062, 'N'],
  [131063, 'N'],
  [131064, 'L'],
  [132000, 'N'],
  [132001, 'N'],
  [132005, 'N'],
  [132007, 'N'],
  [132012, 'N'],
  [132015, 'L'],
  [132016, 'N'],
  [132018, 'N'],
  [132068, 'N'],
  [132069, 'L'],
  [133000, 'L'],
  [133004, 'R'],
  [133005, 'N'],
  [133006, 'N'],
  [133008, 'L'],
  [133009, 'L'],
  [133010, 'N'],
  [133015, 'L'],
  [133016, 'L'],
  [134011, 'N'],
  [135000, 'N'],
  [131055, 'N'],
  [134100, 'N'],
  [134101, 'L'],
  [134102, 'N'],
  [147001, 'N'],
  [147004, 'N'],
  [2388019, 'N'],
  [2388039, 'N'],
  [2388040, 'N'],
  [2388047, 'N'],
  [2388072, 'N'],
  [2388073, 'N'],
  [2388293, 'N'],
  [2388299, 'N'],
  [2494100, 'L'],
  [131020, 'N'],
  [131041, 'N'],
  [131059, 'N'],
  [131201, 'N'],
  [131208, 'L'],
  [131215, 'N'],
  [138000, 'N'],
];

describe('a refusal of the Cloud API', () => {
  it.each(PAGE)('with code %i is retried as the page says (%s)', async (code, retry) => {
    // The HTTP status says nothing: the page has dropped them, and a 400 may be anything.
    graph.answerError({ code, message: `(#${code}) words` });
    const error = await sendError();
    const wait = (error as { retryAfterMs?: number }).retryAfterMs;
    switch (retry) {
      case 'token':
        expect(error).toBeInstanceOf(TokenExpiredError);
        break;
      case 'ambiguous':
        expect(error).toBeInstanceOf(OutcomeUnknownError);
        break;
      case 'R':
        expect(error).toMatchObject({ retryable: true });
        break;
      case 'L':
        expect(error).toMatchObject({ retryable: true });
        expect(wait).toBeGreaterThan(0);
        break;
      case 'N':
        expect(error).toMatchObject({ retryable: false });
        expect(wait).toBeUndefined();
    }
  });

  it('has a sentence of its own for each row: what happened, and what to do next', async () => {
    const sentences = new Set(WHATSAPP_ERRORS.map(({ cause }) => cause));
    expect(sentences.size).toBe(WHATSAPP_ERRORS.length);
    for (const { codes, cause, next } of WHATSAPP_ERRORS) {
      expect(`${codes.join()} ${cause}`).toMatch(/^[\d,]+ [a-z].{10,}[^.]$/i);
      expect(`${codes.join()} ${next}`).toMatch(/^[\d,]+ [A-Z].{5,}\.$/);
    }
    graph.answerError({ code: 131026, error_data: { details: 'Message Undeliverable.' } });
    const error = await sendError();
    expect(error).toMatchObject({
      reason: 'invalid_recipient',
      message: expect.stringMatching(
        /^WhatsApp refused the message of "Clínica Sol": it cannot be delivered: .* \(code 131026\)\. Meta says: "Message Undeliverable\."$/,
      ),
      hint: expect.stringContaining('another channel'),
    });
  });

  it('names each code once', () => {
    const codes = WHATSAPP_ERRORS.flatMap((row) => row.codes);
    expect(codes).toEqual([...new Set(codes)]);
  });

  it.each([
    [131047, 'window_closed'],
    [132015, 'template_unavailable'],
    [132001, 'template_unavailable'],
    [132000, 'invalid_content'],
    [131049, 'frequency_cap'],
    [131050, 'opted_out'],
    [130429, 'rate_limited'],
    [131056, 'rate_limited'],
    [131053, 'invalid_content'],
    [131030, 'invalid_recipient'],
    [131016, 'provider_unavailable'],
    [131042, 'provider_rejected'],
  ])('with code %i gives the reason %s', async (code, reason) => {
    graph.answerError({ code });
    expect(await sendError()).toMatchObject({ reason });
  });

  it.each([500, 400, 401, 403, 200])('is judged by its code under HTTP %i too', async (status) => {
    graph.answerError({ code: 131047 }, status);
    const error = await sendError();
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({ providerCode: 131047, reason: 'window_closed' });
  });

  it('of a code that nobody knows is final, unless the fault is on their side', async () => {
    graph.answerError({ code: 987654 });
    expect(await sendError()).toMatchObject({ retryable: false, reason: 'provider_rejected' });
    graph.answerError({ code: 987654, is_transient: true });
    expect(await sendError()).toBeInstanceOf(OutcomeUnknownError);
    graph.answerError({ code: 987654 }, 500);
    expect(await sendError()).toBeInstanceOf(OutcomeUnknownError);
    graph.answerError({ code: 987654 }, 429);
    expect(await sendError()).toBeInstanceOf(RateLimitedError);
  });

  it('of a read is never an unknown outcome', async () => {
    graph.answerError({ code: 1 });
    const error = await rejectionOf(getNumber(graph.http, connectionTo(graph.server.url)));
    expect(error).toMatchObject({ reason: 'provider_unavailable', retryable: true });
  });

  it('shows no secret, also when Meta repeats one', async () => {
    graph.answerError({
      code: 190,
      message: `The token ${TOKEN} of EAAGabcdefghijklmnopqrstuvw and ${APP_SECRET} is bad`,
    });
    const error = await rejectionOf(
      getNumber(graph.http, connectionTo(graph.server.url, { appSecret: APP_SECRET })),
    );
    const shown = JSON.stringify([
      (error as Error).message,
      error,
      (error as { details?: object }).details,
    ]);
    expect(shown).toContain('***');
    expect(shown).not.toMatch(/EAAG|app-secret-for-tests/);
  });
});

describe('an answer without an error of Meta', () => {
  it.each([
    [401, 'token_expired'],
    [429, 'rate_limited'],
    [404, 'provider_rejected'],
    [502, 'outcome_unknown'],
    [200, 'outcome_unknown'],
  ])('with HTTP %i gives the reason %s', async (status, reason) => {
    graph.answerWith((_request, response) => {
      response.writeHead(status, { 'content-type': 'text/html' });
      response.end('<html>Sorry</html>');
    });
    expect(await sendError()).toMatchObject({ reason });
  });

  it('that was cut off is unknown, and one that never left is not', async () => {
    graph.answerWith((_request, response) => response.destroy());
    expect(await sendError()).toBeInstanceOf(OutcomeUnknownError);
    const gone = connectionTo('http://127.0.0.1:9');
    const error = await rejectionOf(
      whatsApp.send(gone, {
        recipientExternalId: PERSON,
        content: { type: 'text', text: 'oi' },
        messageId: 'M',
      }),
    );
    expect(error).toMatchObject({ reason: 'provider_unavailable', retryable: true });
  });

  it('that accepted the message without an id is unknown', async () => {
    graph.answerWith((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"messaging_product":"whatsapp","messages":[]}');
    });
    expect(await sendError()).toBeInstanceOf(OutcomeUnknownError);
  });
});

it('a range of codes has a row, its neighbours have none', () => {
  expect(findWhatsAppError(210)).toMatchObject({ retryClass: 'permission' });
  expect(findWhatsAppError(300)).toBeUndefined();
});
