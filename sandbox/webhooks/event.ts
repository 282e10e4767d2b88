import type { WebhookObject } from '../model.ts';

/** How one event is to be delivered, other than normally. */
export interface DeliveryOptions {
  /** Times in all that the same bytes are posted; 1 = once and never a chance duplicate. */
  duplicate?: number;
  /** Post the copies at the same moment instead of one after the other. */
  simultaneous?: boolean;
  /** Sign with a wrong secret, as a forger would. */
  badSignature?: boolean;
}

/** One thing that happened, in the vendor's shape, waiting for its POST. */
export interface WebhookEvent {
  object: WebhookObject;
  /** `entry[].id`: Page id, Instagram account id or WhatsApp business account id. */
  accountId: string;
  /** Phone number id, of what concerns one number: it may have a callback of its own. */
  numberId?: string;
  /** Webhook field that decides who is subscribed. */
  field: string;
  /** Where in the entry it goes; `flat` = `entry[].field` and `.value` without `changes`. */
  slot: 'messaging' | 'standby' | 'changes' | 'flat';
  value: Record<string, unknown>;
  mid?: string;
  personaId?: string;
}

/** Groups events into `entry[]`: one entry per account, slot and time unit. Source: sections C.2 to C.4. */
export function buildEnvelope(
  object: WebhookObject,
  events: readonly WebhookEvent[],
  nowMs: number,
): Record<string, unknown> {
  const entries = new Map<string, Record<string, unknown>>();
  const list: Array<Record<string, unknown>> = [];
  for (const event of events) {
    if (event.slot === 'flat') {
      const seconds = Math.floor(nowMs / 1000);
      list.push({ id: event.accountId, time: seconds, field: event.field, value: event.value });
      continue;
    }
    const key = `${event.accountId} ${event.slot} ${event.numberId === undefined ? 'account' : 'number'}`;
    let entry = entries.get(key);
    if (entry === undefined) {
      // entry.time is in milliseconds for messaging and in seconds for changes.
      const time = event.slot === 'changes' ? Math.floor(nowMs / 1000) : nowMs;
      // Messages of WhatsApp come without a time in the entry, what happens to its account with one.
      const isTimeless = event.numberId !== undefined;
      entry = { id: event.accountId, ...(isTimeless ? {} : { time }), [event.slot]: [] };
      entries.set(key, entry);
      list.push(entry);
    }
    const items = entry[event.slot] as unknown[];
    items.push(event.slot === 'changes' ? { field: event.field, value: event.value } : event.value);
  }
  return { object, entry: list };
}
