import { systemClock } from '../../../model';
import type { Channel, InboundEvent } from '../../../model';
import type { ParsedWebhook } from '../../provider';
import { asId, asItems, asObject, asText } from '../../graph/json';
import type { JsonObject } from '../../graph/json';
import { parseChange } from './changes';
import { withoutDepths } from './depth';
import { isPageField } from './fields';
import { parseMessagingItem } from './messaging';
import { toEpochMs, unrecognised } from './scope';
import type { Scope } from './scope';

const CHANNELS = new Map<unknown, Channel>([
  ['page', 'messenger'],
  ['instagram', 'instagram'],
]);
/** Entry id of the dashboard's samples; also for an entry that names no account. */
const NO_ACCOUNT = '0';

/**
 * Reads a webhook body of objects `page` and `instagram`, the dashboard's odd samples included.
 * Any JSON value gives a result: each item of `messaging` and `standby` and each change gives exactly one event, and
 * whatever is ours and of no known shape becomes `unrecognised` with its raw object, and never costs its neighbours.
 * Events are in the order of their times, which Meta does not keep.
 * @param receivedAt epoch ms, for items without a usable time of their own
 */
export function parseMetaWebhook(
  body: unknown,
  receivedAt: number = systemClock.now(),
): ParsedWebhook {
  const parsed = (Array.isArray(body) ? (body as unknown[]) : [body]).map((part) =>
    parsePart(withoutDepths(part), receivedAt),
  );
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
  if (!Array.isArray(body.entry) && asObject(body.entry) === null) {
    return [unrecognised(scopeOf(channel, null, receivedAt), body, 'body without entries')];
  }
  return asItems(body.entry).flatMap((entry) => parseEntry(channel, entry, receivedAt));
}

/** A sample of the dashboard: `{field, value}` without anything around it. */
function parseBareChange(body: JsonObject, receivedAt: number): InboundEvent[] | null {
  const field = asText(body.field);
  if (field === null || asObject(body.value) === null) return null;
  const channel = isPageField(field) ? 'messenger' : 'instagram';
  return [parseChange(scopeOf(channel, null, receivedAt), body)];
}

function scopeOf(channel: Channel, entry: JsonObject | null, receivedAt: number): Scope {
  const time = toEpochMs(entry?.time);
  return {
    channel,
    accountId: asId(entry?.id) ?? NO_ACCOUNT,
    entryTime: time ?? receivedAt,
    keyTime: time ?? 0,
    standby: false,
  };
}

function parseEntry(channel: Channel, value: unknown, receivedAt: number): InboundEvent[] {
  const entry = asObject(value);
  const scope = scopeOf(channel, entry, receivedAt);
  if (entry === null) return [unrecognised(scope, value, 'entry that is no object')];
  if (!PARTS.some((key) => Object.hasOwn(entry, key))) {
    return [unrecognised(scope, entry, 'entry without messaging or changes')];
  }
  return [
    ...asItems(entry.messaging).map((item) => parseMessagingItem(scope, item)),
    ...asItems(entry.standby).map((item) => parseMessagingItem({ ...scope, standby: true }, item)),
    ...asItems(entry.changes).map((item) => parseChange(scope, item)),
    // Pages of the documentation on Instagram Login show the change flat in the entry.
    ...(entry.field === undefined
      ? []
      : [parseChange(scope, { field: entry.field, value: entry.value })]),
  ];
}

/** Where an entry holds what it tells. */
const PARTS = ['messaging', 'standby', 'changes', 'field'];
