import type { Channel, InboundEvent } from '../../../model';
import { fingerprint } from '../../meta/inbound/scope';
import { asId, asObject, asText, asWords } from '../../graph/json';
import type { JsonObject } from '../../graph/json';

/** What the door knows of a call beside its body. */
export interface HubCallFacts {
  /** Epoch ms. */
  receivedAt: number;
  /** IANA zone of times that carry none. */
  timezone: string;
  /** The channel's id at the hub and its kind here, as they stand in the address that this package gave the hub. */
  accountId?: string | null;
  channel?: Channel | null;
}

/** Where an event was found: what all that is made of it has in common. */
export interface Scope {
  channel: Channel;
  accountId: string;
  occurredAt: number;
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
  { channel, accountId, occurredAt }: Scope,
  raw: unknown,
  keyParts: ReadonlyArray<string | number>,
  facts: EventFacts,
): InboundEvent {
  return {
    provider: 'notificame',
    channel,
    accountExternalId: accountId,
    dedupeKey: [facts.kind, ...keyParts].join(':'),
    occurredAt,
    raw,
    ...facts,
  };
}

/** Kept as it came; the same body twice is one event, unless the hub gave each an id. */
export function unrecognised(scope: Scope, raw: unknown, what: string): InboundEvent {
  return inboundEvent(scope, raw, [fingerprint(raw)], {
    kind: 'unrecognised',
    what: what.slice(0, 100),
  });
}

/** The first of these keys that holds an id. */
export function idAt(object: JsonObject | null, ...keys: string[]): string | null {
  for (const key of keys) {
    const id = asId(object?.[key]);
    if (id !== null) return id;
  }
  return null;
}

/** The first of these keys that holds words. */
export function wordsAt(object: JsonObject | null, ...keys: string[]): string | null {
  for (const key of keys) {
    const words = asWords(object?.[key]);
    if (words !== null) return words;
  }
  return null;
}

/** Some parts are JSON inside a text (`contents` of Instagram). */
export function unwrapped(value: unknown): unknown {
  const text = asText(value)?.trim();
  if (text === undefined || !/^[[{]/.test(text)) return value;
  try {
    return JSON.parse(text);
  } catch {
    return value;
  }
}

export { asObject, fingerprint };
