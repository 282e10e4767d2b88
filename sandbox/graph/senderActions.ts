import { findConversation } from '../world/threads.ts';
import { badParameter } from './errors.ts';
import { asObject, oneOf, onlyKeys, requiredText } from './validation.ts';
import { unknownRecipient } from './window.ts';
import type { GraphCall } from './call.ts';
import type { Recipient } from './envelope.ts';
import type { Persona } from '../model.ts';

/** Typing, seen and reactions: nothing else may be in the request. Source: section B.3. */
export function performSenderAction(
  call: GraphCall,
  recipient: Recipient,
  persona: Persona,
): Record<string, unknown> {
  const kinds =
    persona.channel === 'instagram'
      ? (['typing_on', 'typing_off', 'mark_seen', 'react', 'unreact'] as const)
      : (['typing_on', 'typing_off', 'mark_seen'] as const);
  const action = oneOf(call.params.sender_action, kinds, 'sender_action');
  const reacts = action === 'react' || action === 'unreact';
  const allowed = ['recipient', 'sender_action', ...(reacts ? ['payload'] : [])];
  const extra = Object.keys(call.params).find((key) => !allowed.includes(key));
  if (extra !== undefined) {
    throw badParameter(`Param ${extra} is not allowed together with sender_action ${action}.`);
  }
  if (recipient.by !== 'id') throw badParameter('A sender_action needs recipient.id.');
  const { store, phones } = call.context;
  const conversation = findConversation(store.state, persona.id);
  if (conversation === undefined) throw unknownRecipient(persona.channel);
  if (reacts) react(call, conversation.mids, action);
  else if (action === 'mark_seen') conversation.businessReadAt = store.now();
  else conversation.typing = action === 'typing_on';
  store.changed();
  phones.conversationChanged(conversation);
  return { recipient_id: persona.id };
}

function react(call: GraphCall, mids: string[], action: 'react' | 'unreact'): void {
  const payload = asObject(call.params.payload, 'payload');
  onlyKeys(payload, action === 'react' ? ['message_id', 'reaction'] : ['message_id'], 'payload');
  const mid = requiredText(payload, 'message_id', 'payload');
  const message = mids.includes(mid) ? call.context.store.state.messages[mid] : undefined;
  if (message === undefined) {
    throw badParameter('Param payload.message_id is not a message of this conversation.');
  }
  // `love` is the only documented reaction.
  if (action === 'react') oneOf(payload.reaction, ['love'], 'payload.reaction');
  message.reactions = message.reactions.filter((item) => item.by !== 'business');
  if (action === 'react') message.reactions.push({ by: 'business', reaction: 'love', emoji: '❤️' });
  call.context.phones.messageChanged(message);
}
