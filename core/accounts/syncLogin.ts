import {
  SendError,
  TokenExpiredError,
  describeError,
  type Account,
  type AccountSecrets,
  type Login,
} from '../model';
import type { ConnectionKeeper, DiscoveredAccount } from '../providers/provider';
import { toAccount, type AccountRow } from '../store/statements/accounts';
import { noteConnectionStatus, readAccountsByAddress, saveAccountWarning } from './accounts.unit';
import type { LoginsContext } from './context';
import type { LoginVerdict } from './logins.unit';
import { openedText, syncCredentialAccounts, type AccountStanding } from './sync';
import { readAccountsOfLogin } from './sync.unit';

export interface SyncLoginInput {
  login: Login;
  discovered: DiscoveredAccount[];
  /** How an account without a problem of its own stands. */
  verdict: LoginVerdict;
  /**
   * Nobody asked for it just now: what somebody disconnected stays so, warnings stay shown, and accounts that another
   * login has connected since are left to it.
   */
  isRoutine: boolean;
  /** What somebody disconnected stays so. */
  keepsDisconnected: boolean;
  /** But these, as choiceOf names them. */
  reconnects?: readonly string[];
}

/**
 * Gives the accounts of a login what the provider has just told of them. One that expired and has the same token as
 * before is asked whether it works, so that nobody is told of a dead account as connected. One that the login no longer
 * leads to keeps its token as long as that works, and says so.
 */
export async function syncLogin(
  ctx: LoginsContext,
  keeper: ConnectionKeeper,
  input: SyncLoginInput,
): Promise<Account[]> {
  const { login, verdict, isRoutine } = input;
  const rows = await presentRows(ctx, login, input.discovered);
  const discovered = isRoutine
    ? input.discovered.filter((one) => !belongsToOther(rows.get(keyOf(one)), login))
    : input.discovered;
  const stillDead = await findStillDead(ctx, keeper, rows, discovered);
  const accounts = await syncCredentialAccounts(ctx, {
    tenantId: login.tenantId,
    provider: login.provider,
    credentialId: login.source.kind === 'credential' ? login.source.id : null,
    loginId: login.id,
    discovered: discovered.map((one) => ({ ...one, expiresAt: login.expiresAt })),
    standingOf: (one): AccountStanding =>
      one.problem === undefined
        ? (stillDead.get(keyOf(one)) ?? verdict)
        : { status: 'error', reason: one.problem },
    keepsDisconnected: isRoutine || input.keepsDisconnected,
    reconnects: input.reconnects ?? [],
    keepsWarning: isRoutine,
  });
  await noteLeftOut(ctx, keeper, login, new Set(accounts.map(({ id }) => id)));
  return accounts;
}

const keyOf = ({ channel, externalId }: Pick<DiscoveredAccount, 'channel' | 'externalId'>) =>
  `${channel} ${externalId}`;

/** The tenant's accounts among those that were found. */
async function presentRows(
  ctx: LoginsContext,
  { tenantId, provider }: Login,
  discovered: DiscoveredAccount[],
): Promise<Map<string, AccountRow>> {
  const addresses = discovered.map(({ channel, externalId }) => ({
    provider,
    channel,
    externalId,
  }));
  const rows = await ctx.store.forTenant(tenantId).run(readAccountsByAddress, { addresses });
  return new Map(rows.map((row) => [keyOf(toAccount(row)), row]));
}

/** Two logins that lead to the same account must not take it from each other by turns. */
function belongsToOther(row: AccountRow | undefined, login: Login): boolean {
  if (!row || row.login_id === null || row.login_id === login.id) return false;
  return row.status === 'active' || row.status === 'expiring';
}

async function findStillDead(
  ctx: LoginsContext,
  keeper: ConnectionKeeper,
  rows: ReadonlyMap<string, AccountRow>,
  discovered: DiscoveredAccount[],
): Promise<Map<string, AccountStanding>> {
  const dead = new Map<string, AccountStanding>();
  for (const found of discovered) {
    const row = rows.get(keyOf(found));
    if (row?.status !== 'expired') continue;
    if (openedText(ctx, row) !== JSON.stringify(found.secrets)) continue;
    const reason = await deathOf(keeper, toAccount(row), found.secrets);
    if (reason !== null) dead.set(keyOf(found), { status: 'expired', reason });
  }
  return dead;
}

/** Why the token of an account is dead; null when it works, or nobody can tell at present. */
export async function deathOf(
  keeper: ConnectionKeeper,
  account: Account,
  secrets: AccountSecrets,
): Promise<string | null> {
  try {
    await keeper.verify({ account, secrets });
    return null;
  } catch (error) {
    if (error instanceof TokenExpiredError) return describeError(error);
    if (error instanceof SendError) return null;
    throw error;
  }
}

async function noteLeftOut(
  ctx: LoginsContext,
  keeper: ConnectionKeeper,
  { id: loginId, tenantId }: Login,
  found: ReadonlySet<string>,
): Promise<void> {
  const tenant = ctx.store.forTenant(tenantId);
  const rows = await tenant.run(readAccountsOfLogin, { loginId });
  for (const row of rows) {
    if (found.has(row.id) || row.status === 'disconnected') continue;
    const why = 'The login does not lead to this account any more';
    const next = 'Connect again and tick it in the dialog, or disconnect the account.';
    if (await stillWorks(ctx, keeper, row)) {
      const reason = `${why}; its own token still works, but is not renewed. ${next}`;
      if (row.status_reason !== reason) {
        await tenant.run(saveAccountWarning, { accountId: row.id, reason });
      }
    } else {
      const reason = `${why}, and its token is dead. ${next}`;
      await tenant.run(noteConnectionStatus, { accountId: row.id, status: 'expired', reason });
    }
  }
}

async function stillWorks(
  ctx: LoginsContext,
  keeper: ConnectionKeeper,
  row: AccountRow,
): Promise<boolean> {
  const text = openedText(ctx, row);
  if (text === null) return false;
  return (await deathOf(keeper, toAccount(row), JSON.parse(text) as AccountSecrets)) === null;
}
