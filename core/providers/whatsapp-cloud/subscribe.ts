import type { HttpClient } from '../../http/client';
import { InvalidInputError } from '../../model';
import { asId, asList, asObject, asText } from '../graph/json';
import type { JsonObject } from '../graph/json';
import type { ProviderConnection } from '../provider';
import { accessOf, createCloudClient } from './client';
import { CREDENTIAL_FIELDS } from './credential';

/** An app that hears of a business account. */
export interface SubscribedApp {
  id: string;
  name: string | null;
  /** Where its calls go instead of the address in the app's dashboard. */
  overrideCallbackUrl: string | null;
}

/** Where the calls of a business account go instead of the address in the app's dashboard. */
export interface CallbackOverride {
  url: string;
  verifyToken: string;
}

/** Characters of an address that Meta takes. */
const LONGEST_URL = 200;

/** The apps that are subscribed to the account's business account. */
export async function getSubscribedApps(
  http: HttpClient,
  connection: ProviderConnection,
): Promise<SubscribedApp[]> {
  const answer = await callSubscribedApps(http, connection, 'GET');
  return asList(answer.data).flatMap((item) => {
    const entry = asObject(item);
    const app = asObject(entry?.whatsapp_business_api_data);
    const id = asId(app?.id);
    if (id === null) return [];
    return [
      { id, name: asText(app?.name), overrideCallbackUrl: asText(entry?.override_callback_uri) },
    ];
  });
}

/**
 * Subscribes the token's app to the business account. With an override Meta calls the address at once (the handshake),
 * so it must answer by then; without one the address of the app's dashboard holds, and an override that was there ends.
 */
export async function subscribeBusiness(
  http: HttpClient,
  connection: ProviderConnection,
  override: CallbackOverride | null,
): Promise<void> {
  if (override !== null) checkOverride(override);
  await callSubscribedApps(
    http,
    connection,
    'POST',
    override && { override_callback_uri: override.url, verify_token: override.verifyToken },
  );
}

/** Ends the subscription of the token's app. */
export async function unsubscribeBusiness(
  http: HttpClient,
  connection: ProviderConnection,
): Promise<void> {
  await callSubscribedApps(http, connection, 'DELETE');
}

function checkOverride({ url, verifyToken }: CallbackOverride): void {
  if (verifyToken === '') {
    throw new InvalidInputError(
      CREDENTIAL_FIELDS.verifyToken,
      'The credential has no verify token, so the address cannot be proven to Meta.',
      { hint: 'Put any long text of your own into the field Verify Token of the credential.' },
    );
  }
  if (url.startsWith('https://') ? url.length <= LONGEST_URL : isLocal(url)) return;
  throw new InvalidInputError(
    'Callback URL',
    url.length > LONGEST_URL
      ? `The callback address has ${url.length} characters; Meta takes ${LONGEST_URL}.`
      : `Meta calls addresses with https:// alone, and this one is ${url}.`,
    { hint: 'Give n8n a public address with TLS (N8N_WEBHOOK_URL).' },
  );
}

/** A stand-in of the Graph API on this machine needs no TLS. */
function isLocal(url: string): boolean {
  return /^http:\/\/(localhost|127(\.\d+){3}|\[::1\])[:/]/.test(url);
}

/** @throws InvalidInputError when the credential names no business account */
export function businessIdOf({ account }: ProviderConnection): string {
  if (account.parentExternalId !== null) return account.parentExternalId;
  throw new InvalidInputError(
    CREDENTIAL_FIELDS.business,
    `The business account of "${account.name}" is not known.`,
    { hint: 'Fill in WhatsApp Business Account ID in the credential.' },
  );
}

function callSubscribedApps(
  http: HttpClient,
  connection: ProviderConnection,
  method: 'GET' | 'POST' | 'DELETE',
  body: JsonObject | null = null,
): Promise<JsonObject> {
  return createCloudClient({ http }).call(accessOf(connection), {
    method,
    path: [businessIdOf(connection), 'subscribed_apps'],
    ...(body === null ? {} : { body }),
    subject: `the webhook subscription of "${connection.account.name}"`,
  });
}
