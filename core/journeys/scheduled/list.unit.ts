import type { AccountRow } from '../../store/statements/accounts';
import { findContactsById, type ContactRow } from '../../store/statements/contacts';
import {
  listScheduledRows,
  lockScheduled,
  type ScheduledFilter,
  type ScheduledRow,
} from '../../store/statements/scheduledMessages';
import { findAccountsById } from '../../store/statements/sendBatches';
import { tenantUnit, type TenantTx } from '../../store/unit';

/** A scheduled message with the names of what it is about. */
export interface NamedScheduled {
  row: ScheduledRow;
  account: Pick<AccountRow, 'id' | 'name'> | null;
  contact: Pick<ContactRow, 'id' | 'name' | 'phone'> | null;
}

export const readScheduledPage = tenantUnit(
  __filename,
  'readScheduledPage',
  async (
    tx,
    args: {
      filter: ScheduledFilter;
      after: { dueAt: number; id: string } | null;
      limit: number;
    },
  ): Promise<NamedScheduled[]> =>
    named(tx, await listScheduledRows(tx, args.filter, args.after, args.limit)),
);

export const readScheduled = tenantUnit(
  __filename,
  'readScheduled',
  async (tx, { id }: { id: string }): Promise<NamedScheduled | null> => {
    const row = await lockScheduled(tx, id);
    return row ? ((await named(tx, [row]))[0] ?? null) : null;
  },
);

async function named(tx: TenantTx, rows: ScheduledRow[]): Promise<NamedScheduled[]> {
  const ids = (key: 'account_id' | 'contact_id') => [...new Set(rows.map((row) => row[key]))];
  if (rows.length === 0) return [];
  const accounts = await findAccountsById(tx, ids('account_id'));
  const contacts = await findContactsById(tx, ids('contact_id'));
  return rows.map((row) => {
    const account = accounts.find(({ id }) => id === row.account_id);
    const contact = contacts.find(({ id }) => id === row.contact_id);
    return {
      row,
      account: account ? { id: account.id, name: account.name } : null,
      contact: contact ? { id: contact.id, name: contact.name, phone: contact.phone } : null,
    };
  });
}
