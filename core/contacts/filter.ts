import { InvalidInputError, NotFoundError, plain, searchedWords } from '../model';
import { searchedValue } from '../store/statements/contactParts';
import { dayOf, readBirthday } from './birthday';
import type { ContactsContext } from './context';
import type { ContactSearch } from './find.unit';
import { readContactFilter, readContactFilterNames, writeContactFilter } from './filters.unit';
import { phonesLike, readEmail, readPhone } from './reach';

/** What contacts are looked for by; everything given must hold. Plain data: it can be kept under a name. */
export interface ContactFilter {
  /** Words, or beginnings of words, of name, e-mail, user name or number. */
  search?: string | undefined;
  phone?: string | undefined;
  email?: string | undefined;
  /** At least one of them. */
  tags?: readonly string[] | undefined;
  withoutTags?: readonly string[] | undefined;
  stages?: readonly string[] | undefined;
  sources?: readonly string[] | undefined;
  channels?: readonly string[] | undefined;
  accountIds?: readonly string[] | undefined;
  /** Days of any year, both inclusive, as readBirthday takes them; without a to: that day. */
  birthdayFrom?: string | undefined;
  birthdayTo?: string | undefined;
  /** `marketing:in`, `messages:out`, `marketing:none`, … */
  consents?: readonly string[] | undefined;
  customFields?: readonly { name: string; value: unknown }[] | undefined;
  /** ISO 8601, from inclusive, to exclusive. */
  createdFrom?: string | undefined;
  createdTo?: string | undefined;
  /** When the person last wrote. */
  activeFrom?: string | undefined;
  activeTo?: string | undefined;
}

/** @throws InvalidInputError naming the field of the panel */
export function readFilter(filter: ContactFilter): ContactSearch {
  const { search, phone, email, customFields } = filter;
  const fields = (customFields ?? []).filter(({ name }) => name.trim() !== '');
  return {
    ...some('words', search?.trim() ? wordsIn(search) : undefined),
    ...some('phones', phone?.trim() ? phonesLike(readPhone(phone)) : undefined),
    ...some('emails', email?.trim() ? [readEmail(email)] : undefined),
    ...some('tags', listed(filter.tags)?.map(plain)),
    ...some('withoutTags', listed(filter.withoutTags)?.map(plain)),
    ...some('stages', listed(filter.stages)),
    ...some('sources', listed(filter.sources)),
    ...some('channels', listed(filter.channels)),
    ...some('accountIds', listed(filter.accountIds)),
    ...some('birthdays', birthdaysIn(filter)),
    ...some('consents', listed(filter.consents)?.map(readConsent)),
    ...some(
      'fields',
      fields.length === 0
        ? undefined
        : fields.map(({ name, value }) => ({ name: name.trim(), value: searchedValue(value) })),
    ),
    ...some('created', spanOf(filter.createdFrom, filter.createdTo, 'Created')),
    ...some('active', spanOf(filter.activeFrom, filter.activeTo, 'Last Activity')),
  };
}

function some<K extends keyof ContactSearch>(
  name: K,
  value: ContactSearch[K] | undefined,
): Pick<ContactSearch, K> | object {
  return value === undefined ? {} : { [name]: value };
}

function listed(values: readonly string[] | undefined): string[] | undefined {
  const given = (values ?? []).map((value) => value.trim()).filter((value) => value !== '');
  return given.length === 0 ? undefined : given;
}

function wordsIn(search: string): string[] {
  const words = searchedWords(search);
  if (words.length > 0) return words;
  throw new InvalidInputError('Search', `"${search}" has no word to look for.`, {
    hint: 'Write the beginning of a name, an e-mail address, or three digits of a number.',
  });
}

function birthdaysIn({ birthdayFrom, birthdayTo }: ContactFilter): ContactSearch['birthdays'] {
  const from = birthdayFrom?.trim();
  const to = birthdayTo?.trim();
  if (!from && !to) return undefined;
  if (!from) {
    throw new InvalidInputError('Birthday From', '"Birthday To" needs a "Birthday From".', {
      hint: 'Give the first day, or both days the same.',
    });
  }
  const first = dayOf(readBirthday(from, 'Birthday From'));
  return { from: first, to: to ? dayOf(readBirthday(to, 'Birthday To')) : first };
}

function readConsent(text: string): { purpose: string; state: 'in' | 'out' | 'none' } {
  const [purpose = '', state = ''] = text.split(':');
  const isKnown =
    ['marketing', 'messages'].includes(purpose) && ['in', 'out', 'none'].includes(state);
  if (isKnown) return { purpose, state: state as 'in' | 'out' | 'none' };
  throw new InvalidInputError('Consent', `"${text}" is no consent to look for.`, {
    hint: 'Write it like marketing:in, marketing:none or messages:out.',
  });
}

function spanOf(from: string | undefined, to: string | undefined, field: string) {
  const first = instantIn(from, `${field} From`);
  const end = instantIn(to, `${field} To`);
  return first === undefined && end === undefined ? undefined : { from: first, to: end };
}

function instantIn(text: string | undefined, field: string): number | undefined {
  const given = text?.trim();
  if (!given) return undefined;
  const instant = Date.parse(given);
  if (!Number.isNaN(instant)) return instant;
  throw new InvalidInputError(field, `"${given}" in "${field}" is no date.`, {
    hint: 'Write it like 2026-11-22T13:30:00-03:00.',
  });
}

/** Keeps a filter under a name, in place of another of this name. @throws InvalidInputError when it would find nothing */
export async function keepFilter(
  ctx: ContactsContext,
  { tenantId, name, filter }: { tenantId: string; name: string; filter: ContactFilter },
): Promise<void> {
  const given = name.trim();
  if (given === '') throw new InvalidInputError('Save Filter As', '"Save Filter As" is empty.');
  readFilter(filter);
  const saved = { name: given, filter: JSON.stringify(filter) };
  await ctx.store.forTenant(tenantId).run(writeContactFilter, saved);
}

/** @throws NotFoundError naming those there are */
export async function keptFilter(
  ctx: ContactsContext,
  tenantId: string,
  name: string,
): Promise<ContactFilter> {
  const tenant = ctx.store.forTenant(tenantId);
  const filter = await tenant.run(readContactFilter, { name: name.trim() });
  if (filter !== null) return JSON.parse(filter) as ContactFilter;
  const names = await tenant.run(readContactFilterNames, null);
  throw new NotFoundError('The saved filter', name.trim(), {
    hint:
      names.length === 0
        ? 'None has been saved: "Get Many" saves its filters under a name.'
        : `There are: ${names.join(', ')}.`,
  });
}

/** The names of the filters that are kept. */
export async function listFilters(ctx: ContactsContext, tenantId: string): Promise<string[]> {
  return ctx.store.forTenant(tenantId).run(readContactFilterNames, null);
}
