import { timingSafeEqual } from 'node:crypto';
import { appSecretProof } from '../webhooks/sign.ts';
import { tokenProblem } from '../login/tokens.ts';
import { GraphError, undocumented } from './errors.ts';
import type { GraphHost } from './call.ts';
import type { WorldStore } from '../world/store.ts';
import type { App, Token } from '../model.ts';

/** Who calls. `token` is absent for an app token. */
export interface Caller {
  app: App;
  token?: Token;
}

/**
 * Accepts or refuses the token and its `appsecret_proof`. Sources: sections A.2 (9), A.7.
 * @throws GraphError 2500 without a token, 190 for an unknown, expired or revoked one, 100 (or 104) for the proof.
 */
export function authenticate(
  store: WorldStore,
  host: GraphHost,
  rawToken: string | undefined,
  proof: unknown,
): Caller {
  if (rawToken === undefined || rawToken === '') {
    throw new GraphError({
      code: 2500,
      message: 'An active access token must be used to query information about the current user.',
    });
  }
  const caller = findCaller(store, host, rawToken);
  if (host === 'graph.facebook.com') checkProof(store, caller.app, rawToken, proof);
  else if (proof !== undefined) {
    throw undocumented('appsecret_proof is not documented for graph.instagram.com.');
  }
  if (caller.token !== undefined) {
    const problem = tokenProblem(store.state, caller.token, store.now());
    if (problem !== undefined) throw new GraphError(problem);
  }
  return caller;
}

/** The app of a token of the form `<app id>|<app secret>`. */
export function findAppToken(store: WorldStore, rawToken: string): App | undefined {
  const [appId, secret] = rawToken.split('|');
  const app = store.state.apps[appId ?? ''];
  return app !== undefined && secret === app.secret ? app : undefined;
}

/** A token of Instagram Login is good on graph.instagram.com alone, and every other one is not. */
function findCaller(store: WorldStore, host: GraphHost, rawToken: string): Caller {
  const isInstagram = host === 'graph.instagram.com';
  const app = isInstagram ? undefined : findAppToken(store, rawToken);
  if (app !== undefined) return { app };
  const token = store.state.tokens[rawToken];
  const appOfToken = token === undefined ? undefined : store.state.apps[token.appId];
  const isForHost = (token?.type === 'INSTAGRAM') === isInstagram;
  if (token === undefined || appOfToken === undefined || !isForHost) {
    throw new GraphError({
      code: 190,
      message: 'Invalid OAuth access token - Cannot parse access token',
    });
  }
  return { app: appOfToken, token };
}

function checkProof(store: WorldStore, app: App, rawToken: string, proof: unknown): void {
  const { proofErrorAs: code } = store.state.settings;
  const refuse = (message: string): GraphError =>
    new GraphError({ code, type: 'GraphMethodException', message });
  if (proof === undefined) {
    if (!app.requireAppSecret) return;
    throw refuse('API calls from the server require an appsecret_proof argument');
  }
  const expected = Buffer.from(appSecretProof(app.secret, rawToken));
  const given = Buffer.from(typeof proof === 'string' ? proof : '');
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
    throw refuse('Invalid appsecret_proof provided in the API argument');
  }
}
