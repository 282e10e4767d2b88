import { findContact } from '../../store/statements/contacts';
import { findConversation } from '../../store/statements/conversations';
import {
  deleteMessageTemplate,
  findMessageTemplate,
  insertMessageTemplate,
  listMessageTemplates,
  updateMessageTemplate,
  type MessageTemplateRow,
} from '../../store/statements/messageTemplates';
import { tenantUnit } from '../../store/unit';

/** @returns null when the tenant has one of this name */
export const storeTemplate = tenantUnit(
  __filename,
  'storeTemplate',
  async (tx, args: { name: string; body: string }): Promise<MessageTemplateRow | null> =>
    (await insertMessageTemplate(tx, args)) ?? null,
);

export const readTemplate = tenantUnit(
  __filename,
  'readTemplate',
  async (tx, { idOrName }: { idOrName: string }): Promise<MessageTemplateRow | null> =>
    (await findMessageTemplate(tx, idOrName)) ?? null,
);

/** @returns null when there is none; `taken` when another one has the new name */
export const changeTemplate = tenantUnit(
  __filename,
  'changeTemplate',
  async (
    tx,
    { id, name, body }: { id: string; name: string; body: string },
  ): Promise<MessageTemplateRow | 'taken' | null> => {
    const present = await findMessageTemplate(tx, id);
    if (present?.id !== id) return null;
    const named = await findMessageTemplate(tx, name);
    if (named && named.id !== id) return 'taken';
    return updateMessageTemplate(tx, id, { name, body });
  },
);

/** @returns false when there is none */
export const removeTemplate = tenantUnit(
  __filename,
  'removeTemplate',
  async (tx, { idOrName }: { idOrName: string }): Promise<MessageTemplateRow | null> => {
    const present = await findMessageTemplate(tx, idOrName);
    if (!present) return null;
    await deleteMessageTemplate(tx, present.id);
    return present;
  },
);

export const readTemplates = tenantUnit(
  __filename,
  'readTemplates',
  async (
    tx,
    { after, limit }: { after: string | null; limit: number },
  ): Promise<MessageTemplateRow[]> => listMessageTemplates(tx, after, limit),
);

/** The language that a contact is known to speak. */
export const readLanguage = tenantUnit(
  __filename,
  'readLanguage',
  async (
    tx,
    person: { contactId?: string | undefined; conversationId?: string | undefined },
  ): Promise<string | null> => {
    const { conversationId } = person;
    const conversation =
      conversationId === undefined ? undefined : await findConversation(tx, conversationId);
    const contactId = person.contactId ?? conversation?.contact_id;
    const contact = contactId === undefined ? undefined : await findContact(tx, contactId);
    return contact?.language ?? null;
  },
);
