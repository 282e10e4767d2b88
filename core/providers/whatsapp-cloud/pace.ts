import type { Pace } from '../../limits';
import type { Account } from '../../model';

/** Messages a second of a number by its throughput, which Meta raises by itself. Source: Meta's page on throughput. */
const PER_SECOND: Readonly<Record<string, number>> = { STANDARD: 80, HIGH: 1_000 };

/**
 * About one message every six seconds to one person, with a burst of 45 that is borrowed from later; the rest of the
 * burst is left to whoever writes from the same number by other means.
 */
const RECIPIENT = { everyMs: 6_000, burst: 40 };

/** A number whose throughput nobody has told yet is taken for an ordinary one; a faster one would only be slowed. */
export function whatsAppPace({ health }: Pick<Account, 'health'>): Pace {
  const level = health?.throughput?.toUpperCase() ?? '';
  return { perSecond: PER_SECOND[level] ?? 80, recipient: RECIPIENT };
}
