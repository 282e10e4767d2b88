import type { HttpClient, HttpRequest, HttpResponse } from '../../http/client';
import { HttpFailure } from '../../http/failure';
import { TokenExpiredError } from '../../model';
import { asList, asObject } from '../graph/json';
import type { JsonObject } from '../graph/json';
import type { HubAccess } from './access';
import { readAnswer } from './answer';
import { hubError, hubTransportError } from './errors';
import type { CallContext } from './errors';

export interface HubCall {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** From the base address on, its parts encoded: `/v1/channels`. */
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: JsonObject;
  subject: string;
  purpose?: CallContext['purpose'];
  /** An empty answer is a success too (Zenvia deletes with 204). */
  mayBeEmpty?: boolean;
}

export interface HubClient {
  /**
   * One call; the token travels in the header `X-Api-Token`.
   * @returns what the answer holds: a list or an object; null where it may be empty and is
   * @throws SendError (ProviderError, TokenExpiredError, RateLimitedError, OutcomeUnknownError)
   */
  call(access: HubAccess, call: HubCall): Promise<unknown>;
}

export function createHubClient(http: HttpClient): HubClient {
  return {
    async call(access, call) {
      const context: CallContext = {
        subject: call.subject,
        purpose: call.purpose ?? 'other',
        secrets: [access.token, access.settings.webhookSecret],
      };
      if (access.token === '') {
        throw new TokenExpiredError(`There is no API token for ${call.subject}.`, {
          hint: 'Put the token of the sub-account into the credential.',
        });
      }
      const response = await exchange(http, toRequest(access, call), context);
      const answer = readAnswer(response.body.toString('utf8'));
      const isOk = response.status >= 200 && response.status < 300;
      if (answer.kind === 'nothing' && isOk && call.mayBeEmpty) return null;
      if (answer.kind === 'success' && isOk) return answer.value;
      if (answer.kind === 'success') {
        // A status of failure with a body that looks well: the body says nothing against it, and nothing for it.
        throw hubError({ kind: 'error', code: null, says: null }, response, context);
      }
      throw hubError(answer, response, context);
    },
  };
}

async function exchange(
  http: HttpClient,
  request: HttpRequest,
  context: CallContext,
): Promise<HttpResponse> {
  try {
    return await http.request(request);
  } catch (error) {
    if (error instanceof HttpFailure) throw hubTransportError(error, context);
    throw error;
  }
}

function toRequest(access: HubAccess, { method, path, query, body }: HubCall): HttpRequest {
  const search = new URLSearchParams(query);
  return {
    method,
    url: `${addressOf(access, path)}${search.size === 0 ? '' : `?${search.toString()}`}`,
    guard: 'trusted',
    headers: {
      'x-api-token': access.token,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

/** Some write the version into the base address, as the community node does: it is the path's business. */
export function addressOf({ baseUrl }: Pick<HubAccess, 'baseUrl'>, path: string): string {
  const base = baseUrl.replace(/\/+$/, '');
  return /^\/v\d+\//.test(path) ? `${base.replace(/\/v\d+$/, '')}${path}` : `${base}${path}`;
}

/** The objects of an answer that should be a list; one thing alone counts as a list of it. */
export function objectsOf(value: unknown): JsonObject[] {
  const list = Array.isArray(value) ? asList(value) : [value];
  return list.flatMap((item) => {
    const object = asObject(item);
    return object === null ? [] : [object];
  });
}
