import type { ContactsContext } from './context';
import {
  noteExport,
  readExportHead,
  readExportMessages,
  type ExportedConversation,
  type ExportedMessage,
  type ExportHead,
} from './export.unit';
import { toAuditEntry, type AuditEntry } from './audit';
import type { MessagePlace } from '../store/statements/exportContact';
import { readContactRef } from './ref';

export interface ContactExport extends Omit<ExportHead, 'audit' | 'conversations'> {
  exportedAt: string;
  conversations: (ExportedConversation & { messages: ExportedMessage[] })[];
  /** What was done with the person's data. */
  audit: AuditEntry[];
}

const PAGE = 500;

/**
 * Everything that is kept of one person (LGPD, art. 18): contact, consents, channels, conversations with all messages,
 * appointments, ratings, and what was done with it. Noted in the audit log.
 * @param raws also what the providers sent with each message
 * @throws InvalidInputError, NotFoundError
 */
export async function exportContact(
  ctx: ContactsContext,
  { tenantId, contact, raws = false }: { tenantId: string; contact: string; raws?: boolean },
  actor = 'workflow',
): Promise<ContactExport> {
  const tenant = ctx.store.forTenant(tenantId);
  const head = await tenant.run(readExportHead, { ref: readContactRef(contact) });
  const conversations = [];
  for (const conversation of head.conversations) {
    const messages: ExportedMessage[] = [];
    for (let beyond: MessagePlace | null = null; ; ) {
      const page: MessagePage = await tenant.run(readExportMessages, {
        conversationId: conversation.id,
        beyond,
        limit: PAGE,
      });
      messages.push(...page.messages.map((one) => (raws ? one : { ...one, raw: null })));
      if (!page.last) break;
      beyond = page.last;
    }
    conversations.push({ ...conversation, messages });
  }
  await tenant.run(noteExport, {
    action: 'contact.exported',
    actor,
    subject: { kind: 'contact', id: head.contact.id },
  });
  return {
    exportedAt: new Date(ctx.clock.now()).toISOString(),
    ...head,
    conversations,
    audit: head.audit.map(toAuditEntry),
  };
}

interface MessagePage {
  messages: ExportedMessage[];
  last: MessagePlace | null;
}
