/*
 * How fast a provider lets an account send, as even steps instead of windows: each message has its place on a line of
 * equal gaps, and whoever comes early waits for it. Plain arithmetic; all instants are epoch milliseconds by the
 * database's clock.
 */

/** The pace that a provider allows. */
export interface Pace {
  /** Messages of the account to everybody. */
  perSecond: number;
  /** Messages to one person: so many at once, then one each `everyMs`. */
  recipient?: { everyMs: number; burst: number };
}

/** A place that is asked for. */
export interface PaceRequest extends Pace {
  contactId: string;
}

/** Where the lines have got to: a place before now is free at once. */
export interface PaceLedger {
  nextAt: number;
  /** By contact. */
  recipients: Map<string, number>;
}

export interface Slot {
  waitMs: number;
  /** Which of the two lines is the longer one. */
  by: 'account' | 'recipient';
}

/** A place further away is not waited for: whoever asked is told when to come again. */
export const LONGEST_PACE_WAIT_MS = 10_000;

/** Clocks and roads differ: at exactly the provider's own pace, some messages would arrive a moment too early. */
const MARGIN = 0.97;

/** The next free place. Changes nothing. */
export function findSlot(
  ledger: PaceLedger,
  { contactId, recipient }: PaceRequest,
  now: number,
): Slot {
  const account = Math.max(0, ledger.nextAt - now);
  const dueAt = ledger.recipients.get(contactId) ?? 0;
  const ahead = recipient ? (recipient.burst - 1) * recipient.everyMs : Infinity;
  const person = Math.max(0, dueAt - ahead - now);
  return person > account
    ? { waitMs: person, by: 'recipient' }
    : { waitMs: account, by: 'account' };
}

/**
 * Takes the next free place.
 * @param part how much of the pace is used at the moment, see `partFor`
 */
export function takeSlot(
  ledger: PaceLedger,
  { contactId, perSecond, recipient }: PaceRequest,
  { count, part, now }: { count: number; part: number; now: number },
): void {
  const gapMs = 1_000 / (perSecond * MARGIN * part);
  ledger.nextAt = Math.max(ledger.nextAt, now) + gapMs * count;
  if (!recipient) return;
  const dueAt = Math.max(ledger.recipients.get(contactId) ?? 0, now);
  ledger.recipients.set(contactId, dueAt + recipient.everyMs * count);
}

/** The line to a person as it is when the provider has just refused: the next place is one step away. */
export function exhausted({ everyMs, burst }: NonNullable<Pace['recipient']>, now: number): number {
  return now + everyMs * burst;
}
