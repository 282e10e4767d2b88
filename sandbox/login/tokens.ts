import { newTokenValue } from '../ids.ts';
import { makeToken } from '../seed.ts';
import type { Grant } from '../loginModel.ts';
import type { Page, Token, WorldState } from '../model.ts';

/** Why a token is no longer good. */
export interface TokenProblem {
  code: number;
  subcode?: number;
  message: string;
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
 * Why a token is no longer good: made invalid, revoked with the user token it came from, the role on
 * its Page lost, or expired. A Page token of a long-lived user token outlives that one's expiry.
 * Sources: sections A.2 (5), A.7.
 */
export function tokenProblem(
  state: WorldState,
  token: Token,
  nowMs: number,
): TokenProblem | undefined {
  const invalid = token.invalid ?? state.tokens[token.derivedFrom ?? '']?.invalid;
  if (invalid !== undefined) return problemOf(invalid.code, invalid.subcode);
  const user = state.users[token.userId];
  if (token.pageId !== undefined && user !== undefined && user.roles[token.pageId] === undefined) {
    return problemOf(190, 492);
  }
  if (token.expiresAtSeconds !== 0 && nowMs / 1000 >= token.expiresAtSeconds) {
    return problemOf(190, 463);
  }
  return undefined;
}

function problemOf(code: number, subcode: number | undefined): TokenProblem {
  if (subcode === undefined) {
    return { code, message: 'Error validating access token: The access token is invalid.' };
  }
  const message = INVALID_MESSAGES[subcode] ?? 'Error validating access token.';
  return { code, subcode, message };
}

/** True once data access has ended, though the token may live on. Source: section A.2 (8). */
export function hasDataAccessEnded(token: Token, nowMs: number): boolean {
  const end = token.dataAccessExpiresAtSeconds;
  return end !== 0 && nowMs / 1000 >= end;
}

/** Permissions a token is good for at the moment; none after the end of data access. */
export function scopesAt(token: Token, nowMs: number): readonly string[] {
  return hasDataAccessEnded(token, nowMs) ? [] : token.scopes;
}

/** Tasks of a token's owner on a Page; somebody whom no record names may do everything. */
export function tasksOn(state: WorldState, token: Token | undefined, page: Page): string[] {
  const user = state.users[token?.userId ?? ''];
  return user === undefined ? ['MESSAGING', 'MODERATE', 'MANAGE'] : (user.roles[page.id] ?? []);
}

/** Stores a new token. `lifeSeconds` 0 = it never expires by itself. */
export function issueToken(
  state: WorldState,
  nowMs: number,
  token: Omit<Partial<Token>, 'value'> & Pick<Token, 'type' | 'appId' | 'userId' | 'scopes'>,
  lifeSeconds: number,
): Token {
  const made = makeToken(nowMs, { value: newTokenValue(token.type), ...token }, lifeSeconds);
  state.tokens[made.value] = made;
  return made;
}

/**
 * The Page token that a user token is given: the same one each time. From a long-lived user token it
 * has no expiry of its own, from a short-lived one it lives about an hour. Source: section A.2 (5).
 */
export function pageTokenOf(state: WorldState, userToken: Token, page: Page, nowMs: number): Token {
  const known = Object.values(state.tokens).find(
    (item) => item.derivedFrom === userToken.value && item.pageId === page.id,
  );
  if (known !== undefined && tokenProblem(state, known, nowMs) === undefined) return known;
  const forever = userToken.isLongLived === true || userToken.type === 'SYSTEM_USER';
  return issueToken(
    state,
    nowMs,
    {
      type: 'PAGE',
      appId: userToken.appId,
      userId: userToken.userId,
      pageId: page.id,
      derivedFrom: userToken.value,
      scopes: [...userToken.scopes],
      dataAccessExpiresAtSeconds: userToken.dataAccessExpiresAtSeconds,
    },
    forever ? 0 : state.settings.pageTokenSeconds,
  );
}

/** Key of a person's grant to an app. */
export const grantKey = (userId: string, appId: string): string => `${userId} ${appId}`;

/** Tokens of a person for an app, derived Page tokens too. */
export function tokensOf(state: WorldState, userId: string, appId: string | undefined): Token[] {
  return Object.values(state.tokens).filter(
    (item) => item.userId === userId && (appId === undefined || item.appId === appId),
  );
}

/** Takes one permission away from every token of the person, as the person's settings would. */
export function withdrawPermission(state: WorldState, grant: Grant, permission: string): void {
  grant.permissions[permission] = 'declined';
  for (const token of tokensOf(state, grant.userId, grant.appId)) {
    token.scopes = token.scopes.filter((scope) => scope !== permission);
  }
}

/** The person's grant, or what the person's tokens say where the dialog was never gone through. */
export function grantOf(state: WorldState, userId: string, appId: string): Grant {
  const scopes = tokensOf(state, userId, appId)
    .filter((token) => token.type === 'USER' || token.type === 'SYSTEM_USER')
    .flatMap((token) => token.scopes);
  return (state.grants[grantKey(userId, appId)] ??= {
    userId,
    appId,
    permissions: Object.fromEntries(scopes.map((scope) => [scope, 'granted'])),
    pageIds: [],
    viaDialog: false,
  });
}

/** Makes every token of the person for the app (or for all apps) invalid. Subcodes: section A.7. */
export function revokeTokens(
  state: WorldState,
  userId: string,
  appId: string | undefined,
  invalid: { code: number; subcode?: number },
): number {
  const tokens = tokensOf(state, userId, appId);
  for (const token of tokens) token.invalid = { ...invalid };
  return tokens.length;
}
