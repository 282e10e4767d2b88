import { type OutboundContent, type SendReason } from '../../model';
import { wordsOf } from '../../messaging/content';
import type { MessagingContext } from '../../messaging/context';
import { wouldSend } from '../../messaging/wouldSend';
import type { BroadcastRecipientRow } from '../../store/statements/broadcastRecipients';
import type { BroadcastRow } from '../../store/statements/broadcasts';
import { settingsOf, type BroadcastCategory } from './broadcast';
import type { BroadcastName } from './control';
import { readRecipients } from './drafts.unit';
import { reasonToStop } from './judge';
import { openMessage } from './run';

/** What one person would get if it went now. */
export interface PreviewedMessage {
  position: number;
  recipient: string;
  contactId: string | null;
  state: string;
  /** `send`, `template` in its place, `wait` for the hours of its category, or `skip`. */
  would: 'send' | 'template' | 'wait' | 'skip';
  reason: SendReason | null;
  detail: string | null;
  content: OutboundContent;
  /** What the person would read, where it is text. */
  text: string | null;
}

export interface Preview {
  broadcastId: string;
  name: string;
  total: number;
  /** Why nothing would go at all: what the account has; null: it can send. */
  stoppedBy: string | null;
  /** How many people were looked at; the counts are of these. */
  looked: number;
  wouldSend: number;
  wouldSendTemplate: number;
  /** In quiet hours: they go when these end. */
  wouldWait: number;
  wouldSkip: Partial<Record<SendReason, number>>;
  messages: PreviewedMessage[];
}

const AT_ONCE = 100;

/**
 * What would happen now: the first messages with their real variables, and for up to `look` people whether theirs would
 * go, by the rules of this moment. Sends nothing, changes nothing.
 * @throws NotFoundError; StoreError
 */
export async function previewBroadcast(
  ctx: MessagingContext,
  { tenantId, broadcastId, show, look }: BroadcastName & { show: number; look: number },
): Promise<Preview> {
  const seen: PreviewedMessage[] = [];
  const most = Math.max(look, show);
  let page = await readPage(ctx, { tenantId, broadcastId }, null);
  const { broadcast, account } = page;
  while (page.recipients.length > 0) {
    const start = seen.length;
    const next = page.recipients.slice(0, most - start);
    const previews = next.map((one, index) => previewed(ctx, broadcast, one, start + index));
    seen.push(...(await Promise.all(previews)));
    if (seen.length >= most) break;
    page = await readPage(ctx, { tenantId, broadcastId }, page.recipients.at(-1)?.id ?? null);
  }
  const counted = seen.slice(0, look);
  const wouldSkip: Preview['wouldSkip'] = {};
  for (const { would, reason } of counted) {
    if (would === 'skip' && reason) wouldSkip[reason] = (wouldSkip[reason] ?? 0) + 1;
  }
  return {
    broadcastId,
    name: broadcast.name,
    total: broadcast.total,
    stoppedBy: account ? reasonToStop(account, [], settingsOf(broadcast)) : null,
    looked: counted.length,
    wouldSend: counted.filter(({ would }) => would === 'send').length,
    wouldSendTemplate: counted.filter(({ would }) => would === 'template').length,
    wouldWait: counted.filter(({ would }) => would === 'wait').length,
    wouldSkip,
    messages: seen.slice(0, show),
  };
}

async function readPage(
  ctx: MessagingContext,
  { tenantId, broadcastId }: BroadcastName,
  after: string | null,
) {
  const args = { broadcastId, after, limit: AT_ONCE };
  return await ctx.store.forTenant(tenantId).run(readRecipients, args);
}

async function previewed(
  ctx: MessagingContext,
  broadcast: BroadcastRow,
  recipient: BroadcastRecipientRow,
  index: number,
): Promise<PreviewedMessage> {
  const { contact_id: contactId, recipient: recipientExternalId } = recipient;
  const message = openMessage(ctx, recipient);
  const { content, refusal, fallback } = await wouldSend(ctx, {
    tenantId: broadcast.tenant_id,
    accountId: broadcast.account_id,
    ...(contactId === null ? { recipientExternalId } : { contactId }),
    ...message,
    category: broadcast.category as BroadcastCategory,
  });
  return {
    position: index + 1,
    recipient: recipientExternalId,
    contactId,
    state: recipient.state,
    would: wouldOf(refusal?.reason, fallback !== undefined),
    reason: refusal?.reason ?? null,
    detail: refusal?.detail ?? null,
    content,
    text: wordsOf({ content, settings: message.settings, fallback }).text,
  };
}

function wouldOf(reason: SendReason | undefined, isInstead: boolean): PreviewedMessage['would'] {
  if (reason === 'quiet_hours') return 'wait';
  if (reason !== undefined) return 'skip';
  return isInstead ? 'template' : 'send';
}
