import type { Contact, ConsentPurpose } from '../model';
import { saveConsent } from '../store/statements/consents';
import { appendEvent } from '../store/statements/events';
import { tenantUnit } from '../store/unit';
import { contactEvent, contactsOf } from './item';
import { mustFind, type ContactRef } from './ref';

export interface ConsentWord {
  state: 'in' | 'out';
  purpose: ConsentPurpose;
  source: string;
  text: string | null;
  /** Epoch ms; null: now. */
  at: number | null;
  actor: string;
}

/** @throws NotFoundError */
export const writeConsent = tenantUnit(
  __filename,
  'writeConsent',
  async (
    tx,
    { ref, word }: { ref: ContactRef; word: ConsentWord },
  ): Promise<{ contact: Contact; isNews: boolean }> => {
    const row = await mustFind(tx, ref);
    const { state, purpose, source, text, actor } = word;
    const isNews = await saveConsent(tx, {
      contactId: row.id,
      purpose,
      state,
      source,
      note: text,
      accountId: null,
      givenAt: word.at ?? tx.now,
      actor,
    });
    const [contact] = await contactsOf(tx, [row]);
    if (!contact) throw new Error('A contact vanished while it was being read.');
    if (isNews) {
      const type = state === 'out' ? 'contact.optedOut' : 'contact.optedIn';
      const data = { purpose, source, detail: text };
      await appendEvent(tx, contactEvent(type, contact, { data, at: word.at ?? tx.now }));
    }
    return { contact, isNews };
  },
);
