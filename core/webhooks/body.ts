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
  const { event, timestamp, raw: _raw, data, ...about } = item;
  const parts = Object.fromEntries(Object.entries(about).filter(([, value]) => value !== null));
  let body = JSON.stringify({ event, timestamp, data: { ...parts, ...data } });
  if (hasLoneSurrogate(body)) {
    // A customer's text, cut inside a character by whoever sent it: the event must still arrive.
    body = JSON.stringify(JSON.parse(body), (_key, value: unknown) =>
      // Through UTF-8, which has no halves: they become U+FFFD.
      typeof value === 'string' ? Buffer.from(value).toString() : value,
    );
  }
  const size = Buffer.byteLength(body);
  if (size <= MAX_BODY_BYTES) return { body };
  return {
    refused: `The event has ${size} bytes, more than the ${MAX_BODY_BYTES} that are delivered.`,
  };
}

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
