import { checkConnection } from '../accounts/checkConnection';
import { disconnectAccount as disconnect, renewConnection } from '../accounts/connections';
import { dropConnection } from '../accounts/connections.unit';
import { openDoorsOf } from '../accounts/doors';
import { keeperOf } from '../accounts/loginSecrets';
import { subscribeAccounts } from '../accounts/subscribeAccounts';
import { openConnection } from '../accounts/accounts';
import { readAccountsOfLogin } from '../accounts/sync.unit';
import { InvalidInputError, SendError } from '../model';
import { isAssetUsedByOther } from '../store/instance/logins';
import { toAccount } from '../store/statements/accounts';
import type { Card } from './card';
import { isOfPage, shownAccount, toCard } from './cards';
import type { PortalContext } from './context';
import { PortalFailure } from './failures';
import type { ConnectLink } from './links';
import { asFailure } from './metaLogin';
import type { PortalSetup } from './setup';

/** What a button on a card does; the card as it is afterwards. */
export type CardAction = (
  ctx: PortalContext,
  setup: PortalSetup,
  link: ConnectLink,
  tenantId: string,
  accountId: string,
) => Promise<Card>;

/**
 * Asks the provider how the account stands. One whose webhooks are off is subscribed again: whoever checks wants it to
 * work.
 */
export const checkAccount: CardAction = async (ctx, setup, link, tenantId, accountId) => {
  const before = await shownAccount(ctx, setup, link, tenantId, accountId);
  const found = await checkConnection(ctx, tenantId, accountId);
  let { ok } = found;
  const isUnsubscribed = found.webhookFields?.length === 0;
  const keeper = keeperOf(ctx, before.account.provider);
  if (isUnsubscribed && keeper && isOfPage(before, setup)) {
    await subscribeAccounts(ctx, keeper, [before.account], true);
    ({ ok } = await checkConnection(ctx, tenantId, accountId));
  }
  const card = await cardOf(ctx, setup, link, tenantId, accountId);
  return !ok && card.badge === 'active' ? { ...card, badge: 'attention' } : card;
};

/** Renews the login without the person. @throws PortalFailure when the provider wants to see them */
export const renewAccount: CardAction = async (ctx, setup, link, tenantId, accountId) => {
  await shownAccount(ctx, setup, link, tenantId, accountId);
  try {
    await renewConnection(ctx, tenantId, accountId);
  } catch (error) {
    throw unusable(ctx, error);
  }
  return await cardOf(ctx, setup, link, tenantId, accountId);
};

/** Ends its webhooks at the provider and forgets its secrets. @throws PortalFailure; then nothing was changed */
export const disconnectAccount: CardAction = async (ctx, setup, link, tenantId, accountId) => {
  await shownAccount(ctx, setup, link, tenantId, accountId);
  try {
    await disconnect(ctx, tenantId, accountId);
  } catch (error) {
    throw unusable(ctx, error);
  }
  return await cardOf(ctx, setup, link, tenantId, accountId);
};

async function cardOf(
  ctx: PortalContext,
  setup: PortalSetup,
  link: ConnectLink,
  tenantId: string,
  accountId: string,
): Promise<Card> {
  const shown = await shownAccount(ctx, setup, link, tenantId, accountId);
  return toCard(shown, link, setup, ctx.clock.now());
}

/** Which of Meta's refusals it was stands on the card. */
function unusable(ctx: PortalContext, error: unknown): unknown {
  const failure = asFailure(ctx, error);
  if (!(failure instanceof PortalFailure) || failure.code === 'provider_down') return failure;
  return new PortalFailure('account_unusable', { cause: error });
}

/**
 * Disconnects every account of a login whose owner wants it so, whatever the provider says to it: most likely the token
 * is dead already.
 * @returns the accounts that hung on it
 */
export async function disconnectLogin(
  ctx: PortalContext,
  tenantId: string,
  loginId: string,
  reason: string,
): Promise<string[]> {
  const tenant = ctx.store.forTenant(tenantId);
  const accounts = (await tenant.run(readAccountsOfLogin, { loginId })).map(toAccount);
  for (const account of accounts) {
    if (account.status !== 'disconnected') await endWebhooksQuietly(ctx, tenantId, account);
    await tenant.run(dropConnection, { accountId: account.id, reason });
  }
  return accounts.map(({ id }) => id);
}

async function endWebhooksQuietly(
  ctx: PortalContext,
  tenantId: string,
  account: ReturnType<typeof toAccount>,
): Promise<void> {
  const { id, provider } = account;
  const keeper = keeperOf(ctx, provider);
  if (!keeper) return;
  const asset = keeper.subscribedAsset(account);
  if (await ctx.store.run(isAssetUsedByOther, { provider, asset, accountId: id })) return;
  try {
    const doors = await openDoorsOf(ctx, account);
    await keeper.unsubscribe(await openConnection(ctx, tenantId, id), doors);
  } catch (error) {
    // The provider goes on calling a door that knows no such account, which is harmless.
    if (!(error instanceof SendError || error instanceof InvalidInputError)) throw error;
  }
}
