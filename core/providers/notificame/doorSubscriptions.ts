import type { HttpClient } from '../../http/client';
import { InvalidInputError, type Account } from '../../model';
import type { DoorAddress, ProviderConnection } from '../provider';
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

/** Beside the door, as its trigger serves it. */
export function addressOfFile({ url }: DoorAddress, token: string): string {
  return `${url.slice(0, url.lastIndexOf('/'))}/${FILE_FOLDER}/${token}`;
}

/** Of the trigger's address for files. */
export const FILE_FOLDER = 'file';

/**
 * Makes the hub post one channel's messages and statuses to one door, the oldest: the event log serves every workflow.
 * What is missing is made, what fell asleep (`INACTIVE`, `DEGRADED`) is woken, and what still carries a former secret, or
 * goes to another of our doors, ends. What other systems made stays.
 * @returns the event types that arrive there
 */
export async function subscribeDoor(
  http: HttpClient,
  connection: ProviderConnection,
  doors: readonly DoorAddress[],
): Promise<string[]> {
  const wanted = doors.find(({ subscription }) => subscription !== 'leave');
  if (!wanted) return [];
  const access = accessOf(connection);
  const { account } = connection;
  const url = addressOfDoor(wanted.url, secretOf(connection), account);
  const present = await atDoors(http, connection, doors);
  for (const eventType of SUBSCRIPTION_EVENTS) {
    const same = present.find(
      (one) => one.url === url && (one.eventType ?? 'MESSAGE') === eventType,
    );
    if (!same) {
      // Without a direction the hub might report what we send ourselves as well.
      const direction = eventType === 'MESSAGE' ? ({ direction: 'IN' } as const) : {};
      const channel = account.externalId;
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

/** Before a door closes, another one is posted to: no message falls between. */
export async function moveToOtherDoor(
  http: HttpClient,
  connection: ProviderConnection,
  closing: DoorAddress,
  others: readonly DoorAddress[],
): Promise<void> {
  await subscribeDoor(http, connection, [...others, { ...closing, subscription: 'leave' }]);
}

/**
 * Ends what the hub posts to these doors for this channel.
 * @returns false where there was nothing of ours
 */
export async function unsubscribeDoors(
  http: HttpClient,
  connection: ProviderConnection,
  doors: readonly DoorAddress[],
): Promise<boolean> {
  const present = await atDoors(http, connection, doors);
  for (const { id } of present) await deleteSubscription(http, accessOf(connection), id);
  return present.length > 0;
}

/** The channel's subscriptions that end at these doors, under whichever secret. */
async function atDoors(
  http: HttpClient,
  connection: ProviderConnection,
  doors: readonly DoorAddress[],
): Promise<HubSubscription[]> {
  const all = await listSubscriptions(http, accessOf(connection));
  const isOurs = (url: string) => doors.some((door) => url.startsWith(`${door.url}/`));
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
