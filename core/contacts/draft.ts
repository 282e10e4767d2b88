import { InvalidInputError, plain } from '../model';
import { dayOf, readBirthday } from './birthday';
import { emailKey, phoneKeys, readEmail, readPhone } from './reach';

/** A contact as a form, a spreadsheet or an agent knows it. What is absent stays as it is. */
export interface ContactInput {
  tenantId: string;
  /** Who it is: by our id, by a channel's id at an account, by phone, by e-mail; the first that is known decides. */
  contactId?: string | undefined;
  accountId?: string | undefined;
  externalId?: string | undefined;
  phone?: string | undefined;
  email?: string | undefined;
  name?: string | undefined;
  birthday?: string | undefined;
  stage?: string | undefined;
  language?: string | undefined;
  timeZone?: string | undefined;
  source?: string | undefined;
  addTags?: readonly string[] | undefined;
  removeTags?: readonly string[] | undefined;
  /** In place of all there are. */
  tags?: readonly string[] | undefined;
  /** By name; null takes a field away. */
  customFields?: Record<string, unknown> | undefined;
  /** Empty texts take away what is stored; default: they leave it. */
  clearEmpty?: boolean | undefined;
}

/** The columns that a caller may set; null clears. */
export interface ContactColumns {
  name?: string | null;
  phone?: string | null;
  email?: string | null;
  birthday?: string | null;
  birth_day?: string | null;
  stage?: string | null;
  language?: string | null;
  time_zone?: string | null;
  source?: string | null;
}

/** The same, read and checked: plain data for the store. */
export interface ContactDraft {
  contactId: string | null;
  identity: { accountId: string; externalId: string } | null;
  /** Whoever answers to one of these is meant; the first is claimed for a new contact. */
  phoneKeys: string[];
  emailKey: string | null;
  columns: ContactColumns;
  addTags: string[];
  removeTags: string[];
  tags: string[] | null;
  customFields: Record<string, unknown>;
}

const MOST_TAGS = 100;
const LONGEST_TAG = 80;
const MOST_FIELDS = 200;
const LONGEST_NAME = 80;
const LONGEST_FIELDS = 100_000;
const LONGEST_TEXT = 500;

/** @throws InvalidInputError naming the field of the panel */
export function readDraft(input: ContactInput): ContactDraft {
  const columns = readColumns(input);
  const draft: ContactDraft = {
    contactId: given(input.contactId) ?? null,
    identity: readIdentity(input),
    phoneKeys: columns.phone ? phoneKeys(columns.phone) : [],
    emailKey: columns.email ? emailKey(columns.email) : null,
    columns,
    addTags: readTags(input.addTags, 'Tags to Add'),
    removeTags: readTags(input.removeTags, 'Tags to Remove').map(plain),
    tags: input.tags === undefined ? null : readTags(input.tags, 'Tags'),
    customFields: readFields(input.customFields),
  };
  const { contactId, identity, phoneKeys: phones, emailKey: address } = draft;
  if (contactId === null && identity === null && phones.length === 0 && address === null) {
    throw new InvalidInputError('Phone', 'Nothing says who the contact is.', {
      hint: 'Give a phone number, an e-mail address, a contact ID, or an account and the ID there.',
    });
  }
  return draft;
}

function readColumns(input: ContactInput): ContactColumns {
  const birthday = column(input, input.birthday, (text) => readBirthday(text));
  return {
    ...present(
      'name',
      column(input, input.name, (text) => shortened(text, 'Name')),
    ),
    ...present(
      'phone',
      column(input, input.phone, (text) => readPhone(text)),
    ),
    ...present(
      'email',
      column(input, input.email, (text) => readEmail(text)),
    ),
    ...present('birthday', birthday),
    ...present('birth_day', birthday ? dayOf(birthday) : birthday),
    ...present(
      'stage',
      column(input, input.stage, (text) => shortened(text, 'Stage')),
    ),
    ...present('language', column(input, input.language, readLanguage)),
    ...present('time_zone', column(input, input.timeZone, readTimeZone)),
    ...present(
      'source',
      column(input, input.source, (text) => shortened(text, 'Source')),
    ),
  };
}

function present<K extends keyof ContactColumns>(
  name: K,
  value: string | null | undefined,
): ContactColumns {
  return value === undefined ? {} : { [name]: value };
}

/** @returns undefined: leave it; null: take it away */
function column(
  { clearEmpty = false }: ContactInput,
  text: string | undefined,
  read: (text: string) => string,
): string | null | undefined {
  if (text === undefined) return undefined;
  const value = given(text);
  if (value !== undefined) return read(value);
  return clearEmpty ? null : undefined;
}

function given(text: string | undefined): string | undefined {
  return text?.trim() || undefined;
}

function shortened(text: string, field: string): string {
  if (text.length <= LONGEST_TEXT) return text;
  throw new InvalidInputError(field, `"${field}" has more than ${LONGEST_TEXT} characters.`, {
    hint: 'Keep long texts in a custom field.',
  });
}

function readIdentity({ accountId, externalId }: ContactInput): ContactDraft['identity'] {
  const account = given(accountId);
  const id = given(externalId);
  if (account === undefined && id === undefined) return null;
  if (account !== undefined && id !== undefined) return { accountId: account, externalId: id };
  throw account === undefined
    ? new InvalidInputError('Account', 'There is a channel ID, but no account that it is of.', {
        hint: 'The same person has another ID at each account: choose the one.',
      })
    : new InvalidInputError('Channel ID', 'There is an account, but no ID of the person there.');
}

function readLanguage(text: string): string {
  try {
    const [tag] = Intl.getCanonicalLocales(text.replace('_', '-'));
    if (tag !== undefined) return tag;
  } catch {
    // Said below, with the name of the field.
  }
  throw new InvalidInputError('Language', `"${text}" is no language.`, {
    hint: 'Write it like pt-BR or en.',
  });
}

function readTimeZone(text: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch (cause) {
    throw new InvalidInputError('Time Zone', `"${text}" is not a time zone.`, {
      cause,
      hint: 'Write it like America/Sao_Paulo or Europe/Lisbon.',
    });
  }
}

/** Each once, however it is written. */
export function readTags(tags: readonly string[] | undefined, field: string): string[] {
  const labels = new Map<string, string>();
  for (const tag of tags ?? []) {
    const label = tag.trim();
    if (plain(label) !== '' && !labels.has(plain(label))) labels.set(plain(label), label);
    if (label.length > LONGEST_TAG) {
      throw new InvalidInputError(field, `The tag "${label.slice(0, 40)}…" is too long.`, {
        hint: `A tag has at most ${LONGEST_TAG} characters.`,
      });
    }
  }
  if (labels.size <= MOST_TAGS) return [...labels.values()];
  throw new InvalidInputError(field, `"${field}" has more than ${MOST_TAGS} tags.`);
}

function readFields(fields: Record<string, unknown> | undefined): Record<string, unknown> {
  const read = Object.entries(fields ?? {})
    .map(([name, value]) => [name.trim(), value] as const)
    .filter(([name, value]) => name !== '' && value !== undefined);
  const isTooMuch = read.length > MOST_FIELDS || read.some(([name]) => name.length > LONGEST_NAME);
  if (isTooMuch || JSON.stringify(read).length > LONGEST_FIELDS) {
    throw new InvalidInputError('Custom Fields', 'There is too much in "Custom Fields".', {
      hint: `A contact keeps ${MOST_FIELDS} fields with names of ${LONGEST_NAME} characters, 100 KB in all.`,
    });
  }
  return Object.fromEntries(read);
}
