import { readAnswer } from '../../../core/providers/notificame/answer';
import { createHubClient } from '../../../core/providers/notificame/client';
import type { HttpClient, HttpRequest } from '../../../core/http/client';
import type { HubAccess } from '../../../core/providers/notificame';

const access: HubAccess = {
  baseUrl: 'https://api.example',
  token: 'a-token-of-the-sub-account',
  settings: { profile: 'hub', v2Channels: [], fileTypes: 'kind', timezone: 'America/Sao_Paulo' },
};

/** An HTTP client that answers everything with this body, and remembers what it was asked. */
function answering(status: number, body: string) {
  const requests: HttpRequest[] = [];
  const http = {
    request: async (request: HttpRequest) => {
      requests.push(request);
      return { status, headers: {}, body: Buffer.from(body) };
    },
  } as unknown as HttpClient;
  return { requests, client: createHubClient(http) };
}

const call = (status: number, body: string, purpose: 'send' | 'other' = 'other') =>
  answering(status, body)
    .client.call(access, { method: 'GET', path: '/v1/channels', subject: 'the list', purpose })
    .then(
      (value: unknown) => ({ value }),
      (error: unknown) => error as Error & { reason: string; hint?: string; retryClass?: string },
    );

describe('an answer of the hub', () => {
  it.each([
    ['a bare list', '[{"id":"1"}]'],
    ['an object with an id', '{"id":"1","contents":[]}'],
    ['SUCCESS with a value', '{"code":"SUCCESS","value":[{"id":"1"}]}'],
    ['a list under a name', '{"data":[{"id":"1"}]}'],
    ['a new sub-account', '{"CompanyId":"1","Status":"Sucesso"}'],
  ])('is a success: %s', (_name, body) => {
    expect(readAnswer(body).kind).toBe('success');
  });

  it.each([
    [
      'an unknown route',
      '{"error":{"type":"OAuthException","code":"Hub404","message":"no"}}',
      'Hub404',
    ],
    ['a wrong token', '{"code":"AUTHENTICATION_ERROR","message":"no"}', 'AUTHENTICATION_ERROR'],
    ['an error inside 200', '{"code":"ERROR","message":"no"}', 'ERROR'],
    ['a wrong method', '{"code":"METHOD_NOT_ALLOWED"}', 'METHOD_NOT_ALLOWED'],
    ['an error that is a text', '{"error":"no"}', null],
    ['an object that says nothing', '{}', null],
  ])('is an error: %s', (_name, body, code) => {
    expect(readAnswer(body)).toMatchObject({ kind: 'error', code });
  });

  it('names the field that validation refused', () => {
    const body =
      '{"code":"VALIDATION_ERROR","message":"Validation error","details":[{"code":"X","path":"to","message":"is required"}]}';
    expect(readAnswer(body)).toMatchObject({ says: 'Validation error; to: is required' });
  });

  it('is no JSON, or nothing at all', () => {
    expect(readAnswer('404 page not found')).toEqual({ kind: 'text', text: '404 page not found' });
    expect(readAnswer('"busy"')).toMatchObject({ kind: 'text' });
    expect(readAnswer(' \n')).toEqual({ kind: 'nothing' });
  });
});

describe('what the hub answered becomes a sentence of its own', () => {
  it.each<[string, number, string, RegExp, string]>([
    [
      'an error with 200',
      200,
      '{"code":"ERROR","message":"canal fora"}',
      /refused the list \(code ERROR\).*canal fora/,
      'provider_rejected',
    ],
    [
      'plain text with 200',
      200,
      'service is starting',
      /answered the list with plain text instead of JSON \(HTTP 200\): "service is starting"/,
      'provider_unavailable',
    ],
    [
      'nothing with 200',
      200,
      '',
      /answered the list with nothing at all \(HTTP 200\)/,
      'provider_unavailable',
    ],
    [
      'an unknown path',
      404,
      '404 page not found\n',
      /does not know the address of the list/,
      'provider_rejected',
    ],
    [
      'an unknown route',
      200,
      '{"error":{"code":"Hub404","message":"Unsupported"}}',
      /code Hub404/,
      'provider_rejected',
    ],
    [
      'a bad token',
      404,
      '{"code":"AUTHENTICATION_ERROR","message":"No"}',
      /AUTHENTICATION_ERROR/,
      'token_expired',
    ],
    [
      'a company that is none',
      401,
      '{"message":"Invalid company"}',
      /Invalid company/,
      'token_expired',
    ],
    [
      'too many calls',
      429,
      '{"code":"ERROR","message":"Too many requests"}',
      /Too many requests/,
      'rate_limited',
    ],
    [
      'a fault of its own',
      502,
      '<html>Bad Gateway</html>',
      /plain text instead of JSON \(HTTP 502\): "Bad Gateway"/,
      'provider_unavailable',
    ],
  ])('%s', async (_name, status, body, sentence, reason) => {
    const error = (await call(status, body)) as Error & { reason: string; hint: string };
    expect(error.message).toMatch(sentence);
    expect(error.reason).toBe(reason);
    expect(error.hint).toBeTruthy();
  });

  it.each([
    ['plain text', 200, 'ok'],
    ['nothing', 200, ''],
    ['a fault of its own', 500, '{"code":"INTERNAL_ERROR","message":"x"}'],
  ])('a send that got %s is not known to have failed', async (_name, status, body) => {
    const error = (await call(status, body, 'send')) as Error & { reason: string };
    expect(error.reason).toBe('outcome_unknown');
  });

  it('a send to an unknown address surely was not sent', async () => {
    const error = (await call(404, '404 page not found', 'send')) as Error & { reason: string };
    expect(error.reason).toBe('provider_rejected');
  });

  it('never shows the token', async () => {
    const error = (await call(200, `{"code":"ERROR","message":"bad ${access.token}"}`)) as Error;
    expect(error.message).not.toContain(access.token);
    expect(JSON.stringify(error)).not.toContain(access.token);
  });

  it('an empty answer is a success only where there may be one', async () => {
    const { client, requests } = answering(204, '');
    const ended = client.call(access, {
      method: 'DELETE',
      path: '/v1/subscriptions/1',
      subject: 'the end',
      mayBeEmpty: true,
    });
    await expect(ended).resolves.toBeNull();
    expect(requests[0]?.headers).toMatchObject({ 'x-api-token': access.token });
  });

  it('takes a base address with a version, as the community node writes it', async () => {
    const { client, requests } = answering(200, '[]');
    const at = { ...access, baseUrl: 'https://hub.example/v1/' };
    await client.call(at, { method: 'GET', path: '/v2/templates', subject: 'templates' });
    expect(requests[0]?.url).toBe('https://hub.example/v2/templates');
  });
});
