import { createHash } from 'node:crypto';
import { HttpFailure } from '../../http/failure';
import type { HttpClient, HttpResponse } from '../../http/client';
import { ProviderError, type Clock } from '../../model';
import { asNumber, asText, parseObject } from '../graph/json';
import type { GoogleAccess } from './access';
import { signAssertion } from './assertion';
import { googleTransportError, tokenError } from './errors';

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** A token is renewed that long before its end: the call that carries it takes its time, too. */
const MARGIN_MS = 60_000;
/** There is one token for each key; more are keys that were changed. */
const KEPT = 200;

interface Token {
  value: string;
  usableUntil: number;
}

/** The access tokens of this process: fetched once, shared, renewed before they end. */
export class GoogleTokens {
  readonly #http: HttpClient;
  readonly #clock: Clock;
  readonly #tokens = new Map<string, Token>();
  readonly #coming = new Map<string, Promise<Token>>();

  constructor(http: HttpClient, clock: Clock) {
    this.#http = http;
    this.#clock = clock;
  }

  /**
   * A token that is good for another minute at least.
   * @throws TokenExpiredError saying what is wrong with the key; ProviderError when Google cannot be asked now
   */
  async get(access: GoogleAccess): Promise<string> {
    const id = idOf(access);
    const present = this.#tokens.get(id);
    if (present && present.usableUntil > this.#clock.now()) return present.value;
    let coming = this.#coming.get(id);
    if (!coming) {
      coming = this.#fetch(access).finally(() => this.#coming.delete(id));
      this.#coming.set(id, coming);
    }
    const token = await coming;
    this.#tokens.delete(id);
    this.#tokens.set(id, token);
    for (const oldest of this.#tokens.keys()) {
      if (this.#tokens.size <= KEPT) break;
      this.#tokens.delete(oldest);
    }
    return token.value;
  }

  /** Google refused this token: the next call fetches another one. */
  drop(access: GoogleAccess, value: string): void {
    const id = idOf(access);
    if (this.#tokens.get(id)?.value === value) this.#tokens.delete(id);
  }

  async #fetch(access: GoogleAccess): Promise<Token> {
    const now = this.#clock.now();
    const response = await this.#ask(access, signAssertion(access, now));
    const body = parseObject(response.body.toString('utf8'));
    const value = asText(body?.access_token);
    if (response.status !== 200 || value === null) {
      if (response.status !== 200) throw tokenError(response, access);
      throw new ProviderError(
        'provider_rejected',
        `What answers at ${new URL(access.tokenUrl).origin} is not Google's token endpoint.`,
        'configuration',
        response.status,
        null,
        { hint: 'Check "Token URL" of the credential.' },
      );
    }
    const lifetimeMs = (asNumber(body?.expires_in) ?? 3600) * 1000;
    return { value, usableUntil: now + Math.max(0, lifetimeMs - MARGIN_MS) };
  }

  async #ask(access: GoogleAccess, assertion: string): Promise<HttpResponse> {
    try {
      return await this.#http.request({
        method: 'POST',
        url: access.tokenUrl,
        guard: 'trusted',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          accept: 'application/json',
        },
        body: new URLSearchParams({ grant_type: GRANT_TYPE, assertion }).toString(),
      });
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      throw googleTransportError(error, { access, subject: 'an access token', writes: false });
    }
  }
}

/** By everything that the token depends on; the key itself is in memory as its digest. */
function idOf({ clientEmail, delegatedUser, tokenUrl, privateKey }: GoogleAccess): string {
  const key = createHash('sha256').update(privateKey).digest('base64');
  return JSON.stringify([tokenUrl, clientEmail, delegatedUser, key]);
}
