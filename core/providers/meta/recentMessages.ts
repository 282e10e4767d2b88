import type { ProviderConnection, RecentMessage, RecentMessages } from '../provider';
import { accessOfConnection, selfOf } from './access';
import type { GraphClient } from './client';
import { readBackFingerprint } from './fingerprint';
import { asId, asList, asObject, asText } from '../graph/json';
import type { JsonObject } from '../graph/json';

/** Details exist for the newest 20 messages of a conversation only (Conversations API). */
const READABLE_MESSAGES = 20;
const MESSAGE_FIELDS =
  'id,created_time,from,to,message,attachments,shares,story,reactions,is_unsupported';

/**
 * The newest messages of the conversation with a person, newest first: GET /{page-id}/conversations for this
 * person, then GET /{conversation-id} with the fields of its messages. Meta's times are whole seconds.
 * An empty answer proves nothing: Meta leaves out request threads that were idle for 30 days.
 */
export async function readRecentMessages(
  graph: GraphClient,
  connection: ProviderConnection,
  recipientExternalId: string,
  limit: number,
): Promise<RecentMessages> {
  const access = accessOfConnection(connection);
  const { account } = connection;
  const subject = `the conversation of "${account.name}"`;
  const found = await graph.call(access, {
    method: 'GET',
    path: [selfOf(connection), 'conversations'],
    query: { platform: account.channel, user_id: recipientExternalId, fields: 'id,updated_time' },
    subject,
    hasOwnLimit: true,
  });
  const conversationId = asId(asObject(asList(found.data)[0])?.id);
  if (conversationId === null) return { messages: [], reachesBeginning: false };
  const conversation = await graph.call(access, {
    method: 'GET',
    path: [conversationId],
    query: { fields: `messages{${MESSAGE_FIELDS}}` },
    subject,
    hasOwnLimit: true,
  });
  return readMessages(asObject(conversation.messages), recipientExternalId, limit);
}

function readMessages(
  list: JsonObject | null,
  recipientExternalId: string,
  limit: number,
): RecentMessages {
  const listed = asList(list?.data);
  const readable = listed
    .slice(0, READABLE_MESSAGES)
    .flatMap((item) => readMessage(asObject(item), recipientExternalId))
    .sort((a, b) => b.createdAt - a.createdAt);
  const messages = readable.slice(0, limit);
  const hasMore = asText(asObject(list?.paging)?.next) !== null;
  // At 20 nobody can tell a conversation of 20 messages from a longer one cut at what Meta shows.
  const isComplete = !hasMore && listed.length < READABLE_MESSAGES;
  return { messages, reachesBeginning: isComplete && messages.length === listed.length };
}

function readMessage(message: JsonObject | null, recipientExternalId: string): RecentMessage[] {
  const providerId = asId(message?.id);
  const createdAt = Date.parse(asText(message?.created_time) ?? '');
  if (message === null || providerId === null || Number.isNaN(createdAt)) return [];
  // Whoever is not the person is us: a sender that Meta does not name must not hide a message of ours.
  const isInbound = asId(asObject(message.from)?.id) === recipientExternalId;
  return [
    {
      providerId,
      direction: isInbound ? 'inbound' : 'outbound',
      ...readBackFingerprint(message),
      createdAt,
    },
  ];
}
