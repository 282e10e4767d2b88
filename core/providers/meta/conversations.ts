import type { HttpClient } from '../../http/client';
import type { Attachment, Direction, MessageType, ReplyTo } from '../../model';
import type { ProviderConnection } from '../provider';
import { accessOfConnection, selfOf } from './access';
import { createGraphClient } from './client';
import type { GraphCall } from './client';
import { asId, asList, asObject, asText } from '../graph/json';
import type { JsonObject } from '../graph/json';
import { Pace } from './pace';
import { readFiles, typeOf } from './readFiles';

/** Conversations API: two calls a second for each account. */
const pace = new Pace(2);
const MAX_CONVERSATIONS_PER_CALL = 50;
const MAX_MESSAGES_PER_CALL = 100;
const MESSAGE_FIELDS =
  'id,created_time,from,to,message,attachments,shares,story,reactions,is_unsupported';

/** Somebody as Meta names them; an account of ours or a person. */
export interface Participant {
  externalId: string;
  name: string | null;
  username: string | null;
}

export interface FoundConversation {
  providerId: string;
  /** ISO 8601. */
  updatedAt: string | null;
  /** The other side; null where Meta does not name it. */
  contact: Participant | null;
}

export interface FoundMessage {
  providerId: string;
  /** ISO 8601, whole seconds. */
  createdAt: string | null;
  /** Null where Meta does not say who wrote it. */
  direction: Direction | null;
  type: MessageType;
  text: string | null;
  attachments: Attachment[];
  replyTo: ReplyTo | null;
  reactions: Array<{ reaction: string; by: string | null }>;
  from: Participant | null;
  /** False for all but the newest 20 of a conversation: of the others Meta tells id and time alone. */
  detailsAvailable: boolean;
}

export interface PageOf<T> {
  items: T[];
  /** Null: there are no more. */
  nextCursor: string | null;
}

export interface PageRequest {
  limit: number;
  cursor: string | null;
}

/**
 * The conversations of an account, the last changed first: GET /{page-id}/conversations. Threads of the request folder
 * that were idle for 30 days are left out by Meta.
 * @param personExternalId only the one with this person
 */
export async function listConversations(
  http: HttpClient,
  connection: ProviderConnection,
  { limit, cursor, personExternalId }: PageRequest & { personExternalId?: string | undefined },
): Promise<PageOf<FoundConversation>> {
  const answer = await call(http, connection, {
    path: [selfOf(connection), 'conversations'],
    query: {
      platform: connection.account.channel,
      fields: 'id,updated_time,participants',
      limit: String(Math.min(limit, MAX_CONVERSATIONS_PER_CALL)),
      ...(personExternalId === undefined ? {} : { user_id: personExternalId }),
      ...(cursor === null ? {} : { after: cursor }),
    },
  });
  const items = asList(answer.data).flatMap((item) => readConversation(asObject(item), connection));
  return { items: items.slice(0, limit), nextCursor: cursorAfter(answer) };
}

/** The id of the conversation with a person; null when there is none. */
export async function findConversationWith(
  http: HttpClient,
  connection: ProviderConnection,
  personExternalId: string,
): Promise<FoundConversation | null> {
  const page = { limit: 1, cursor: null, personExternalId };
  return (await listConversations(http, connection, page)).items[0] ?? null;
}

/** The messages of a conversation, newest first: GET /{conversation-id}, and its edge `messages` for the pages behind. */
export async function listMessages(
  http: HttpClient,
  connection: ProviderConnection,
  { conversationId, limit, cursor }: PageRequest & { conversationId: string },
): Promise<PageOf<FoundMessage>> {
  const count = Math.min(limit, MAX_MESSAGES_PER_CALL);
  const list =
    cursor === null
      ? await firstMessages(http, connection, conversationId, count)
      : await call(http, connection, {
          path: [conversationId, 'messages'],
          query: { fields: MESSAGE_FIELDS, limit: String(count), after: cursor },
        });
  const items = asList(list?.data).flatMap((item) => readMessage(asObject(item), connection));
  return { items: items.slice(0, limit), nextCursor: cursorAfter(list) };
}

async function firstMessages(
  http: HttpClient,
  connection: ProviderConnection,
  conversationId: string,
  count: number,
): Promise<JsonObject | null> {
  const conversation = await call(http, connection, {
    path: [conversationId],
    query: { fields: `messages.limit(${count}){${MESSAGE_FIELDS}}` },
  });
  return asObject(conversation.messages);
}

async function call(
  http: HttpClient,
  connection: ProviderConnection,
  request: Pick<GraphCall, 'path' | 'query'>,
): Promise<JsonObject> {
  const { account } = connection;
  await pace.turn(account.id);
  return createGraphClient({ http }).call(accessOfConnection(connection), {
    method: 'GET',
    hasOwnLimit: true,
    ...request,
    subject: `the conversations of "${account.name}"`,
  });
}

/** Only where there is a next page: cursors are there on the last one too. */
function cursorAfter(list: JsonObject | null): string | null {
  const paging = asObject(list?.paging);
  return asText(paging?.next) === null ? null : asText(asObject(paging?.cursors)?.after);
}

function readConversation(
  value: JsonObject | null,
  connection: ProviderConnection,
): FoundConversation[] {
  const providerId = asId(value?.id);
  if (providerId === null) return [];
  const sides = asList(asObject(value?.participants)?.data).flatMap(
    (side) => readParticipant(side) ?? [],
  );
  return [
    {
      providerId,
      updatedAt: isoTime(value?.updated_time),
      contact: sides.find((side) => !isOwn(side, connection)) ?? null,
    },
  ];
}

function readMessage(message: JsonObject | null, connection: ProviderConnection): FoundMessage[] {
  const providerId = asId(message?.id);
  if (message === null || providerId === null) return [];
  const from = readParticipant(message.from);
  const attachments = readFiles(message);
  const text = asText(message.message);
  return [
    {
      providerId,
      createdAt: isoTime(message.created_time),
      direction: from && (isOwn(from, connection) ? 'outbound' : 'inbound'),
      type: typeOf(text, attachments),
      text,
      attachments,
      replyTo: readReplyTo(message),
      reactions: readReactions(message),
      from,
      detailsAvailable: from !== null || text !== null || attachments.length > 0,
    },
  ];
}

function readReplyTo(message: JsonObject): ReplyTo | null {
  const storyId = asId(asObject(asObject(message.story)?.reply_to)?.id);
  return storyId === null ? null : { storyId };
}

function readReactions(message: JsonObject): FoundMessage['reactions'] {
  return asList(asObject(message.reactions)?.data).flatMap((value) => {
    const reaction = asText(asObject(value)?.reaction);
    if (reaction === null) return [];
    const users = asList(asObject(value)?.users);
    const people = users.length === 0 ? [null] : users.map((user) => asId(asObject(user)?.id));
    return people.map((by) => ({ reaction, by }));
  });
}

function readParticipant(value: unknown): Participant | null {
  const side = asObject(value);
  const externalId = asId(side?.id);
  if (externalId === null) return null;
  return { externalId, name: asText(side?.name), username: asText(side?.username) };
}

/** Instagram names an account by either of its two ids. */
function isOwn({ externalId }: Participant, { account }: ProviderConnection): boolean {
  return externalId === account.externalId || externalId === account.parentExternalId;
}

function isoTime(value: unknown): string | null {
  const epoch = Date.parse(asText(value) ?? '');
  return Number.isNaN(epoch) ? null : new Date(epoch).toISOString();
}
