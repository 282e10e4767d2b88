import { InvalidInputError, type Contact } from '../model';
import type { ContactPosition } from '../store/statements/contactSearch';
import type { ContactsContext } from './context';
import { keptFilter, readFilter, type ContactFilter } from './filter';
import { countContactsFound, readContact, readContacts } from './find.unit';
import { readContactRef } from './ref';

const MAX_LIMIT = 500;

export interface FindContactsInput extends ContactFilter {
  tenantId: string;
  /** Name of a filter that was kept; what is given beside it counts in its place. */
  savedFilter?: string | undefined;
  /** 1 to 500, default 50. */
  limit?: number | undefined;
  /** `nextCursor` of the page before. */
  cursor?: string | null | undefined;
}

export interface ContactPage {
  items: Contact[];
  /** null: this is the last page. */
  nextCursor: string | null;
}

/**
 * A contact by id, phone or e-mail; one that was merged is the contact it became.
 * @throws InvalidInputError, NotFoundError
 */
export async function getContact(
  ctx: ContactsContext,
  { tenantId, contact }: { tenantId: string; contact: string },
): Promise<Contact> {
  const ref = readContactRef(contact);
  return ctx.store.forTenant(tenantId).run(readContact, { ref });
}

/** A page of contacts, the newest first. @throws InvalidInputError naming the field; NotFoundError for a saved filter */
export async function findContacts(
  ctx: ContactsContext,
  input: FindContactsInput,
): Promise<ContactPage> {
  const { tenantId, limit = 50, cursor } = input;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new InvalidInputError('Limit', `Limit must be a whole number from 1 to ${MAX_LIMIT}.`);
  }
  const search = readFilter(await filterOf(ctx, input));
  const beyond = readCursor(cursor);
  // One more tells whether there is a next page.
  const found = await ctx.store
    .forTenant(tenantId)
    .run(readContacts, { search, beyond, limit: limit + 1 });
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(({ contact }) => contact),
    nextCursor: found.length > limit && last ? cursorOf(last.position) : null,
  };
}

/** How many contacts there are of a filter. */
export async function countContacts(
  ctx: ContactsContext,
  input: ContactFilter & Pick<FindContactsInput, 'tenantId' | 'savedFilter'>,
): Promise<number> {
  const search = readFilter(await filterOf(ctx, input));
  return ctx.store.forTenant(input.tenantId).run(countContactsFound, { search });
}

async function filterOf(ctx: ContactsContext, input: FindContactsInput): Promise<ContactFilter> {
  const { tenantId, savedFilter, limit: _, cursor: __, ...filter } = input;
  if (!savedFilter?.trim()) return filter;
  return { ...(await keptFilter(ctx, tenantId, savedFilter)), ...filter };
}

function cursorOf({ createdAt, id }: ContactPosition): string {
  return `${createdAt}.${id}`;
}

function readCursor(cursor: string | null | undefined): ContactPosition | null {
  if (!cursor?.trim()) return null;
  const [, createdAt, id] = /^(\d{1,15})\.(.{1,64})$/.exec(cursor.trim()) ?? [];
  if (createdAt !== undefined && id !== undefined) return { createdAt: Number(createdAt), id };
  throw new InvalidInputError('Cursor', 'This is not a cursor of an earlier page.', {
    hint: 'Take nextCursor from the last item of the page before.',
  });
}
