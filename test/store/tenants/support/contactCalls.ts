import type { ContactDraft } from '../../../../core/contacts/draft';
import { PERSON } from './victim';
import type { World } from '../../messaging/support/world';

/** The calls of core/contacts, made of ids of the victim. */
export async function contactCallsWithIdsOf(theirs: World): Promise<Record<string, unknown>> {
  const rows = await theirs.rows('contacts');
  const [person] = rows;
  const other = rows.find(({ id }) => id !== person?.id);
  const [conversation] = await theirs.rows('conversations');
  if (!person || !other || !conversation) throw new Error('Nothing to steal.');
  const ref = { by: 'id' as const, text: 'theirs', id: person.id };
  const draft: ContactDraft = {
    contactId: person.id,
    identity: null,
    phoneKeys: [],
    emailKey: null,
    columns: { name: 'Stolen' },
    addTags: [],
    removeTags: [],
    tags: null,
    customFields: {},
  };
  const aged = { before: 1e14, limit: 100 };
  return {
    upsertContactBatch: { drafts: [draft], actor: 'thief' },
    readContact: { ref },
    readContacts: { search: {}, beyond: null, limit: 100 },
    countContactsFound: { search: {} },
    readContactFilter: { name: PERSON.filter },
    readContactFilterNames: null,
    writeContactFilter: { name: PERSON.filter, filter: '{"search":"stolen"}' },
    writeConsent: {
      ref,
      word: {
        state: 'in',
        purpose: 'messages',
        source: 'stolen',
        text: null,
        at: null,
        actor: 'thief',
      },
    },
    beginErasure: { ref, actor: 'thief' },
    eraseStep: { contactId: PERSON.erasing },
    readExportHead: { ref },
    readExportMessages: { conversationId: conversation.id, beyond: null, limit: 10 },
    noteExport: {
      action: 'contact.exported',
      actor: 'thief',
      subject: { kind: 'contact', id: person.id },
    },
    readFieldNames: null,
    clearAgedMessages: { ...aged, what: 'content' },
    clearAgedRequests: aged,
    clearAgedWebhooks: aged,
    clearAgedRatings: aged,
    pruneAgedEvents: aged,
    readAudit: { beyondId: null, limit: 100 },
    mergeTwo: { keep: ref, lose: { ...ref, id: other.id }, actor: 'thief' },
  };
}
