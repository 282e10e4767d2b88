import { ControlError } from '../http.ts';
import { newNumericId } from '../ids.ts';
import { INSTAGRAM_SCOPES, PAGE_SCOPES, SEED } from '../seed.ts';
import { removeApp } from '../login/permissions.ts';
import { postCallbacks, type CallbackKind } from '../login/signedRequest.ts';
import {
  grantOf,
  issueToken,
  revokeTokens,
  tokenProblem,
  withdrawPermission,
} from '../login/tokens.ts';
import * as read from './read.ts';
import type { Context } from '../context.ts';
import type { DialogRequest, LoginUser } from '../loginModel.ts';
import type { Token, WorldState } from '../model.ts';

const TOKEN_TYPES = ['PAGE', 'USER', 'SYSTEM_USER', 'INSTAGRAM'] as const;

/** `GET /_sandbox/tokens?type=&user=&page=&account=&app=`: every token, oldest first, with its problem now. */
export function listTokens(context: Context, query: URLSearchParams): { data: unknown[] } {
  const { store } = context;
  const matches = (key: string, value: string | undefined): boolean =>
    query.get(key) === null || query.get(key) === value;
  const data = Object.values(store.state.tokens)
    .filter(
      (token) =>
        matches('type', token.type) &&
        matches('user', token.userId) &&
        matches('page', token.pageId) &&
        matches('account', token.accountId) &&
        matches('app', token.appId),
    )
    .map((token) => ({ ...token, problem: tokenProblem(store.state, token, store.now()) ?? null }));
  return { data };
}

/** `POST /_sandbox/tokens`: a token, of the seed's app unless `appId` names another. */
export function addToken(context: Context, body: Record<string, unknown>): Token {
  read.onlyFields(body, [
    'type',
    'appId',
    'userId',
    'pageId',
    'pageIds',
    'accountId',
    'scopes',
    'expiresInSeconds',
    'isLongLived',
  ]);
  const { state } = context.store;
  const appId = read.optionalText(body, 'appId') ?? SEED.appId;
  if (state.apps[appId] === undefined) throw new ControlError(`There is no app ${appId}.`, 404);
  const type = TOKEN_TYPES.find((item) => item === (body.type ?? 'PAGE'));
  if (type === undefined) throw new ControlError(`type must be one of ${TOKEN_TYPES.join(', ')}.`);
  const defaultScopes = type === 'INSTAGRAM' ? INSTAGRAM_SCOPES : PAGE_SCOPES;
  const token = issueToken(
    state,
    context.store.now(),
    {
      type,
      appId,
      ...ownerOf(state, type, body),
      scopes: read.optionalTexts(body, 'scopes') ?? [...defaultScopes],
      isLongLived: read.optionalBoolean(body, 'isLongLived') ?? true,
    },
    read.optionalNumber(body, 'expiresInSeconds') ?? 0,
  );
  context.store.changed();
  return token;
}

function ownerOf(
  state: WorldState,
  type: Token['type'],
  body: Record<string, unknown>,
): Pick<Token, 'userId' | 'pageId' | 'pageIds' | 'accountId'> {
  if (type === 'INSTAGRAM') {
    const accountId = read.optionalText(body, 'accountId') ?? SEED.loginAccountId;
    const account = state.instagramAccounts[accountId];
    if (account === undefined) throw new ControlError(`There is no account ${accountId}.`, 404);
    return { userId: account.scopedId, accountId };
  }
  const userId = read.optionalText(body, 'userId') ?? SEED.userId;
  const pageId = read.optionalText(body, 'pageId') ?? SEED.pageId;
  if (type === 'PAGE') return { userId, pageId };
  return { userId, pageIds: read.optionalTexts(body, 'pageIds') ?? [pageId] };
}

/**
 * `PATCH /_sandbox/tokens/{value}`: `{ invalid: { code?: 190, subcode? } }`, `{ invalid: null }`,
 * `{ expire: true }` (190/463 from now on), `{ expiresInSeconds }`, `{ issuedAgoSeconds }` (its age),
 * `{ scopes }`, `{ dataAccessExpiresInSeconds }` (0 = never, negative = over).
 */
export function changeToken(context: Context, value: string, body: Record<string, unknown>): Token {
  read.onlyFields(body, [
    'invalid',
    'expire',
    'expiresInSeconds',
    'issuedAgoSeconds',
    'scopes',
    'dataAccessExpiresInSeconds',
  ]);
  const token = context.store.state.tokens[value];
  if (token === undefined) throw new ControlError('There is no such token.', 404);
  const now = Math.floor(context.store.now() / 1000);
  if (body.invalid === null) delete token.invalid;
  else token.invalid = readInvalid(body, 'invalid') ?? token.invalid;
  if (read.optionalBoolean(body, 'expire') === true) token.expiresAtSeconds = now;
  const seconds = read.optionalNumber(body, 'expiresInSeconds');
  if (seconds !== undefined) token.expiresAtSeconds = seconds === 0 ? 0 : now + seconds;
  const age = read.optionalNumber(body, 'issuedAgoSeconds');
  if (age !== undefined) token.issuedAtSeconds = now - age;
  const access = read.optionalNumber(body, 'dataAccessExpiresInSeconds');
  if (access !== undefined) token.dataAccessExpiresAtSeconds = access === 0 ? 0 : now + access;
  token.scopes = read.optionalTexts(body, 'scopes') ?? token.scopes;
  context.store.changed();
  return token;
}

function readInvalid(body: Record<string, unknown>, key: string): Token['invalid'] {
  const given = read.optionalObject(body, key);
  if (given === undefined) return undefined;
  const subcode = read.optionalNumber(given, 'subcode');
  const code = read.optionalNumber(given, 'code') ?? 190;
  return { code, ...(subcode === undefined ? {} : { subcode }) };
}

/** `GET /_sandbox/dialogs?login=&outcome=`: every login dialog that was asked for, oldest first. */
export function listDialogs(context: Context, query: URLSearchParams): { data: DialogRequest[] } {
  const [login, outcome] = [query.get('login'), query.get('outcome')];
  const data = context.store.state.dialogs.filter(
    (item) =>
      (login === null || item.login === login) && (outcome === null || item.outcome === outcome),
  );
  return { data };
}

/** `POST /_sandbox/users`: `{ name, roles?: { <page id>: [task] } }`. */
export function addUser(context: Context, body: Record<string, unknown>): LoginUser {
  read.onlyFields(body, ['name', 'roles']);
  const user: LoginUser = {
    id: newNumericId('1020', 17),
    name: read.text(body, 'name'),
    roles: {},
  };
  changeRoles(context.store.state, user, body);
  context.store.state.users[user.id] = user;
  context.store.changed();
  return user;
}

/** `PATCH /_sandbox/users/{id}`: `{ roles: { <page id>: [task] or null } }`; null takes the role away. */
export function changeUser(context: Context, id: string, body: Record<string, unknown>): LoginUser {
  read.onlyFields(body, ['roles']);
  const user = findUser(context, id);
  changeRoles(context.store.state, user, body);
  context.store.changed();
  return user;
}

function changeRoles(state: WorldState, user: LoginUser, body: Record<string, unknown>): void {
  const roles = read.optionalObject(body, 'roles') ?? {};
  for (const pageId of Object.keys(roles)) {
    if (state.pages[pageId] === undefined) {
      throw new ControlError(`There is no Page ${pageId}.`, 404);
    }
    if (roles[pageId] === null) delete user.roles[pageId];
    else user.roles[pageId] = read.texts(roles, pageId);
  }
}

/**
 * `POST /_sandbox/users/{id}/revoke`: `{ subcode?: 467, appId? }` ends every token of the person, Page
 * tokens too: 458 app removed, 460 password changed, 467 logged out, ... For an account of Instagram
 * Login the id is the account's.
 */
export function revokeUser(
  context: Context,
  id: string,
  body: Record<string, unknown>,
): { revoked: number } {
  read.onlyFields(body, ['code', 'subcode', 'appId']);
  const userId = scopedIdOf(context, id);
  const invalid = {
    code: read.optionalNumber(body, 'code') ?? 190,
    subcode: read.optionalNumber(body, 'subcode') ?? 467,
  };
  const appId = read.optionalText(body, 'appId');
  const revoked = revokeTokens(context.store.state, userId, appId, invalid);
  context.store.changed();
  return { revoked };
}

/**
 * `POST /_sandbox/users/{id}/withdraw`: `{ permission, appId? }` takes one permission away; without
 * `permission` the person removes the app, and its deauthorise callback is told.
 */
export async function withdraw(
  context: Context,
  id: string,
  body: Record<string, unknown>,
): Promise<{ ok: true }> {
  read.onlyFields(body, ['permission', 'appId']);
  const userId = scopedIdOf(context, id);
  const appId = read.optionalText(body, 'appId') ?? SEED.appId;
  const permission = read.optionalText(body, 'permission');
  const { state } = context.store;
  if (permission === undefined) await removeApp(context, userId, appId);
  else withdrawPermission(state, grantOf(state, userId, appId), permission);
  context.store.changed();
  return { ok: true };
}

/**
 * `POST /_sandbox/apps/{id}/callbacks`: `{ user, kind?: "deauthorize" or "dataDeletion", badSignature? }`
 * posts a `signed_request` to the app's addresses (both without `kind`). Source: section A.6.
 */
export async function sendCallbacks(
  context: Context,
  appId: string,
  body: Record<string, unknown>,
): Promise<{ data: unknown[] }> {
  read.onlyFields(body, ['user', 'kind', 'badSignature']);
  const app = context.store.state.apps[appId];
  if (app === undefined) throw new ControlError(`There is no app ${appId}.`, 404);
  const userId = scopedIdOf(context, read.text(body, 'user'));
  const all: readonly CallbackKind[] = ['deauthorize', 'dataDeletion'];
  const kinds = body.kind === undefined ? all : all.filter((item) => item === body.kind);
  if (kinds.length === 0) throw new ControlError(`kind must be one of ${all.join(', ')}.`);
  const badSignature = read.optionalBoolean(body, 'badSignature') === true;
  const data = await postCallbacks(context, appId, userId, kinds, { badSignature });
  if (data.length === 0) {
    throw new ControlError('The app has no such address (PATCH /_sandbox/apps/{id}).');
  }
  return { data };
}

function findUser(context: Context, id: string): LoginUser {
  const user = context.store.state.users[id];
  if (user === undefined) throw new ControlError(`There is no user ${id}.`, 404);
  return user;
}

/** App-scoped id of a Facebook user, or of an Instagram account that logged in itself. */
function scopedIdOf(context: Context, id: string): string {
  return context.store.state.instagramAccounts[id]?.scopedId ?? findUser(context, id).id;
}
