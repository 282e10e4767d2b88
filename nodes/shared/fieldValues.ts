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
  const parsed = typeof value === 'string' ? parseJson(field, value) : value;
  if (parsed === undefined || parsed === null) return {};
  if (typeof parsed === 'object' && !Array.isArray(parsed)) {
    return parsed as Record<string, unknown>;
  }
  throw new InvalidInputError(field, `"${field}" is not a JSON object.`, {
    hint: 'Write it in braces, for example { "dealId": "4711" }.',
  });
}

function parseJson(field: string, text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidInputError(field, `"${field}" is no valid JSON.`, {
      hint: 'Check quotes and commas, or build the object with an expression.',
    });
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
