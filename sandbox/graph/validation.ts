import { isRecord } from '../http.ts';
import { badParameter, undocumented } from './errors.ts';

/** Refuses every key that no document names. `path` is how the caller would write the place. */
export function onlyKeys(
  value: Record<string, unknown>,
  allowed: readonly string[],
  path: string,
): void {
  for (const key of Object.keys(value)) {
    if (!allowed.includes(key)) {
      throw undocumented(
        `${placeOf(path, key)} is not a documented field here. Known: ${allowed.join(', ')}.`,
      );
    }
  }
}

/** How the caller would write the place of a key. */
function placeOf(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

/** The value as an object. */
export function asObject(value: unknown, path: string): Record<string, unknown> {
  if (!isRecord(value)) throw badParameter(`Param ${path} must be a JSON object.`);
  return value;
}

/** The value as a list of `min` to `max` items. */
export function asList(value: unknown, path: string, min: number, max: number): unknown[] {
  if (!Array.isArray(value)) throw badParameter(`Param ${path} must be an array.`);
  if (value.length < min || value.length > max) {
    throw badParameter(`Param ${path} must have between ${min} and ${max} items.`);
  }
  return value;
}

/** Length in characters as a person counts them: an emoji of two UTF-16 units is one. */
export function characters(text: string): number {
  return [...text].length;
}

/** A required text of at most `max` characters. */
export function requiredText(
  from: Record<string, unknown>,
  key: string,
  path: string,
  max = Number.POSITIVE_INFINITY,
): string {
  const value = optionalText(from, key, path, max);
  if (value === undefined || value === '') {
    throw badParameter(`Param ${placeOf(path, key)} must be non-empty.`);
  }
  return value;
}

/** A text of at most `max` characters, or undefined when absent. */
export function optionalText(
  from: Record<string, unknown>,
  key: string,
  path: string,
  max = Number.POSITIVE_INFINITY,
): string | undefined {
  const value = from[key];
  if (value === undefined) return undefined;
  if (typeof value !== 'string')
    throw badParameter(`Param ${placeOf(path, key)} must be a string.`);
  if (characters(value) > max) {
    throw badParameter(
      `Length of param ${placeOf(path, key)} must be less than or equal to ${max}.`,
    );
  }
  return value;
}

/** An id given as text or, as old clients do, as a number. */
export function optionalId(
  from: Record<string, unknown>,
  key: string,
  path: string,
): string | undefined {
  const value = from[key];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  throw badParameter(`Param ${placeOf(path, key)} must be a valid ID string (e.g., "123").`);
}

/** One of a closed list. */
export function oneOf<T extends string>(value: unknown, allowed: readonly T[], path: string): T {
  const found = allowed.find((item) => item === value);
  if (found === undefined) {
    throw badParameter(`Param ${path} must be one of {${allowed.join(', ')}}.`);
  }
  return found;
}

/** A yes or no; forms carry it as text. */
export function optionalFlag(from: Record<string, unknown>, key: string, path: string): boolean {
  const value = from[key];
  if (value === undefined || value === false || value === 'false') return false;
  if (value === true || value === 'true') return true;
  throw badParameter(`Param ${placeOf(path, key)} must be a boolean.`);
}

/** An absolute web address. Plain http is taken from this machine alone, for local tests. */
export function webAddress(from: Record<string, unknown>, key: string, path: string): string {
  const text = requiredText(from, key, path);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !(url.protocol === 'https:' || isLoopback(url))) {
    throw badParameter(
      `Param ${placeOf(path, key)} should represent a valid URL starting with https://.`,
    );
  }
  return text;
}

/** True for http addresses of this machine. */
export function isLoopback(url: URL): boolean {
  const { hostname } = url;
  return (
    url.protocol === 'http:' &&
    (hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.'))
  );
}
