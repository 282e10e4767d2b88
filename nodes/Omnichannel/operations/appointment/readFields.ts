import { InvalidInputError } from '../../../../core/model/errors';

/** What was typed as JSON, or came as an object out of an expression. */
export function readFields(value: unknown): Record<string, unknown> {
  const parsed = typeof value === 'string' ? parse(value) : value;
  if (parsed === undefined || parsed === null) return {};
  if (typeof parsed === 'object' && !Array.isArray(parsed)) return { ...parsed };
  throw notAnObject();
}

function parse(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw notAnObject(cause);
  }
}

function notAnObject(cause?: unknown): InvalidInputError {
  return new InvalidInputError('Fields (JSON)', '"Fields (JSON)" is no JSON object.', {
    cause,
    hint: 'Write it like { "professional": "Dra. Helena" }.',
  });
}
