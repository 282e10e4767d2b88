import { timingSafeEqual } from 'node:crypto';
import { badParameter, GraphError } from '../graph/errors.ts';
import { oneOf, onlyKeys, requiredText } from '../graph/validation.ts';
import { issueToken, tokenProblem } from './tokens.ts';
import type { TokenCall } from './tokenCall.ts';
import type { App, Token, WorldState } from '../model.ts';
import type { AuthorizationCode } from '../loginModel.ts';

/** `/{v}/oauth/access_token`: by code, by a short token, or for the app itself. Source: section A.2 (3, 4). */
export function exchangeForToken(call: TokenCall): Record<string, unknown> {
  const { params } = call;
  // A code alone is the documented form; generic OAuth clients add the grant type of the standard.
  const kinds = ['authorization_code', 'fb_exchange_token', 'client_credentials'] as const;
  const grant =
    params.grant_type === undefined && params.code !== undefined
      ? 'authorization_code'
      : oneOf(params.grant_type, kinds, 'grant_type');
  const app = authenticateApp(call);
  switch (grant) {
    case 'authorization_code':
      onlyKeys(params, ['grant_type', 'client_id', 'client_secret', 'redirect_uri', 'code'], '');
      return exchangeCode(call, app);
    case 'fb_exchange_token':
      onlyKeys(params, ['grant_type', 'client_id', 'client_secret', 'fb_exchange_token'], '');
      return extendToken(call, app);
    case 'client_credentials':
      onlyKeys(params, ['grant_type', 'client_id', 'client_secret'], '');
      return { access_token: `${app.id}|${app.secret}`, token_type: 'bearer' };
  }
}

function authenticateApp(call: TokenCall): App {
  const id = requiredText(call.params, 'client_id', '');
  const secret = requiredText(call.params, 'client_secret', '');
  const app = call.context.store.state.apps[id];
  if (app === undefined) {
    throw new GraphError({
      code: 101,
      message: 'Error validating application. Cannot get application info due to a system error.',
    });
  }
  if (!isSameText(secret, app.secret)) {
    throw new GraphError({ code: 1, status: 400, message: 'Error validating client secret.' });
  }
  return app;
}

/** Compares in constant time, as a vendor would. */
export function isSameText(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * Takes a code, which works once, for a short time, for its app and its very redirect address.
 * @returns the code, used up now, or the sentence that says what is wrong with it
 */
export function takeCode(
  state: WorldState,
  nowMs: number,
  given: { login: 'facebook' | 'instagram'; appId: string; code: string; redirectUri: string },
): AuthorizationCode | CodeProblem {
  const code = state.codes[given.code];
  if (code?.login !== given.login || code.appId !== given.appId) return 'unknown';
  if (code.redirectUri !== given.redirectUri) return 'redirect';
  if (code.used) return 'used';
  if (nowMs >= code.expiresAt) return 'expired';
  code.used = true;
  return code;
}

export type CodeProblem = 'unknown' | 'redirect' | 'used' | 'expired';

/** Code 100 as section A.7 has it for parameters; subcodes as integrators report them. */
const CODE_ERRORS: Record<CodeProblem, { subcode?: number; message: string }> = {
  unknown: { message: 'Invalid verification code format.' },
  redirect: {
    subcode: 36008,
    message:
      'Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request',
  },
  used: { subcode: 36009, message: 'This authorization code has been used.' },
  expired: { subcode: 36007, message: 'This authorization code has expired.' },
};

function exchangeCode(call: TokenCall, app: App): Record<string, unknown> {
  const { store } = call.context;
  const { state } = store;
  const now = store.now();
  const code = takeCode(state, now, {
    login: 'facebook',
    appId: app.id,
    code: requiredText(call.params, 'code', ''),
    redirectUri: requiredText(call.params, 'redirect_uri', ''),
  });
  if (typeof code === 'string') throw new GraphError({ code: 100, ...CODE_ERRORS[code] });
  const life = state.settings.shortTokenSeconds;
  const token = issueToken(
    state,
    now,
    {
      type: 'USER',
      appId: app.id,
      userId: code.userId,
      pageIds: [...code.pageIds],
      scopes: [...code.scopes],
      isLongLived: false,
      dataAccessExpiresAtSeconds: Math.floor(now / 1000) + state.settings.dataAccessSeconds,
    },
    life,
  );
  store.changed();
  return answerFor(token, state.settings.codeAnswerExpiry === 'given' ? life : undefined);
}

/** A short token becomes one of about 60 days; an expired one cannot be exchanged. */
function extendToken(call: TokenCall, app: App): Record<string, unknown> {
  const { store } = call.context;
  const { state } = store;
  const now = store.now();
  const value = requiredText(call.params, 'fb_exchange_token', '');
  const token = state.tokens[value];
  if (token?.type !== 'USER' || token.appId !== app.id) {
    throw new GraphError({
      code: 190,
      message: 'Invalid OAuth access token - Cannot parse access token',
    });
  }
  const problem = tokenProblem(state, token, now);
  if (problem !== undefined) throw new GraphError({ ...problem, status: 400 });
  const { longTokenSeconds, exchangeOfLongLived } = state.settings;
  if (token.isLongLived === true && exchangeOfLongLived === 'refuse') {
    throw badParameter('The access token is a long-lived one already.');
  }
  if (token.isLongLived === true && exchangeOfLongLived === 'same') {
    return answerFor(token, token.expiresAtSeconds - Math.floor(now / 1000));
  }
  const longer = issueToken(
    state,
    now,
    {
      ...withoutValue(token),
      issuedAtSeconds: Math.floor(now / 1000),
      expiresAtSeconds: Math.floor(now / 1000) + longTokenSeconds,
      isLongLived: true,
    },
    longTokenSeconds,
  );
  store.changed();
  return answerFor(longer, longTokenSeconds);
}

function withoutValue(token: Token): Omit<Token, 'value'> {
  const { value: _value, ...rest } = token;
  return structuredClone(rest);
}

function answerFor(token: Token, expiresIn: number | undefined): Record<string, unknown> {
  return {
    access_token: token.value,
    token_type: 'bearer',
    ...(expiresIn === undefined ? {} : { expires_in: expiresIn }),
  };
}
