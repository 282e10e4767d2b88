/*
 * How people are found by what somebody types: every word of a search is the beginning of one of the person's words.
 */

const MOST_WORDS = 40;
const LONGEST_WORD = 60;
/** What is typed of a number when it is not all of it: its end. */
const ENDS_OF_NUMBERS = [8, 4];
const BRAZIL = '55';

/** In lower case and without accents: `José` and `JOSE` are the same. */
export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}

export interface Findable {
  name: string | null;
  phone: string | null;
  email: string | null;
  usernames: readonly string[];
}

/** The words by which a person is found. */
export function wordsOf({ name, phone, email, usernames }: Findable): string[] {
  const words = new Set<string>();
  for (const word of partsOf(name ?? '')) words.add(word);
  for (const text of [email ?? '', ...usernames]) {
    const whole = plain(text).replace(/^@/, '');
    if (whole !== '') words.add(whole);
    for (const word of partsOf(whole)) words.add(word);
  }
  for (const word of numbersOf(phone ?? '')) words.add(word);
  return [...words].slice(0, MOST_WORDS).map((word) => word.slice(0, LONGEST_WORD));
}

/** What a text is looked for by. A number is one word, however it is written. */
export function searchedWords(text: string): string[] {
  const digits = text.replace(/[\s().+\-/]/g, '');
  if (/^\d{3,}$/.test(digits)) return [digits.slice(0, LONGEST_WORD)];
  const whole = plain(text);
  if (whole.includes('@')) return [whole.replace(/^@/, '').slice(0, LONGEST_WORD)];
  return [...new Set(partsOf(whole))].slice(0, 6).map((word) => word.slice(0, LONGEST_WORD));
}

function partsOf(text: string): string[] {
  return plain(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** With country code, with area code, without either, and its ends; Brazil's also without the ninth digit. */
function numbersOf(phone: string): string[] {
  const digits = phone.replace(/\D/g, '');
  if (digits.length < 8) return [];
  const national = digits.startsWith(BRAZIL) ? digits.slice(2) : digits;
  const local = digits.startsWith(BRAZIL) ? national.slice(2) : national;
  const ends = ENDS_OF_NUMBERS.map((length) => digits.slice(-length));
  return [digits, national, local, ...ends];
}
