import { InvalidInputError, SendError, describeError, type Account } from '../model';
import type { ConnectionKeeper } from '../providers/provider';
import { openConnection, setAccountWarning } from './accounts';
import type { LoginsContext } from './context';
import { listDoors } from './doors';

/**
 * Subscribes accounts to webhooks, each asset once. One that is refused only carries a warning: it can still send.
 * @param wanted default: where a door is open for the accounts' credential
 */
export async function subscribeAccounts(
  ctx: LoginsContext,
  keeper: ConnectionKeeper,
  accounts: Account[],
  wanted?: boolean,
): Promise<void> {
  const done = new Set<string>();
  for (const account of accounts) {
    const asset = keeper.subscribedAsset(account);
    if (!WORKING.includes(account.status) || done.has(asset)) continue;
    if (!(wanted ?? (await hasOpenDoor(ctx, account)))) continue;
    done.add(asset);
    await subscribe(ctx, keeper, account);
  }
}

const WORKING: readonly Account['status'][] = ['active', 'expiring'];

async function hasOpenDoor(
  ctx: LoginsContext,
  { tenantId, credentialId }: Account,
): Promise<boolean> {
  if (credentialId === null) return false;
  const doors = await listDoors(ctx, tenantId, { credentialId });
  return doors.some(({ unwantedSince }) => unwantedSince === null);
}

async function subscribe(
  ctx: LoginsContext,
  keeper: ConnectionKeeper,
  { id, tenantId, name }: Account,
): Promise<void> {
  try {
    await keeper.subscribe(await openConnection(ctx, tenantId, id));
  } catch (error) {
    if (!(error instanceof SendError || error instanceof InvalidInputError)) throw error;
    const reason = `The webhooks could not be subscribed. ${describeError(error)}`;
    await setAccountWarning(ctx, tenantId, id, reason);
    ctx.logger.warn(reason, { account: name });
  }
}
