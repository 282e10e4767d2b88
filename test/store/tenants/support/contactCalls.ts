import type { ContactDraft } from '../../../../core/contacts/draft';
import { PERSON } from './victim';
import type { World } from '../../messaging/support/world';

/** The calls of core/contacts, made of ids of the victim. */
export async function contactCallsWithIdsOf(theirs: World): Promise<Record<string, unknown>> {
  const rows = await theirs.rows('contacts');
  const [person] = rows;
  const other = rows.find(({ id }) => id !== person?.id);
  if (!person || !other) throw new Error('Nothing to steal.');
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
    mergeTwo: { keep: ref, lose: { ...ref, id: other.id }, actor: 'thief' },
  };
}
