import type { Account, AccountStatus } from '../model';
import {
  findAccount,
  findAccountByAddress,
  insertAccount,
  listAccountRowsOfCredential,
  listAccountRowsOfLogin,
  toAccount,
  updateAccountConnection,
  type AccountConnection,
  type AccountRow,
} from '../store/statements/accounts';
import { clearRefusedCalls } from '../store/statements/refusedCalls';
import { tenantUnit } from '../store/unit';
import { appendStatusEvent } from './status';

/** The accounts that a credential connected last, with their secrets still sealed. */
export const readAccountsOfCredential = tenantUnit(
  __filename,
  'readAccountsOfCredential',
  async (tx, { credentialId }: { credentialId: string }): Promise<AccountRow[]> =>
    listAccountRowsOfCredential(tx, credentialId),
);

/** The accounts of a login, with their secrets still sealed. */
export const readAccountsOfLogin = tenantUnit(
  __filename,
  'readAccountsOfLogin',
  async (tx, { loginId }: { loginId: string }): Promise<AccountRow[]> =>
    listAccountRowsOfLogin(tx, loginId),
);

export interface SaveConnectionArgs {
  /** The id the secrets were sealed for: of the present account, or a new one. */
  id: string;
  connection: AccountConnection & { status: Exclude<AccountStatus, 'pending' | 'disconnected'> };
  secretsChanged: boolean;
  /** What somebody disconnected stays so. */
  keepsDisconnected: boolean;
  /** A warning on an account that works stays shown. */
  keepsWarning: boolean;
}

/** What an account comes back from when it is connected again. */
const NOT_CONNECTED: readonly string[] = [
  'pending',
  'expired',
  'disconnected',
  'error',
] satisfies AccountStatus[];

/**
 * Stores what a provider told about one account of this tenant, with the events that say so, once.
 * @returns the account; null when another process made it meanwhile under another id: seal again for that one
 */
export const saveConnection = tenantUnit(
  __filename,
  'saveConnection',
  async (tx, args: SaveConnectionArgs): Promise<Account | null> => {
    const { id, secretsChanged, keepsDisconnected, keepsWarning } = args;
    const before = await findAccountByAddress(tx, args.connection);
    if (before && before.id !== id) return null;
    if (before?.status === 'disconnected' && keepsDisconnected) return toAccount(before);
    const connection =
      keepsWarning && before ? withWarning(args.connection, before) : args.connection;
    const { status } = connection;
    const isConnected = status === 'active' || status === 'expiring';
    const isAnew = isConnected && (!before || NOT_CONNECTED.includes(before.status));
    if (before) await updateAccountConnection(tx, id, connection, isAnew);
    else if (!(await insertAccount(tx, id, connection))) return null;
    if (before && secretsChanged) await clearRefusedCalls(tx, id);
    const saved = await findAccount(tx, id);
    if (!saved) return null;
    for (const told of newsOf(before?.status ?? null, status, isAnew)) {
      const { statusReason } = connection;
      const reason = told === 'active' ? null : statusReason;
      const previousStatus = before?.status ?? null;
      await appendStatusEvent(tx, saved, { status: told, previousStatus, reason });
    }
    return toAccount(saved);
  },
);

type Told = SaveConnectionArgs['connection']['status'];

/** Connected and expiring may be news together; an account whose login was renewed is connected again. */
function newsOf(before: string | null, status: Told, isAnew: boolean): Told[] {
  if (status === before) return [];
  if (status === 'expiring') return isAnew ? ['active', 'expiring'] : ['expiring'];
  return [status];
}

function withWarning(
  connection: SaveConnectionArgs['connection'],
  before: AccountRow,
): SaveConnectionArgs['connection'] {
  const isWarning = before.status === 'active' && connection.status === 'active';
  return isWarning ? { ...connection, statusReason: before.status_reason } : connection;
}
