import type { HttpClient } from '../../http/client';
import { InvalidInputError } from '../../model';
import type { LoginSecrets } from '../../model';
import type {
  ConnectionKeeper,
  DoorAddress,
  LoginFacts,
  ProviderConnection,
  Subscription,
} from '../provider';
import { moveCallback, openCallback, readCallback } from './callback';
import { accessOf, createCloudClient } from './client';
import { CREDENTIAL_FIELDS, accessOfCredential } from './credential';
import type { WhatsAppCredential } from './credential';
import { discoverWhatsAppAccounts } from './discover';
import { unsubscribeBusiness } from './subscribe';
import { WHATSAPP_WEBHOOK_FIELDS } from './webhookFields';

/** What a token needs, the essential first. */
const MESSAGING = 'whatsapp_business_messaging';
const MANAGEMENT = 'whatsapp_business_management';

/** The login that a credential stands for. */
export function loginOfWhatsApp(credential: WhatsAppCredential): LoginSecrets {
  const { accessToken, baseUrl, version, appSecret } = accessOfCredential(credential);
  const verifyToken = credential.verifyToken?.trim();
  const phoneNumberId = credential.phoneNumberId?.trim();
  const businessAccountId = credential.businessAccountId?.trim();
  return {
    login: 'facebook',
    accessToken,
    apiBaseUrl: baseUrl,
    apiVersion: version,
    ...(appSecret ? { appSecret } : {}),
    ...(verifyToken ? { verifyToken } : {}),
    ...(phoneNumberId ? { phoneNumberId } : {}),
    ...(businessAccountId ? { businessAccountId } : {}),
  };
}

/**
 * Tokens of WhatsApp are those of a system user: pasted, and without an end. One that ends has to be made anew by a
 * person.
 */
export function createWhatsAppConnections(http: HttpClient): ConnectionKeeper {
  return {
    extend: () => Promise.reject(cannotBeMadeAnew()),
    renew: () => Promise.reject(cannotBeMadeAnew()),
    renewableAfterMs: () => 0,
    inspect: (login) => inspect(http, login),
    discover: (login) => discoverWhatsAppAccounts(http, credentialOf(login)),
    endedNaturally: () => false,
    verify: (connection) => verify(http, connection),
    missingPermissions: (_account, granted) => {
      const lacks = (name: string) => (granted.includes(name) ? [] : [name]);
      return { essential: lacks(MESSAGING), useful: lacks(MANAGEMENT) };
    },
    pageOf: () => null,
    // The subscription is that of the business account, for all its numbers.
    subscribedAsset: ({ parentExternalId, externalId }) => parentExternalId ?? externalId,
    subscription: (connection, doors) => subscriptionOf(http, connection, doors),
    subscribe: (connection, doors) => openCallback(http, connection, doors),
    handOver: (connection, closing, others) => moveCallback(http, connection, closing, others),
    unsubscribe: (connection, doors) => closeCallback(http, connection, doors),
  };
}

function credentialOf(login: LoginSecrets): WhatsAppCredential {
  const { accessToken, phoneNumberId, businessAccountId, appSecret, verifyToken } = login;
  return {
    accessToken,
    ...(phoneNumberId ? { phoneNumberId } : {}),
    ...(businessAccountId ? { businessAccountId } : {}),
    ...(appSecret ? { appSecret } : {}),
    ...(verifyToken ? { verifyToken } : {}),
    graphVersion: login.apiVersion,
    graphBaseUrl: login.apiBaseUrl,
  };
}

/** What the token is good for shows at the number, or at the business account: Meta tells no more without the app's id. */
async function inspect(http: HttpClient, login: LoginSecrets): Promise<LoginFacts> {
  const id = login.phoneNumberId ?? login.businessAccountId;
  if (id !== undefined) {
    const access = accessOfCredential(credentialOf(login));
    await createCloudClient({ http }).call(access, {
      method: 'GET',
      path: [id],
      query: { fields: 'id' },
      subject: 'the token',
    });
  }
  return { renewable: false, isShortLived: false };
}

async function verify(http: HttpClient, connection: ProviderConnection): Promise<void> {
  const { account } = connection;
  await createCloudClient({ http }).call(accessOf(connection), {
    method: 'GET',
    path: [account.externalId],
    query: { fields: 'id' },
    subject: `a look at "${account.name}"`,
  });
}

/** Which fields are ticked is a setting of the app; it is read where the app secret is known. */
async function subscriptionOf(
  http: HttpClient,
  connection: ProviderConnection,
  doors: readonly DoorAddress[] = [],
): Promise<Subscription> {
  const callback = await readCallback(http, connection);
  if (!callback) return { isSubscribed: false, fields: [], missing: [...WHATSAPP_WEBHOOK_FIELDS] };
  const { url, fields } = callback;
  const missing = WHATSAPP_WEBHOOK_FIELDS.filter((field) => fields?.includes(field) === false);
  const isElsewhere = url !== null && doors.length > 0 && !doors.some((door) => door.url === url);
  return { isSubscribed: true, fields, missing, ...(isElsewhere ? { elsewhere: url } : {}) };
}

/** Ends the app's subscription, which is somebody else's unless one of our doors is called. */
async function closeCallback(
  http: HttpClient,
  connection: ProviderConnection,
  doors: readonly DoorAddress[] = [],
): Promise<boolean> {
  const callback = await readCallback(http, connection);
  if (!callback || !doors.some(({ url }) => url === callback.url)) return false;
  await unsubscribeBusiness(http, connection);
  return true;
}

function cannotBeMadeAnew(): InvalidInputError {
  return new InvalidInputError(
    CREDENTIAL_FIELDS.token,
    'A token of WhatsApp is not exchanged or renewed: it was pasted, and lasts as long as Meta said.',
    { hint: 'Make a new one for the system user, and put it into the credential.' },
  );
}
