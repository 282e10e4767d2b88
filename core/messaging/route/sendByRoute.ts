import { type Channel, type RouteRefusal, type SendReason, type SendResult } from '../../model';
import type { MessagingContext } from '../context';
import { sendMessage, type SendMessageInput } from '../outbound';
import { isKeyUsed } from '../reserve.unit';
import type { TargetQuery } from '../target.unit';
import { adopt, noWay, orderRoutes, waysTo, type Way } from './ways';

/** A message to a person, by whichever of their channels lets it through. */
export interface RoutedMessage
  extends Omit<SendMessageInput, keyof TargetQuery>,
    Pick<TargetQuery, 'conversationId' | 'contactId'> {
  /** Whoever has this number, as people write it. */
  phone?: string | undefined;
  /** Only by these. Absent: by every one. */
  channels?: readonly Channel[] | undefined;
  /** These first, where they let it through. */
  prefer?: readonly Channel[] | undefined;
}

/** What one channel refuses and another may let through. */
const TRY_NEXT: readonly SendReason[] = [
  'window_closed',
  'no_opt_in',
  'safe_mode',
  'not_permitted_on_channel',
  'no_connection',
  'token_expired',
  'invalid_recipient',
  'invalid_content',
  'template_unavailable',
];

/**
 * Sends a message by the first channel that lets it through: the one last used if its window is open, another one with an
 * open window, an approved template where the person agreed to it. Where none does, it is skipped, and the result lists for
 * each why not (`notBy`). What holds for the person wherever they are (opt-out, quiet hours, caps, a person who took over)
 * ends it at once: a refusal is no reason to try another way.
 * @throws like sendMessage
 */
export async function sendByRoute(
  ctx: MessagingContext,
  { conversationId, contactId, phone, channels, prefer, ...message }: RoutedMessage,
): Promise<SendResult> {
  const { tenantId, idempotencyKey: key, whenWindowClosed } = message;
  const query = { tenantId, conversationId, contactId, phone, channels };
  const { ways, name } = await waysTo(ctx, query);
  const ordered = orderRoutes(ctx, ways, whenWindowClosed?.type, prefer);
  const [first] = ordered;
  if (!first) throw noWay(name, channels);
  if (await ctx.store.forTenant(tenantId).run(isKeyUsed, { key })) {
    // By whichever way it went then: the key knows.
    return sendMessage(ctx, { ...message, ...targetOf(first) });
  }
  const notBy: RouteRefusal[] = [];
  let last: SendResult | undefined;
  for (const way of ordered) {
    way.refusal ??= (await adopt(ctx, way)) ? undefined : TAKEN;
    const result = way.refusal
      ? undefined
      : await sendMessage(ctx, { ...message, ...targetOf(way) });
    if (result && !isForNext(result)) return { ...result, ...(notBy.length > 0 && { notBy }) };
    last ??= result;
    notBy.push(refusalOf(way, result));
  }
  return nowhere(first, notBy, last);
}

const TAKEN = {
  reason: 'invalid_recipient',
  detail: 'This account knows somebody else by the number of this person.',
} as const;

export function targetOf({ account, externalId }: Way): TargetQuery {
  return { accountId: account.id, recipientExternalId: externalId };
}

function isForNext({ status, reason, parts = [] }: SendResult): boolean {
  const isOut = parts.some((part) => part.status === 'sent');
  const isRefused = status === 'skipped' || status === 'failed';
  return isRefused && !isOut && reason !== undefined && TRY_NEXT.includes(reason);
}

function refusalOf({ account, refusal }: Way, result: SendResult | undefined): RouteRefusal {
  return {
    channel: account.channel as Channel,
    connectionId: account.id,
    connectionName: account.name,
    reason: refusal?.reason ?? result?.reason ?? 'no_connection',
    detail: refusal?.detail ?? result?.detail ?? 'Nothing is known of it.',
  };
}

function nowhere(
  first: Way,
  notBy: readonly RouteRefusal[],
  last: SendResult | undefined,
): SendResult {
  const reasons = notBy.map(
    ({ channel, connectionName, detail }) => `${channel} ("${connectionName}"): ${detail}`,
  );
  return {
    ...(last ?? {
      messageId: null,
      providerMessageId: null,
      channel: first.account.channel as Channel,
      provider: first.account.provider as SendResult['provider'],
      connectionId: first.account.id,
      contactId: first.contactId,
      conversationId: null,
    }),
    status: 'skipped',
    reason: notBy[0]?.reason ?? 'no_connection',
    detail: `No channel of this person lets the message through. ${reasons.join(' ')}`,
    messageId: null,
    notBy: [...notBy],
  };
}
