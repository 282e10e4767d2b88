import { pageTokenOf, scopesAt, tasksOn, tokenProblem } from '../login/tokens.ts';
import { findAppToken } from './auth.ts';
import { checkFields, parseFields, type FieldRequest } from './fields.ts';
import { badParameter, missingPermission, undocumented, unknownObject } from './errors.ts';
import { paginate } from './paging.ts';
import { onlyKeys, optionalId } from './validation.ts';
import { pageOfToken, type GraphCall } from './call.ts';
import type { InstagramAccount, Page, Token } from '../model.ts';

const PAGE_FIELDS = [
  'id',
  'name',
  'access_token',
  'tasks',
  'category',
  'instagram_business_account',
];
const ACCOUNT_FIELDS = ['id', 'username', 'name', 'profile_picture_url'];

/** `GET /me`: the Page of a Page token, the user of a user token. */
export function readMe(call: GraphCall): Record<string, unknown> {
  const page = pageOfToken(call);
  if (page !== undefined) return readPage(call, page);
  onlyKeys(call.params, ['fields'], '');
  const fields = parseFields(call.params.fields) ?? [{ name: 'id' }, { name: 'name' }];
  checkFields(fields, ['id', 'name'], 'User');
  const userId = call.token?.userId ?? '';
  const user = call.context.store.state.users[userId];
  const all: Record<string, unknown> = { id: userId, name: user?.name };
  return { ...pick(all, fields), id: all.id };
}

/** `GET /{page-id}`. Source: section A.2 (5) and the account discovery of the contract. */
export function readPage(call: GraphCall, page: Page): Record<string, unknown> {
  onlyKeys(call.params, ['fields'], '');
  const fields = parseFields(call.params.fields) ?? [{ name: 'name' }];
  return describePage(call, page, fields);
}

/** `GET /{ig-id}` with the token of its Page. */
export function readInstagramAccount(
  call: GraphCall,
  account: InstagramAccount,
): Record<string, unknown> {
  onlyKeys(call.params, ['fields'], '');
  return describeAccount(call, account, parseFields(call.params.fields) ?? []);
}

/** `GET /me/accounts`: the Pages the user ticked, each with its token. Source: section A.2 (5). */
export function listAccounts(call: GraphCall): Record<string, unknown> {
  onlyKeys(call.params, ['fields', 'limit', 'after'], '');
  const { token } = call;
  const { state } = call.context.store;
  if (token?.type !== 'USER' && token?.type !== 'SYSTEM_USER') {
    throw undocumented('Tried accessing nonexisting field (accounts) on node type (Page).');
  }
  if (!call.scopes.includes('pages_show_list')) throw missingPermission('pages_show_list');
  const names = ['access_token', 'category', 'name', 'id', 'tasks'];
  const fields = parseFields(call.params.fields) ?? names.map((name) => ({ name }));
  const pages = (token.pageIds ?? [])
    .map((id) => state.pages[id])
    .filter((page) => page !== undefined)
    .filter((page) => tasksOn(state, token, page).length > 0);
  const { data, paging } = paginate(call, pages, call.params.limit, 25);
  return {
    data: data.map((page) => describePage(call, page, fields)),
    ...(paging === undefined ? {} : { paging }),
  };
}

/** `GET /debug_token`. Source: section A.2 (7). */
export function debugToken(call: GraphCall): Record<string, unknown> {
  onlyKeys(call.params, ['input_token'], '');
  const { store } = call.context;
  const input = optionalId(call.params, 'input_token', '');
  if (input === undefined) throw badParameter('The parameter input_token is required.');
  if (call.token?.type === 'PAGE') {
    throw badParameter(
      'You must provide an app access token, or a user access token that is an owner or developer of the app',
    );
  }
  const inspected = store.state.tokens[input];
  // Tokens of Instagram Login are of another kind, which this endpoint does not know.
  if (inspected === undefined || inspected.type === 'INSTAGRAM') {
    const app = findAppToken(store, input);
    if (app !== undefined) {
      return {
        data: { app_id: app.id, type: 'APP', application: app.name, is_valid: true, scopes: [] },
      };
    }
    const error = { code: 190, message: 'Invalid OAuth access token.' };
    return { data: { error, is_valid: false, scopes: [] } };
  }
  if (inspected.appId !== call.app.id) {
    throw badParameter('The access_token belongs to another app than input_token.');
  }
  return { data: describeToken(call, inspected) };
}

function describeToken(call: GraphCall, token: Token): Record<string, unknown> {
  const { store } = call.context;
  const problem = tokenProblem(store.state, token, store.now());
  const scopes = scopesAt(token, store.now());
  const page = token.pageId === undefined ? undefined : store.state.pages[token.pageId];
  const targets = [...(token.pageIds ?? []), ...(page === undefined ? [] : [page.id])];
  return {
    app_id: token.appId,
    type: token.type,
    application: call.app.name,
    data_access_expires_at: token.dataAccessExpiresAtSeconds,
    expires_at: token.expiresAtSeconds,
    is_valid: problem === undefined,
    issued_at: token.issuedAtSeconds,
    ...(token.pageId === undefined ? {} : { profile_id: token.pageId }),
    scopes,
    granular_scopes: scopes.map((scope) => ({
      scope,
      target_ids: scope.startsWith('whatsapp_') ? (token.whatsAppBusinessIds ?? []) : targets,
    })),
    user_id: token.userId,
    ...(problem === undefined ? {} : { error: problem }),
  };
}

function describePage(
  call: GraphCall,
  page: Page,
  fields: readonly FieldRequest[],
): Record<string, unknown> {
  checkFields(fields, PAGE_FIELDS, 'Page', ['instagram_business_account']);
  const { state } = call.context.store;
  const account = state.instagramAccounts[page.instagramAccountId ?? ''];
  const subfields = fields.find((item) => item.name === 'instagram_business_account')?.fields;
  const wantsAccount = fields.some((item) => item.name === 'instagram_business_account');
  const wantsToken = fields.some((item) => item.name === 'access_token');
  const mayRead = call.scopes.includes('instagram_basic');
  const all: Record<string, unknown> = {
    name: page.name,
    access_token: wantsToken ? pageTokenFor(call, page) : undefined,
    tasks: tasksOn(state, call.token, page),
    category: page.category,
    // A Page without a linked account, or without the permission, lacks the key altogether.
    instagram_business_account:
      account !== undefined && wantsAccount && mayRead
        ? describeAccount(call, account, subfields ?? [])
        : undefined,
  };
  return { ...pick(all, fields), id: page.id };
}

/** A Page token names itself; a user token is given the Page's token. */
function pageTokenFor(call: GraphCall, page: Page): string | undefined {
  const { token, context } = call;
  if (token === undefined || token.type === 'PAGE') return token?.value;
  const { store } = context;
  const { value } = pageTokenOf(store.state, token, page, store.now());
  store.changed();
  return value;
}

function describeAccount(
  call: GraphCall,
  account: InstagramAccount,
  fields: readonly FieldRequest[],
): Record<string, unknown> {
  if (!call.scopes.includes('instagram_basic')) throw missingPermission('instagram_basic');
  checkFields(fields, ACCOUNT_FIELDS, 'IGUser');
  const all: Record<string, unknown> = {
    username: account.username,
    name: account.name,
    profile_picture_url: `${call.context.publicUrl()}/_sandbox/avatars/${account.id}.png`,
  };
  return { ...pick(all, fields), id: account.id };
}

function pick(
  all: Record<string, unknown>,
  fields: readonly FieldRequest[],
): Record<string, unknown> {
  const answer: Record<string, unknown> = {};
  for (const { name } of fields) {
    if (all[name] !== undefined) answer[name] = all[name];
  }
  return answer;
}

/** The Page a first path segment names, if the token is good for it. */
export function pageOfSegment(call: GraphCall, id: string): Page | undefined {
  const { state } = call.context.store;
  if (id === 'me') return pageOfToken(call);
  const page = state.pages[id];
  if (page === undefined) return undefined;
  const allowed = call.token?.pageId === id || call.token?.pageIds?.includes(id) === true;
  if (!allowed) throw unknownObject(call.method, id);
  return page;
}
