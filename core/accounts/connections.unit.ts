import {
  findAccount,
  forgetAccountSecrets,
  listAccountRowsOfLogin,
} from '../store/statements/accounts';
import {
  findConnection,
  listConnections,
  type ConnectionCursor,
  type ConnectionFilter,
  type ConnectionRow,
} from '../store/statements/connections';
import { forgetLogin } from '../store/statements/logins';
import { tenantUnit } from '../store/unit';
import { changeConnectionStatus } from './status';

export const readConnection = tenantUnit(
  __filename,
  'readConnection',
  async (tx, { accountId }: { accountId: string }): Promise<ConnectionRow | undefined> =>
    findConnection(tx, accountId),
);

export interface ReadConnectionsArgs {
  filter: ConnectionFilter;
  after: ConnectionCursor | null;
  limit: number;
}

export const readConnections = tenantUnit(
  __filename,
  'readConnections',
  async (tx, { filter, ...page }: ReadConnectionsArgs): Promise<ConnectionRow[]> =>
    listConnections(tx, filter, page),
);

/**
 * Forgets an account's secrets, and those of its login when none of its accounts is connected any more; with the event
 * that says so, once.
 * @returns false when this tenant has no such account
 */
export const dropConnection = tenantUnit(
  __filename,
  'dropConnection',
  async (tx, { accountId, reason }: { accountId: string; reason: string }): Promise<boolean> => {
    const account = await findAccount(tx, accountId);
    if (!account) return false;
    await forgetAccountSecrets(tx, accountId);
    await changeConnectionStatus(tx, accountId, 'disconnected', reason);
    const { login_id: loginId } = account;
    if (loginId === null) return true;
    const rest = await listAccountRowsOfLogin(tx, loginId);
    const isUsed = rest.some(({ id, status }) => id !== accountId && status !== 'disconnected');
    if (!isUsed) await forgetLogin(tx, loginId);
    return true;
  },
);
