import { Script, createContext } from 'node:vm';
import { InvalidInputError } from '../model';

/** What a pattern found; a group that took no part is absent. */
export type Found = Partial<Record<'phone' | 'email' | 'name', string>>;

/** An expression that needs longer than this on one text has run away: n8n's own work must not wait for it. */
const LONGEST_MS = 50;
const FIELD = 'Contact Pattern';

/** @throws InvalidInputError for what is no regular expression, or has none of the groups */
export function checkPattern(pattern: string): void {
  try {
    new RegExp(pattern, 'imu');
  } catch (cause) {
    throw new InvalidInputError(FIELD, `The pattern is no regular expression: ${String(cause)}`, {
      cause,
      hint: 'Write it like Fone (?<phone>[+\\d ()-]+), or leave it empty.',
    });
  }
  if (/\(\?<(phone|email|name)>/.test(pattern)) return;
  throw new InvalidInputError(FIELD, 'The pattern has none of the groups phone, email and name.', {
    hint: 'Put what is to be found into a group: (?<phone>…), (?<email>…) or (?<name>…).',
  });
}

/**
 * What an admin's own expression finds in a text.
 * @returns nothing where it finds nothing, or takes too long
 */
export function matchPattern(pattern: string, text: string): Found {
  const context = createContext({ pattern, text });
  const script = new Script("({ ...(new RegExp(pattern, 'imu').exec(text)?.groups) })");
  try {
    const groups = script.runInContext(context, { timeout: LONGEST_MS }) as Record<string, unknown>;
    return Object.fromEntries(
      ['phone', 'email', 'name'].flatMap((name) => {
        const value = groups[name];
        return typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()]] : [];
      }),
    );
  } catch {
    return {};
  }
}
