import type { Attachment, EventItem, Message, MessageType } from '../model';
import { COLLECTED_TYPE } from '../store/statements/collecting';

/** How a conversation's messages are collected into one item. */
export interface Collecting {
  /** They are emitted so long after the last one, in milliseconds. */
  quietMs: number;
  /** And at the latest so long after the first, however much more is written. */
  maxMs: number;
}

/** Messages of one item at most; more are the next item's. */
export const MOST_COLLECTED = 100;

/** What is collected: messages. Anything else that a trigger wants comes by itself, in its order. */
export function isCollected(type: string): boolean {
  return type === COLLECTED_TYPE;
}

/** Deliveries of one conversation together, those of none by themselves. */
export function byConversation<T extends { conversationId: string | null; eventId: string }>(
  deliveries: readonly T[],
): T[][] {
  const groups = new Map<string, T[]>();
  for (const delivery of deliveries) {
    const key = delivery.conversationId ?? delivery.eventId;
    const group = groups.get(key);
    if (group) group.push(delivery);
    else groups.set(key, [delivery]);
  }
  return [...groups.values()];
}

/** The items of one execution: messages that came in a row, as one. */
export function joinItems(items: readonly EventItem[]): EventItem[] {
  const joined: EventItem[] = [];
  let row: EventItem[] = [];
  const endRow = () => {
    if (row.length > 0) joined.push(joinMessages(row));
    row = [];
  };
  for (const item of items) {
    if (isCollected(item.event) && item.message) {
      row.push(item);
      continue;
    }
    endRow();
    joined.push(item);
  }
  endRow();
  return joined;
}

/**
 * One item of several messages of a conversation, in the order of the log: as the last one written, with the texts of all,
 * line by line, and each of them in `messages`. Its id is the first one's: the same messages emitted again are the same item, and what is sent in answer
 * keeps its key.
 */
export function joinMessages(recorded: readonly EventItem[]): EventItem {
  // As they were written: calls of the provider that come at the same moment overtake each other.
  const items = recorded.toSorted((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp));
  const first = items[0];
  const last = items.at(-1);
  const newest = recorded.at(-1);
  if (!first || !last || !newest) throw new Error('There is no message to make an item of.');
  const messages = items.flatMap(({ message }) => message ?? []);
  const data = Object.assign({}, ...items.map((item) => item.data ?? {})) as EventItem['data'];
  return {
    ...last,
    id: first.id,
    contact: last.contact && {
      ...last.contact,
      isNew: items.some(({ contact }) => contact?.isNew),
    },
    conversation: newest.conversation && {
      ...newest.conversation,
      isNew: items.some(({ conversation }) => conversation?.isNew),
    },
    message: last.message && joined(last.message, messages),
    messages,
    ...(items.some((item) => item.data) && { data }),
  };
}

function joined(last: Message, messages: readonly Message[]): Message {
  const texts = messages.flatMap(({ text }) => text ?? []);
  const attachments: Attachment[] = messages.flatMap((message) => message.attachments);
  const type: MessageType = messages.find((message) => message.type !== 'text')?.type ?? 'text';
  const newest = <K extends keyof Message>(name: K): Message[K] =>
    messages.findLast((message) => message[name] !== null)?.[name] ?? last[name];
  return {
    ...last,
    type,
    text: texts.length > 0 ? texts.join('\n') : null,
    attachments,
    buttonPayload: newest('buttonPayload'),
    replyTo: newest('replyTo'),
    referral: newest('referral'),
  };
}
