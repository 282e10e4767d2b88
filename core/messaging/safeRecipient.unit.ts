import { findContact, findIdentityOfContact } from '../store/statements/contacts';
import { findMessagesByProviderIds } from '../store/statements/messages';
import { tenantUnit } from '../store/unit';

export interface Writer {
  /** How the account calls them. */
  externalId: string;
  phone: string | null;
  name: string | null;
}

/** Who wrote a message that an account has received. */
export const readWriter = tenantUnit(
  __filename,
  'readWriter',
  async (
    tx,
    { accountId, providerMessageId }: { accountId: string; providerMessageId: string },
  ): Promise<Writer | null> => {
    const found = await findMessagesByProviderIds(tx, accountId, [providerMessageId]);
    const message = found.find(({ direction }) => direction === 'inbound');
    if (!message) return null;
    const contact = await findContact(tx, message.contact_id);
    const identity = await findIdentityOfContact(tx, accountId, message.contact_id);
    if (!identity) return null;
    const { phone = null, name = null } = contact ?? {};
    return { externalId: identity.external_id, phone, name };
  },
  { durability: 'normal' },
);
