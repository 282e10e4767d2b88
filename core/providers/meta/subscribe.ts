import type { HttpClient } from '../../http/client';
import { ProviderError } from '../../model';
import type { ProviderConnection } from '../provider';
import { accessOfConnection, pageIdOf } from './access';
import { createGraphClient } from './client';
import { asId, asList, asObject, asText } from './json';
import type { JsonObject } from './json';

/**
 * What a Page is subscribed to so that every event kind of this package arrives. Instagram through a Page
 * is covered by the Page's subscription.
 */
export const PAGE_WEBHOOK_FIELDS: readonly string[] = [
  'messages',
  'messaging_postbacks',
  'messaging_optins',
  'messaging_referrals',
  'message_deliveries',
  'message_reads',
  'message_echoes',
  'message_reactions',
  'message_edits',
  'messaging_account_linking',
  'messaging_handovers',
  'standby',
  'messaging_policy_enforcement',
  'feed',
  'mention',
];

/** The fields the app gets of this Page; empty when it is not subscribed. */
export async function getPageSubscription(
  http: HttpClient,
  connection: ProviderConnection,
): Promise<string[]> {
  const answer = await callSubscribedApps(http, connection, 'GET');
  return fieldsOfApp(asList(answer.data).map(asObject), connection.secrets.appId);
}

/**
 * Subscribes the Page to `fields`. Each POST replaces the whole list, so fields that are there already are kept.
 * Where the app is refused some field, the list in Meta's refusal is what it may have.
 * @returns the fields now subscribed
 */
export async function subscribePage(
  http: HttpClient,
  connection: ProviderConnection,
  fields: readonly string[] = PAGE_WEBHOOK_FIELDS,
): Promise<string[]> {
  const present = await getPageSubscription(http, connection);
  const wanted = [...new Set([...present, ...fields])];
  if (wanted.length === present.length) return present;
  try {
    await replaceFields(http, connection, wanted);
    return wanted;
  } catch (error) {
    const allowed = allowedFields(error);
    const rest = wanted.filter((field) => allowed.has(field));
    if (rest.length === 0 || rest.length === wanted.length) throw error;
    await replaceFields(http, connection, rest);
    return rest;
  }
}

/** Ends the Page's subscription of this app, all fields at once. */
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
    path: [pageIdOf(account), 'subscribed_apps'],
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

/** The one place where Meta's words are read: its list of field names is nowhere else. */
function allowedFields(error: unknown): ReadonlySet<string> {
  if (!(error instanceof ProviderError) || error.providerCode !== 100) return new Set();
  const list =
    /must be one of \{([^}]*)\}/i.exec(asText(error.details.providerMessage) ?? '')?.[1] ?? '';
  return new Set(list.split(',').map((name) => name.trim().toLowerCase()));
}
