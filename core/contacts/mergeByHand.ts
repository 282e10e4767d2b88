import type { Contact } from '../model';
import type { ContactsContext } from './context';
import { mergeTwo } from './merge.unit';
import { readContactRef } from './ref';

export interface MergeInput {
  tenantId: string;
  /** Who stays, by id, phone or e-mail. */
  contact: string;
  /** Who becomes the same; its id leads to the other from now on. */
  mergeWith: string;
}

export type MergedContact = Contact & {
  /** null: they were one already. */
  mergedContactId: string | null;
};

/** Makes one contact out of two. @throws InvalidInputError, NotFoundError */
export async function mergeContacts(
  ctx: ContactsContext,
  { tenantId, contact, mergeWith }: MergeInput,
  actor = 'workflow',
): Promise<MergedContact> {
  const keep = readContactRef(contact, 'Contact');
  const lose = readContactRef(mergeWith, 'Merge With');
  const { contact: merged, mergedContactId } = await ctx.store
    .forTenant(tenantId)
    .run(mergeTwo, { keep, lose, actor });
  return { ...merged, mergedContactId };
}
