import { InvalidInputError, type EventItem } from '../model';

/** The text of a delivery, at most. Standard Webhooks advises 20 KB. */
export const MAX_BODY_BYTES = 256 * 1024;

/** Half of a surrogate pair, as JSON.stringify writes it: many parsers refuse the whole document for it. */
const LONE_SURROGATE = /\\ud[89a-f][0-9a-f]{2}/;
/** Looking for the beginning alone takes a twentieth of the time, and nearly no text has it. */
const hasLoneSurrogate = (json: string): boolean =>
  json.includes('\\ud') && LONE_SURROGATE.test(json);

export type BodyResult = { body: string } | { refused: string };

/**
 * The body of an event of the log: `{"event","timestamp","data"}`. `data` holds what the event has of account,
 * contact, conversation and message, and the fields of its own kind, which win. The provider's raw object stays here.
 */
export function bodyOfEvent(payload: string): BodyResult {
  const item = JSON.parse(payload) as EventItem;
  const { event, timestamp } = item;
  let body = JSON.stringify({ event, timestamp, data: { ...partsOf(item), ...item.data } });
  if (hasLoneSurrogate(body)) {
    // A customer's text, cut inside a character by whoever sent it: the event must still arrive.
    body = JSON.stringify(JSON.parse(body), (_key, value: unknown) =>
      // Through UTF-8, which has no halves: they become U+FFFD.
      typeof value === 'string' ? Buffer.from(value).toString() : value,
    );
  }
  // No character takes more than three bytes for each unit of its text.
  if (body.length * 3 <= MAX_BODY_BYTES) return { body };
  const size = Buffer.byteLength(body);
  if (size <= MAX_BODY_BYTES) return { body };
  return {
    refused: `The event has ${size} bytes, more than the ${MAX_BODY_BYTES} that are delivered.`,
  };
}

/** What is told beside the fields of its own kind: a loop, because every delivery pays for it. */
function partsOf(item: EventItem): Record<string, unknown> {
  const parts: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(item)) {
    if (value !== null && !APART.has(name)) parts[name] = value;
  }
  return parts;
}

const APART: ReadonlySet<string> = new Set(['event', 'timestamp', 'raw', 'data']);

/** The body of what a workflow sends. @throws InvalidInputError 'Data' with the reason */
export function bodyOfData(event: string, data: unknown, now: number): string {
  const refuse = (why: string, cause?: unknown) =>
    new InvalidInputError('Data', `The data cannot be delivered: ${why}.`, { cause });
  let body: string;
  try {
    body = JSON.stringify({ event, timestamp: new Date(now).toISOString(), data: data ?? {} });
  } catch (cause) {
    const isBigInt = cause instanceof TypeError && cause.message.includes('BigInt');
    throw refuse(
      isBigInt ? 'it holds a BigInt, which JSON does not know' : 'it holds a reference to itself',
      cause,
    );
  }
  if (hasLoneSurrogate(body)) throw refuse('a text holds half a character (a lone surrogate)');
  if (body.includes('\\u0000')) throw refuse('a text holds the character NUL');
  const size = Buffer.byteLength(body);
  if (size > MAX_BODY_BYTES) throw refuse(`it has ${size} bytes, more than ${MAX_BODY_BYTES}`);
  return body;
}
