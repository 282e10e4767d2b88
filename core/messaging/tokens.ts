import { describeError, StoreError, type RateLimitedError, type RateLimitWindows } from '../model';
import {
  rateLimitedError,
  refundTokens,
  takeTokens,
  type LimitRequest,
  type LimitsContext,
} from '../limits';
import type { AccountRow } from '../store/statements/accounts';

/** The token of one send. */
export interface SendToken {
  /** Why the account may not send now; nothing was charged then. Null = the token is taken. */
  refusal: RateLimitedError | null;
  /** Undefined where the limits could not be read. */
  rateLimit: RateLimitWindows | undefined;
  /** Gives it back, because surely nothing was sent. @returns how it stands then */
  giveBack(): Promise<RateLimitWindows | undefined>;
}

/**
 * Takes the token of one send.
 *
 * Where the store cannot count at this moment the send goes all the same, uncounted: a reminder that a patient waits for
 * is worth more than the exact count of one minute, and the provider's own limits stand behind ours.
 */
export async function takeSendToken(ctx: LimitsContext, account: AccountRow): Promise<SendToken> {
  const request: LimitRequest = { tenantId: account.tenant_id, accountId: account.id };
  const place = { tenantId: account.tenant_id, accountId: account.id };
  const taken = await takeTokens(ctx, request).catch((error: unknown) => {
    if (!(error instanceof StoreError)) throw error;
    ctx.logger.warn('A send goes uncounted, because the limits could not be read', {
      ...place,
      error: describeError(error),
    });
    return null;
  });
  if (!taken) return { refusal: null, rateLimit: undefined, giveBack: async () => undefined };
  return {
    refusal: taken.allowed ? null : rateLimitedError(taken, account.name),
    rateLimit: taken.windows,
    giveBack: async () => {
      try {
        return (await refundTokens(ctx, request, taken)).windows;
      } catch (error) {
        ctx.logger.warn('A token of a send that did not go out stays counted', {
          ...place,
          error: describeError(error),
        });
        return taken.windows;
      }
    },
  };
}
