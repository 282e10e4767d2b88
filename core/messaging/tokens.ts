import {
  describeError,
  RateLimitedError,
  StoreError,
  type LimitState,
  type RateLimitWindows,
} from '../model';
import {
  noteUncountedSend,
  rateLimitedError,
  refundTokens,
  takeTokens,
  type LimitRequest,
  type LimitsContext,
  type PaceRequest,
} from '../limits';
import type { AccountRow } from '../store/statements/accounts';

/** When a send may be tried again that was refused because nothing could be counted. */
const UNREADABLE_RETRY_MS = 30_000;

/** The token of one send. */
export interface SendToken {
  /** Why the account may not send now; nothing was charged then. Null = the token is taken. */
  refusal: RateLimitedError | null;
  /** Undefined where the limits could not be read. */
  rateLimit: RateLimitWindows | undefined;
  /** It may be used after so many milliseconds, and not before. */
  startInMs: number;
  /** Gives it back, because surely nothing was sent. @returns how it stands then */
  giveBack(): Promise<RateLimitWindows | undefined>;
}

/**
 * Takes the token of one send, with its place in the line of the provider's own pace.
 *
 * Where the store cannot count at this moment the send goes all the same, uncounted, unless the admin wants it refused: a
 * reminder that a patient waits for is worth more than the exact count of one minute, and the provider's own limits stand
 * behind ours. The number of such sends shows in the Rate Limiter's answers.
 */
export async function takeSendToken(
  ctx: LimitsContext,
  account: AccountRow,
  pace?: PaceRequest,
): Promise<SendToken> {
  const request: LimitRequest = { tenantId: account.tenant_id, accountId: account.id, pace };
  const taken = await takeTokens(ctx, request).catch((error: unknown) => {
    if (!(error instanceof StoreError)) throw error;
    return error;
  });
  if (taken instanceof StoreError) return withoutLimits(ctx, account, taken);
  return tokenOf(ctx, account, taken);
}

/** The token of a send whose limits were asked. */
export function tokenOf(ctx: LimitsContext, account: AccountRow, taken: LimitState): SendToken {
  const place = { tenantId: account.tenant_id, accountId: account.id };
  return {
    refusal: taken.allowed ? null : rateLimitedError(taken, account.name),
    rateLimit: taken.windows,
    startInMs: taken.startInMs ?? 0,
    giveBack: async () => {
      try {
        return (await refundTokens(ctx, place, taken)).windows;
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

/** Nothing is known, so nothing can be given back. */
function withoutLimits(ctx: LimitsContext, account: AccountRow, error: StoreError): SendToken {
  const place = { tenantId: account.tenant_id, accountId: account.id };
  const isRefused = ctx.uncountedSends === 'refused';
  if (isRefused) {
    ctx.logger.warn('A send is refused, because the limits could not be read', {
      ...place,
      error: describeError(error),
    });
  } else {
    ctx.logger.warn('A send goes uncounted, because the limits could not be read', {
      ...place,
      uncounted: noteUncountedSend(ctx, place),
      error: describeError(error),
    });
  }
  return {
    refusal: isRefused ? unreadableError(account.name, error) : null,
    rateLimit: undefined,
    startInMs: 0,
    giveBack: async () => undefined,
  };
}

function unreadableError(accountName: string, cause: StoreError): RateLimitedError {
  return new RateLimitedError(
    `The limits of "${accountName}" cannot be read at this moment, and this n8n sends nothing uncounted. Nothing was sent.`,
    UNREADABLE_RETRY_MS,
    0,
    {
      cause,
      hint: 'Send again in a moment. With OMNICHANNEL_SEND_WITHOUT_LIMITS=true messages go uncounted meanwhile.',
    },
  );
}
