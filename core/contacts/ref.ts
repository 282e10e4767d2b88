import { InvalidInputError, NotFoundError } from '../model';
import { findKeyOwners } from '../store/statements/contactKeys';
import { findContact, type ContactRow } from '../store/statements/contacts';
import { findContactByReach } from '../store/statements/appointments';
import type { TenantTx } from '../store/unit';
import { emailKey, phoneKeys, phonesLike, readEmail, readPhone } from './reach';

/** Who is meant, as plain data for the store. */
export type ContactRef =
  | { by: 'id'; text: string; id: string }
  | { by: 'phone'; text: string; keys: string[]; phones: string[] }
  | { by: 'email'; text: string; keys: string[]; email: string };

const ID = /^[0-9A-Z]{26}$/;

/**
 * A contact by what people have at hand: our id, a phone number as people write it, or an e-mail address.
 * @throws InvalidInputError naming the field when it is none of these
 */
export function readContactRef(given: string, field = 'Contact'): ContactRef {
  const text = given.trim();
  if (text === '') {
    throw new InvalidInputError(field, `"${field}" is empty.`, {
      hint: 'Choose one from the list, or give an ID, a phone number or an e-mail address.',
    });
  }
  if (ID.test(text)) return { by: 'id', text, id: text };
  if (text.includes('@')) {
    const email = readEmail(text, field);
    return { by: 'email', text, keys: [emailKey(email)], email };
  }
  if (!/\d{5}/.test(text.replace(/\D/g, '')) || /\p{L}{3}/u.test(text)) {
    return { by: 'id', text, id: text };
  }
  const phone = readPhone(text, field);
  return { by: 'phone', text, keys: phoneKeys(phone), phones: phonesLike(phone) };
}

/** The contact that is meant; one that was merged is the contact it became. */
export async function findByRef(tx: TenantTx, ref: ContactRef): Promise<ContactRow | undefined> {
  if (ref.by === 'id') return findContact(tx, ref.id);
  const owners = await findKeyOwners(tx, ref.keys);
  const owner = ref.keys.map((key) => owners.get(key)).find((id) => id !== undefined);
  if (owner !== undefined) return findContact(tx, owner);
  return findContactByReach(tx, {
    phones: ref.by === 'phone' ? ref.phones : [],
    email: ref.by === 'email' ? ref.email : null,
  });
}

/** @throws NotFoundError */
export async function mustFind(tx: TenantTx, ref: ContactRef): Promise<ContactRow> {
  const contact = await findByRef(tx, ref);
  if (contact) return contact;
  throw new NotFoundError('The contact', ref.text);
}
