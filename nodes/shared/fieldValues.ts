import { InvalidInputError } from '../../core/model/errors';

/** The parts of a text that stand between commas or on lines of their own. */
export function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/**
 * A JSON field of the panel: text, or an object out of an expression. Empty means nothing.
 * @throws InvalidInputError naming the field
 */
export function jsonObjectOf(field: string, value: unknown): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  if (typeof value === 'string' && value.trim() === '') return {};
  const parsed = typeof value === 'string' ? parsedJson(value) : value;
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
    return parsed as Record<string, unknown>;
  }
  const problem = parsed === undefined ? 'is no valid JSON' : 'is not a JSON object';
  throw new InvalidInputError(field, `"${field}" ${problem}.`, {
    hint: 'Write it in braces with quoted names, for example { "dealId": "4711" }.',
  });
}

/** The value of a JSON text; undefined when it is none. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * A date of the panel as epoch ms; undefined when it is empty. Text without a zone is taken as UTC.
 * @throws InvalidInputError naming the field
 */
export function instantOf(field: string, text: string | undefined): number | undefined {
  const given = text?.trim();
  if (!given) return undefined;
  const hasTime = /\d[T ]\d/.test(given);
  const hasZone = /(Z|[+-]\d\d:?\d\d)(\[.*\])?$/i.test(given);
  const instant = Date.parse(hasTime && !hasZone ? `${given.replace(' ', 'T')}Z` : given);
  if (!Number.isNaN(instant)) return instant;
  throw new InvalidInputError(field, `"${given}" in "${field}" is no date.`, {
    hint: 'Write it like 2026-11-22T13:30:00-03:00.',
  });
}
