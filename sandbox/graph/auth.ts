import { timingSafeEqual } from 'node:crypto';
import { appSecretProof } from '../webhooks/sign.ts';
import { GraphError } from './errors.ts';
import type { WorldStore } from '../world/store.ts';
import type { App, Token } from '../model.ts';

/** Who calls. `token` is absent for an app token. */
export interface Caller {
  app: App;
  token?: Token;
}

/** What the vendor says with each subcode of 190. Source: section A.7. */
const INVALID_MESSAGES: Record<number, string> = {
  458: 'Error validating access token: The user has not authorized application.',
  459: 'Error validating access token: You cannot access the app till you log in to www.facebook.com and follow the instructions given.',
  460: 'Error validating access token: The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.',
  463: 'Error validating access token: Session has expired.',
  464: 'Error validating access token: Sessions for the user are not allowed because the user is not a confirmed user.',
  467: 'Error validating access token: The session is invalid because the user logged out.',
  492: 'Error validating access token: Invalid Page access token; the user has no longer a role on the Page.',
};

/**
 * Accepts or refuses the token and its `appsecret_proof`. Sources: sections A.2 (9), A.7.
 * @throws GraphError 2500 without a token, 190 for an unknown, expired or revoked one, 100 for the proof.
 */
export function authenticate(
  store: WorldStore,
  rawToken: string | undefined,
  proof: unknown,
): Caller {
  if (rawToken === undefined || rawToken === '') {
    throw new GraphError({
      code: 2500,
      message: 'An active access token must be used to query information about the current user.',
    });
  }
  const caller = findCaller(store, rawToken);
  checkProof(caller.app, rawToken, proof);
  if (caller.token !== undefined) {
    const problem = tokenProblem(caller.token, store.now());
    if (problem !== undefined) throw new GraphError(problem);
  }
  return caller;
}

/** Why a token is no longer good, as code, subcode and sentence. */
export function tokenProblem(
  token: Token,
  nowMs: number,
): { code: number; subcode?: number; message: string } | undefined {
  if (token.invalid !== undefined) {
    const { code, subcode } = token.invalid;
    const message =
      subcode === undefined
        ? 'Error validating access token: The access token is invalid.'
        : (INVALID_MESSAGES[subcode] ?? 'Error validating access token.');
    return { code, ...(subcode === undefined ? {} : { subcode }), message };
  }
  if (token.expiresAtSeconds !== 0 && nowMs / 1000 >= token.expiresAtSeconds) {
    return { code: 190, subcode: 463, message: INVALID_MESSAGES[463] ?? '' };
  }
  return undefined;
}

/** The app of a token of the form `<app id>|<app secret>`. */
export function findAppToken(store: WorldStore, rawToken: string): App | undefined {
  const [appId, secret] = rawToken.split('|');
  const app = store.state.apps[appId ?? ''];
  return app !== undefined && secret === app.secret ? app : undefined;
}

function findCaller(store: WorldStore, rawToken: string): Caller {
  const app = findAppToken(store, rawToken);
  if (app !== undefined) return { app };
  const token = store.state.tokens[rawToken];
  const appOfToken = token === undefined ? undefined : store.state.apps[token.appId];
  if (token === undefined || appOfToken === undefined) {
    throw new GraphError({
      code: 190,
      message: 'Invalid OAuth access token - Cannot parse access token',
    });
  }
  return { app: appOfToken, token };
}

function checkProof(app: App, rawToken: string, proof: unknown): void {
  if (proof === undefined) {
    if (!app.requireAppSecret) return;
    throw new GraphError({
      code: 100,
      type: 'GraphMethodException',
      message: 'API calls from the server require an appsecret_proof argument',
    });
  }
  const expected = Buffer.from(appSecretProof(app.secret, rawToken));
  const given = Buffer.from(typeof proof === 'string' ? proof : '');
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
    throw new GraphError({
      code: 100,
      type: 'GraphMethodException',
      message: 'Invalid appsecret_proof provided in the API argument',
    });
  }
}
