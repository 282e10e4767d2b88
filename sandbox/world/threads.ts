import { newConversationId, newMessageId } from '../ids.ts';
import type { Conversation, Message, Persona, WorldState } from '../model.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** The conversation of a person with an account, if there is one. */
export function findConversation(state: WorldState, personaId: string): Conversation | undefined {
  return Object.values(state.conversations).find((item) => item.personaId === personaId);
}

/** The conversation of a person, made when it does not exist yet. */
export function openConversation(state: WorldState, persona: Persona, now: number): Conversation {
  const existing = findConversation(state, persona.id);
  if (existing !== undefined) return existing;
  const conversation: Conversation = {
    id: newConversationId(persona.channel),
    channel: persona.channel,
    accountId: persona.accountId,
    personaId: persona.id,
    updatedAt: now,
    mids: [],
    typing: false,
  };
  state.conversations[conversation.id] = conversation;
  return conversation;
}

/** Notes an action of the person that opens or renews the 24 h window. Source: section B.5. */
export function noteUserAction(conversation: Conversation, persona: Persona, now: number): void {
  conversation.lastUserActionAt = now;
  persona.known = true;
  persona.consented = true;
}

/** Adds a message to a conversation, at its end. */
export function addMessage(
  state: WorldState,
  conversation: Conversation,
  now: number,
  content: Partial<Message> & Pick<Message, 'direction'>,
): Message {
  const message: Message = {
    mid: newMessageId(conversation.channel),
    conversationId: conversation.id,
    channel: conversation.channel,
    accountId: conversation.accountId,
    personaId: conversation.personaId,
    createdAt: nextTimestamp(state, conversation, now),
    attachments: [],
    edits: 0,
    reactions: [],
    ...content,
  };
  state.messages[message.mid] = message;
  conversation.mids.push(message.mid);
  conversation.updatedAt = message.createdAt;
  return message;
}

/** Messages of a conversation, newest first. */
export function newestFirst(state: WorldState, conversation: Conversation): Message[] {
  return conversation.mids
    .map((mid) => state.messages[mid])
    .filter((message) => message !== undefined)
    .reverse();
}

/** Two messages of one conversation never share a millisecond: readers sort by the time alone. */
function nextTimestamp(state: WorldState, conversation: Conversation, now: number): number {
  const last = state.messages[conversation.mids.at(-1) ?? ''];
  return last === undefined ? now : Math.max(now, last.createdAt + 1);
}
