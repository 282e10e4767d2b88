import { createPrivateKey } from 'node:crypto';
import { SignJWT, type JWTPayload } from 'jose';
import { startSandbox, type Sandbox } from '../../../sandbox/server.ts';

export const SCOPE = 'https://www.googleapis.com/auth/calendar';
export const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

let sandbox: Sandbox;

/** Starts a sandbox for the tests of a file, as it was at first for each of them. */
export function useGoogle(): void {
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0 });
  });
  afterAll(() => sandbox.close());
  beforeEach(() => control('POST', '/reset', {}));
}

export const seed = () => sandbox.seed.google;

export async function control(method: string, path: string, body: object) {
  const response = await fetch(`${sandbox.url}/_sandbox${path}`, {
    method,
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Record<string, unknown>;
}

/** A statement as Google wants it, signed by a library that is not the package's. */
export async function assertion(claims: JWTPayload = {}, key = seed().privateKey): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const all = {
    iss: seed().clientEmail,
    scope: SCOPE,
    aud: seed().tokenUrl,
    iat: now,
    exp: now + 3600,
    ...claims,
  };
  return new SignJWT(all)
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .sign(createPrivateKey(key));
}

export async function askToken(form: Record<string, string>) {
  const response = await fetch(seed().tokenUrl, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

export const exchange = async (claims?: JWTPayload, key?: string) =>
  askToken({ grant_type: GRANT, assertion: await assertion(claims, key) });

export const tokenFor = async (claims?: JWTPayload) =>
  String((await exchange(claims)).body.access_token);

interface Answer {
  status: number;
  reason: string | undefined;
  headers: Headers;
  body: Record<string, unknown> & { items: Array<Record<string, unknown>> };
}

export async function call(
  method: string,
  path: string,
  {
    token,
    body,
    headers,
  }: { token?: string; body?: object; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await fetch(`${seed().calendarBaseUrl}${path}`, {
    method,
    headers: { ...headers, authorization: `Bearer ${token ?? (await tokenFor())}` },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const parsed = (text === '' ? {} : JSON.parse(text)) as Answer['body'];
  const { errors } = (parsed.error ?? {}) as { errors?: Array<{ reason: string }> };
  return {
    status: response.status,
    reason: errors?.[0]?.reason,
    headers: response.headers,
    body: parsed,
  };
}

export const eventsOf = (id: string) => `/calendars/${encodeURIComponent(id)}/events`;
export const own = () => eventsOf(seed().calendarId);
export const timed = (day: string, over: object = {}) => ({
  summary: 'Limpeza',
  start: { dateTime: `${day}T14:00:00`, timeZone: 'America/Sao_Paulo' },
  end: { dateTime: `${day}T15:00:00`, timeZone: 'America/Sao_Paulo' },
  ...over,
});
export const make = (day: string, over: object = {}) =>
  call('POST', own(), { body: timed(day, over) });
