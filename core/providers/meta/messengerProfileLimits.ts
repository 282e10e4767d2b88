import { InvalidInputError } from '../../model';
import type { Account } from '../../model';
import { byLocale } from './locales';
import type { MessengerProfile, ProfilePart } from './messengerProfileParts';

/** Source: Messenger Profile API. Of the menu Meta says how many items it shows well. */
const MAX_ICE_BREAKERS = 4;
const MAX_MENU_ITEMS = 5;
const MAX_GREETING = 160;
const MAX_PAYLOAD = 1000;
const DEFAULT_LOCALE = 'default';

const FIELDS: Record<ProfilePart, string> = {
  iceBreakers: 'Ice Breakers',
  persistentMenu: 'Persistent Menu',
  getStarted: 'Get Started Payload',
  greeting: 'Greeting',
};

/** @param parts what the channel has */
export function checkMessengerProfile(
  profile: MessengerProfile,
  account: Account,
  parts: readonly ProfilePart[],
): void {
  const given = (Object.keys(FIELDS) as ProfilePart[]).filter(
    (part) => profile[part] !== undefined,
  );
  if (given.length === 0) throw invalid('Add Part', 'There is nothing to set.');
  for (const part of given) {
    if (parts.includes(part)) continue;
    throw invalid(FIELDS[part], `"${account.name}" has none: only Messenger does.`);
  }
  checkIceBreakers(profile);
  checkMenu(profile);
  checkGreeting(profile);
  if (profile.getStarted !== undefined) checkPayload(FIELDS.getStarted, profile.getStarted, '');
}

function checkIceBreakers({ iceBreakers }: MessengerProfile): void {
  if (!iceBreakers) return;
  const field = FIELDS.iceBreakers;
  checkRows(field, iceBreakers, MAX_ICE_BREAKERS);
  iceBreakers.forEach(({ question, payload }, index) => {
    if (question.trim() === '') throw invalid(field, `Question ${index + 1} is empty.`);
    checkPayload(field, payload, ` of question ${index + 1}`);
  });
}

function checkMenu({ persistentMenu }: MessengerProfile): void {
  if (!persistentMenu) return;
  const field = FIELDS.persistentMenu;
  checkRows(field, persistentMenu, MAX_MENU_ITEMS);
  persistentMenu.forEach((item, index) => {
    const name = `item ${index + 1}`;
    if (item.title.trim() === '') throw invalid(field, `The label of ${name} is empty.`);
    if (item.type === 'postback') checkPayload(field, item.payload, ` of ${name}`);
    else if (!/^https?:$/.test(URL.parse(item.url)?.protocol ?? '')) {
      throw invalid(field, `The address of ${name} is not a full web address.`);
    }
  });
}

function checkGreeting({ greeting }: MessengerProfile): void {
  if (!greeting) return;
  checkRows(FIELDS.greeting, greeting, Infinity);
  for (const { text } of greeting) {
    const size = [...text].length;
    if (size >= 1 && size <= MAX_GREETING) continue;
    throw invalid(
      FIELDS.greeting,
      size === 0
        ? 'The greeting is empty.'
        : `The greeting has ${size} characters; Messenger allows ${MAX_GREETING}.`,
    );
  }
}

/** The limit counts for each language, and one language must be `default`. */
function checkRows(field: string, rows: ReadonlyArray<{ locale: string }>, max: number): void {
  for (const [locale, { length }] of byLocale(rows)) {
    if (length <= max) continue;
    throw invalid(field, `There are ${length} for the locale "${locale}"; Meta allows ${max}.`);
  }
  if (rows.some(({ locale }) => locale === DEFAULT_LOCALE)) return;
  throw invalid(field, 'None has the locale "default", which everybody else sees.');
}

function checkPayload(field: string, payload: string, of: string): void {
  const size = [...payload].length;
  if (size >= 1 && size <= MAX_PAYLOAD) return;
  throw invalid(
    field,
    size === 0
      ? `The payload${of} is empty.`
      : `The payload${of} has ${size} characters; Meta allows ${MAX_PAYLOAD}.`,
  );
}

function invalid(field: string, message: string): InvalidInputError {
  return new InvalidInputError(field, message, { hint: `Change "${field}".` });
}
