import {
  findOpenSendKeyByMessage,
  findOpenSendKeys,
  findSendKeyByMessage,
  isSendDoubtful,
  type SendKeyRow,
} from '../../store/statements/idempotency';
import {
  findMessage,
  findMessagesByProviderIds,
  insertMessage,
  toMessage,
  updateMessage,
  type MessageRow,
} from '../../store/statements/messages';
import { pauseForPerson } from '../automation';
import type { MessageWords } from '../content';
import { noteOutbound, storeSent } from '../sent';
import { FOUND_SKEW_MS } from '../timing';
import { partnerOf, type EventOf, type Scope } from './scope';

/** So long after a send was given up, an echo with its words is no proof of a person. */
const DOUBTFUL_MS = 24 * 3_600_000;

/** Which send of ours an echo belongs to. */
type Origin =
  | {
      kind: 'own';
      key: string | null;
      messageId: string;
      words?: MessageWords;
      category?: string | null;
    }
  /** One of several equal sends that are open at this moment: their own results, or a look, will tell which. */
  | { kind: 'oneOfOurs' }
  | { kind: 'other' };

/**
 * An outgoing message that the provider shows us: our own (which confirms it), or one that a person or another app
 * wrote. It may come before the call that sent it has returned, so an open reservation is asked first.
 */
export async function recordEcho(scope: Scope, event: EventOf<'echo'>): Promise<void> {
  const { tx, account } = scope;
  const [known] = await findMessagesByProviderIds(tx, account.id, idsOf(event));
  if (known) {
    // The provider's own time: `read` speaks of "everything before", in that clock.
    await updateMessage(tx, known.id, { occurred_at: event.occurredAt });
    return;
  }
  const origin = await findOrigin(scope, event);
  if (origin.kind === 'oneOfOurs') return;
  if (origin.kind === 'other') return recordForeignEcho(scope, event);
  const { item } = await storeSent(
    tx,
    {
      key: origin.key,
      messageId: origin.messageId,
      account,
      person: partnerOf(scope),
      words: {
        type: event.type,
        text: event.text,
        attachments: event.attachments,
        raw: event.raw,
        category: origin.category,
      },
    },
    {
      providerMessageId: event.providerId,
      otherProviderMessageId: event.otherProviderId,
      occurredAt: event.occurredAt,
      raw: event.raw,
    },
  );
  scope.collect(item);
}

function idsOf({ providerId, otherProviderId }: EventOf<'echo'>): string[] {
  return otherProviderId === undefined ? [providerId] : [providerId, otherProviderId];
}

async function findOrigin(scope: Scope, event: EventOf<'echo'>): Promise<Origin> {
  const byMarker = event.metadata ? await findByMarker(scope, event.metadata) : null;
  if (byMarker) return byMarker;
  const fingerprint = scope.prepared.echoFingerprint;
  // An echo with somebody else's marker or app is theirs, however equal the words are.
  if (event.metadata || isOtherApp(scope, event) || fingerprint === null) return { kind: 'other' };
  const open = await findOpenSendKeys(scope.tx, partnerOf(scope).conversation.id, fingerprint);
  const candidates = open.filter((key) => key.reserved_at <= event.occurredAt + FOUND_SKEW_MS);
  const [only, ...more] = candidates;
  if (!only) return { kind: 'other' };
  return more.length > 0 ? { kind: 'oneOfOurs' } : own(only);
}

function isOtherApp({ ownAppId }: Scope, event: EventOf<'echo'>): boolean {
  return event.senderAppId !== null && ownAppId !== null && event.senderAppId !== ownAppId;
}

/** Our message id comes back with the echo where the provider carries it (Messenger's `metadata`). */
export async function findByMarker(scope: Scope, messageId: string): Promise<Origin | null> {
  const { tx, account } = scope;
  const open = await findOpenSendKeyByMessage(tx, account.id, messageId);
  if (open) return own(open);
  // Given up after ten minutes, and here it is after all.
  const message = await findMessage(tx, messageId);
  if (message?.account_id !== account.id || message.provider_id !== null) return null;
  const key = await findSendKeyByMessage(tx, account.id, messageId);
  return { kind: 'own', key: key?.key ?? null, messageId, words: wordsOfRow(message) };
}

/** What a message that was given up said: what comes back of it need not show that. */
function wordsOfRow(row: MessageRow): MessageWords {
  const { type, text, attachments } = toMessage(row);
  return { type, text, attachments, raw: row.raw === null ? null : JSON.parse(row.raw) };
}

function own(key: SendKeyRow): Origin {
  return { kind: 'own', key: key.key, messageId: key.message_id, category: key.category };
}

/**
 * Whether a send of ours may be behind it that its words do not show: a doubtful one has no result yet, or was given up
 * with the same words. Automation then rests only when it turns out to be a person's.
 */
async function mayBeOurs(scope: Scope, event: EventOf<'echo'>): Promise<boolean> {
  const { echoFingerprint } = scope.prepared;
  if (event.metadata || isOtherApp(scope, event) || echoFingerprint === null) return false;
  return isSendDoubtful(scope.tx, {
    accountId: scope.account.id,
    conversationId: partnerOf(scope).conversation.id,
    contentHash: echoFingerprint,
    givenUpSince: event.occurredAt - DOUBTFUL_MS,
  });
}

/**
 * Everything that we cannot show to be ours counts as a person's, so that automation rather keeps quiet than talks
 * over someone; what our own app sent outside this package is automation.
 */
async function recordForeignEcho(scope: Scope, event: EventOf<'echo'>): Promise<void> {
  const { tx, account, ownAppId } = scope;
  const person = partnerOf(scope);
  const isOurApp = ownAppId !== null && event.senderAppId === ownAppId;
  const message = await insertMessage(tx, {
    id: tx.newId(),
    accountId: account.id,
    conversationId: person.conversation.id,
    contactId: person.contact.id,
    direction: 'outbound',
    type: event.type,
    text: event.text,
    attachments: event.attachments,
    buttonPayload: null,
    replyTo: null,
    referral: null,
    providerId: event.providerId,
    otherProviderId: event.otherProviderId ?? null,
    status: 'sent',
    sentBy: isOurApp ? 'automation' : 'person',
    error: null,
    raw: event.raw,
    occurredAt: event.occurredAt,
  });
  await noteOutbound(tx, person, event.occurredAt);
  if (message && !isOurApp && !(await mayBeOurs(scope, event))) {
    const said = { id: message.id, at: event.occurredAt };
    await pauseForPerson(tx, person.conversation, said, scope.append);
  }
  await scope.append('message.echo', {
    message: message ?? null,
    data: { senderAppId: event.senderAppId },
  });
}
