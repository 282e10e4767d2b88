import type { HttpClient } from '../../http/client';
import { createGraphClient } from './client';
import { accessOfApp } from './debugToken';
import type { AppAccess } from './debugToken';
import { asList, asObject, asText } from '../graph/json';
import type { JsonObject } from '../graph/json';
import { APP_WEBHOOK_FIELDS, permittedFields } from './webhookFields';

/*
 * The subscription of the app itself: which object's events Meta calls which address with. The dashboard's page
 * "Webhooks" shows and changes the same. Beside it each Page or account must be subscribed, see subscribe.ts.
 */

export type WebhookObject = keyof typeof APP_WEBHOOK_FIELDS;

export interface AppSubscription {
  /** `page`, `instagram`, or another object of this app. */
  object: string;
  callbackUrl: string | null;
  active: boolean;
  fields: string[];
}

interface SubscribeAppCall {
  /** Meta calls it at once with the verify token, and refuses the subscription when the answer is wrong. */
  callbackUrl: string;
  verifyToken: string;
}

export type SubscribeAppInput = SubscribeAppCall &
  (
    | {
        object: WebhookObject;
        /** Default: everything this package understands. */
        fields?: readonly string[];
      }
    | { object: 'whatsapp_business_account'; fields: readonly string[] }
  );

/** Which address gets which fields of which object. */
export async function getAppSubscriptions(
  http: HttpClient,
  app: AppAccess,
): Promise<AppSubscription[]> {
  const answer = await callSubscriptions(http, app, 'GET');
  return asList(answer.data).flatMap((row) => subscriptionOf(asObject(row)));
}

/**
 * Subscribes the app to an object at an address. There is one address per app and object: it takes the place of the
 * present one. Where the app may not have some field, the list in Meta's refusal is what it gets.
 * @returns the fields now subscribed
 */
export async function subscribeApp(
  http: HttpClient,
  app: AppAccess,
  input: SubscribeAppInput,
): Promise<string[]> {
  const wanted =
    input.object === 'whatsapp_business_account'
      ? [...input.fields]
      : [...(input.fields ?? APP_WEBHOOK_FIELDS[input.object])];
  try {
    await post(http, app, input, wanted);
    return wanted;
  } catch (error) {
    const rest = permittedFields(error, wanted);
    if (rest === null) throw error;
    await post(http, app, input, rest);
    return rest;
  }
}

/** Ends the app's subscription to one object, all fields at once. */
export async function unsubscribeApp(
  http: HttpClient,
  app: AppAccess,
  object: WebhookObject,
): Promise<void> {
  await callSubscriptions(http, app, 'DELETE', { query: { object } });
}

async function post(
  http: HttpClient,
  app: AppAccess,
  { object, callbackUrl, verifyToken }: SubscribeAppInput,
  fields: readonly string[],
): Promise<void> {
  const body = {
    object,
    callback_url: callbackUrl,
    fields: fields.join(','),
    verify_token: verifyToken,
    include_values: true,
  };
  await callSubscriptions(http, app, 'POST', { body });
}

function callSubscriptions(
  http: HttpClient,
  app: AppAccess,
  method: 'GET' | 'POST' | 'DELETE',
  more: { query?: Record<string, string>; body?: JsonObject } = {},
): Promise<JsonObject> {
  return createGraphClient({ http }).call(accessOfApp(app), {
    method,
    path: [app.appId, 'subscriptions'],
    ...more,
    subject: 'the webhook subscription of the app',
  });
}

function subscriptionOf(row: JsonObject | null): AppSubscription[] {
  const object = asText(row?.object);
  if (row === null || object === null) return [];
  const fields = asList(row.fields).flatMap(
    (field) => asText(field) ?? asText(asObject(field)?.name) ?? [],
  );
  return [{ object, callbackUrl: asText(row.callback_url), active: row.active !== false, fields }];
}
