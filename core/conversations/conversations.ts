import {
  InvalidInputError,
  NotFoundError,
  type Channel,
  type Message,
  type ProviderId,
} from '../model';
import type { MessagingContext } from '../messaging/context';
import { toMessage } from '../store/statements/messages';
import type { ConversationFilter } from '../store/statements/conversationPages';
import {
  changeConversation,
  readConversation,
  readConversationPage,
  readMessagePage,
  type ChangedConversation,
  type ConversationOrder,
} from './conversations.unit';
import { iso, type ConversationItem } from './item';

export type { ChangedConversation, ConversationOrder } from './conversations.unit';
export type { ConversationItem } from './item';

/** What the functions of this room need; the App has it. */
export type ConversationsContext = Pick<MessagingContext, 'store'>;

const MAX_LIMIT = 500;
const LONGEST_NAME = 200;

/** @throws NotFoundError */
export async function getConversation(
  { store }: ConversationsContext,
  tenantId: string,
  id: string,
): Promise<ConversationItem> {
  const item = await store.forTenant(tenantId).run(readConversation, { id });
  if (!item) throw noSuchConversation(id);
  return item;
}

export interface ListConversationsInput extends ConversationFilter {
  tenantId: string;
  /** 1 to 500. */
  limit: number;
  /** `nextCursor` of the page before. */
  cursor: string | null;
}

/** A page, the last active first. It may have fewer than `limit` although there are more. @throws InvalidInputError */
export async function listConversations(
  { store }: ConversationsContext,
  { tenantId, limit, cursor, ...filter }: ListConversationsInput,
): Promise<{ items: ConversationItem[]; nextCursor: string | null }> {
  const { at, id } = readCursor(cursor) ?? {};
  const { items, next } = await store.forTenant(tenantId).run(readConversationPage, {
    filter,
    after: at === undefined || id === undefined ? null : { activity: at, id },
    limit: checkedLimit(limit),
  });
  return { items, nextCursor: next && `${next.activity}.${next.id}` };
}

/** A message of the history, with the conversation that it belongs to. */
export interface MessageItem {
  /** ISO 8601, by the provider where it says so. */
  timestamp: string;
  tenantId: string;
  channel: Channel;
  provider: ProviderId;
  connection: ConversationItem['connection'];
  contact: ConversationItem['contact'];
  conversation: { id: string };
  message: Message;
}

export interface ListMessagesInput {
  tenantId: string;
  conversationId: string;
  /** `desc`: the newest first. */
  order: 'asc' | 'desc';
  /** 1 to 500. */
  limit: number;
  cursor: string | null;
}

/** What was written in both directions, by contact, automation and persons. @throws NotFoundError, InvalidInputError */
export async function listMessages(
  { store }: ConversationsContext,
  { tenantId, conversationId, order, limit, cursor }: ListMessagesInput,
): Promise<{ items: MessageItem[]; nextCursor: string | null }> {
  const size = checkedLimit(limit);
  const args = { conversationId, order, after: readCursor(cursor), limit: size + 1 };
  const found = await store.forTenant(tenantId).run(readMessagePage, args);
  if (!found) throw noSuchConversation(conversationId);
  const { channel, provider, connection, contact } = found.conversation;
  const rows = found.rows.slice(0, size);
  const items = rows.map((row) => ({
    timestamp: iso(row.occurred_at),
    tenantId,
    channel,
    provider,
    connection,
    contact,
    conversation: { id: conversationId },
    message: toMessage(row),
  }));
  const last = rows.at(-1);
  const isMore = found.rows.length > size && last !== undefined;
  return { items, nextCursor: isMore ? `${last.occurred_at}.${last.id}` : null };
}

/**
 * Closes, opens, assigns, hands over to a person or gives back to automation. What is so already is not told again.
 * @throws NotFoundError, InvalidInputError
 */
export async function orderConversation(
  { store }: ConversationsContext,
  tenantId: string,
  id: string,
  order: ConversationOrder,
): Promise<ChangedConversation> {
  const checked = checkOrder(order, store.clock.now());
  const result = await store.forTenant(tenantId).run(changeConversation, { id, order: checked });
  if (!result) throw noSuchConversation(id);
  return result;
}

function checkOrder(order: ConversationOrder, now: number): ConversationOrder {
  if (order.kind === 'assign') {
    const assignee = order.assignee?.trim() || null;
    return { kind: 'assign', assignee: checkedName('Assignee', assignee) };
  }
  if (order.kind !== 'handOver') return order;
  if (typeof order.until === 'number' && order.until <= now) {
    throw new InvalidInputError('Until', `${iso(order.until)} has passed already.`, {
      hint: 'Give a time that is still to come, or a number of minutes.',
    });
  }
  return { ...order, reason: checkedName('Reason', order.reason.trim()) || 'operation' };
}

function checkedName<T extends string | null>(field: string, name: T): T {
  if ((name?.length ?? 0) <= LONGEST_NAME) return name;
  throw new InvalidInputError(field, `"${field}" has more than ${LONGEST_NAME} characters.`);
}

function checkedLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new InvalidInputError('Limit', `Limit must be a whole number from 1 to ${MAX_LIMIT}.`);
}

function readCursor(cursor: string | null): { at: number; id: string } | null {
  if (cursor === null) return null;
  const [, at, id] = /^(\d{1,16})\.([0-9A-Za-z-]{1,64})$/.exec(cursor) ?? [];
  if (at && id) return { at: Number(at), id };
  throw new InvalidInputError('Cursor', `"${cursor}" is no cursor of this list.`, {
    hint: 'Use the nextCursor of the last item of the page before.',
  });
}

function noSuchConversation(id: string): NotFoundError {
  return new NotFoundError('The conversation', id, {
    hint: 'Take the id from a trigger\'s item (conversation.id), or from "Get Many".',
  });
}
