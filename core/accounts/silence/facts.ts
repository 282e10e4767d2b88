import type { Account } from '../../model';
import { expectedBetween, HOUR_MS, type Rhythm } from './rhythm';

/** What `connection.silent` says of a silence: the `data` of the event. */
export interface SilenceFacts {
  /** ISO 8601; the last call of the provider that was accepted. */
  lastReceivedAt: string | null;
  /** ISO 8601; later than that where nobody was listening in between. */
  silentSince: string;
  silentForHours: number;
  usual: {
    /** Messages a day, on average. */
    perDay: number;
    /** How many usually come in the time that was silent. */
    expectedMeanwhile: number;
    longestSilenceHours: number;
  };
  /** Calls refused for a wrong signature. */
  refusedCalls: number;
  /** Addresses at which published workflows receive for this provider. */
  doors: string[];
  /** What to look at, one sentence each, the most likely first. */
  checks: string[];
}

export function factsOf(
  account: Account,
  silence: { since: number; now: number; rhythm: Rhythm },
  doors: string[],
  checksOfProvider: readonly string[],
): SilenceFacts {
  const { since, now, rhythm } = silence;
  return {
    lastReceivedAt:
      account.lastReceivedAt === null ? null : new Date(account.lastReceivedAt).toISOString(),
    silentSince: new Date(since).toISOString(),
    silentForHours: tenth((now - since) / HOUR_MS),
    usual: {
      perDay: tenth(rhythm.perDay),
      expectedMeanwhile: tenth(expectedBetween(rhythm, since, now)),
      longestSilenceHours: rhythm.longestSilenceHours,
    },
    refusedCalls: account.refusedCalls,
    doors,
    checks: [...checksOf(account, doors), ...checksOfProvider],
  };
}

/** The sentence that stands on the account until something arrives. */
export function warningOf({ silentForHours, usual }: SilenceFacts): string {
  const hours = Math.round(silentForHours);
  return `Nothing has arrived for ${hours} hours, in which about ${Math.round(usual.expectedMeanwhile)} messages usually come. Write to the account from a phone: if that does not arrive, its webhooks do not reach this n8n.`;
}

function checksOf(account: Account, doors: string[]): string[] {
  const refused = account.refusedCalls;
  return [
    ...(doors.length === 0
      ? ['No published workflow receives for this account: publish the one with its trigger.']
      : []),
    ...(refused > 0
      ? [`${refused} calls were refused for a wrong signature: is the app secret right?`]
      : []),
    'Write to the account from a phone. If that arrives, the quiet was real.',
    'Does the token still work? The node Omnichannel, "Account: Check", tells.',
  ];
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
