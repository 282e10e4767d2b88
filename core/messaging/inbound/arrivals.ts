import type { InboundEvent } from '../../model';
import { healthOfRow, listAccountsUnder } from '../../store/statements/accountHealth';
import { findAccountByAddress, type AccountRow } from '../../store/statements/accounts';
import type { TenantTx } from '../../store/unit';
import type { PreparedEvent } from './scope';

export interface Arrival {
  prepared: PreparedEvent;
  account: AccountRow;
  /** Ids of all accounts that the event is about. */
  siblings: string[];
}

/**
 * Which connected accounts of the tenant the events are about; and the ids of those that nobody connected here, or that
 * somebody disconnected: what a provider still tells of them starts nothing.
 */
export async function findAccounts(
  tx: TenantTx,
  events: PreparedEvent[],
): Promise<{ arrivals: Arrival[]; unknown: string[] }> {
  const found = new Map<string, AccountRow[]>();
  const arrivals: Arrival[] = [];
  const unknown: string[] = [];
  for (const prepared of events) {
    const { provider, channel, accountExternalId, under } = prepared.event;
    const address = `${provider} ${channel} ${accountExternalId} ${under === undefined}`;
    const known = found.get(address) ?? (await accountsAt(tx, prepared.event));
    found.set(address, known);
    const siblings = meant(known, under);
    const receivers = under === 'oldest' ? siblings.slice(0, 1) : siblings;
    for (const account of receivers) {
      const ids = under === 'oldest' ? siblings.map(({ id }) => id) : [account.id];
      arrivals.push({ prepared, account, siblings: ids });
    }
    if (receivers.length === 0) unknown.push(accountExternalId);
  }
  return { arrivals, unknown };
}

async function accountsAt(tx: TenantTx, event: InboundEvent): Promise<AccountRow[]> {
  const { provider, channel, accountExternalId, under } = event;
  if (under !== undefined) {
    const query = { provider, channel, parentExternalId: accountExternalId };
    return (await listAccountsUnder(tx, query)).filter(isConnected);
  }
  const query = { provider, channel, externalId: accountExternalId };
  const account = await findAccountByAddress(tx, query);
  return account && isConnected(account) ? [account] : [];
}

function isConnected({ status }: AccountRow): boolean {
  return status !== 'disconnected';
}

/** Of the accounts under one asset, the one with the number that the event names. */
function meant(known: AccountRow[], under: InboundEvent['under']): AccountRow[] {
  if (typeof under !== 'object') return known;
  return known.filter((row) => healthOfRow(row).phoneNumber === under.phone);
}
