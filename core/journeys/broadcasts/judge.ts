import type { AccountHealth, SendReason, SendResult } from '../../model';
import type { AccountRow } from '../../store/statements/accounts';
import type { BroadcastSettings } from './broadcast';

/** An outcome as it stands now: what was accepted may have been refused since. */
export interface RecentOutcome {
  state: string;
  reason: string | null;
  messageStatus: string | null;
}

/** So many of the last outcomes are looked at, and there must be so many before they mean anything. */
export const LOOKED_AT = 50;
const ENOUGH = 10;

/** Causes that everybody else in the broadcast would meet as well. */
const OF_ALL: Partial<Record<SendReason, string>> = {
  token_expired: 'The account has to be connected again.',
  no_connection: 'The account is not connected.',
  template_unavailable: 'The template cannot be sent.',
};

/** Whether nobody else would be reached either, and in which words; null: it is about one person. */
export function concernsAll(
  reason: SendReason | undefined,
  detail: string | undefined,
): string | null {
  const words = reason && OF_ALL[reason];
  return words === undefined ? null : `${words} ${detail ?? ''}`.trim();
}

/** A cap that lets the next one through so soon is worth waiting for. */
const SHORT_WAIT_MS = 3_600_000;

/**
 * How long a person's message waits where it was only too early, in milliseconds; null: it does not. The end of quiet time
 * is waited for, and of a cap what is left within the hour: a weekly broadcast does not reach everybody at the same second
 * each week.
 */
export function waitsFor({
  status,
  reason,
  retryAfterMs,
}: Pick<Partial<SendResult>, 'status' | 'reason' | 'retryAfterMs'>): number | null {
  if (status !== 'skipped' || retryAfterMs === undefined) return null;
  const isShort = reason === 'frequency_cap' && retryAfterMs <= SHORT_WAIT_MS;
  return reason === 'quiet_hours' || isShort ? retryAfterMs : null;
}

/** Why a broadcast must not go on by itself; null: it may. */
export function reasonToStop(
  account: AccountRow,
  recent: readonly RecentOutcome[],
  { stopAtFailed }: BroadcastSettings,
): string | null {
  if (['disconnected', 'expired', 'error'].includes(account.status)) {
    return `The account "${account.name}" cannot send: ${account.status_reason ?? account.status}`;
  }
  const health = account.health === null ? null : (JSON.parse(account.health) as AccountHealth);
  if (health?.qualityRating === 'RED') {
    return `The quality of "${account.name}" has fallen to low (RED). More bulk now could block the number. Wait until it has recovered.`;
  }
  if (stopAtFailed === 0) return null;
  const attempts = recent.filter(({ state }) => state === 'sent' || state === 'failed');
  const failed = attempts.filter((one) => one.state === 'failed' || one.messageStatus === 'failed');
  if (attempts.length < ENOUGH || failed.length * 100 < attempts.length * stopAtFailed) return null;
  return `${failed.length} of the last ${attempts.length} messages failed${mostOf(failed)}. Look at the list and the template before you go on.`;
}

function mostOf(failed: readonly RecentOutcome[]): string {
  const counts = new Map<string, number>();
  for (const { reason } of failed) {
    if (reason !== null) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most ? `, most of them for "${most[0]}"` : '';
}
