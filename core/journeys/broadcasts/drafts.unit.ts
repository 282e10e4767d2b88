import { findAccount, type AccountRow } from '../../store/statements/accounts';
import { findContactsByIdentities, findIdentityOfContact } from '../../store/statements/contacts';
import {
  insertBroadcastRecipients,
  listRecipients,
  type BroadcastRecipientRow,
  type NewBroadcastRecipient,
} from '../../store/statements/broadcastRecipients';
import {
  deleteBroadcast,
  findBroadcast,
  findBroadcastByKey,
  insertBroadcast,
  lockBroadcast,
  updateBroadcast,
  type BroadcastRow,
  type NewBroadcast,
} from '../../store/statements/broadcasts';
import { sql } from '../../store/sql';
import { tenantUnit } from '../../store/unit';
import { noSuch } from './broadcasts.unit';

/**
 * The draft with this key: a new one, or the one that the same call made before.
 * @returns undefined when this tenant has no such account
 */
export const beginDraft = tenantUnit(
  __filename,
  'beginDraft',
  async (
    tx,
    draft: NewBroadcast,
  ): Promise<{ broadcast: BroadcastRow; account: AccountRow } | undefined> => {
    const account = await findAccount(tx, draft.account_id);
    if (!account) return undefined;
    const broadcast =
      (await insertBroadcast(tx, draft)) ?? (await findBroadcastByKey(tx, draft.create_key));
    if (!broadcast) throw new Error('A broadcast vanished while it was being made.');
    return { broadcast, account };
  },
);

/** How a person is named: as a contact, or in the forms that their provider may call them by. */
export interface NamedPerson {
  contactId: string | null;
  forms: string[];
}

/** Which contact each of them is; null: nobody whom the account knows. */
export const identifyPeople = tenantUnit(
  __filename,
  'identifyPeople',
  async (
    tx,
    { accountId, people }: { accountId: string; people: NamedPerson[] },
  ): Promise<Array<{ contactId: string; externalId: string } | null>> => {
    const found: Array<{ contactId: string; externalId: string } | null> = [];
    for (const { contactId, forms } of people) {
      if (contactId !== null) {
        const identity = await findIdentityOfContact(tx, accountId, contactId);
        found.push(identity ? { contactId, externalId: identity.external_id } : null);
        continue;
      }
      const [known] = await findContactsByIdentities(tx, accountId, forms);
      found.push(known ? { contactId: known.id, externalId: known.external_id } : null);
    }
    return found;
  },
);

/** @returns how many of them were not in it yet */
export const addRecipients = tenantUnit(
  __filename,
  'addRecipients',
  async (
    tx,
    { broadcastId, recipients }: { broadcastId: string; recipients: NewBroadcastRecipient[] },
  ): Promise<number> => {
    const row = await lockBroadcast(tx, broadcastId);
    if (!row) throw noSuch(broadcastId);
    // A repeat of a call that has ended: what was frozen stays as it is.
    if (row.state !== 'preparing') return 0;
    return await insertBroadcastRecipients(tx, broadcastId, recipients);
  },
);

/** Nobody is added any more. @returns undefined where nobody is in it: then it is gone again */
export const finishDraft = tenantUnit(
  __filename,
  'finishDraft',
  async (tx, { broadcastId }: { broadcastId: string }): Promise<BroadcastRow | undefined> => {
    const row = await lockBroadcast(tx, broadcastId);
    if (!row) throw noSuch(broadcastId);
    if (row.state === 'preparing') {
      const { count } = await tx.db
        .selectFrom('broadcast_recipients')
        .select(sql<number>`count(*)`.as('count'))
        .where('tenant_id', '=', tx.tenantId)
        .where('broadcast_id', '=', broadcastId)
        .executeTakeFirstOrThrow();
      if (Number(count) === 0) {
        await deleteBroadcast(tx, broadcastId);
        return undefined;
      }
      await updateBroadcast(tx, broadcastId, { state: 'draft', total: Number(count) });
    }
    return (await findBroadcast(tx, broadcastId)) ?? row;
  },
);

/** @throws NotFoundError */
export const readRecipients = tenantUnit(
  __filename,
  'readRecipients',
  async (
    tx,
    args: { broadcastId: string; after: string | null; limit: number },
  ): Promise<{
    broadcast: BroadcastRow;
    account: AccountRow | undefined;
    recipients: BroadcastRecipientRow[];
  }> => {
    const broadcast = await findBroadcast(tx, args.broadcastId);
    if (!broadcast) throw noSuch(args.broadcastId);
    const account = await findAccount(tx, broadcast.account_id);
    return { broadcast, account, recipients: await listRecipients(tx, args) };
  },
);
