import { asObject, oneOf, onlyKeys } from '../graph/validation.ts';
import { requireProduct, requireScope } from './access.ts';
import { needText } from './content.ts';
import { refused } from './errors.ts';
import type { GraphCall } from '../graph/call.ts';
import type { WhatsAppNumber } from './model.ts';

const TYPING_MS = 25_000;

/** True for the body that marks a message as read instead of sending one. */
export function isReadMark({ params }: Pick<GraphCall, 'params'>): boolean {
  return params.status !== undefined;
}

/** `{"status":"read"}`: blue ticks up to the message, with "typing…" on request. Source: section D.1. */
export function markAsRead(call: GraphCall, number: WhatsAppNumber): Record<string, unknown> {
  requireScope(call, 'whatsapp_business_messaging');
  onlyKeys(call.params, ['messaging_product', 'status', 'message_id', 'typing_indicator'], '');
  requireProduct(call.params);
  oneOf(call.params.status, ['read'], 'status');
  const { store, phones, agenda } = call.context;
  const message = store.state.messages[needText(call.params, 'message_id', 'body')];
  const conversation = store.state.conversations[message?.conversationId ?? ''];
  const isIncoming = message?.direction === 'in' && message.accountId === number.id;
  if (!isIncoming || conversation === undefined) {
    throw refused(100, 'message_id is not a message that this number has received.');
  }
  conversation.businessReadAt = Math.max(conversation.businessReadAt ?? 0, message.createdAt);
  if (call.params.typing_indicator !== undefined) {
    const indicator = asObject(call.params.typing_indicator, 'typing_indicator');
    onlyKeys(indicator, ['type'], 'typing_indicator');
    oneOf(indicator.type, ['text'], 'typing_indicator.type');
    conversation.typing = true;
    const at = store.now() + TYPING_MS;
    agenda.add({ kind: 'typingEnd', at, conversationId: conversation.id });
  }
  store.changed();
  phones.conversationChanged(conversation);
  return { success: true };
}
