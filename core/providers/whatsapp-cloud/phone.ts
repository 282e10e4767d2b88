import { createRequire } from 'node:module';
import { InvalidInputError } from '../../model';

/** The part of libphonenumber-js that is used here. */
interface PhoneLibrary {
  parsePhoneNumberFromString(
    text: string,
    options: { defaultCountry?: string; extract?: boolean },
  ): { number: string; country?: string; isPossible(): boolean } | undefined;
}

/** Loaded when a number is read for the first time: it costs 50 ms. */
const requireLater = createRequire(__filename);
let library: PhoneLibrary | undefined;

function phones(): PhoneLibrary {
  return (library ??= requireLater('libphonenumber-js') as PhoneLibrary);
}

/** Where a number without a country code is thought to be from when the business's own number does not tell. */
const USUAL_COUNTRY = 'BR';

/**
 * A business-scoped user id: `BR.13491208655302741918`, `BR.ENT.118…`. It stands for a person whose number WhatsApp does
 * not tell, and is never taken for a number.
 */
const USER_ID = /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,250}$/;

export function isUserId(text: string): boolean {
  return USER_ID.test(text);
}

export interface WhatsAppRecipient {
  /** As the Cloud API takes it: digits with the country code, or a business-scoped user id. */
  externalId: string;
  /** Every form under which the same person may be known at the account, the likeliest first. */
  forms: string[];
  /** `+5511988887777`; null for a user id. */
  phone: string | null;
}

/** What people write between digits. */
const WRITTEN = /^\+?[\d\s().\-/\u2010-\u2015\u00a0]+$/;

/**
 * Whom a text means: a number as people write it, digits as WhatsApp's webhooks carry them, or a user id.
 * @param ownNumber the business's own number: its country is taken where the text has no country code
 * @throws InvalidInputError for what is neither
 */
export function readRecipient(text: string, ownNumber?: string | null): WhatsAppRecipient {
  const given = text.trim();
  if (isUserId(given)) return { externalId: given, forms: [given], phone: null };
  const number = WRITTEN.test(given) ? numberOf(given, ownNumber ?? null) : null;
  if (number === null) throw notANumber(given);
  // Digits alone may be somebody's id from a webhook, whatever they would mean as a local number.
  const asItIs = /^\d{8,15}$/.test(given) ? [given] : [];
  const forms = [...new Set([...asItIs, ...formsOf(number)])];
  return { externalId: number, forms, phone: `+${number}` };
}

/** Digits with the country code; null for what is no phone number. */
function numberOf(text: string, ownNumber: string | null): string | null {
  const digits = text.replace(/\D/g, '');
  if (text.startsWith('+')) return whole(parse(`+${digits}`));
  if (digits.startsWith('00')) return whole(parse(`+${digits.slice(2)}`));
  const local = parse(digits, countryOf(ownNumber) ?? USUAL_COUNTRY);
  return whole(local ?? parse(`+${digits}`));
}

/** The library lets a Brazilian number through without its area code: nobody can be reached by that. */
function whole(digits: string | null): string | null {
  return digits?.startsWith('55') && !/^55\d{10,11}$/.test(digits) ? null : digits;
}

/** E.164 without its plus sign; null where no number can be meant. */
function parse(text: string, defaultCountry?: string): string | null {
  const parsed = phones().parsePhoneNumberFromString(text, {
    ...(defaultCountry === undefined ? {} : { defaultCountry }),
    extract: false,
  });
  return parsed?.isPossible() ? parsed.number.slice(1) : null;
}

function countryOf(number: string | null): string | undefined {
  const digits = number?.replace(/\D/g, '') ?? '';
  if (digits === '') return undefined;
  return phones().parsePhoneNumberFromString(`+${digits}`, { extract: false })?.country;
}

/** Brazil: country code, two digits of the area, then eight digits that began with 6 to 9 before the ninth came. */
const BRAZIL_WITH_NINE = /^(55[1-9]{2})9([6-9]\d{7})$/;
const BRAZIL_WITHOUT_NINE = /^(55[1-9]{2})([6-9]\d{7})$/;

/**
 * The number and, for a Brazilian mobile, its other form: accounts made before the ninth digit came keep their number
 * without it on WhatsApp, whatever people write.
 */
export function formsOf(digits: string): string[] {
  const shorter = BRAZIL_WITH_NINE.exec(digits);
  if (shorter) return [digits, `${shorter[1]}${shorter[2]}`];
  const longer = BRAZIL_WITHOUT_NINE.exec(digits);
  return longer ? [digits, `${longer[1]}9${longer[2]}`] : [digits];
}

/** Every id under which a person of WhatsApp may be known, for one that a webhook names. */
export function aliasesOf(externalId: string): string[] {
  return formsOf(externalId).slice(1);
}

function notANumber(text: string): InvalidInputError {
  return new InvalidInputError('Recipient', `"${text}" is no phone number.`, {
    hint: 'Write it with country and area code, such as +55 11 98888-7777.',
  });
}
