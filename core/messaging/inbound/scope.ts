import type { EventItem, EventType, InboundEvent, InboundKind } from '../../model';
import type { AccountRow } from '../../store/statements/accounts';
import { appendEvent } from '../../store/statements/events';
import type { MessageRow } from '../../store/statements/messages';
import type { TenantTx } from '../../store/unit';
import type { MessageWords } from '../content';
import { eventOf, type Automation } from '../item';
import type { Partner, Person } from '../people';

/** An event with what only the caller's thread can know of it. */
export interface PreparedEvent {
  event: InboundEvent;
  /** The channel's window in ms, null where it has none. */
  windowMs: number | null;
  /** The channel shows no buttons: choices stand in our texts, and people type them. */
  typesChoices?: boolean;
  /** Of echoes: the fingerprint it would have as a message of ours; null when it is none of ours. */
  echoFingerprint: string | null;
  /** Of statuses that name an open send of ours: what that send says. */
  markedWords?: MessageWords;
}

export type EventOf<K extends InboundKind> = Extract<InboundEvent, { kind: K }>;

interface AppendParts {
  message?: MessageRow | null;
  data?: Record<string, unknown>;
  automation?: Automation;
  /**
   * In place of the provider's object: null for what only follows from the event, so that the customer's words are
   * stored with their message alone, and go when it is unsent.
   */
  raw?: null;
}

/** Where one inbound event lands: its account, its person, and the log. */
export interface Scope {
  tx: TenantTx;
  account: AccountRow;
  prepared: PreparedEvent;
  person: Person | null;
  /** Ids of the accounts that the event is about: this one, and those that it stands for. */
  siblings: readonly string[];
  /** The Meta app that speaks for this account; null when the credential does not say. */
  ownAppId: string | null;
  /** @returns the item as it was appended */
  append: (type: EventType, parts?: AppendParts) => Promise<EventItem>;
  /** Takes an item that was appended elsewhere into the call's answer. */
  collect(item: EventItem | null): void;
}

/**
 * @param items where the appended items go, in order
 */
export function createScope(
  parts: Pick<Scope, 'tx' | 'account' | 'prepared' | 'person' | 'ownAppId' | 'siblings'>,
  items: EventItem[],
): Scope {
  const { tx, account, prepared, person } = parts;
  const { raw, occurredAt, caughtUp = false } = prepared.event;
  return {
    ...parts,
    append: async (type, more = {}) => {
      const data = caughtUp ? { ...more.data, caughtUp } : more.data;
      const event = eventOf(type, tx.now, {
        account,
        person,
        raw,
        occurredAt,
        ...more,
        ...(data && { data }),
      });
      const item = await appendEvent(tx, { ...event, caughtUp });
      items.push(item);
      return item;
    },
    collect: (item) => {
      if (item) items.push(item);
    },
  };
}

/** @throws Error when the unit did not make sure of the person: a mistake in the table of kinds */
export function partnerOf(scope: Scope): Partner {
  const { person } = scope;
  if (!person?.conversation) {
    throw new Error(`An inbound ${scope.prepared.event.kind} came without its conversation.`);
  }
  return person as Partner;
}
