import { couldBe, type Shown } from '../providers/fingerprints';
import { ABSENCE_SKEW_MS, FOUND_SKEW_MS } from './timing';

/** A message that the provider shows in the conversation. */
export interface SeenMessage extends Shown {
  providerId: string;
  direction: 'inbound' | 'outbound';
  /** Epoch ms, by the provider, perhaps cut to the second. */
  createdAt: number;
}

/** What the store knows of a message that the provider shows. */
export interface KnownMessage {
  providerId: string;
  sentBy: string;
  /** Epoch ms when its row was made. */
  storedAt: number;
}

export interface Evidence {
  fingerprint: string;
  /** Epoch ms when the send was reserved: nothing of it exists before. */
  reservedAt: number;
  /** From a successful read that began at least 30 s after the cut. */
  seen: SeenMessage[];
  /** The read shows the whole conversation. */
  reachesBeginning: boolean;
  known: KnownMessage[];
  /** Sends of this content in this conversation without a result, this one included. */
  openEqualSends: number;
  /** Other sends of this content in this conversation that got a result since `reservedAt`. */
  completedEqualSends: number;
}

export type Finding =
  | { kind: 'found'; message: SeenMessage }
  | { kind: 'absent' }
  | { kind: 'undecided'; why: 'twins' | 'hidden' | 'notFarEnough' };

/**
 * What a read of the conversation's newest messages proves about one send.
 *
 * Found: outgoing messages of equal content since the reservation that belong to nobody else, exactly as many as
 * there are equal sends without a result. Absent: none, nothing that could be it in disguise, no equal twin, and the
 * read reaches back before the reservation. Everything else proves nothing.
 */
export function weigh(evidence: Evidence): Finding {
  const { reservedAt, fingerprint } = evidence;
  const known = new Map(evidence.known.map((message) => [message.providerId, message]));
  const outgoing = evidence.seen.filter(
    ({ direction, createdAt }) =>
      direction === 'outbound' && createdAt >= reservedAt - ABSENCE_SKEW_MS,
  );
  const strangers = outgoing.filter(({ providerId }) => !known.has(providerId));

  const candidates = strangers
    .filter((seen) => seen.fingerprint === fingerprint)
    .filter(({ createdAt }) => createdAt >= reservedAt - FOUND_SKEW_MS)
    .sort((a, b) => a.createdAt - b.createdAt);
  const [first] = candidates;
  if (first && candidates.length === evidence.openEqualSends) {
    return { kind: 'found', message: first };
  }

  const couldBeIt = (seen: SeenMessage) => couldBe(seen, fingerprint);
  const isTwin = (seen: SeenMessage) => {
    const row = known.get(seen.providerId);
    // Our own rows came from the provider's answer; a "person's" may be an echo that nobody could place.
    return row?.sentBy === 'person' && row.storedAt >= reservedAt - FOUND_SKEW_MS;
  };
  if (
    candidates.length > 0 ||
    evidence.openEqualSends > 1 ||
    evidence.completedEqualSends > 0 ||
    outgoing.some((seen) => couldBeIt(seen) && isTwin(seen))
  ) {
    return { kind: 'undecided', why: 'twins' };
  }
  if (strangers.some(couldBeIt)) return { kind: 'undecided', why: 'hidden' };
  if (!reachesBack(evidence)) return { kind: 'undecided', why: 'notFarEnough' };
  return { kind: 'absent' };
}

function reachesBack({ seen, reachesBeginning, reservedAt }: Evidence): boolean {
  return reachesBeginning || seen.some(({ createdAt }) => createdAt < reservedAt - ABSENCE_SKEW_MS);
}
