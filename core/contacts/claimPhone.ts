import { claimKeys, findKeyOwners, releaseKeys } from '../store/statements/contactKeys';
import { findContact, type ContactRow } from '../store/statements/contacts';
import type { TenantTx } from '../store/unit';
import { phoneKeys } from './reach';

/**
 * Lets a contact answer to a number that its provider vouches for, unless somebody does already.
 * @returns who has the number; null: this contact has it from now on
 */
export async function claimPhone(
  tx: TenantTx,
  contactId: string,
  phone: string,
): Promise<ContactRow | null> {
  const keys = phoneKeys(phone);
  const present = await ownerOf(tx, keys);
  if (present) return present;
  const granted = await claimKeys(tx, [{ key: keys[0] ?? '', contactId }]);
  return granted.length > 0 ? null : ownerOf(tx, keys);
}

/** The person has another number now: the old one may be somebody else's soon. */
export async function changePhoneKey(
  tx: TenantTx,
  contact: Pick<ContactRow, 'id' | 'phone'>,
  phone: string,
): Promise<void> {
  const old = contact.phone === null ? [] : phoneKeys(contact.phone);
  await releaseKeys(
    tx,
    old.map((key) => ({ key, contactId: contact.id })),
  );
  await claimPhone(tx, contact.id, phone);
}

/** Who answers to the number. */
export async function ownerOfPhone(tx: TenantTx, phone: string): Promise<ContactRow | null> {
  return ownerOf(tx, phoneKeys(phone));
}

async function ownerOf(tx: TenantTx, keys: readonly string[]): Promise<ContactRow | null> {
  const owners = await findKeyOwners(tx, keys);
  const id = keys.map((key) => owners.get(key)).find((owner) => owner !== undefined);
  return id === undefined ? null : ((await findContact(tx, id)) ?? null);
}
