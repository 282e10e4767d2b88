import {
  listAccounts,
  openConnection,
  openDoorsOf,
  removeUnwantedDoor,
  unwantedDoors,
  type Door,
} from '../accounts';
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
  const open = await openDoorsOf(ctx, { ...door, provider });
  const heirs = open.filter(({ id }) => id !== door.id);
  if (keeper) {
    const done = new Set<string>();
    for (const account of await accountsBehind(ctx, door, provider)) {
      const asset = keeper.subscribedAsset(account);
      if (done.has(asset)) continue;
      done.add(asset);
      if (!(await giveUp(ctx, keeper, { account, asset, door, heirs }))) return false;
    }
  }
  return await removeUnwantedDoor(ctx, door);
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
