import {
  listAccounts,
  listDoors,
  openConnection,
  removeUnwantedDoor,
  unwantedDoors,
  type Door,
} from '../accounts';
import type { HttpClient } from '../http/client';
import {
  OutcomeUnknownError,
  SendError,
  type Account,
  type Channel,
  type ProviderId,
} from '../model';
import type { MessagingContext } from '../messaging/context';
import { unsubscribePage } from '../providers/meta';
import type { ProviderConnection } from '../providers/provider';
import { isAccountWantedElsewhere } from '../store/instance/accountHolders';

/** Which accounts of a provider carry a webhook subscription, and how it is ended. */
interface Subscriptions {
  channels: readonly Channel[];
  unsubscribe(http: HttpClient, connection: ProviderConnection): Promise<void>;
}

const SUBSCRIPTIONS: Partial<Record<ProviderId, Subscriptions>> = {
  // The subscription belongs to the Page and covers its Instagram account.
  meta: { channels: ['messenger'], unsubscribe: unsubscribePage },
};

export interface DoorsContext extends MessagingContext {
  http: HttpClient;
}

/**
 * Closes the doors that stayed unwanted: ends the webhook subscriptions of their accounts at the provider, unless
 * another trigger of this package still wants them, and forgets the door.
 * @returns how many doors were closed
 */
export async function closeUnwantedDoors(ctx: DoorsContext, signal?: AbortSignal): Promise<number> {
  let closed = 0;
  for (const door of await unwantedDoors(ctx)) {
    if (signal?.aborted) break;
    if (await closeDoor(ctx, door)) closed += 1;
  }
  return closed;
}

async function closeDoor(ctx: DoorsContext, door: Door): Promise<boolean> {
  // Whoever signs webhooks was told the address by a person: there is nothing to unsubscribe.
  if (door.provider === 'signed_webhook') return await removeUnwantedDoor(ctx, door);
  const subscriptions = SUBSCRIPTIONS[door.provider];
  if (subscriptions && door.credentialId !== null && !(await isHeldByOther(ctx, door))) {
    for (const account of await accountsBehind(ctx, door, door.provider, subscriptions)) {
      if (await ctx.store.run(isAccountWantedElsewhere, account)) continue;
      if (!(await unsubscribe(ctx, account, subscriptions))) return false;
    }
  }
  return await removeUnwantedDoor(ctx, door);
}

async function isHeldByOther(ctx: DoorsContext, door: Door): Promise<boolean> {
  if (door.credentialId === null) return false;
  const doors = await listDoors(ctx, door.tenantId, { credentialId: door.credentialId });
  return doors.some((other) => other.id !== door.id && other.unwantedSince === null);
}

async function accountsBehind(
  ctx: DoorsContext,
  door: Door,
  provider: ProviderId,
  { channels }: Subscriptions,
): Promise<Account[]> {
  const accounts = await listAccounts(ctx, door.tenantId, { provider });
  return accounts.filter(
    (account) => account.credentialId === door.credentialId && channels.includes(account.channel),
  );
}

/** @returns false when it should be tried again */
async function unsubscribe(
  ctx: DoorsContext,
  account: Account,
  subscriptions: Subscriptions,
): Promise<boolean> {
  try {
    const connection = await openConnection(ctx, account.tenantId, account.id);
    await subscriptions.unsubscribe(ctx.http, connection);
    ctx.logger.info('No published trigger uses this account any more: its webhooks are off.', {
      account: account.name,
    });
    return true;
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    if (error.retryable || error instanceof OutcomeUnknownError) return false;
    // The token is gone or may not do this: the provider goes on calling a door that nobody answers, which is harmless.
    ctx.logger.warn(
      `The webhooks of an unused account could not be switched off. ${error.message}`,
      {
        account: account.name,
      },
    );
    return true;
  }
}
