import type { HttpClient } from '../../http/client';
import type { InboundContact } from '../../model';
import type { ConversationPage, MissedMessages, ReadConversation } from '../missed';
import type { ProviderConnection } from '../provider';
import { listConversations, listMessages } from './conversations';
import type { Participant } from './conversations';
import { readBackEvent } from './inbound/readBack';

/** The Conversations API takes 2 calls a second and account (Instagram messaging limits), and some are longer on the way. */
const PAUSE_MS = 600;
const CONVERSATIONS_PER_PAGE = 25;
/** Details exist for the newest 20 messages (Conversations API); of those below, only that they are there. */
const LISTED_MESSAGES = 50;

/** Reads messages back through the Conversations API, for those that no webhook brought. */
export function createMissedMessages(http: HttpClient): MissedMessages {
  return {
    pauseMs: PAUSE_MS,
    listConversations: (connection, cursor) => listPage(http, connection, cursor),
    readConversation: (connection, { id, person }) => readOne(http, connection, id, person),
  };
}

async function listPage(
  http: HttpClient,
  connection: ProviderConnection,
  cursor: string | null,
): Promise<ConversationPage> {
  const page = { limit: CONVERSATIONS_PER_PAGE, cursor };
  const { items, nextCursor } = await listConversations(http, connection, page);
  return {
    conversations: items.map(({ providerId, updatedAt, contact }) => ({
      id: providerId,
      // Without a time it may be as new as any.
      updatedAt: updatedAt === null ? Number.MAX_SAFE_INTEGER : Date.parse(updatedAt),
      person: contact && contactOf(contact),
    })),
    nextCursor,
  };
}

async function readOne(
  http: HttpClient,
  connection: ProviderConnection,
  conversationId: string,
  listedPerson: InboundContact | null,
): Promise<ReadConversation> {
  const { items, nextCursor } = await listMessages(http, connection, {
    conversationId,
    limit: LISTED_MESSAGES,
    cursor: null,
  });
  const writer = items.find(({ direction }) => direction === 'inbound')?.from ?? null;
  const person = listedPerson ?? (writer && contactOf(writer));
  const read: ReadConversation = { events: [], unreadable: [], hasMore: nextCursor !== null };
  // Newest first as Meta lists them, and whole seconds for a time: turned around, those of one second keep their order.
  for (const message of items.toReversed()) {
    const createdAt = Date.parse(message.createdAt ?? '');
    if (Number.isNaN(createdAt)) continue;
    const event = person && readBackEvent(connection.account, person, message, createdAt);
    if (event) read.events.push(event);
    else read.unreadable.push({ providerId: message.providerId, createdAt });
  }
  read.events.sort((a, b) => a.occurredAt - b.occurredAt);
  // A list that is full may be cut, whatever Meta says of pages.
  read.hasMore ||= items.length >= LISTED_MESSAGES;
  return read;
}

function contactOf({ externalId, name, username }: Participant): InboundContact {
  return {
    externalId,
    ...(name === null ? {} : { name }),
    ...(username === null ? {} : { username }),
  };
}
