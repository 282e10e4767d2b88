import type { Contact } from '../model';
import type { ContactsContext } from './context';
import { noteExport, readFieldNames } from './export.unit';
import type { ContactFilter } from './filter';
import { findContacts } from './find';

export interface ContactsCsv {
  /** With a mark at its beginning by which Excel knows its letters. */
  text: string;
  contacts: number;
}

export type CsvSeparator = ',' | ';';

const PAGE = 500;
const COLUMNS: Record<string, (contact: Contact) => string | null> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  phone: ({ phone }) => phone,
  email: ({ email }) => email,
  stage: ({ stage }) => stage,
  birthday: ({ birthday }) => birthday,
  language: ({ language }) => language,
  timeZone: ({ timeZone }) => timeZone,
  source: ({ source }) => source,
  tags: ({ tags }) => tags.join(', '),
  marketing: (contact) => consentOf(contact, 'marketing'),
  messages: (contact) => consentOf(contact, 'messages'),
  createdAt: ({ createdAt }) => createdAt,
  lastActivityAt: ({ lastActivityAt }) => lastActivityAt,
};

/**
 * The contacts of a filter as a table: one line each, custom fields in columns of their own. The node "Extract from File"
 * and the operation "Create or Update" read it in again. Noted in the audit log.
 * @throws InvalidInputError, NotFoundError
 */
export async function exportContactsCsv(
  ctx: ContactsContext,
  input: ContactFilter & {
    tenantId: string;
    savedFilter?: string | undefined;
    separator?: CsvSeparator | undefined;
  },
  actor = 'workflow',
): Promise<ContactsCsv> {
  const { separator = ',', ...filter } = input;
  const tenant = ctx.store.forTenant(input.tenantId);
  const fields = await tenant.run(readFieldNames, null);
  const line = (cells: readonly (string | null)[]) =>
    `${cells.map((cell) => csvCell(cell ?? '', separator)).join(separator)}\r\n`;
  const lines = [line([...Object.keys(COLUMNS), ...fields])];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof findContacts>> = await findContacts(ctx, {
      ...filter,
      limit: PAGE,
      cursor,
    });
    for (const contact of page.items) {
      const own = Object.values(COLUMNS).map((read) => read(contact));
      lines.push(line([...own, ...fields.map((name) => fieldText(contact.customFields[name]))]));
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
  const contacts = lines.length - 1;
  await tenant.run(noteExport, {
    action: 'contacts.exported',
    actor,
    subject: { kind: 'tenant', id: input.tenantId },
    detail: { contacts },
  });
  return { text: `\ufeff${lines.join('')}`, contacts };
}

function consentOf({ consents }: Contact, purpose: string): string | null {
  return consents.find((one) => one.purpose === purpose)?.state ?? null;
}

function fieldText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A number, which may begin with a sign without being a formula. */
const NUMBER = /^[+-]?[\d\s().,-]+$/;

/** Quoted where it must be. What a spreadsheet would run as a formula gets an apostrophe, which makes it a text. */
export function csvCell(text: string, separator: CsvSeparator): string {
  const isFormula = /^[=@\t\r]/.test(text) || (/^[+-]/.test(text) && !NUMBER.test(text));
  const safe = isFormula ? `'${text}` : text;
  return /["\r\n]/.test(safe) || safe.includes(separator) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
