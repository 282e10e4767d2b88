import { InvalidInputError } from '../../../core/model/errors';
import type { QuickReply } from '../../../core/model/content';
import { parsedJson } from '../fieldValues';

/**
 * Quick replies out of a JSON field: text, or a list out of an expression. Limits are core's to check.
 * @throws InvalidInputError naming the field and the quick reply
 */
export function quickRepliesOfJson(field: string, value: unknown): QuickReply[] {
  const parsed = typeof value === 'string' ? parsedJson(value) : value;
  if (!Array.isArray(parsed)) {
    const problem = parsed === undefined ? 'is no valid JSON' : 'is not a list';
    throw wrong(field, problem);
  }
  return parsed.map((one: unknown, index) => {
    const { title, payload } = (one ?? {}) as { title?: unknown; payload?: unknown };
    if (typeof title !== 'string' || title.trim() === '') {
      throw wrong(field, `has no title in quick reply ${index + 1}`);
    }
    return { title, payload: typeof payload === 'string' && payload ? payload : title };
  });
}

function wrong(field: string, problem: string): InvalidInputError {
  return new InvalidInputError(field, `"${field}" ${problem}.`, {
    hint: 'Write it like [{ "title": "Morning", "payload": "MORNING" }].',
  });
}
