import type { InboundEvent } from '../../model';

/** Events of the kinds that reading a conversation gives. */
export type ReadEvent = Extract<InboundEvent, { kind: 'message' | 'echo' }>;

/** A message that is here and that the provider does not name among those it shows. */
export interface Unnamed {
  direction: string;
  text: string | null;
  /** Epoch ms. */
  occurred_at: number;
}

/** Times that are read back are cut to the second; the webhook's own are not. */
export const SECOND_MS = 1_000;
export const SAME_MOMENT_MS = 2 * SECOND_MS;

export function isReadEvent(event: InboundEvent): event is ReadEvent {
  return event.kind === 'message' || event.kind === 'echo';
}

/**
 * Whether a message is one that came by webhook without an id, or under another one: from the same side, with equal
 * words, at the same moment. Each of those stands for one message only, so it is taken out of the list.
 */
export function takeTwin(unnamed: Unnamed[], event: ReadEvent): boolean {
  const side = event.kind === 'message' ? 'inbound' : 'outbound';
  const at = unnamed.findIndex(
    ({ direction, text, occurred_at }) =>
      direction === side &&
      text === event.text &&
      Math.abs(occurred_at - event.occurredAt) <= SAME_MOMENT_MS,
  );
  if (at === -1) return false;
  unnamed.splice(at, 1);
  return true;
}
