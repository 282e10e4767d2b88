import { exchangeInstagramToken, refreshInstagramToken } from './instagramTokens.ts';
import { exchangeForToken } from './exchange.ts';
import { undocumented } from '../graph/errors.ts';
import type { GraphHost } from '../graph/call.ts';
import type { TokenCall } from './tokenCall.ts';

const FACEBOOK_PATH = /^\/[^/]+\/oauth\/access_token\/?$/;

/** True for `/{v}/oauth/access_token`, and on graph.instagram.com for its unversioned two. */
export function isTokenPath(host: GraphHost, path: string): boolean {
  return host === 'graph.facebook.com'
    ? FACEBOOK_PATH.test(path)
    : path === '/access_token' || path === '/refresh_access_token';
}

/** Answers an exchange or a refresh. Sources: sections A.2 (3, 4), A.4. */
export function answerTokenCall(call: TokenCall): Record<string, unknown> {
  const { host, path, request } = call;
  if (host === 'graph.facebook.com') {
    if (request.method !== 'GET' && request.method !== 'POST') {
      throw undocumented(`${request.method} is not documented for ${path}.`);
    }
    return exchangeForToken(call);
  }
  if (request.method !== 'GET') throw undocumented(`${path} is documented for GET only.`);
  return path === '/access_token' ? exchangeInstagramToken(call) : refreshInstagramToken(call);
}
