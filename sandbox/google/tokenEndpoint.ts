import { verify } from 'node:crypto';
import { randomBytes } from 'node:crypto';
import { isRecord, type Reply, type Request } from '../http.ts';
import type { Context } from '../context.ts';
import type { ServiceAccount } from './model.ts';
import { takeRefusal } from './refusals.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const SCOPE = /^https:\/\/www\.googleapis\.com\/auth\/calendar(\.[a-z.]+)?$/;

class Refused extends Error {
  readonly status: number;
  readonly error: string;
  constructor(error: string, description: string, status = 400) {
    super(description);
    this.error = error;
    this.status = status;
  }
}

/** `POST /token`: a signed statement for an access token. Source: section G.1. */
export function answerToken(context: Context, request: Request): Reply {
  const refusal = takeRefusal(context, 'token');
  if (refusal) {
    return refusal.status === 0
      ? { status: 0, cut: true }
      : { status: refusal.status, body: { error: refusal.reason } };
  }
  try {
    return { status: 200, body: issue(context, request) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return {
      status: error.status,
      body: { error: error.error, error_description: error.message },
    };
  }
}

function issue(context: Context, request: Request): Record<string, unknown> {
  const type = String(request.headers['content-type'] ?? '').split(';')[0];
  const form = new URLSearchParams(request.body.toString('utf8'));
  if (request.method !== 'POST' || type !== 'application/x-www-form-urlencoded') {
    throw new Refused('invalid_request', 'The token endpoint takes a form by POST.');
  }
  if (form.get('grant_type') !== GRANT) {
    throw new Refused('unsupported_grant_type', 'Invalid grant_type: ');
  }
  const [head = '', body = '', signature = ''] = (form.get('assertion') ?? '').split('.');
  const header = jsonOf(head);
  const claims = jsonOf(body);
  if (header.alg !== 'RS256' || typeof claims.iss !== 'string') {
    throw new Refused('invalid_grant', 'Invalid JWT: Token must be signed with RS256.');
  }
  const { google } = context.store.state;
  const account = google.serviceAccounts[claims.iss];
  if (!account) throw new Refused('invalid_grant', 'Invalid grant: account not found');
  const signed = Buffer.from(`${head}.${body}`);
  const isOurs = account.publicKeys.some((key) =>
    verify('RSA-SHA256', signed, key, Buffer.from(signature, 'base64url')),
  );
  if (!isOurs) throw new Refused('invalid_grant', 'Invalid JWT Signature.');
  checkTimes(claims, Math.floor(context.store.now() / 1000));
  checkAudience(context, request, claims.aud);
  const scopes = scopesOf(claims.scope);
  const actsFor = subjectOf(context, account, claims.sub, scopes);
  const value = `ya29.${randomBytes(48).toString('base64url')}`;
  google.tokens[value] = {
    email: account.email,
    actsFor,
    scopes,
    expiresAt: context.store.now() + google.tokenSeconds * 1000,
  };
  context.store.changed();
  return { access_token: value, expires_in: google.tokenSeconds, token_type: 'Bearer' };
}

function checkTimes(claims: Record<string, unknown>, now: number): void {
  const { iat, exp } = claims;
  const skew = 60;
  if (
    typeof iat !== 'number' ||
    typeof exp !== 'number' ||
    iat > now + skew ||
    exp <= now - skew ||
    exp - iat > 3600
  ) {
    throw new Refused(
      'invalid_grant',
      'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
    );
  }
}

function checkAudience(context: Context, request: Request, aud: unknown): void {
  const own = [
    'https://oauth2.googleapis.com/token',
    `${context.publicUrl()}/token`,
    `http://${request.headers.host ?? ''}/token`,
  ];
  if (!own.includes(String(aud))) {
    throw new Refused('invalid_grant', 'Invalid JWT: Failed audience check.');
  }
}

function scopesOf(scope: unknown): string[] {
  const scopes = (typeof scope === 'string' ? scope : '').split(' ').filter((one) => one !== '');
  if (scopes.length === 0 || scopes.some((one) => !SCOPE.test(one))) {
    throw new Refused('invalid_scope', 'Invalid OAuth scope or ID token audience provided.');
  }
  return scopes;
}

function subjectOf(
  context: Context,
  account: ServiceAccount,
  sub: unknown,
  scopes: string[],
): string {
  if (sub === undefined) return account.email;
  if (typeof sub !== 'string' || !context.store.state.google.users.includes(sub)) {
    throw new Refused('invalid_grant', 'Invalid email or User ID');
  }
  if (scopes.some((scope) => !account.delegatedScopes.includes(scope))) {
    throw new Refused(
      'unauthorized_client',
      'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
      401,
    );
  }
  return sub;
}

function jsonOf(part: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
}
