import { describeError, TokenExpiredError } from '../model';
import type { ProviderConnection } from '../providers/provider';
import { noteAccountStatus, openConnection } from './accounts';
import type { AccountsContext } from './context';

/**
 * Runs something with an account's secrets, for as long as it takes. A token that turns out to be dead shows on the
 * account, whatever was being done.
 * @throws NotFoundError, SendError `no_connection` like openConnection, and whatever `use` throws
 */
export async function useConnection<T>(
  ctx: AccountsContext,
  { tenantId, accountId }: { tenantId: string; accountId: string },
  use: (connection: ProviderConnection) => Promise<T>,
): Promise<T> {
  const connection = await openConnection(ctx, tenantId, accountId);
  try {
    return await use(connection);
  } catch (error) {
    if (error instanceof TokenExpiredError) {
      await noteAccountStatus(ctx, tenantId, accountId, 'expired', describeError(error));
    }
    throw error;
  }
}
