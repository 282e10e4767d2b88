import { emailKey, phoneKeys } from '../contacts/reach';
import { findContactByReach } from '../store/statements/appointments';
import { findKeyOwners } from '../store/statements/contactKeys';
import { findContact, type ContactRow } from '../store/statements/contacts';
import type { TenantTx } from '../store/unit';
import { phoneForms } from './person';

/**
 * The contact who is reached by this number, else by this address: who answers to it (one who was merged has several
 * numbers), else who has it written on them.
 */
export async function contactByReach(
  tx: TenantTx,
  { phone, email }: { phone: string | null; email: string | null },
): Promise<ContactRow | undefined> {
  const keys = [
    ...(phone === null ? [] : phoneKeys(phone)),
    ...(email === null ? [] : [emailKey(email)]),
  ];
  const owners = await findKeyOwners(tx, keys);
  const owner = keys.map((key) => owners.get(key)).find((id) => id !== undefined);
  const contact = owner === undefined ? undefined : await findContact(tx, owner);
  return contact ?? (await findContactByReach(tx, { phones: phoneForms(phone), email }));
}
