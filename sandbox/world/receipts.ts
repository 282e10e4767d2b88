import { delivered, partiesWith, read } from '../webhooks/payloads.ts';
import { findConversation } from './threads.ts';
import { deliverWaiting, readChat } from '../whatsapp/statuses.ts';
import type { Context } from '../context.ts';
import type { Message, Persona } from '../model.ts';
import type { Enqueued } from '../webhooks/queue.ts';

/** The person's phone has received what the account sent; Messenger says so, Instagram does not. */
export function markDelivered(context: Context, persona: Persona): Enqueued[] {
  if (persona.channel === 'whatsapp') return deliverWaiting(context, persona);
  const { store, phones, webhooks } = context;
  const now = store.now();
  const fresh = outgoing(context, persona).filter((message) => message.deliveredAt === undefined);
  const last = fresh.at(-1);
  if (last === undefined) return [];
  for (const message of fresh) {
    message.deliveredAt = now;
    phones.messageChanged(message);
  }
  store.changed();
  if (persona.channel !== 'messenger') return [];
  const mids = fresh.map((message) => message.mid);
  return [webhooks.enqueue(delivered(partiesWith(persona, now), mids, last.createdAt))];
}

/** The person has looked at the conversation: delivery where due, then one read receipt. */
export function markRead(context: Context, persona: Persona): Enqueued[] {
  if (persona.channel === 'whatsapp') return readChat(context, persona);
  const { store, phones, webhooks } = context;
  const events = markDelivered(context, persona);
  const now = store.now();
  const fresh = outgoing(context, persona).filter((message) => message.readAt === undefined);
  const last = fresh.at(-1);
  if (last === undefined) return events;
  for (const message of fresh) {
    message.readAt = now;
    phones.messageChanged(message);
  }
  store.changed();
  const receipt = read(partiesWith(persona, now), { mid: last.mid, watermark: last.createdAt });
  return [...events, webhooks.enqueue(receipt)];
}

function outgoing(context: Context, persona: Persona): Message[] {
  const { state } = context.store;
  const mids = findConversation(state, persona.id)?.mids ?? [];
  return mids
    .map((mid) => state.messages[mid])
    .filter((message) => message?.direction === 'out') as Message[];
}
