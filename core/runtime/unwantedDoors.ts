import {
  listAccounts,
  listDoors,
  openConnection,
  removeUnwantedDoor,
  unwantedDoors,
  type Door,
} from '../accounts';
import { OutcomeUnknownError, SendError, type Account, type ProviderId } from '../model';
import type { MessagingContext } from '../messaging/context';
import type { ConnectionKeeper } from '../providers/provider';
import { isAccountWantedElsewhere } from '../store/instance/accountHolders';

/**
 * Closes the doors that stayed unwanted: ends the webhook subscriptions of their accounts at the provider, unless
 * another trigger of this package still wants them, and forgets the door.
 * @returns how many doors were closed
 */
export async function closeUnwantedDoors(
  ctx: MessagingContext,
  signal?: AbortSignal,
): Promise<number> {
  let closed = 0;
  for (const door of await unwantedDoors(ctx)) {
    if (signal?.aborted) break;
    if (await closeDoor(ctx, door)) closed += 1;
  }
  return closed;
}

async function closeDoor(ctx: MessagingContext, door: Door): Promise<boolean> {
  // Whoever signs webhooks was told the address by a person: there is nothing to unsubscribe.
  if (door.provider === 'signed_webhook') return await removeUnwantedDoor(ctx, door);
  const keeper = ctx.providers.get(door.provider)?.keeper;
  if (keeper && door.credentialId !== null && !(await isHeldByOther(ctx, door))) {
    const done = new Set<string>();
    for (const account of await accountsBehind(ctx, door, door.provider)) {
      const asset = keeper.subscribedAsset(account);
      if (done.has(asset)) continue;
      done.add(asset);
      const subscribed = { ...account, externalId: asset };
      if (await ctx.store.run(isAccountWantedElsewhere, subscribed)) continue;
      if (!(await unsubscribe(ctx, keeper, account))) return false;
    }
  }
  return await removeUnwantedDoor(ctx, door);
}

async function isHeldByOther(ctx: MessagingContext, door: Door): Promise<boolean> {
  if (door.credentialId === null) return false;
  const doors = await listDoors(ctx, door.tenantId, { credentialId: door.credentialId });
  return doors.some((other) => other.id !== door.id && other.unwantedSince === null);
}

async function accountsBehind(
  ctx: MessagingContext,
  door: Door,
  provider: ProviderId,
): Promise<Account[]> {
  const accounts = await listAccounts(ctx, door.tenantId, { provider });
  return accounts.filter(
    ({ credentialId, status }) => credentialId === door.credentialId && status !== 'disconnected',
  );
}

/** @returns false when it should be tried again */
async function unsubscribe(
  ctx: MessagingContext,
  keeper: ConnectionKeeper,
  account: Account,
): Promise<boolean> {
  try {
    await keeper.unsubscribe(await openConnection(ctx, account.tenantId, account.id));
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
