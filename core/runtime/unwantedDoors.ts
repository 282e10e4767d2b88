import {
  getDoor,
  listAccounts,
  openConnection,
  openDoorsOf,
  removeUnwantedDoor,
  unwantedDoors,
  type Door,
} from '../accounts';
import { subscribeAccounts } from '../accounts/subscribeAccounts';
import {
  InvalidInputError,
  OutcomeUnknownError,
  SendError,
  type Account,
  type ProviderId,
} from '../model';
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
  const { provider } = door;
  const isTold = provider === 'signed_webhook' || door.subscription === 'leave';
  if (isTold || door.credentialId === null) return await removeUnwantedDoor(ctx, door);
  const keeper = ctx.providers.get(provider)?.keeper;
  if (keeper) {
    const accounts = await accountsBehind(ctx, door, provider);
    if (!(await endSubscriptions(ctx, keeper, door, accounts))) return false;
  }
  return await removeUnwantedDoor(ctx, door);
}

/** @returns false when the door is wanted again, or it should be tried again */
async function endSubscriptions(
  ctx: MessagingContext,
  keeper: ConnectionKeeper,
  door: Door,
  accounts: readonly Account[],
): Promise<boolean> {
  const done = new Set<string>();
  for (const account of accounts) {
    const asset = keeper.subscribedAsset(account);
    if (done.has(asset)) continue;
    done.add(asset);
    if (!(await isStillUnwanted(ctx, door))) return false;
    const open = await openDoorsOf(ctx, account);
    const heirs = open.filter(({ id }) => id !== door.id);
    const isGivenUp = await giveUp(ctx, keeper, { account, asset, door, heirs });
    // A trigger that was published meanwhile has subscribed it already, perhaps before that was ended here.
    if (heirs.length === 0) {
      const sharers = accounts.filter((one) => keeper.subscribedAsset(one) === asset);
      await subscribeAccounts(ctx, keeper, sharers);
    }
    if (!isGivenUp) return false;
  }
  return true;
}

/** Since the same moment: one that was wanted in between begins its minute anew. */
async function isStillUnwanted(
  ctx: MessagingContext,
  { tenantId, id, unwantedSince }: Door,
): Promise<boolean> {
  return (await getDoor(ctx, tenantId, id))?.unwantedSince === unwantedSince;
}

interface Given {
  account: Account;
  asset: string;
  door: Door;
  /** Doors that go on. */
  heirs: Door[];
}

/** @returns false when it should be tried again */
async function giveUp(
  ctx: MessagingContext,
  keeper: ConnectionKeeper,
  { account, asset, door, heirs }: Given,
): Promise<boolean> {
  const { id, tenantId, provider, name } = account;
  const open = () => openConnection(ctx, tenantId, id);
  try {
    if (heirs.length > 0) {
      await keeper.handOver?.(await open(), door, heirs);
      return true;
    }
    if (await ctx.store.run(isAccountWantedElsewhere, { tenantId, provider, asset })) return true;
    if (await keeper.unsubscribe(await open(), [door])) {
      ctx.logger.info('No published trigger uses this account any more: its webhooks are off.', {
        account: name,
      });
    }
    return true;
  } catch (error) {
    if (!(error instanceof SendError || error instanceof InvalidInputError)) throw error;
    if (error instanceof OutcomeUnknownError) return false;
    if (error instanceof SendError && error.retryable) return false;
    // The token is gone or may not do this: the provider goes on calling a door that nobody answers, which is harmless.
    ctx.logger.warn(
      `The webhooks of an unused account could not be switched off. ${error.message}`,
      { account: name },
    );
    return true;
  }
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
