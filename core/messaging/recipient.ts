import type { Recipient } from '../providers/provider';
import type { AccountRow } from '../store/statements/accounts';
import { findContactsByIdentities } from '../store/statements/contacts';
import type { TenantTx } from '../store/unit';
import { ensurePerson, type Partner } from './people';

/** Whom a text means at an account, as its provider reads it. */
export interface ReadRecipient extends Recipient {
  /** What was read. */
  text: string;
}

/** Whether the contact is known at the account by one of the ways the recipient may be written. */
export async function recipientIsContact(
  tx: TenantTx,
  account: AccountRow,
  { forms }: ReadRecipient,
  contactId: string,
): Promise<boolean> {
  const known = await findContactsByIdentities(tx, account.id, forms);
  return known.some(({ id }) => id === contactId);
}

/**
 * The person whom the account knows by any of the forms, else a new one. They keep the id that the provider calls them
 * by (WhatsApp's number of a Brazilian may lack its ninth digit); the other forms become aliases, so that however they
 * are written next, and whichever the provider names, they are the same contact.
 */
export async function meetRecipient(
  tx: TenantTx,
  account: AccountRow,
  { text, externalId: usual, forms, phone }: ReadRecipient,
): Promise<Partner> {
  const known = await findContactsByIdentities(tx, account.id, forms);
  const own = known.filter(({ is_alias }) => is_alias === 0);
  const form = (of: typeof known) =>
    forms.find((one) => of.some(({ external_id }) => external_id === one));
  const externalId = form(own) ?? form(known) ?? usual;
  // What was written may be somebody's id, which is why it is looked for; that it is one of theirs, nobody says.
  const aliases = forms.filter((one) => one !== externalId && (one !== text || one === usual));
  return ensurePerson(tx, account, {
    externalId,
    ...(aliases.length === 0 ? {} : { aliases }),
    ...(phone === null ? {} : { phone }),
  });
}
