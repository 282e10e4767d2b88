import { listAccounts } from '../accounts/accounts';
import type { Account, Login, MetaLogin } from '../model';
import type { Badge, Card, HubLogin, PageLogin } from './card';
import type { PortalContext } from './context';
import { PortalFailure } from './failures';
import type { ConnectLink } from './links';
import { permits } from './scopes';
import { readLogins } from './cards.unit';
import { hubFor, hubLoginOf, offeredLogins, type PortalSetup } from './setup';

/** An account with the login that its token comes from. */
export interface ShownAccount {
  account: Account;
  login: Login | null;
}

/**
 * The accounts that a link shows: those that were connected on such a page; from the scope `operate` on, all of the
 * tenant.
 */
export async function shownAccounts(
  ctx: PortalContext,
  setup: PortalSetup,
  link: ConnectLink,
  tenantId: string,
): Promise<ShownAccount[]> {
  const accounts = await listAccounts(ctx, tenantId);
  const logins = await ctx.store.forTenant(tenantId).run(readLogins, null);
  const byId = new Map(logins.map((login) => [login.id, login]));
  const all = accounts.map((account) => ({
    account,
    login: account.loginId === null ? null : (byId.get(account.loginId) ?? null),
  }));
  return permits(link.scope, 'operate') ? all : all.filter((one) => isOfPage(one, setup));
}

/**
 * Connected by a person on the page, not by the admin in n8n. Whoever is led into the window of a sub-account of
 * NotificaMe holds all of it, so every channel of it is theirs.
 */
export function isOfPage({ login }: ShownAccount, setup: PortalSetup): boolean {
  if (login === null) return false;
  const { source, provider } = login;
  if (source.kind === 'link') return true;
  return provider === 'notificame' && source.id === hubFor(setup, login)?.credentialId;
}

/**
 * One of the accounts that a link shows. One that it does not show and one that does not exist look alike, but for the
 * tenant's own: there the scope that it takes is named.
 * @throws PortalFailure `not_found`, `scope_missing`
 */
export async function shownAccount(
  ctx: PortalContext,
  setup: PortalSetup,
  link: ConnectLink,
  tenantId: string,
  accountId: string,
): Promise<ShownAccount> {
  const operator: ConnectLink = { ...link, scope: 'operate' };
  const all = await shownAccounts(ctx, setup, operator, tenantId);
  const found = all.find(({ account }) => account.id === accountId);
  if (!found) throw new PortalFailure('not_found');
  if (!isOfPage(found, setup) && !permits(link.scope, 'operate')) {
    throw new PortalFailure('scope_missing', { details: { scope: 'operate' } });
  }
  return found;
}

export function toCard(
  shown: ShownAccount,
  link: ConnectLink,
  setup: PortalSetup,
  now: number,
): Card {
  const { account, login } = shown;
  const renewBy = waysToRenew(shown, link, setup, now);
  const isOff = account.status === 'disconnected';
  return {
    id: account.id,
    channel: account.channel,
    name: account.name,
    username: account.username,
    pageName: account.parentName,
    badge: badgeOf(account),
    reason: permits(link.scope, 'operate') ? account.statusReason : null,
    refusedCalls: account.refusedCalls,
    refusedSince: account.refusedSince,
    connectedAt: account.connectedAt,
    lastSyncedAt: account.lastSyncedAt,
    lastReceivedAt: account.lastReceivedAt,
    // A Page's token has no end of its own; the login that it hangs on may have.
    expiresAt: account.expiresAt ?? endOf(login),
    hasPicture: account.pictureUrl !== null && !isOff,
    renewBy,
    can: { check: !isOff, renew: renewBy !== null, disconnect: !isOff },
  };
}

function endOf(login: Login | null): number | null {
  if (login === null) return null;
  const ends = [login.expiresAt, login.dataAccessExpiresAt].filter((end) => end !== null);
  return ends.length === 0 ? null : Math.min(...ends);
}

function badgeOf({ status, refusedCalls, statusReason }: Account): Badge {
  if (status === 'active' && refusedCalls > 0) return 'refused';
  if (status === 'active' && statusReason !== null) return 'attention';
  return status;
}

/**
 * Instagram's token is renewed without the person while it lives. Facebook gives a later end only to whoever logs in
 * again, where the page offers that login. What came from a credential of n8n is renewed as it is there.
 */
function waysToRenew(
  shown: ShownAccount,
  link: ConnectLink,
  setup: PortalSetup,
  now: number,
): 'server' | PageLogin | null {
  const { account, login } = shown;
  if (account.provider === 'notificame') return wayThroughHub(shown, link, setup);
  if (account.provider !== 'meta' || login === null) return null;
  const by: MetaLogin =
    account.channel === 'instagram' && account.parentExternalId === null ? 'instagram' : 'facebook';
  const isLive = ['active', 'expiring'].includes(account.status);
  const isRenewable = login.renewable && isLive && (login.expiresAt ?? Infinity) > now;
  if (isRenewable && (by === 'instagram' || !isOfPage(shown, setup))) return 'server';
  return isOfPage(shown, setup) && offeredLogins(setup, link).includes(by) ? by : null;
}

/** Its token has no end; what does not work any more is connected again in the hub's window. */
function wayThroughHub(
  shown: ShownAccount,
  link: ConnectLink,
  setup: PortalSetup,
): HubLogin | null {
  const { channel, status } = shown.account;
  const by = hubLoginOf(channel);
  if (by === undefined || status === 'active' || status === 'expiring') return null;
  return isOfPage(shown, setup) && offeredLogins(setup, link).includes(by) ? by : null;
}
