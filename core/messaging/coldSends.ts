import type { ChannelAbilities } from '../model';
import { checkLimit, refundTokens, setLimits, takeTokens } from '../limits';
import { settingsOf } from '../tenants';
import type { MessagingContext } from './context';
import type { SendInQuestion } from './permission';
import type { Refusal } from './policy';
import { isCold } from './policyRules';

/** A message to somebody who has never written, on a channel that blocks numbers for too many of them. */
export interface ColdSend {
  refusal: Refusal | null;
  /** Surely nothing was sent: it does not count. */
  giveBack(): Promise<void>;
}

const NOT_COLD: ColdSend = { refusal: null, giveBack: async () => undefined };

/**
 * Counts a cold message against what the tenant allows an account in a day (of UTC, as all limits), exactly over all
 * processes: a counter beside that of the account's own limits.
 * @throws StoreError
 */
export async function takeColdSend(
  ctx: MessagingContext,
  { tenantId, account, person }: SendInQuestion,
  abilities: ChannelAbilities,
): Promise<ColdSend> {
  const { last_inbound_at: lastInboundAt } = person.conversation;
  if (!isCold({ abilities, lastInboundAt })) return NOT_COLD;
  const { perDay } = (await settingsOf(ctx, tenantId)).caps.coldSends;
  const accountId = `${account.id}/cold`;
  const request = { tenantId, accountId, windows: ['day'] as const };
  const { windows } = await checkLimit(ctx, request);
  if (windows.perDay.limit !== perDay) await setLimits(ctx, tenantId, accountId, { perDay });
  const taken = await takeTokens(ctx, request);
  if (taken.allowed) {
    return {
      refusal: null,
      giveBack: async () => {
        await refundTokens(ctx, request, taken);
      },
    };
  }
  const people = perDay === 1 ? 'one person' : `${perDay} people`;
  const detail = `"${account.name}" has written to ${people} today who had never written to it, as many as this tenant's settings allow, because numbers that do so more often are blocked. Nothing was sent. Try again from ${taken.windows.perDay.resetsAt} on, or wait until they write.`;
  const { retryAfterMs, windows: after } = taken;
  const refusal: Refusal = {
    reason: 'frequency_cap',
    detail,
    retryAfterMs,
    retryAt: after.perDay.resetsAt,
  };
  return { refusal, giveBack: async () => undefined };
}
