import { InvalidInputError, type Contact } from '../model';
import { findContact } from '../store/statements/contacts';
import { appendEvent } from '../store/statements/events';
import { tenantUnit } from '../store/unit';
import { contactEvent, contactsOf } from './item';
import { mergeInto } from './merge';
import { mustFind, type ContactRef } from './ref';

/**
 * Makes one contact out of two, by hand. Done already: that contact.
 * @throws NotFoundError, InvalidInputError
 */
export const mergeTwo = tenantUnit(
  __filename,
  'mergeTwo',
  async (
    tx,
    { keep, lose, actor }: { keep: ContactRef; lose: ContactRef; actor: string },
  ): Promise<{ contact: Contact; mergedContactId: string | null }> => {
    const stays = await mustFind(tx, keep);
    const goes = await mustFind(tx, lose);
    const isSame = stays.id === goes.id;
    if (isSame && keep.text === lose.text) {
      throw new InvalidInputError('Merge With', 'Both are the same contact.', {
        hint: 'Give the other contact of the same person.',
      });
    }
    const merged = isSame ? null : await mergeInto(tx, stays.id, goes.id, { actor, by: 'hand' });
    const row = merged ?? (await findContact(tx, stays.id)) ?? stays;
    const [contact] = await contactsOf(tx, [row]);
    if (!contact) throw new Error('A contact vanished while it was being merged.');
    if (!merged) return { contact, mergedContactId: null };
    const data = { changed: ['merged'], mergedContactId: goes.id };
    await appendEvent(tx, contactEvent('contact.updated', contact, { data, at: tx.now }));
    return { contact, mergedContactId: goes.id };
  },
);
