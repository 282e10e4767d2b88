import { findConversation } from '../world/threads.ts';
import { reviewTemplate } from './templates.ts';
import { statusOf } from './payloads.ts';
import type { Context } from '../context.ts';
import type { Message, Persona } from '../model.ts';
import type { Enqueued } from '../webhooks/queue.ts';
import type { DeliveryOptions } from '../webhooks/event.ts';
import type { DeliveryStatus, Due } from './model.ts';

const RANK: Record<DeliveryStatus, number> = {
  sent: 1,
  delivered: 2,
  read: 3,
  played: 4,
  failed: 9,
};

/** Does what the agenda holds. */
export function performDue(context: Context, due: Due): void {
  const { state } = context.store;
  switch (due.kind) {
    case 'status': {
      const message = state.messages[due.mid];
      if (message !== undefined) progress(context, message, due.status);
      return;
    }
    case 'refusal': {
      const number = state.whatsApp.numbers[due.numberId];
      if (number === undefined) return;
      context.webhooks.enqueue(
        statusOf(number, due.recipient, {
          mid: due.mid,
          status: 'failed',
          at: due.at,
          failure: { code: 131026, details: 'Message Undeliverable.' },
          ...(due.opaque === undefined ? {} : { opaque: due.opaque }),
        }),
      );
      return;
    }
    case 'typingEnd': {
      const conversation = state.conversations[due.conversationId];
      if (conversation?.typing !== true) return;
      conversation.typing = false;
      context.phones.conversationChanged(conversation);
      return;
    }
    case 'review':
      reviewTemplate(context, due.templateId);
  }
}

/** A message has come one step further, unless it is further already; a phone that is off takes nothing. */
function progress(context: Context, message: Message, status: DeliveryStatus): void {
  const { state } = context.store;
  const current = message.whatsApp?.status;
  if (current !== undefined && RANK[status] <= RANK[current]) return;
  const persona = state.personas[message.personaId];
  if (status === 'delivered' && persona?.whatsApp?.isOffline === true) return;
  announceStatus(context, message, status);
}

/** Sets the status of a message and tells it by webhook, in whatever order the caller wants. */
export function announceStatus(
  context: Context,
  message: Message,
  status: DeliveryStatus,
  options: DeliveryOptions = {},
): Enqueued {
  const { store, phones, webhooks } = context;
  const { state } = store;
  const number = state.whatsApp.numbers[message.accountId];
  const persona = state.personas[message.personaId];
  if (number === undefined || persona === undefined || message.whatsApp === undefined) {
    throw new Error(`Message ${message.mid} is not one of WhatsApp.`);
  }
  const now = store.now();
  const { opaque, pricing, failure } = message.whatsApp;
  message.whatsApp.status = status;
  if (RANK[status] >= RANK.delivered && status !== 'failed') message.deliveredAt ??= now;
  if (status === 'read' || status === 'played') message.readAt ??= now;
  store.changed();
  // Told before it is shown: an open phone answers what it is shown with the next status.
  const enqueued = webhooks.enqueue(
    statusOf(number, persona, {
      mid: message.mid,
      status,
      at: now,
      ...(opaque === undefined ? {} : { opaque }),
      // Reading costs nothing; the price comes with what went before.
      ...(pricing === undefined || status === 'failed' ? {} : { pricing }),
      ...(status === 'failed' && failure !== undefined ? { failure } : {}),
    }),
    options,
  );
  phones.messageChanged(message);
  return enqueued;
}

/** The phone is on again: what waited is delivered. */
export function deliverWaiting(context: Context, persona: Persona): Enqueued[] {
  return outgoing(context, persona)
    .filter((message) => message.whatsApp?.status === 'sent')
    .map((message) => announceStatus(context, message, 'delivered'));
}

/** The person looks at the chat: each message is delivered and read, and each says so. */
export function readChat(context: Context, persona: Persona): Enqueued[] {
  const isUnread = ({ whatsApp }: Message): boolean =>
    whatsApp?.status === undefined || whatsApp.status === 'sent' || whatsApp.status === 'delivered';
  return outgoing(context, persona)
    .filter(isUnread)
    .flatMap((message) => [
      ...(message.whatsApp?.status === 'delivered'
        ? []
        : [announceStatus(context, message, 'delivered')]),
      announceStatus(context, message, 'read'),
    ]);
}

function outgoing({ store }: Context, persona: Persona): Message[] {
  const { state } = store;
  return (findConversation(state, persona.id)?.mids ?? []).flatMap((mid) => {
    const message = state.messages[mid];
    const isShown = message?.direction === 'out' && message.whatsApp?.type !== 'reaction';
    return isShown && message.appId !== undefined ? [message] : [];
  });
}
