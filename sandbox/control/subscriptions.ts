import { ControlError } from '../http.ts';
import { SEED } from '../seed.ts';
import { LOGIN_FIELDS, PAGE_FIELDS } from '../webhooks/fields.ts';
import { serializeLikeMeta } from '../webhooks/sign.ts';
import { subscribeApp } from '../webhooks/subscribe.ts';
import {
  DELIVERY_KEYS,
  deliveryOptions,
  onlyFields,
  optionalBoolean,
  optionalObject,
  optionalText,
  optionalTexts,
  text,
} from './read.ts';
import type { Context } from '../context.ts';
import type { WebhookObject, WorldState } from '../model.ts';

const OBJECTS: readonly WebhookObject[] = ['page', 'instagram', 'whatsapp_business_account'];

/**
 * `POST /_sandbox/subscriptions`: what an admin does in the app dashboard. Without `object` both objects of
 * Pages are subscribed; with `subscribePages` also every Page to all its fields, with `subscribeAccounts`
 * every Instagram account that has no Page, with `subscribeBusinesses` WhatsApp and all its business accounts.
 */
export async function subscribe(
  context: Context,
  body: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  onlyFields(body, [
    'object',
    'callbackUrl',
    'verifyToken',
    'fields',
    'appId',
    'subscribePages',
    'subscribeAccounts',
    'subscribeBusinesses',
  ]);
  const object = readObject(body);
  const appId = optionalText(body, 'appId') ?? SEED.appId;
  const { state } = context.store;
  if (state.apps[appId] === undefined) throw new ControlError(`There is no app ${appId}.`, 404);
  const fields = optionalTexts(body, 'fields');
  if (fields !== undefined && object === undefined) {
    throw new ControlError('Field fields goes with object: each object has fields of its own.');
  }
  const made = [];
  const withWhatsApp = optionalBoolean(body, 'subscribeBusinesses') === true;
  const all = OBJECTS.filter((item) => item !== 'whatsapp_business_account' || withWhatsApp);
  for (const item of object === undefined ? all : [object]) {
    made.push(
      await subscribeApp(context, {
        appId,
        object: item,
        callbackUrl: text(body, 'callbackUrl'),
        verifyToken: optionalText(body, 'verifyToken') ?? SEED.verifyToken,
        ...(fields === undefined ? {} : { fields }),
      }),
    );
  }
  if (optionalBoolean(body, 'subscribePages') === true) {
    state.pageSubscriptions = [
      ...state.pageSubscriptions.filter((item) => item.appId !== appId),
      ...Object.keys(state.pages).map((pageId) => ({ pageId, appId, fields: [...PAGE_FIELDS] })),
    ];
    context.store.changed();
  }
  if (optionalBoolean(body, 'subscribeAccounts') === true) {
    state.instagramSubscriptions = [
      ...state.instagramSubscriptions.filter((item) => item.appId !== appId),
      ...accountsWithoutPage(state).map((accountId) => ({
        accountId,
        appId,
        fields: [...LOGIN_FIELDS],
      })),
    ];
    context.store.changed();
  }
  if (withWhatsApp) {
    for (const business of Object.values(state.whatsApp.businesses)) {
      const others = business.subscribedApps.filter((item) => item.appId !== appId);
      business.subscribedApps = [...others, { appId }];
    }
    context.store.changed();
  }
  return { app: made, pages: state.pageSubscriptions, accounts: state.instagramSubscriptions };
}

function accountsWithoutPage(state: WorldState): string[] {
  const linked = Object.values(state.pages).map((page) => page.instagramAccountId);
  return Object.keys(state.instagramAccounts).filter((id) => !linked.includes(id));
}

/** `DELETE /_sandbox/subscriptions`: of one object, or all. */
export function unsubscribe(context: Context, body: Record<string, unknown>): { ok: true } {
  onlyFields(body, ['object']);
  const object = readObject(body);
  const { state } = context.store;
  state.appSubscriptions = state.appSubscriptions.filter(
    (item) => object !== undefined && item.object !== object,
  );
  context.store.changed();
  return { ok: true };
}

/**
 * `POST /_sandbox/webhooks`: any payload, signed and posted as it is, past every field check. `payload`
 * is serialised like the vendor does; `body` is sent byte by byte.
 */
export function sendRawWebhook(
  context: Context,
  body: Record<string, unknown>,
): { deliveryIds: string[] } {
  onlyFields(body, ['object', 'payload', 'body', 'signedWith', ...DELIVERY_KEYS]);
  const signedWith = body.signedWith === 'instagramApp' ? 'instagramApp' : 'app';
  const payload = optionalObject(body, 'payload');
  const named = OBJECTS.find((item) => item === payload?.object);
  const object = readObject(body) ?? named ?? 'instagram';
  const { escapeSlashes } = context.store.state.settings;
  const bytes =
    payload === undefined ? text(body, 'body') : serializeLikeMeta(payload, escapeSlashes);
  return {
    deliveryIds: context.webhooks.sendRaw(object, bytes, deliveryOptions(body), signedWith),
  };
}

function readObject(body: Record<string, unknown>): WebhookObject | undefined {
  if (body.object === undefined) return undefined;
  const object = OBJECTS.find((item) => item === body.object);
  if (object === undefined) {
    throw new ControlError(`Field object must be one of ${OBJECTS.join(', ')}.`);
  }
  return object;
}
