/** Reading JSON of unknown shape: every function gives a value of the wanted kind or null, and never throws. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : null;
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** A text with something in it. */
export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Words of a person or a program: a text, or a number that somebody sent in place of one. */
export function asWords(value: unknown): string | null {
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : asText(value);
}

/** A flag that is set; some answers write it as a text. */
export function isTrue(value: unknown): boolean {
  return value === true || value === 'true' || value === 1 || value === '1';
}

/** What should be a list: one thing alone counts as a list of it, nothing as an empty one. */
export function asItems(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

/** Ids are texts; old payloads send numbers. */
export function asId(value: unknown): string | null {
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value).toString();
  return asText(value);
}

/** A finite number, or a text that holds one. */
export function asNumber(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** The object in a JSON text; null for anything else (an HTML error page, a cut answer, a list). */
export function parseObject(json: string): JsonObject | null {
  // A header that is not there: an exception would cost more than everything else about an answer.
  if (json === '') return null;
  try {
    return asObject(JSON.parse(json));
  } catch {
    return null;
  }
}

/** An unquoted whole number of 16 digits or more: beyond what JavaScript's numbers hold exactly. */
const LONG_NUMBER = /[[:,]\s*-?\d{16}/;

/**
 * As JSON.parse, but whole numbers too long for JavaScript become texts of their digits: ids of Instagram have 17, and
 * an id that was rounded belongs to nobody (or to somebody else). Costs nothing where there is none.
 * @throws SyntaxError
 */
export function parseKeepingDigits(json: string): unknown {
  if (!LONG_NUMBER.test(json)) return JSON.parse(json);
  return JSON.parse(json, keepDigits as Reviver);
}

type Reviver = (key: string, value: unknown) => unknown;

/** The third argument is there since V8 11.4 (Node 21); before, the number stays rounded. */
function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^\d+$/.test(source) ? source : value;
}
