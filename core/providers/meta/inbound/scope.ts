import { createHash } from 'node:crypto';
import type { Channel, InboundEvent } from '../../../model';
import { asId, asNumber, asObject } from '../../graph/json';
import type { JsonObject } from '../../graph/json';

/** Where an item was found: what every event of it has in common. */
export interface Scope {
  channel: Channel;
  /** `entry.id`: Page id or Instagram professional account id; "0" in samples of the dashboard. */
  accountId: string;
  /** Epoch ms of the entry, or of the receipt where the entry has no usable time. */
  entryTime: number;
  /**
   * Epoch ms of the entry, 0 where it has none: for keys, which must be the same when Meta sends the call again, so the
   * time of the receipt is no part of them.
   */
  keyTime: number;
  /** True for items of `standby`: another app holds the conversation. */
  standby: boolean;
}

type Distributed<T> = T extends unknown
  ? Omit<T, 'provider' | 'channel' | 'accountExternalId' | 'dedupeKey' | 'occurredAt' | 'raw'>
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
    provider: 'meta',
    channel: scope.channel,
    accountExternalId: scope.accountId,
    dedupeKey: [facts.kind, ...keyParts].join(':'),
    occurredAt,
    raw,
    ...facts,
  };
}

/** Kept as it came, as event `provider.unrecognised`; the same object twice is one event. */
export function unrecognised(scope: Scope, raw: unknown, what: string): InboundEvent {
  const timestamp = asObject(raw)?.timestamp;
  const occurredAt = toEpochMs(timestamp) ?? scope.entryTime;
  // Without a time of its own, an equal object in a later entry is another event.
  const time = timestamp === undefined ? scope.keyTime : 0;
  return inboundEvent(scope, raw, occurredAt, [fingerprint(raw), time], {
    kind: 'unrecognised',
    what,
  });
}

/** A short stand-in for something long or unbounded inside a key. */
export function fingerprint(value: unknown): string {
  return createHash('sha256').update(printed(value)).digest('hex').slice(0, 32);
}

/** JSON can be nested deeper than it can be printed; such a thing has no contents worth telling apart. */
function printed(value: unknown): string {
  try {
    return JSON.stringify(value ?? null);
  } catch {
    return 'too deep';
  }
}

/** Year 5138 in seconds, March 1973 in milliseconds: no real time is ambiguous. */
const SECONDS_BELOW = 100_000_000_000;
const YEAR_2200_MS = 7_258_118_400_000;

/** Meta's times are ms in messaging, s in changes, sometimes texts. Null for what is no time. */
export function toEpochMs(value: unknown): number | null {
  const number = asNumber(value);
  if (number === null || number <= 0) return null;
  const ms = Math.trunc(number < SECONDS_BELOW ? number * 1000 : number);
  return ms < YEAR_2200_MS ? ms : null;
}

/** The id of `sender`, `recipient` or `from`; a checkbox plugin names people by `user_ref`. */
export function partyId(party: unknown): string | null {
  const object: JsonObject | null = asObject(party);
  return asId(object?.id) ?? asId(object?.user_ref);
}
