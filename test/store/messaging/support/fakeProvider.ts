import { createHash } from 'node:crypto';
import {
  InvalidContentError,
  OutcomeUnknownError,
  type ChannelAbilities,
  type MediaFile,
  type MediaKind,
  type OutboundContent,
} from '../../../../core/model';
import type {
  Provider,
  ProviderConnection,
  RecentMessage,
  RecentMessages,
  ReplyReceipt,
  ReplyRequest,
  SendReceipt,
  SendRequest,
} from '../../../../core/providers/provider';
import { testAbilities } from '../../../support/abilities';

/** What the provider does with one call to send. */
export type Behaviour =
  | 'accept'
  /** Stores the message and then the connection is cut. */
  | 'acceptThenCut'
  /** The connection is cut and nothing arrived, which our side cannot know. */
  | 'cut'
  | Error
  /** Whatever the test wants to happen meanwhile; resolves to what is done then. */
  | ((request: SendRequest, providerMessageId: string) => Promise<'accept' | 'cut' | Error>);

/**
 * A provider in memory: it counts every call, keeps the conversation as the other side sees it, and fails as told.
 * Its conversation is what the tests ask "how many messages did the customer get?".
 */
export class FakeProvider implements Provider {
  readonly id = 'meta';
  /** Every call to send, accepted or not. */
  readonly calls: SendRequest[] = [];
  readonly connections: ProviderConnection[] = [];
  /** Consumed from the front; afterwards everything is accepted. */
  readonly behaviours: Behaviour[] = [];
  /** By recipient, newest first. */
  readonly conversations = new Map<string, RecentMessage[]>();
  reads = 0;
  readFailure: Error | null = null;
  reachesBeginning = true;
  /** Sizes of the files that were uploaded. */
  readonly uploads: number[] = [];
  uploadFailure: Error | null = null;
  /** A word that the channel does not take in a text. */
  refusesTextWith: string | null = null;
  /** What its channels can do beside the usual. */
  moreAbilities: Partial<ChannelAbilities> = {};
  readRecipient?: NonNullable<Provider['readRecipient']>;
  pace?: NonNullable<Provider['pace']>;
  approvedTemplates?: NonNullable<Provider['approvedTemplates']>;
  /** Told with every answer, by whom the message was for. */
  readonly recipientAliases = new Map<string, string[]>();
  #count = 0;

  abilities(channel: string): ChannelAbilities | undefined {
    if (channel !== 'messenger' && channel !== 'instagram') return undefined;
    const displayName = channel === 'messenger' ? 'Messenger' : 'Instagram';
    return { ...testAbilities, channel, displayName, ...this.moreAbilities };
  }

  checkContent(_channel: string, content: OutboundContent): void {
    const { refusesTextWith: word } = this;
    if (word !== null && 'text' in content && content.text.includes(word)) {
      throw new InvalidContentError('Text', `The channel does not take "${word}".`);
    }
    if (content.type === 'text' && content.text.length > 1_000) {
      throw new InvalidContentError('Text', 'The text is longer than 1000 bytes.', {
        hint: 'Shorten it.',
      });
    }
  }

  async send(connection: ProviderConnection, request: SendRequest): Promise<SendReceipt> {
    this.calls.push(request);
    this.connections.push(connection);
    this.#count += 1;
    const providerMessageId = `mid.${request.recipientExternalId}.${this.#count}`;
    let behaviour = this.behaviours.shift() ?? 'accept';
    if (typeof behaviour === 'function') behaviour = await behaviour(request, providerMessageId);
    if (behaviour instanceof Error) throw behaviour;
    if (behaviour !== 'cut') this.hold(request, providerMessageId);
    if (behaviour !== 'accept') throw new OutcomeUnknownError('The connection was cut.');
    const recipientAliases = this.recipientAliases.get(request.recipientExternalId);
    return { providerMessageId, ...(recipientAliases && { recipientAliases }) };
  }

  /** Comments that were answered, and whose message that was. */
  readonly replies: string[] = [];

  async privateReply(
    _connection: ProviderConnection,
    request: ReplyRequest,
  ): Promise<ReplyReceipt> {
    this.replies.push(request.commentId);
    const behaviour = this.behaviours.shift() ?? 'accept';
    if (behaviour instanceof Error) throw behaviour;
    if (behaviour !== 'accept') throw new OutcomeUnknownError('The connection was cut.');
    const recipientExternalId = `author-of-${request.commentId}`;
    return { providerMessageId: `mid.reply.${request.commentId}`, recipientExternalId };
  }

  async upload(
    _connection: ProviderConnection,
    _kind: MediaKind,
    file: MediaFile,
  ): Promise<string> {
    if (this.uploadFailure) throw this.uploadFailure;
    const bytes = await file.read();
    this.uploads.push(bytes.length);
    return `upload-${this.uploads.length}`;
  }

  async recentMessages(
    _connection: ProviderConnection,
    recipientExternalId: string,
    limit: number,
  ): Promise<RecentMessages> {
    this.reads += 1;
    if (this.readFailure) throw this.readFailure;
    const messages = (this.conversations.get(recipientExternalId) ?? []).slice(0, limit);
    return { messages, reachesBeginning: this.reachesBeginning };
  }

  contentFingerprint(content: OutboundContent): string {
    const shown = 'text' in content ? `text ${content.text}` : content.type;
    return createHash('sha256').update(shown).digest('hex');
  }

  /** How many messages of ours this person has. */
  delivered(recipientExternalId: string): number {
    const messages = this.conversations.get(recipientExternalId) ?? [];
    return messages.filter(({ direction }) => direction === 'outbound').length;
  }

  /** Puts a message into the conversation that nobody sent through us. */
  put(recipientExternalId: string, message: Partial<RecentMessage>): void {
    const messages = this.conversations.get(recipientExternalId) ?? [];
    this.#count += 1;
    messages.unshift({
      providerId: `mid.put.${this.#count}`,
      direction: 'outbound',
      fingerprint: null,
      createdAt: Date.now(),
      ...message,
    });
    messages.sort((a, b) => b.createdAt - a.createdAt);
    this.conversations.set(recipientExternalId, messages);
  }

  hold(request: SendRequest, providerId: string): void {
    const fingerprint = this.contentFingerprint(request.content);
    this.put(request.recipientExternalId, { providerId, fingerprint });
  }
}
