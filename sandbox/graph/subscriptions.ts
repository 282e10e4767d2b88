import { ControlError } from '../http.ts';
import { subscribeApp } from '../webhooks/subscribe.ts';
import { LOGIN_FIELDS, PAGE_FIELDS } from '../webhooks/fields.ts';
import { tasksOn } from '../login/tokens.ts';
import { badParameter, missingPermission, undocumented } from './errors.ts';
import { oneOf, onlyKeys, requiredText, optionalText } from './validation.ts';
import type { GraphCall } from './call.ts';
import type { App, InstagramAccount, Page } from '../model.ts';

/** `POST|GET|DELETE /{page-id}/subscribed_apps`. Each POST replaces the list. Source: section A.5 (2). */
export function subscribedApps(call: GraphCall, page: Page): Record<string, unknown> {
  const { store } = call.context;
  const { state } = store;
  if (!call.scopes.includes('pages_manage_metadata')) {
    throw missingPermission('pages_manage_metadata');
  }
  if (!tasksOn(state, call.token, page).some((task) => task === 'MODERATE' || task === 'MANAGE')) {
    throw missingPermission('MODERATE or MANAGE task');
  }
  const others = state.pageSubscriptions.filter(
    (item) => item.pageId !== page.id || item.appId !== call.app.id,
  );
  if (call.method === 'GET') {
    onlyKeys(call.params, [], '');
    return { data: describeSubscriptions(call, page) };
  }
  if (call.method === 'POST') {
    onlyKeys(call.params, ['subscribed_fields'], '');
    const fields = readFieldList(call.params.subscribed_fields, PAGE_FIELDS);
    state.pageSubscriptions = [...others, { pageId: page.id, appId: call.app.id, fields }];
  } else {
    onlyKeys(call.params, [], '');
    state.pageSubscriptions = others;
  }
  store.changed();
  return { success: true };
}

/** `POST|GET|DELETE /me/subscribed_apps` of Instagram Login. Source: section A.5 (2). */
export function accountSubscription(
  call: GraphCall,
  account: InstagramAccount,
): Record<string, unknown> {
  const { store } = call.context;
  const { state } = store;
  const own = { accountId: account.id, appId: call.app.id };
  const others = state.instagramSubscriptions.filter(
    (item) => item.accountId !== own.accountId || item.appId !== own.appId,
  );
  onlyKeys(call.params, call.method === 'POST' ? ['subscribed_fields'] : [], '');
  if (call.method === 'GET') {
    const data = state.instagramSubscriptions
      .filter((item) => item.accountId === account.id)
      .map(({ appId, fields }) => ({
        id: appId,
        name: state.apps[appId]?.name,
        link: `https://www.facebook.com/games/?app_id=${appId}`,
        category: 'Business',
        subscribed_fields: fields,
      }));
    return { data };
  }
  state.instagramSubscriptions =
    call.method === 'DELETE'
      ? others
      : [...others, { ...own, fields: readFieldList(call.params.subscribed_fields, LOGIN_FIELDS) }];
  store.changed();
  return { success: true };
}

function describeSubscriptions(call: GraphCall, page: Page): Array<Record<string, unknown>> {
  const { state } = call.context.store;
  return state.pageSubscriptions
    .filter((item) => item.pageId === page.id)
    .map((item) => ({
      link: `https://www.facebook.com/games/?app_id=${item.appId}`,
      name: state.apps[item.appId]?.name,
      id: item.appId,
      category: 'Business',
      subscribed_fields: item.fields,
    }));
}

function readFieldList(value: unknown, known: readonly string[]): string[] {
  const list = typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value;
  if (!Array.isArray(list) || list.length === 0) {
    throw badParameter('The parameter subscribed_fields is required.');
  }
  return list.map((item, index) => oneOf(item, known, `subscribed_fields[${index}]`));
}

/** `POST|GET|DELETE /{app-id}/subscriptions` with the app's own token. Source: section A.5 (1). */
export async function appSubscriptions(
  call: GraphCall,
  app: App,
): Promise<Record<string, unknown>> {
  if (call.token !== undefined) {
    throw badParameter('This method must be called with an app access token.');
  }
  const { store } = call.context;
  const { state } = store;
  if (call.method === 'GET') {
    onlyKeys(call.params, [], '');
    const own = state.appSubscriptions.filter((item) => item.appId === app.id);
    return {
      data: own.map(({ object, callbackUrl, active, fields }) => ({
        object,
        callback_url: callbackUrl,
        active,
        fields: fields.map((name) => ({ name, version: call.version })),
      })),
    };
  }
  if (call.method === 'DELETE') {
    onlyKeys(call.params, ['object'], '');
    const object = optionalText(call.params, 'object', '');
    state.appSubscriptions = state.appSubscriptions.filter(
      (item) => item.appId !== app.id || (object !== undefined && item.object !== object),
    );
    store.changed();
    return { success: true };
  }
  const known = ['object', 'callback_url', 'fields', 'verify_token', 'include_values'];
  onlyKeys(call.params, known, '');
  return subscribeFromGraph(call, app);
}

async function subscribeFromGraph(call: GraphCall, app: App): Promise<Record<string, unknown>> {
  const objects = ['page', 'instagram', 'whatsapp_business_account', 'permissions'] as const;
  const object = oneOf(call.params.object, objects, 'object');
  if (object === 'permissions') {
    throw undocumented(`webhooks of object ${object} are not offered yet.`);
  }
  const { fields } = call.params;
  const list = typeof fields === 'string' ? fields.split(',').map((item) => item.trim()) : fields;
  if (!Array.isArray(list)) throw badParameter('The parameter fields is required.');
  try {
    await subscribeApp(call.context, {
      appId: app.id,
      object,
      callbackUrl: requiredText(call.params, 'callback_url', ''),
      verifyToken: requiredText(call.params, 'verify_token', ''),
      fields: list.map(String),
    });
  } catch (error) {
    if (error instanceof ControlError) throw badParameter(error.message);
    throw error;
  }
  return { success: true };
}
