import type { InboundEvent } from '../../../model';
import { asId, asObject, asText } from '../../graph/json';
import type { JsonObject } from '../../graph/json';
import { fingerprint, toEpochMs } from '../../meta/inbound/scope';

export { fingerprint, toEpochMs };

/** Where an item was found: what every event of it has in common. */
export interface Scope {
  /** Phone number id, or the business account's id where the item is about that. */
  accountId: string;
  /** How `accountId` is meant; absent: it is the account's own id. */
  under?: InboundEvent['under'];
  /** Epoch ms of the entry, or of the receipt where the entry has no usable time. */
  entryTime: number;
  /** For keys: of an entry without a time, a repeat comes later than the first, so only its hour counts. */
  keyTime: number;
}

type Distributed<T> = T extends unknown
  ? Omit<
      T,
      'provider' | 'channel' | 'accountExternalId' | 'under' | 'dedupeKey' | 'occurredAt' | 'raw'
    >
  : never;

/** An event without what its scope tells. */
export type EventFacts = Distributed<InboundEvent>;

/** Puts an event together; `dedupeKey` is made of its kind and the parts that make it unique. */
export function inboundEvent(
  scope: Scope,
  raw: unknown,
  occurredAt: number,
  keyParts: ReadonlyArray<string | number>,
  facts: EventFacts,
): InboundEvent {
  return {
    provider: 'whatsapp_cloud',
    channel: 'whatsapp',
    accountExternalId: scope.accountId,
    ...(scope.under === undefined ? {} : { under: scope.under }),
    dedupeKey: [facts.kind, ...keyParts].join(':'),
    occurredAt,
    raw,
    ...facts,
  };
}

/** Kept as it came, as event `provider.unrecognised`; the same object twice is one event. */
export function unrecognised(scope: Scope, raw: unknown, what: string): InboundEvent {
  const item = asObject(raw);
  const id = asId(item?.id);
  const occurredAt = toEpochMs(item?.timestamp) ?? scope.entryTime;
  // Without an id or time of its own, an equal object in a later entry is another event.
  const ownTime = id === null && item?.timestamp === undefined ? scope.keyTime : 0;
  return inboundEvent(scope, raw, occurredAt, [fingerprint(raw), ownTime], {
    kind: 'unrecognised',
    what: what.slice(0, 100),
  });
}

/** Known, and no message: told for those who ask for it. */
export function activity(
  scope: Scope,
  field: string,
  raw: JsonObject,
  {
    item = null,
    verb = null,
    providerId = null,
  }: Partial<Record<'item' | 'verb' | 'providerId', string | null>> = {},
): InboundEvent {
  const key = [field, fingerprint(raw), scope.keyTime];
  return inboundEvent(scope, raw, toEpochMs(raw.timestamp) ?? scope.entryTime, key, {
    kind: 'activity',
    contact: null,
    field,
    item,
    verb: verb ?? asText(asObject(raw.value)?.event),
    providerId,
    postId: null,
    parentId: null,
    text: null,
    isOwn: false,
  });
}

/** The entries of a list; what is no list counts as one item, so that it is kept as `unrecognised`. */
export function itemsOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

/** The same object without its nulls: optional keys are absent, not null. */
export function present<T extends Record<string, unknown>>(
  facts: T,
): { [K in keyof T]?: Exclude<T[K], null> } {
  return Object.fromEntries(
    Object.entries(facts).filter(([, value]) => value !== null && value !== undefined),
  ) as { [K in keyof T]?: Exclude<T[K], null> };
}

export type { JsonObject };
