import { ownerOfPhone } from '../contacts/claimPhone';
import type { ContactRow } from '../store/statements/contacts';
import { tenantUnit } from '../store/unit';

/** Whom a number belongs to, although the account that would write to them has never met them. */
export const readOwnerOfPhone = tenantUnit(
  __filename,
  'readOwnerOfPhone',
  async (tx, { phone }: { phone: string }): Promise<ContactRow | null> => ownerOfPhone(tx, phone),
);
