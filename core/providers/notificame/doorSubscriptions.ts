import type { HttpClient } from '../../http/client';
import { InvalidInputError, type Account } from '../../model';
import type { ProviderConnection } from '../provider';
import { CREDENTIAL_FIELDS, accessOf } from './access';
import {
  SUBSCRIPTION_EVENTS,
  createSubscription,
  deleteSubscription,
  listSubscriptions,
  updateSubscription,
  type HubSubscription,
} from './subscriptions';

/**
 * The address that the hub is given: a door's own, with the secret as its last segment. It also says for which channel
 * it was made, because a status names none.
 */
export function addressOfDoor(
  doorUrl: string,
  secret: string,
  { externalId, channel }: Pick<Account, 'externalId' | 'channel'>,
): string {
  const query = new URLSearchParams({ channel: externalId, on: channel });
  return `${doorUrl}/${secret}?${query.toString()}`;
}

/**
 * Makes the hub post one channel's messages and statuses to a door: what is missing is made, what fell asleep
 * (`INACTIVE`, `DEGRADED`) is woken, what still carries a former secret goes.
 * @returns the event types that arrive there
 */
export async function subscribeDoor(
  http: HttpClient,
  connection: ProviderConnection,
  doorUrl: string,
): Promise<string[]> {
  const access = accessOf(connection);
  const channel = connection.account.externalId;
  const url = addressOfDoor(doorUrl, secretOf(connection), connection.account);
  const present = await ofDoor(http, connection, doorUrl);
  for (const eventType of SUBSCRIPTION_EVENTS) {
    const same = present.find(
      (one) => one.url === url && (one.eventType ?? 'MESSAGE') === eventType,
    );
    if (!same) {
      // Without a direction the hub might report what we send ourselves as well.
      const direction = eventType === 'MESSAGE' ? ({ direction: 'IN' } as const) : {};
      await createSubscription(http, access, { eventType, url, channel, ...direction });
    } else if (same.status !== null && same.status !== 'ACTIVE') {
      await updateSubscription(http, access, same.id, { status: 'ACTIVE' });
    }
  }
  for (const old of present.filter((one) => one.url !== url)) {
    await deleteSubscription(http, access, old.id);
  }
  return [...SUBSCRIPTION_EVENTS];
}

/**
 * Ends what the hub posts to a door for this channel; what other doors and other systems made stays.
 * @param doorUrl absent: every door of this package
 */
export async function unsubscribeDoor(
  http: HttpClient,
  connection: ProviderConnection,
  doorUrl: string | undefined,
): Promise<void> {
  const access = accessOf(connection);
  for (const { id } of await ofDoor(http, connection, doorUrl)) {
    await deleteSubscription(http, access, id);
  }
}

/** The channel's subscriptions that end at this door, under whichever secret; without a door, those with our secret. */
async function ofDoor(
  http: HttpClient,
  connection: ProviderConnection,
  doorUrl: string | undefined,
): Promise<HubSubscription[]> {
  const all = await listSubscriptions(http, accessOf(connection));
  const isOurs = (url: string) =>
    doorUrl === undefined
      ? url.includes(`/${secretOf(connection)}?`)
      : url.startsWith(`${doorUrl}/`);
  return all.filter(
    ({ channel, url }) => channel === connection.account.externalId && url !== null && isOurs(url),
  );
}

/** What of the channel arrives anywhere at all. */
export async function subscribedEvents(
  http: HttpClient,
  connection: ProviderConnection,
): Promise<string[]> {
  const all = await listSubscriptions(http, accessOf(connection));
  const own = all.filter(
    ({ channel, status }) =>
      channel === connection.account.externalId && (status === null || status === 'ACTIVE'),
  );
  return [...new Set(own.map(({ eventType }) => eventType ?? 'MESSAGE'))];
}

function secretOf({ secrets }: ProviderConnection): string {
  const secret = secrets.hub?.webhookSecret;
  if (secret) return secret;
  throw new InvalidInputError(
    CREDENTIAL_FIELDS.secret,
    'The account has no secret for the address that NotificaMe calls.',
    {
      hint: 'Open the list of accounts in a NotificaMe node once: that reads the credential again.',
    },
  );
}
