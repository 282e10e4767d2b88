import type { HttpClient } from '../../http/client';
import { InvalidInputError, ProviderError, TokenExpiredError } from '../../model';
import { getAppSubscriptions, subscribeApp } from '../meta/appSubscriptions';
import type { AppAccess } from '../meta/debugToken';
import type { DoorAddress, ProviderConnection } from '../provider';
import { accessOf } from './client';
import { getSubscribedApps, subscribeBusiness } from './subscribe';
import type { SubscribedApp } from './subscribe';
import { WHATSAPP_WEBHOOK_FIELDS } from './webhookFields';

/*
 * Where Meta calls for a business account: at the address that was set for the account (the override), else at that of
 * the app's dashboard. Both are the app's: another app that is subscribed to the same account has addresses of its own,
 * and neither takes anything from the other. Source: section D.8.
 */

/** How our app hears of the account. */
export interface Callback {
  app: SubscribedApp;
  /** Where it is called; null where no address is set, or it cannot be read. */
  url: string | null;
  /** Fields that are ticked for the app; null where that cannot be read, empty where it has no subscription. */
  fields: string[] | null;
}

/** More than this are never subscribed to one account. */
const MAX_APPS = 10;
const OBJECT = 'whatsapp_business_account';

/**
 * How the app of the account's token is called; null when it is not subscribed. Meta does not say which of the listed
 * apps made the token: it is the one that the app secret opens. Without a secret, the only one must be ours.
 * @throws SendError; InvalidInputError when the business account is not known
 */
export async function readCallback(
  http: HttpClient,
  connection: ProviderConnection,
): Promise<Callback | null> {
  const apps = await getSubscribedApps(http, connection);
  if (!connection.secrets.appSecret) {
    const [only] = apps.length === 1 ? apps : [];
    return only ? { app: only, url: only.overrideCallbackUrl, fields: null } : null;
  }
  for (const app of apps.slice(0, MAX_APPS)) {
    const own = await readApp(http, connection, app.id);
    if (own === null) continue;
    return { app, url: app.overrideCallbackUrl ?? own.url, fields: own.fields };
  }
  return null;
}

/** What the app's dashboard has for WhatsApp; null for an app that the secret does not open. */
async function readApp(http: HttpClient, connection: ProviderConnection, appId: string) {
  const access = appAccess(connection, appId);
  try {
    const subscriptions = await getAppSubscriptions(http, access);
    const own = subscriptions.find(({ object, active }) => object === OBJECT && active);
    return { url: own?.callbackUrl ?? null, fields: own?.fields ?? [] };
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
}

function isRefusal(error: unknown): boolean {
  const isAnswer = error instanceof ProviderError || error instanceof TokenExpiredError;
  return isAnswer && !error.retryable;
}

function appAccess(connection: ProviderConnection, appId: string): AppAccess {
  const { baseUrl, version, appSecret = '' } = accessOf(connection);
  return { appId, appSecret, baseUrl, version };
}

/**
 * Makes Meta call one of our doors for the account: sets the address for the account, and subscribes the app to all
 * fields where its dashboard has nothing. An address of somebody else is only replaced where a door says so.
 * @param doors of this house for the account; none = the app is subscribed, and its dashboard says where it is called
 * @returns the fields that arrive, as far as it is known
 * @throws InvalidInputError naming whose address it is; SendError
 */
export async function openCallback(
  http: HttpClient,
  connection: ProviderConnection,
  doors: readonly DoorAddress[] = [],
): Promise<string[]> {
  const present = await readCallback(http, connection);
  const wanted = doors.filter(({ subscription }) => subscription !== 'leave');
  const [door] = wanted;
  if (!door) {
    if (!present && doors.length === 0) await subscribeBusiness(http, connection, null);
    return present?.fields ?? [];
  }
  if (doors.some(({ url }) => url === present?.url)) {
    return await tickFields(http, connection, present, door);
  }
  const taker = wanted.find(({ subscription }) => subscription === 'takeOver');
  const address = present && (present.url ?? (present.fields === null ? UNREADABLE : null));
  if (address !== null && !taker) throw takenBy(connection, address);
  const { verifyToken = '' } = connection.secrets;
  const { url } = taker ?? door;
  try {
    await subscribeBusiness(http, connection, { url, verifyToken });
  } catch (error) {
    if (present || !isRefusal(error)) throw error;
    // An account that takes no address of its own: that of the app's dashboard holds, and may be the door's.
    await subscribeBusiness(http, connection, null);
    if ((await readCallback(http, connection))?.url !== url) throw error;
  }
  return await tickFields(http, connection, await readCallback(http, connection), taker ?? door);
}

/** Has another of our doors called, where it is the closing one now. */
export async function moveCallback(
  http: HttpClient,
  connection: ProviderConnection,
  closing: DoorAddress,
  others: readonly DoorAddress[],
): Promise<void> {
  const present = await readCallback(http, connection);
  const heir = others.find(({ subscription }) => subscription !== 'leave');
  if (!heir || present?.url !== closing.url) return;
  const { verifyToken = '' } = connection.secrets;
  await subscribeBusiness(http, connection, { url: heir.url, verifyToken });
}

const UNREADABLE = 'the address in the dashboard of its app, which cannot be read';

function takenBy({ account }: ProviderConnection, address: string): InvalidInputError {
  return new InvalidInputError(
    'Webhook Address',
    `The messages of "${account.name}" go to ${address}, and there is one address for each app and business account.`,
    {
      hint: 'Choose "Take Over" in the field Webhook Address to have them come here instead, or "Leave As It Is" if whoever is called there passes them on to this n8n.',
    },
  );
}

/** Where the app's dashboard has nothing of WhatsApp, no field would arrive; what somebody chose there stays. */
async function tickFields(
  http: HttpClient,
  connection: ProviderConnection,
  present: Callback | null,
  { url }: DoorAddress,
): Promise<string[]> {
  if (!present?.fields) return [];
  if (present.fields.length > 0) return present.fields;
  return await subscribeApp(http, appAccess(connection, present.app.id), {
    object: OBJECT,
    callbackUrl: url,
    verifyToken: connection.secrets.verifyToken ?? '',
    fields: WHATSAPP_WEBHOOK_FIELDS,
  });
}
