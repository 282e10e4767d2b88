import type { EventItem } from '../../model';
import { findAccount } from '../../store/statements/accounts';
import { indexContacts } from '../../store/statements/contactParts';
import { findContact } from '../../store/statements/contacts';
import { listConversationsOfContact } from '../../store/statements/conversations';
import { appendEvent } from '../../store/statements/events';
import {
  claimProfile,
  nameContact,
  setProfileDue,
  setProfilesDue,
  setUsername,
  type IdentityRef,
} from '../../store/statements/profiles';
import { tenantUnit } from '../../store/unit';
import { eventOf } from '../item';

/** @returns undefined when somebody else is at it, or it is done */
export const takeProfile = tenantUnit(
  __filename,
  'takeProfile',
  async (
    tx,
    { identity, dueAt, leaseMs }: { identity: IdentityRef; dueAt: number; leaseMs: number },
  ): Promise<{ failures: number } | undefined> =>
    claimProfile(tx, identity, { dueAt, leaseUntil: tx.now + leaseMs }),
);

export interface KeepProfileArgs {
  identity: IdentityRef;
  name: string | null;
  username: string | null;
}

/**
 * Fills in what was not known of a person; what somebody has put there meanwhile stays. Told once, with the change.
 * @returns null when there was nothing new
 */
export const keepProfile = tenantUnit(
  __filename,
  'keepProfile',
  async (tx, { identity, name, username }: KeepProfileArgs): Promise<EventItem | null> => {
    const { accountId, externalId } = identity;
    const found = await setProfileDue(tx, identity, { dueAt: null, failures: 0 });
    if (!found) return null;
    const changed = [
      ...(name !== null && (await nameContact(tx, found.contactId, name)) ? ['name'] : []),
      ...(username !== null && (await setUsername(tx, identity, username)) ? ['username'] : []),
    ];
    const account = await findAccount(tx, accountId);
    const contact = await findContact(tx, found.contactId);
    if (changed.length === 0 || !account || !contact) return null;
    await indexContacts(tx, [contact]);
    const conversations = await listConversationsOfContact(tx, contact.id);
    const conversation = conversations.find((one) => one.account_id === accountId) ?? null;
    const person = { externalId, contact, conversation };
    return await appendEvent(
      tx,
      eventOf('contact.updated', tx.now, {
        account,
        person: { ...person, contactIsNew: false, conversationIsNew: false },
        raw: null,
        occurredAt: tx.now,
        data: username === null ? { changed } : { changed, username },
      }),
    );
  },
);

/** @param forMs null: that person is not asked for again */
export const postponeProfile = tenantUnit(
  __filename,
  'postponeProfile',
  async (
    tx,
    {
      identity,
      forMs,
      failures,
    }: { identity: IdentityRef; forMs: number | null; failures: number },
  ): Promise<void> => {
    await setProfileDue(tx, identity, { dueAt: forMs === null ? null : tx.now + forMs, failures });
  },
);

/** @param forMs null: nobody of this account is asked for again */
export const postponeProfilesOfAccount = tenantUnit(
  __filename,
  'postponeProfilesOfAccount',
  async (tx, { accountId, forMs }: { accountId: string; forMs: number | null }): Promise<void> =>
    setProfilesDue(tx, accountId, forMs === null ? null : tx.now + forMs),
);
