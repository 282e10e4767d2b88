import { systemClock } from '../../../model';
import type { Channel, InboundEvent } from '../../../model';
import type { ParsedWebhook } from '../../provider';
import { asId, asObject, asText } from '../json';
import type { JsonObject } from '../json';
import { parseChange } from './changes';
import { parseMessagingItem } from './messaging';
import { toEpochMs, unrecognised } from './scope';
import type { Scope } from './scope';

const CHANNELS = new Map<unknown, Channel>([
  ['page', 'messenger'],
  ['instagram', 'instagram'],
]);
/** Entry id of the dashboard's samples; also for an entry that names no account. */
const NO_ACCOUNT = '0';
/** Changes of object `page` that a sample may carry without saying so. */
const PAGE_CHANGES = new Set(['feed', 'mention', 'message_template_status_update']);

/**
 * Reads a webhook body of objects `page` and `instagram`, the dashboard's odd samples included.
 * Any JSON value gives a result: whatever is ours and of no known shape becomes `unrecognised` with its raw
 * object, and never costs its neighbours. Events are in the order of their times, which Meta does not keep.
 * @param receivedAt epoch ms, for items without a usable time of their own
 */
export function parseMetaWebhook(
  body: unknown,
  receivedAt: number = systemClock.now(),
): ParsedWebhook {
  const parts = Array.isArray(body) ? (body as unknown[]) : [body];
  const parsed = parts.map((part) => parsePart(part, receivedAt));
  return {
    events: parsed.flatMap((events) => events ?? []).sort((a, b) => a.occurredAt - b.occurredAt),
    foreign: parsed.every((events) => events === null),
  };
}

/** Null for what is none of ours: another `object`, or no object at all. */
function parsePart(part: unknown, receivedAt: number): InboundEvent[] | null {
  const body = asObject(part);
  if (body === null) return null;
  if (body.object === undefined) return parseBareChange(body, receivedAt);
  const channel = CHANNELS.get(body.object);
  if (channel === undefined) return null;
  if (!Array.isArray(body.entry)) {
    const scope = { channel, accountId: NO_ACCOUNT, entryTime: receivedAt, standby: false };
    return [unrecognised(scope, body, 'body without entries')];
  }
  return (body.entry as unknown[]).flatMap((entry) => parseEntry(channel, entry, receivedAt));
}

/** A sample of the dashboard: `{field, value}` without anything around it. */
function parseBareChange(body: JsonObject, receivedAt: number): InboundEvent[] | null {
  const field = asText(body.field);
  if (field === null || asObject(body.value) === null) return null;
  const channel = PAGE_CHANGES.has(field) ? 'messenger' : 'instagram';
  const scope: Scope = { channel, accountId: NO_ACCOUNT, entryTime: receivedAt, standby: false };
  return [parseChange(scope, body)].filter((event) => event !== null);
}

function parseEntry(channel: Channel, value: unknown, receivedAt: number): InboundEvent[] {
  const entry = asObject(value);
  const scope: Scope = {
    channel,
    accountId: asId(entry?.id) ?? NO_ACCOUNT,
    entryTime: toEpochMs(entry?.time) ?? receivedAt,
    standby: false,
  };
  if (entry === null) return [unrecognised(scope, value, 'entry that is no object')];
  const found = [
    ...items(entry.messaging).map((item) => parseMessagingItem(scope, item)),
    ...items(entry.standby).map((item) => parseMessagingItem({ ...scope, standby: true }, item)),
    ...items(entry.changes).map((item) => parseChange(scope, item)),
    // Pages of the documentation on Instagram Login show the change flat in the entry.
    ...(entry.field === undefined ? [] : [parseChange(scope, flatChange(entry))]),
  ];
  const isEmpty = !['messaging', 'standby', 'changes', 'field'].some((key) =>
    Object.hasOwn(entry, key),
  );
  if (isEmpty) return [unrecognised(scope, entry, 'entry without messaging or changes')];
  return found.filter((event) => event !== null);
}

/** A list that is no list counts as one item, so that it is kept as `unrecognised`. */
function items(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

function flatChange(entry: JsonObject): JsonObject {
  return { field: entry.field, value: entry.value };
}
