import type { Channel, ProviderId, SendResult } from '../model';
import { settingsOf, type TenantSettings } from '../tenants';
import type { MessagingContext } from './context';
import { permissionOf, type SendInQuestion } from './permission';
import type { Refusal } from './policy';
import { categoryToAsk, templateCategoryOf } from './policyRules';
import { resultBase } from './sent';

/** At most so many messages to one person within so many days. */
export type Cap = TenantSettings['caps']['marketing'];

/** What the reservation found: the person has had as many as they may. */
export interface CapReached {
  cap: Cap;
  /** Epoch ms when the next one may go; null = none ever may. */
  freeAt: number | null;
}

/**
 * The cap that a message has to keep: marketing of the business's own accord. It is counted where the message is reserved,
 * so that two processes cannot both be the last one.
 * @throws StoreError
 */
export async function capOf(
  ctx: MessagingContext,
  { tenantId, category, content }: Pick<SendInQuestion, 'tenantId' | 'category' | 'content'>,
): Promise<Cap | null> {
  const templateCategory = templateCategoryOf(content);
  if (categoryToAsk({ category, templateCategory }) !== 'marketing') return null;
  return (await settingsOf(ctx, tenantId)).caps.marketing;
}

/** Nothing is reserved. What else stands in the way is said before the cap: it would still be there after it. */
export async function heldByCap(
  ctx: MessagingContext,
  send: SendInQuestion,
  reached: CapReached,
): Promise<SendResult> {
  const provider = ctx.providers.get(send.account.provider as ProviderId);
  const abilities = provider?.abilities(send.account.channel as Channel);
  const other = provider && abilities && (await permissionOf(ctx, send, { provider, abilities }));
  const refusal = other?.refusal ?? refusalOf(reached, ctx.clock.now());
  return {
    status: 'skipped',
    ...refusal,
    ...resultBase({ ...send, messageId: '' }),
    messageId: null,
  };
}

function refusalOf({ cap: { count, days }, freeAt }: CapReached, now: number): Refusal {
  const messages = count === 1 ? 'one marketing message' : `${count} marketing messages`;
  const span = days === 1 ? 'a day' : `${days} days`;
  const rule =
    count === 0
      ? "This tenant's settings allow no marketing messages"
      : `This person has had as much marketing as this tenant's settings allow: ${messages} in ${span}, over all channels, journeys and broadcasts`;
  if (freeAt === null) {
    const next = 'Nothing was sent. Allow more in the settings, or leave it out.';
    return { reason: 'frequency_cap', detail: `${rule}. ${next}` };
  }
  const retryAt = new Date(freeAt).toISOString();
  const detail = `${rule}. Nothing was sent. The next one may go from ${retryAt} on; leave this one out, or schedule it for then.`;
  return { reason: 'frequency_cap', detail, retryAfterMs: Math.max(0, freeAt - now), retryAt };
}
