import type { Account, AccountHealth, AccountStatus, EventItem, ProviderId } from '../model';
import { mergeAccountHealth } from '../store/statements/accountHealth';
import {
  findAccount,
  findAccountByAddress,
  listAccountRows,
  setAccountReason,
  toAccount,
  type AccountAddress,
  type AccountRow,
} from '../store/statements/accounts';
import { countRefusedCallOnDoor } from '../store/statements/doors';
import { countRefusedCallOnAccounts } from '../store/statements/refusedCalls';
import { tenantUnit } from '../store/unit';
import { changeConnectionStatus } from './status';

/** One account with its secrets still sealed; undefined when this tenant has no such account. */
export const readAccount = tenantUnit(
  __filename,
  'readAccount',
  async (tx, { accountId }: { accountId: string }): Promise<AccountRow | undefined> =>
    findAccount(tx, accountId),
);

/** The tenant's accounts among these addresses, with their secrets still sealed. */
export const readAccountsByAddress = tenantUnit(
  __filename,
  'readAccountsByAddress',
  async (tx, { addresses }: { addresses: AccountAddress[] }): Promise<AccountRow[]> => {
    const rows: AccountRow[] = [];
    for (const address of addresses) {
      const row = await findAccountByAddress(tx, address);
      if (row) rows.push(row);
    }
    return rows;
  },
);

export const readAccounts = tenantUnit(
  __filename,
  'readAccounts',
  async (tx, filter: { provider?: ProviderId }): Promise<Account[]> =>
    (await listAccountRows(tx, filter)).map(toAccount),
);

export interface NoteStatusArgs {
  accountId: string;
  status: Exclude<AccountStatus, 'pending'>;
  reason: string | null;
}

export const noteConnectionStatus = tenantUnit(
  __filename,
  'noteConnectionStatus',
  async (tx, { accountId, status, reason }: NoteStatusArgs): Promise<EventItem | null> =>
    changeConnectionStatus(tx, accountId, status, reason),
);

export const saveAccountWarning = tenantUnit(
  __filename,
  'saveAccountWarning',
  async (tx, { accountId, reason }: { accountId: string; reason: string | null }): Promise<void> =>
    setAccountReason(tx, accountId, reason),
);

/** @returns everything that is known of it now */
export const saveAccountHealth = tenantUnit(
  __filename,
  'saveAccountHealth',
  async (
    tx,
    { accountId, health }: { accountId: string; health: AccountHealth },
  ): Promise<AccountHealth> => mergeAccountHealth(tx, accountId, health),
);

export interface CountRefusedArgs {
  doorId: string;
  credentialId: string | null;
  claimedExternalIds: string[];
}

/** Only a counter: the last moments may go with the machine. */
export const countRefused = tenantUnit(
  __filename,
  'countRefused',
  async (tx, { doorId, credentialId, claimedExternalIds }: CountRefusedArgs): Promise<void> => {
    const provider = await countRefusedCallOnDoor(tx, doorId);
    if (credentialId === null) return;
    const externalIds = claimedExternalIds;
    if (externalIds.length > 0) {
      const page = provider === undefined ? null : { provider, externalIds };
      const counted = await countRefusedCallOnAccounts(tx, { credentialId, page, externalIds });
      if (counted > 0) return;
    }
    await countRefusedCallOnAccounts(tx, { credentialId, page: null, externalIds: null });
  },
  { durability: 'normal' },
);
