import { DAY_MS, findConversation, newestFirst } from '../world/threads.ts';
import { checkFields, parseFields, type FieldRequest } from './fields.ts';
import { accountOn, actsFor, checkMayRead, type Actor } from './actor.ts';
import { badParameter, unknownObject } from './errors.ts';
import { mediaUrl } from './media.ts';
import { nestedPage, paginate } from './paging.ts';
import { oneOf, onlyKeys, optionalId } from './validation.ts';
import type { GraphCall } from './call.ts';
import type { Channel, Conversation, Message, StoredAttachment, WorldState } from '../model.ts';

const CONVERSATION_FIELDS = ['id', 'updated_time', 'participants', 'messages'];
const MESSAGE_FIELDS = [
  'id',
  'created_time',
  'from',
  'to',
  'message',
  'attachments',
  'shares',
  'story',
  'reactions',
  'is_unsupported',
];
const ONE_MESSAGE_FIELDS = [
  'id',
  'created_time',
  'from',
  'to',
  'message',
  'attachments',
  'reply_to',
  'story',
];
/** Details exist for this many of the newest messages. Source: section B.9. */
const READABLE_MESSAGES = 20;

/** `GET /{page-id}/conversations`. Source: section B.9. */
export function listConversations(call: GraphCall, actor: Actor): Record<string, unknown> {
  onlyKeys(call.params, ['platform', 'user_id', 'fields', 'limit', 'after'], '');
  const platform = readPlatform(call, actor);
  const accountId = accountOn(actor, platform);
  if (accountId === undefined) {
    throw badParameter('The Page has no linked Instagram account.');
  }
  checkAccess(call, actor, platform, accountId);
  const fields = parseFields(call.params.fields) ?? [{ name: 'id' }, { name: 'updated_time' }];
  const userId = optionalId(call.params, 'user_id', '');
  const { store } = call.context;
  const { state } = store;
  const found =
    userId === undefined
      ? Object.values(state.conversations)
      : [findConversation(state, userId)].filter((item) => item !== undefined);
  const conversations = found
    .filter((item) => item.accountId === accountId && item.mids.length > 0)
    .filter((item) => !isForgottenRequest(state, item, store.now()))
    .sort((a, b) => b.updatedAt - a.updatedAt);
  const { data, paging } = paginate(call, conversations, call.params.limit, 25);
  return {
    data: data.map((item) => describeConversation(call, item, fields)),
    ...(paging === undefined ? {} : { paging }),
  };
}

/** `GET /{conversation-id}`. */
export function readConversation(
  call: GraphCall,
  actor: Actor,
  conversation: Conversation,
): Record<string, unknown> {
  onlyKeys(call.params, ['fields'], '');
  checkOwner(call, actor, conversation.accountId, conversation.id);
  checkAccess(call, actor, conversation.channel, conversation.accountId);
  const fields = parseFields(call.params.fields) ?? [{ name: 'id' }, { name: 'updated_time' }];
  return describeConversation(call, conversation, fields);
}

/** `GET /{message-id}`: only the newest 20 of a conversation can be read. */
export function readMessage(
  call: GraphCall,
  actor: Actor,
  message: Message,
): Record<string, unknown> {
  onlyKeys(call.params, ['fields'], '');
  checkOwner(call, actor, message.accountId, message.mid);
  checkAccess(call, actor, message.channel, message.accountId);
  const fields = parseFields(call.params.fields) ?? [{ name: 'id' }, { name: 'created_time' }];
  checkFields(fields, ONE_MESSAGE_FIELDS, 'Message');
  const conversation = call.context.store.state.conversations[message.conversationId];
  const readable = conversation?.mids.slice(-READABLE_MESSAGES) ?? [];
  if (message.isDeleted === true || !readable.includes(message.mid)) {
    throw badParameter('The requested message has been deleted.');
  }
  return describeMessage(call, message, fields, true);
}

/** On Messenger by default; an account of Instagram Login has Instagram alone. */
function readPlatform(call: GraphCall, actor: Actor): Channel {
  const { platform } = call.params;
  if (actor.login === 'instagram') {
    return platform === undefined
      ? 'instagram'
      : oneOf(platform, ['instagram'] as const, 'platform');
  }
  return platform === undefined
    ? 'messenger'
    : oneOf(platform, ['messenger', 'instagram'] as const, 'platform');
}

/** A thread in the Requests folder that nobody touched for 30 days is not returned. Source: section B.9. */
function isForgottenRequest(state: WorldState, conversation: Conversation, now: number): boolean {
  if (conversation.channel !== 'instagram') return false;
  const follows = state.personas[conversation.personaId]?.followsBusiness === true;
  const answered = conversation.mids.some((mid) => state.messages[mid]?.direction === 'out');
  return !follows && !answered && now - conversation.updatedAt > 30 * DAY_MS;
}

function checkOwner(call: GraphCall, actor: Actor, accountId: string, id: string): void {
  if (!actsFor(actor, accountId)) throw unknownObject(call.method, id);
}

function checkAccess(call: GraphCall, actor: Actor, channel: Channel, accountId: string): void {
  checkMayRead(call, actor, channel);
  const { store, rates } = call.context;
  if (store.state.settings.enforceRates) {
    rates.take('conversations', accountId, channel, store.now());
  }
}

function describeConversation(
  call: GraphCall,
  conversation: Conversation,
  fields: readonly FieldRequest[],
): Record<string, unknown> {
  checkFields(fields, CONVERSATION_FIELDS, 'UnifiedThread', ['messages', 'participants']);
  const answer: Record<string, unknown> = {};
  for (const field of fields) {
    if (field.name === 'updated_time') answer.updated_time = graphTime(conversation.updatedAt);
    if (field.name === 'participants') {
      const sides = [conversation.personaId, conversation.accountId];
      answer.participants = { data: sides.map((id) => describeParty(call, id)) };
    }
    if (field.name === 'messages') answer.messages = describeMessages(call, conversation, field);
  }
  answer.id = conversation.id;
  return answer;
}

/** All messages are listed, newest first, but only the newest 20 with their details. */
function describeMessages(
  call: GraphCall,
  conversation: Conversation,
  field: FieldRequest,
): Record<string, unknown> {
  const subfields = field.fields ?? [{ name: 'id' }, { name: 'created_time' }];
  checkFields(subfields, MESSAGE_FIELDS, 'Message');
  const items = newestFirst(call.context.store.state, conversation)
    .map((message, index) => ({ message, readable: index < READABLE_MESSAGES }))
    .filter(({ message }) => message.isDeleted !== true)
    .map(({ message, readable }) => describeMessage(call, message, subfields, readable));
  return nestedPage(items, field.limit ?? 25);
}

function describeMessage(
  call: GraphCall,
  message: Message,
  fields: readonly FieldRequest[],
  readable: boolean,
): Record<string, unknown> {
  const answer: Record<string, unknown> = {};
  for (const { name } of fields) {
    const value =
      readable || name === 'created_time' ? messageField(call, message, name) : undefined;
    if (value !== undefined) answer[name] = value;
  }
  answer.id = message.mid;
  return answer;
}

function messageField(call: GraphCall, message: Message, name: string): unknown {
  const isOut = message.direction === 'out';
  const [from, to] = isOut
    ? [message.accountId, message.personaId]
    : [message.personaId, message.accountId];
  switch (name) {
    case 'created_time':
      return graphTime(message.createdAt);
    case 'from':
      return describeParty(call, from);
    case 'to':
      return { data: [describeParty(call, to)] };
    case 'message':
      return message.text ?? '';
    case 'attachments': {
      const files = message.attachments.filter((item) => item.url !== undefined);
      if (files.length === 0) return undefined;
      return { data: files.map((item, index) => describeFile(call, message, item, index)) };
    }
    case 'shares': {
      const shared = message.attachments.filter((item) => item.type === 'fallback');
      return shared.length === 0 ? undefined : { data: shared.map(({ url }) => ({ link: url })) };
    }
    case 'story': {
      const story = message.replyTo?.story;
      return story === undefined ? undefined : { reply_to: { link: story.url, id: story.id } };
    }
    case 'reply_to':
      return message.replyTo?.mid === undefined ? undefined : { mid: message.replyTo.mid };
    case 'reactions':
      return message.reactions.length === 0 ? undefined : describeReactions(call, message);
    case 'is_unsupported':
      return message.isUnsupported;
    default:
      return undefined;
  }
}

function describeReactions(call: GraphCall, message: Message): Record<string, unknown> {
  return {
    data: message.reactions.map(({ by, reaction }) => ({
      reaction,
      users: [describeParty(call, by === 'business' ? message.accountId : message.personaId)],
    })),
  };
}

/** Shape: recorded answers of restfb (image_data, video_data, file_url). */
function describeFile(
  call: GraphCall,
  message: Message,
  attachment: StoredAttachment,
  index: number,
): Record<string, unknown> {
  const { type, mediaId } = attachment;
  const url = mediaId === undefined ? attachment.url : mediaUrl(call.context)(mediaId);
  const id = `${message.createdAt}${index}`;
  if (type === 'image') return { id, image_data: { url } };
  if (type === 'video') return { id, video_data: { url } };
  return { id, name: `${type}-${index + 1}`, file_url: url };
}

function describeParty(call: GraphCall, id: string): Record<string, unknown> {
  const { personas, pages, instagramAccounts } = call.context.store.state;
  const persona = personas[id];
  if (persona?.channel === 'instagram') return { username: persona.username, id };
  if (persona !== undefined) return { name: `${persona.firstName} ${persona.lastName}`, id };
  const account = instagramAccounts[id];
  return account === undefined ? { name: pages[id]?.name, id } : { username: account.username, id };
}

/** Times of the Graph: `2026-11-18T06:26:40+0000`, in whole seconds. */
export function graphTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, '+0000');
}
