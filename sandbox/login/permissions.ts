import { undocumented } from '../graph/errors.ts';
import { onlyKeys } from '../graph/validation.ts';
import { paginate } from '../graph/paging.ts';
import { postCallbacks } from './signedRequest.ts';
import {
  grantKey,
  grantOf,
  hasDataAccessEnded,
  revokeTokens,
  withdrawPermission,
} from './tokens.ts';
import type { GraphCall } from '../graph/call.ts';
import type { Context } from '../context.ts';
import type { Token } from '../model.ts';

/** `GET /me/permissions` and `DELETE /me/permissions[/{permission}]`. Source: section A.2 (6). */
export function userPermissions(
  call: GraphCall,
  permission: string | undefined,
): Record<string, unknown> {
  const { token } = call;
  if (token?.type !== 'USER' && token?.type !== 'SYSTEM_USER') {
    throw undocumented('Tried accessing nonexisting field (permissions): it takes a user token.');
  }
  const { store } = call.context;
  const grant = grantOf(store.state, token.userId, token.appId);
  if (call.method === 'GET') {
    if (permission !== undefined) throw undocumented('GET takes no permission in its path.');
    return listPermissions(call, token, grant.permissions);
  }
  onlyKeys(call.params, [], '');
  if (permission === undefined) void removeApp(call.context, token.userId, token.appId);
  else withdrawPermission(store.state, grant, permission);
  store.changed();
  return { success: true };
}

function listPermissions(
  call: GraphCall,
  token: Token,
  permissions: Record<string, string>,
): Record<string, unknown> {
  onlyKeys(call.params, ['limit', 'after'], '');
  const ended = hasDataAccessEnded(token, call.context.store.now());
  const rows = Object.entries(permissions).map(([permission, status]) => ({
    permission,
    status: status === 'granted' && ended ? 'expired' : status,
  }));
  const { data } = paginate(call, rows, call.params.limit, 100);
  return { data };
}

/**
 * The person removes the app: every token ends with 190/458, what was granted is forgotten, and the
 * deauthorise callback is told. Sources: sections A.2 (6), A.6.
 */
export async function removeApp(context: Context, userId: string, appId: string): Promise<void> {
  const { state } = context.store;
  revokeTokens(state, userId, appId, { code: 190, subcode: 458 });
  delete state.grants[grantKey(userId, appId)];
  context.store.changed();
  await postCallbacks(context, appId, userId, ['deauthorize']);
}
