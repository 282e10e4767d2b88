import type { InboundEvent } from '../../../../core/model';
import type {
  ConversationPage,
  ListedConversation,
  MissedMessages,
  ReadConversation,
} from '../../../../core/providers/missed';
import type { World } from './world';

export interface FakeMessage {
  id: string;
  text: string;
  /** Epoch ms; shown cut to the second. */
  at: number;
  /** Sent by the account. */
  out?: boolean;
}

export interface FakeConversation {
  person: string;
  /** The oldest first. */
  messages: FakeMessage[];
}

type Call = { list: string | null } | { read: string };

/**
 * The other side of a catch-up, in memory: conversations with their messages, shown as a provider shows them. Every call
 * is counted and may fail or wait as told.
 */
export class FakeMissed implements MissedMessages {
  readonly pauseMs = 0;
  readonly conversations: FakeConversation[] = [];
  readonly calls: Call[] = [];
  pageSize = 25;
  /** The newest so many messages of a conversation can be read; so many more are listed. */
  readable = 20;
  listed = 50;
  /** Before each call: may reject, wait, or change things. */
  before: (call: Call) => Promise<void> = () => Promise.resolve();

  constructor(private readonly account: () => World['account']) {}

  async listConversations(_connection: unknown, cursor: string | null): Promise<ConversationPage> {
    await this.#note({ list: cursor });
    const sorted = [...this.conversations].sort((a, b) => newestOf(b) - newestOf(a));
    const from = Number(cursor ?? 0);
    const to = from + this.pageSize;
    return {
      conversations: sorted.slice(from, to).map((conversation) => ({
        id: `t_${conversation.person}`,
        updatedAt: newestOf(conversation),
        person: { externalId: conversation.person, username: `u.${conversation.person}` },
      })),
      nextCursor: to < sorted.length ? String(to) : null,
    };
  }

  async readConversation(
    _connection: unknown,
    { id, person }: ListedConversation,
  ): Promise<ReadConversation> {
    await this.#note({ read: id });
    const found = this.conversations.find((one) => `t_${one.person}` === id);
    const newestFirst = [...(found?.messages ?? [])].reverse();
    const readable = newestFirst.slice(0, this.readable).reverse();
    const unreadable = newestFirst.slice(this.readable, this.listed);
    return {
      events: readable.map((message) => this.#eventOf(message, person?.externalId ?? '')),
      unreadable: unreadable.map((message) => ({
        providerId: message.id,
        createdAt: seconds(message.at),
      })),
      hasMore: newestFirst.length > this.listed,
    };
  }

  #eventOf({ id, text, at, out = false }: FakeMessage, person: string): InboundEvent {
    const { channel, externalId } = this.account();
    const common = {
      provider: 'meta' as const,
      channel,
      accountExternalId: externalId,
      dedupeKey: `${out ? 'echo' : 'message'}:${id}`,
      occurredAt: seconds(at),
      raw: { id },
      caughtUp: true as const,
      contact: { externalId: person, username: `u.${person}` },
      providerId: id,
      type: 'text' as const,
      text,
      attachments: [],
    };
    return out
      ? { ...common, kind: 'echo', metadata: null, senderAppId: null }
      : {
          ...common,
          kind: 'message',
          buttonPayload: null,
          replyTo: null,
          referral: null,
          standby: false,
        };
  }

  async #note(call: Call): Promise<void> {
    this.calls.push(call);
    await this.before(call);
  }
}

function newestOf({ messages }: FakeConversation): number {
  return seconds(messages.at(-1)?.at ?? 0);
}

const seconds = (at: number) => Math.floor(at / 1_000) * 1_000;
