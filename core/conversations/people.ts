import { findAccount, type AccountRow } from '../store/statements/accounts';
import { findContact, findIdentityOfContact } from '../store/statements/contacts';
import type { ConversationRow } from '../store/statements/conversations';
import type { TenantTx } from '../store/unit';
import type { Partner } from '../messaging/people';

/** Account and contact of a conversation, as events tell them. */
export async function partnerIn(
  tx: TenantTx,
  conversation: ConversationRow,
): Promise<{ account: AccountRow; person: Partner } | null> {
  const account = await findAccount(tx, conversation.account_id);
  const contact = await findContact(tx, conversation.contact_id);
  if (!account || !contact) return null;
  const identity = await findIdentityOfContact(tx, account.id, contact.id);
  const externalId = identity?.external_id ?? '';
  const isNew = { contactIsNew: false, conversationIsNew: false };
  return { account, person: { externalId, contact, conversation, ...isNew } };
}
