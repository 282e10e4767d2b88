import { ControlError } from '../http.ts';
import { newMessageId } from '../ids.ts';
import * as read from '../control/read.ts';
import { addMessage, noteUserAction, openConversation } from '../world/threads.ts';
import { incoming } from './payloads.ts';
import type { Injected } from '../control/injectMessage.ts';
import type { Context } from '../context.ts';
import type { Message, Persona } from '../model.ts';
import type { Enqueued } from '../webhooks/queue.ts';
import type { WhatsAppNumber } from './model.ts';

/** What an injected kind gives back: an event to be queued, or one that was queued already. */
export type WhatsAppInjected = Injected | { mid: string; queued: Enqueued };

export type WhatsAppInjector = (scope: InjectScope) => WhatsAppInjected;

/** Who does something, to which number, with what the control call said. */
export interface InjectScope {
  context: Context;
  number: WhatsAppNumber;
  persona: Persona;
  body: Record<string, unknown>;
}

/** Keeps a message of the person, opens the window and gives the maker of its webhook. */
export function addIncoming(
  { context, number, persona, body }: InjectScope,
  stored: Partial<Message>,
): (content: Record<string, unknown>) => Injected {
  const { store, phones } = context;
  const now = store.now();
  if (read.deliveryOptions(body).badSignature === true) {
    const mid = newMessageId('whatsapp');
    return (content) => ({ mid, event: incoming(number, persona, { mid, at: now, content }) });
  }
  const conversation = openConversation(store.state, persona, now);
  const message = addMessage(store.state, conversation, now, { ...stored, direction: 'in' });
  noteUserAction(conversation, persona, message.createdAt);
  store.changed();
  phones.messageChanged(message);
  const { mid, createdAt: at } = message;
  return (content) => ({ mid, event: incoming(number, persona, { mid, at, content }) });
}

/** The message a control call names: one of the person's conversation. */
export function messageOf({ context, persona, body }: InjectScope): Message {
  const mid = read.text(body, 'mid');
  const message = context.store.state.messages[mid];
  if (message?.personaId !== persona.id) {
    throw new ControlError(`There is no message ${mid} in the conversation.`, 404);
  }
  return message;
}
