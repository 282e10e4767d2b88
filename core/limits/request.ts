import { InvalidInputError, LIMIT_WINDOWS, type LimitState, type LimitWindow } from '../model';
import type { PaceRequest } from './pace';
import { stateOf, type Decision, type Take } from './windows';

export interface LimitRequest {
  tenantId: string;
  accountId: string;
  /** How many messages; default 1. */
  count?: number;
  /** In which windows; default all three. */
  windows?: readonly LimitWindow[];
  /** How fast the provider lets it go, where it says so. */
  pace?: PaceRequest | undefined;
}

/** @throws InvalidInputError for a count that is no whole number from 1 on */
export function readTake({ count = 1, windows = LIMIT_WINDOWS, pace }: LimitRequest): Take {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new InvalidInputError('count', `A count of ${count} is not possible.`, {
      hint: 'Give a whole number, 1 or more.',
    });
  }
  const wanted = LIMIT_WINDOWS.filter((window) => windows.includes(window));
  return { count, windows: wanted.length === 0 ? LIMIT_WINDOWS : wanted, ...(pace && { pace }) };
}

/** @throws InvalidInputError for a count that no window can ever hold: waiting would not help */
export function readDecision(
  { accountId }: LimitRequest,
  { count }: Take,
  decision: Decision,
): LimitState {
  switch (decision.kind) {
    case 'allowed':
      return stateOf(accountId, decision.windows, {
        allowed: true,
        consumed: count,
        retryAfterMs: 0,
        ...(decision.startInMs ? { startInMs: decision.startInMs } : {}),
      });
    case 'refused':
      return stateOf(accountId, decision.windows, {
        allowed: false,
        consumed: 0,
        retryAfterMs: decision.retryAfterMs,
        ...(decision.slowedBy && { slowedBy: decision.slowedBy }),
      });
    case 'tooMany':
      throw new InvalidInputError(
        'count',
        `${count} at once can never be allowed: this account's limit for one ${decision.window} is ${decision.limit}.`,
        {
          hint: `Take at most ${decision.limit} at once, or raise the account's limit.`,
          details: { limit: decision.limit, window: decision.window },
        },
      );
  }
}
