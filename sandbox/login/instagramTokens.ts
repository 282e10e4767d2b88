import { badParameter, GraphError } from '../graph/errors.ts';
import { oneOf, onlyKeys, requiredText } from '../graph/validation.ts';
import { isSameText } from './exchange.ts';
import { issueToken, tokenProblem } from './tokens.ts';
import type { TokenCall } from './tokenCall.ts';
import type { Token } from '../model.ts';

/** `GET graph.instagram.com/access_token`: a token of an hour becomes one of 60 days. Source: section A.4. */
export function exchangeInstagramToken(call: TokenCall): Record<string, unknown> {
  const { params } = call;
  onlyKeys(params, ['grant_type', 'client_secret', 'access_token'], '');
  oneOf(params.grant_type, ['ig_exchange_token'], 'grant_type');
  const secret = requiredText(params, 'client_secret', '');
  const token = readToken(call);
  const app = call.context.store.state.apps[token.appId];
  if (app === undefined || !isSameText(secret, app.instagram.secret)) {
    throw badParameter('Error validating client secret.');
  }
  if (token.isLongLived === true) {
    throw badParameter('The access token is a long-lived one already: refresh it.');
  }
  return renew(call, token);
}

/**
 * `GET graph.instagram.com/refresh_access_token`: the token must be 24 hours old, unexpired and still
 * hold instagram_business_basic. Source: section A.4.
 */
export function refreshInstagramToken(call: TokenCall): Record<string, unknown> {
  const { params } = call;
  onlyKeys(params, ['grant_type', 'access_token'], '');
  oneOf(params.grant_type, ['ig_refresh_token'], 'grant_type');
  const token = readToken(call);
  const { store } = call.context;
  const ageSeconds = store.now() / 1000 - token.issuedAtSeconds;
  if (token.isLongLived !== true) {
    throw badParameter('Only a long-lived access token can be refreshed.');
  }
  if (ageSeconds < store.state.settings.refreshAfterSeconds) {
    throw badParameter('The access token must be at least 24 hours old to be refreshed.');
  }
  if (!token.scopes.includes('instagram_business_basic')) {
    throw new GraphError({
      code: 10,
      message: '(#10) Application does not have permission instagram_business_basic.',
    });
  }
  return renew(call, token);
}

function readToken(call: TokenCall): Token {
  const { store } = call.context;
  const value = requiredText(call.params, 'access_token', '');
  const token = store.state.tokens[value];
  if (token?.type !== 'INSTAGRAM') {
    throw new GraphError({
      code: 190,
      message: 'Invalid OAuth access token - Cannot parse access token',
    });
  }
  const problem = tokenProblem(store.state, token, store.now());
  if (problem !== undefined) throw new GraphError(problem);
  return token;
}

function renew(call: TokenCall, token: Token): Record<string, unknown> {
  const { store } = call.context;
  const { appId, userId, accountId, scopes, dataAccessExpiresAtSeconds } = token;
  const life = store.state.settings.longTokenSeconds;
  const longer = issueToken(
    store.state,
    store.now(),
    {
      type: 'INSTAGRAM',
      appId,
      userId,
      ...(accountId === undefined ? {} : { accountId }),
      scopes: [...scopes],
      dataAccessExpiresAtSeconds,
      isLongLived: true,
    },
    life,
  );
  store.changed();
  return { access_token: longer.value, token_type: 'bearer', expires_in: life };
}
