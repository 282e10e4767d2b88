import type { AccountStatus, LoginSource, ProviderId } from '../model';
import { listAccountRowsOfLogin, setExpiryOfLogin } from '../store/statements/accounts';
import {
  claimLogin,
  findLogin,
  findLoginBySource,
  setLoginToken,
  settleLogin,
  upsertLogin,
  type LoginOutcome,
  type LoginRow,
  type NewLogin,
  type NewLoginToken,
} from '../store/statements/logins';
import { tenantUnit } from '../store/unit';
import { changeConnectionStatus } from './status';

export const readLogin = tenantUnit(
  __filename,
  'readLogin',
  async (tx, { loginId }: { loginId: string }): Promise<LoginRow | undefined> =>
    findLogin(tx, loginId),
);

/** The login that came from a source, with its token still sealed. */
export const readLoginBySource = tenantUnit(
  __filename,
  'readLoginBySource',
  async (
    tx,
    { provider, source }: { provider: ProviderId; source: LoginSource },
  ): Promise<LoginRow | undefined> => findLoginBySource(tx, provider, source),
);

/** Its id is the one the token was sealed for: of the present login, or a new one. */
export type SaveLoginArgs = NewLogin & { token: NewLoginToken };

/**
 * Stores a login that was just made, before anything else is done with it.
 * @returns false when the source has a login under another id: seal again for that one
 */
export const saveLogin = tenantUnit(
  __filename,
  'saveLogin',
  async (tx, { token, ...login }: SaveLoginArgs): Promise<boolean> => {
    const isSaved = await upsertLogin(tx, login, token);
    if (isSaved) tx.signal({ topic: 'logins', tenantId: tx.tenantId });
    return isSaved;
  },
);

export const takeLogin = tenantUnit(
  __filename,
  'takeLogin',
  async (
    tx,
    { loginId, owner, ttlMs }: { loginId: string; owner: string; ttlMs: number },
  ): Promise<LoginRow | null> => (await claimLogin(tx, loginId, owner, ttlMs)) ?? null,
);

/** Keeps a renewed token: the moment after the provider gave it, before it is used. */
export const keepRenewedToken = tenantUnit(
  __filename,
  'keepRenewedToken',
  async (
    tx,
    { loginId, owner, token }: { loginId: string; owner: string; token: NewLoginToken },
  ): Promise<boolean> => setLoginToken(tx, loginId, owner, token),
);

/** How the accounts of a login stand after somebody looked at it. */
export interface LoginVerdict {
  status: 'active' | 'expiring' | 'expired';
  reason: string | null;
}

export interface SettleLoginArgs {
  loginId: string;
  /** Null: the caller did not claim it, and stores nothing while somebody works on it. */
  owner: string | null;
  outcome: LoginOutcome;
  /** For every account of the login but those named in `but`. */
  verdict: LoginVerdict;
  /** Accounts that stand otherwise, by id. */
  but: Record<string, LoginVerdict>;
}

/**
 * What a login says counts for its accounts, but: one that somebody disconnected stays so; one with a problem of its
 * own has it until it is read again; and one that has expired works again only when its own token does (see sync).
 */
function mayChange(present: string, next: LoginVerdict['status'], wasAsked: boolean): boolean {
  const own: Partial<Record<AccountStatus, boolean>> = {
    disconnected: false,
    error: next === 'expired',
    expired: next === 'expired' || wasAsked,
  };
  return own[present as AccountStatus] ?? true;
}

/**
 * Stores what was found out about a login, with its accounts and the events that tell of them, all or nothing.
 * @returns false when the login is somebody else's by now: nothing was stored
 */
export const settle = tenantUnit(
  __filename,
  'settle',
  async (tx, args: SettleLoginArgs): Promise<boolean> => {
    const { loginId, owner, outcome, verdict, but } = args;
    if (!(await settleLogin(tx, loginId, owner, outcome))) return false;
    for (const account of await listAccountRowsOfLogin(tx, loginId)) {
      const own = but[account.id];
      const { status, reason } = own ?? verdict;
      if (!mayChange(account.status, status, own !== undefined)) continue;
      await changeConnectionStatus(tx, account.id, status, reason, { looksAtLogin: false });
    }
    await setExpiryOfLogin(tx, loginId, outcome.expiresAt);
    tx.signal({ topic: 'logins', tenantId: tx.tenantId });
    return true;
  },
);
