import type { HttpClient } from '../../http/client';
import type { ProviderConnection } from '../provider';
import { accessOfConnection, selfOf } from './access';
import { createGraphClient } from './client';
import { asId, asList, asObject, asText } from '../graph/json';
import type { JsonObject } from '../graph/json';
import { ASSET_WEBHOOK_FIELDS, permittedFields } from './webhookFields';

/*
 * The subscription of one asset: a Page, which covers its Instagram account, or an Instagram account after Instagram
 * Login. Beside it the app itself must be subscribed, see appSubscriptions.ts.
 */

/** The fields the app gets of this Page or account; empty when it is not subscribed. */
export async function getPageSubscription(
  http: HttpClient,
  connection: ProviderConnection,
): Promise<string[]> {
  const answer = await callSubscribedApps(http, connection, 'GET');
  const { appId, login } = connection.secrets;
  // There it is the Meta app that is named, not the Instagram app whose id people log in with.
  return fieldsOfApp(asList(answer.data).map(asObject), login === 'instagram' ? undefined : appId);
}

/**
 * Subscribes the Page or account to `fields`. Each POST replaces the whole list, so fields that are there already are kept.
 * Where the app is refused some field, the list in Meta's refusal is what it may have.
 * @returns the fields now subscribed
 */
export async function subscribePage(
  http: HttpClient,
  connection: ProviderConnection,
  fields: readonly string[] = ASSET_WEBHOOK_FIELDS[connection.secrets.login ?? 'facebook'],
): Promise<string[]> {
  const present = await getPageSubscription(http, connection);
  const wanted = [...new Set([...present, ...fields])];
  if (wanted.length === present.length) return present;
  try {
    await replaceFields(http, connection, wanted);
    return wanted;
  } catch (error) {
    const rest = permittedFields(error, wanted);
    if (rest === null) throw error;
    if (rest.some((field) => !present.includes(field))) await replaceFields(http, connection, rest);
    return rest;
  }
}

/** Ends the subscription of this app, all fields at once. */
export async function unsubscribePage(
  http: HttpClient,
  connection: ProviderConnection,
): Promise<void> {
  await callSubscribedApps(http, connection, 'DELETE');
}

async function replaceFields(
  http: HttpClient,
  connection: ProviderConnection,
  fields: readonly string[],
): Promise<void> {
  await callSubscribedApps(http, connection, 'POST', { subscribed_fields: fields.join(',') });
}

function callSubscribedApps(
  http: HttpClient,
  connection: ProviderConnection,
  method: 'GET' | 'POST' | 'DELETE',
  query: Record<string, string> = {},
): Promise<JsonObject> {
  const { account } = connection;
  return createGraphClient({ http }).call(accessOfConnection(connection), {
    method,
    path: [selfOf(connection), 'subscribed_apps'],
    query,
    subject: `the webhook subscription of "${account.name}"`,
  });
}

/** Without our own app id, the only subscribed app must be ours; of several, none can be told to be. */
function fieldsOfApp(apps: ReadonlyArray<JsonObject | null>, appId: string | undefined): string[] {
  const own = appId
    ? apps.find((app) => asId(app?.id) === appId)
    : apps.length === 1
      ? apps[0]
      : null;
  return asList(own?.subscribed_fields)
    .map((field) => asText(field) ?? asText(asObject(field)?.name))
    .filter((field) => field !== null);
}
