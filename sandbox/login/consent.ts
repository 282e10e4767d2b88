import { newAuthorizationCode } from '../ids.ts';
import { grantKey } from './tokens.ts';
import type { Context } from '../context.ts';
import type { AuthorizationCode, DialogRequest, Grant, PermissionStatus } from '../loginModel.ts';
import type { WorldState } from '../model.ts';
import type { DialogAsk } from './dialogRequest.ts';

/** What the person chose in the dialog's form. */
export interface Choice {
  person: string;
  permissions: string[];
  pageIds: string[];
  /** The form showed only what was new; what was decided before stands. */
  keepsEarlier: boolean;
}

/** The grant that decides what the dialog shows: only one that was given in the dialog counts. */
export function earlierGrant(state: WorldState, userId: string, appId: string): Grant | undefined {
  const grant = state.grants[grantKey(userId, appId)];
  return grant?.viaDialog === true ? grant : undefined;
}

/**
 * Permissions that the dialog asks of this person: those never decided, and with `rerequest` (or when
 * the person edits the choice) also those that were. Source: section A.2 (1).
 */
export function askedOf(ask: DialogAsk, earlier: Grant | undefined, edits: boolean): string[] {
  if (earlier === undefined || edits) return ask.scopes;
  return ask.scopes.filter((scope) => {
    const status = earlier.permissions[scope];
    return status === undefined || (ask.isRerequest && status !== 'granted');
  });
}

/** The person goes on: the grant is stored, and a code made for the browser to take back. */
export function grantFacebook(
  context: Context,
  dialog: DialogRequest,
  ask: DialogAsk,
  choice: Choice,
): string {
  const { store } = context;
  const { state } = store;
  const userId = choice.person;
  const key = grantKey(userId, ask.app.id);
  const earlier = earlierGrant(state, userId, ask.app.id);
  const keeps = choice.keepsEarlier ? earlier : undefined;
  const asked = askedOf(ask, earlier, !choice.keepsEarlier);
  const permissions: Record<string, PermissionStatus> = { ...earlier?.permissions };
  for (const scope of asked) {
    permissions[scope] = choice.permissions.includes(scope) ? 'granted' : 'declined';
  }
  const roles = state.users[userId]?.roles ?? {};
  const showedPages = keeps === undefined || ask.isRerequest;
  const pageIds = showedPages
    ? choice.pageIds.filter((id) => roles[id] !== undefined)
    : (earlier?.pageIds ?? []);
  const grant: Grant = { userId, appId: ask.app.id, permissions, pageIds, viaDialog: true };
  state.grants[key] = grant;
  const granted = ask.scopes.filter((scope) => permissions[scope] === 'granted');
  return finish(context, dialog, ask, {
    login: 'facebook',
    userId,
    scopes: granted,
    pageIds: [...pageIds],
  });
}

/** The same for Instagram, where an account itself logs in. */
export function grantInstagram(
  context: Context,
  dialog: DialogRequest,
  ask: DialogAsk,
  choice: Choice,
): string {
  const { state } = context.store;
  const accountId = choice.person;
  const userId = state.instagramAccounts[accountId]?.scopedId ?? accountId;
  const granted = ask.scopes.filter((scope) => choice.permissions.includes(scope));
  const permissions = Object.fromEntries(
    ask.scopes.map((scope) => [scope, granted.includes(scope) ? 'granted' : 'declined'] as const),
  );
  const grant: Grant = { userId, appId: ask.app.id, permissions, pageIds: [], viaDialog: true };
  state.grants[grantKey(userId, ask.app.id)] = grant;
  const code = { login: 'instagram' as const, userId, accountId, scopes: granted, pageIds: [] };
  return finish(context, dialog, ask, code);
}

/** @returns where the browser goes: the redirect address with the code */
function finish(
  context: Context,
  dialog: DialogRequest,
  ask: DialogAsk,
  given: Pick<AuthorizationCode, 'login' | 'userId' | 'accountId' | 'scopes' | 'pageIds'>,
): string {
  const { store } = context;
  const code: AuthorizationCode = {
    ...given,
    value: newAuthorizationCode(),
    appId: ask.app.id,
    redirectUri: ask.redirectUri,
    expiresAt: store.now() + store.state.settings.codeSeconds * 1000,
    used: false,
  };
  store.state.codes[code.value] = code;
  // Facebook adds `#_=_` and Instagram `#_`. Sources: sections A.2 (2), A.4.
  const suffix = given.login === 'facebook' ? '#_=_' : '#_';
  const back = addressBack(ask, { code: code.value }) + suffix;
  Object.assign(dialog, {
    outcome: 'granted',
    userId: given.userId,
    ...(given.accountId === undefined ? {} : { accountId: given.accountId }),
    granted: given.scopes,
    declined: ask.scopes.filter((scope) => !given.scopes.includes(scope)),
    pageIds: given.pageIds,
    returnedTo: back,
  });
  store.changed();
  return back;
}

/** The person refuses. Source: section A.2 (2). @returns where the browser goes */
export function cancelDialog(context: Context, dialog: DialogRequest, ask: DialogAsk): string {
  const back = addressBack(ask, {
    error: 'access_denied',
    error_code: '200',
    error_description: 'Permissions error',
    error_reason: 'user_denied',
  });
  Object.assign(dialog, { outcome: 'cancelled', returnedTo: back });
  context.store.changed();
  return back;
}

/** The redirect address stays as it was registered, byte by byte; the parameters follow. */
function addressBack(ask: DialogAsk, params: Record<string, string>): string {
  const all = new URLSearchParams({
    ...params,
    ...(ask.state === undefined ? {} : { state: ask.state }),
  });
  return `${ask.redirectUri}${ask.redirectUri.includes('?') ? '&' : '?'}${all.toString()}`;
}
