import {
  InvalidInputError,
  SendError,
  describeError,
  type Account,
  type ProviderId,
} from '../model';
import type { ConnectionKeeper } from '../providers/provider';
import { openConnection, setAccountWarning } from './accounts';
import type { LoginsContext } from './context';
import { openDoorsOf, type Door } from './doors';
import { keeperOf } from './loginSecrets';

type Refusal = SendError | InvalidInputError;

/**
 * Subscribes accounts to webhooks, each asset once. One that is refused only carries a warning: it can still send.
 * @param wanted default: where a door is open for the accounts' credential
 * @returns the refusals
 */
export async function subscribeAccounts(
  ctx: LoginsContext,
  keeper: ConnectionKeeper,
  accounts: readonly Account[],
  wanted?: boolean,
): Promise<Refusal[]> {
  const done = new Set<string>();
  const refusals: Refusal[] = [];
  for (const account of accounts) {
    const asset = keeper.subscribedAsset(account);
    if (!WORKING.includes(account.status) || done.has(asset)) continue;
    const doors = await openDoorsOf(ctx, account);
    if (!(wanted ?? doors.length > 0)) continue;
    done.add(asset);
    const refusal = await subscribe(ctx, keeper, account, doors);
    if (refusal) refusals.push(refusal);
  }
  return refusals;
}

/**
 * The same for a door that is just being opened: somebody is there to read what is wrong.
 * @param accounts of the door's provider
 * @throws InvalidInputError, for example naming whose address is called; SendError
 */
export async function subscribeAtDoor(
  ctx: LoginsContext,
  provider: ProviderId,
  accounts: readonly Account[],
): Promise<void> {
  const keeper = keeperOf(ctx, provider);
  const [refusal] = keeper ? await subscribeAccounts(ctx, keeper, accounts) : [];
  if (refusal) throw refusal;
}

const WORKING: readonly Account['status'][] = ['active', 'expiring'];

async function subscribe(
  ctx: LoginsContext,
  keeper: ConnectionKeeper,
  { id, tenantId, name }: Account,
  doors: Door[],
): Promise<Refusal | null> {
  try {
    await keeper.subscribe(await openConnection(ctx, tenantId, id), doors);
    return null;
  } catch (error) {
    if (!(error instanceof SendError || error instanceof InvalidInputError)) throw error;
    const reason = `The webhooks could not be subscribed. ${describeError(error)}`;
    await setAccountWarning(ctx, tenantId, id, reason);
    ctx.logger.warn(reason, { account: name });
    return error;
  }
}
