import { changeConnectionStatus } from '../../accounts/status';
import {
  findMessagesByProviderIds,
  updateMessage,
  type MessageRow,
} from '../../store/statements/messages';
import { raiseMessageStatus } from '../../store/statements/messageStatus';
import type { MessageWords } from '../content';
import { noteHold } from '../hold';
import { storeSent } from '../sent';
import { noteConsent } from './consent';
import { findByMarker } from './echo';
import { partnerOf, type EventOf, type Scope } from './scope';

type StatusEvent = EventOf<'status'>;

/**
 * What became of one message, told message by message, in any order. The provider may tell it before the call that sent
 * the message has returned, or after that call was cut: our own id, which it carries, says whose message it is.
 */
export async function recordStatus(scope: Scope, event: StatusEvent): Promise<void> {
  const row = await findOwn(scope, event);
  if (row && event.price) {
    await updateMessage(scope.tx, row.id, { price: JSON.stringify(event.price) });
  }
  await learnOtherId(scope, event, row);
  switch (event.status) {
    case 'sent':
      // Said when the provider accepted it; here it only gets its price.
      return;
    case 'delivered':
    case 'read':
      return recordArrival(scope, event, event.status);
    case 'failed':
      return recordFailure(scope, event, row);
  }
}

async function findOwn(scope: Scope, event: StatusEvent): Promise<MessageRow | undefined> {
  const { tx, account, person } = scope;
  const [known] = await findMessagesByProviderIds(tx, account.id, idsOf(event));
  if (known || event.marker === null || !person?.conversation) return known;
  const origin = await findByMarker(scope, event.marker);
  if (origin?.kind !== 'own') return undefined;
  const { item } = await storeSent(
    tx,
    {
      key: origin.key,
      messageId: origin.messageId,
      account,
      person: partnerOf(scope),
      words: {
        ...(origin.words ?? scope.prepared.markedWords ?? UNKNOWN_WORDS),
        ...(origin.category ? { category: origin.category } : {}),
      },
    },
    { providerMessageId: event.providerId, occurredAt: event.occurredAt },
  );
  scope.collect(item);
  const [stored] = await findMessagesByProviderIds(tx, account.id, [event.providerId]);
  return stored;
}

function idsOf({ providerId, otherProviderId }: StatusEvent): string[] {
  return otherProviderId === undefined ? [providerId] : [providerId, otherProviderId];
}

/** A hub answers a send with its own id; by its statuses the other one becomes known. */
async function learnOtherId(
  { tx }: Scope,
  event: StatusEvent,
  row: MessageRow | undefined,
): Promise<void> {
  if (row?.other_provider_id !== null) return;
  const other = idsOf(event).find((id) => id !== row.provider_id);
  if (other !== undefined) await updateMessage(tx, row.id, { other_provider_id: other });
}

/** Of a message whose request no longer opens. */
const UNKNOWN_WORDS: MessageWords = {
  type: 'unsupported',
  text: null,
  attachments: [],
  raw: null,
};

async function recordArrival(
  scope: Scope,
  event: StatusEvent,
  status: 'delivered' | 'read',
): Promise<void> {
  const conversation = scope.person?.conversation;
  const raised = conversation
    ? await raiseMessageStatus(scope.tx, conversation.id, status, event.occurredAt, {
        providerIds: idsOf(event),
        upTo: null,
      })
    : [];
  await scope.append(status === 'read' ? 'message.read' : 'message.delivered', {
    message: raised.at(-1) ?? null,
    data: {
      providerIds: [event.providerId],
      watermark: null,
      messageIds: raised.map(({ id }) => id),
      ...(event.price ? { price: event.price } : {}),
    },
  });
}

/** Accepted and then not delivered: most of what goes wrong is told this way. */
async function recordFailure(
  scope: Scope,
  event: StatusEvent,
  row: MessageRow | undefined,
): Promise<void> {
  const { tx, account, person } = scope;
  const failure = event.failure;
  if (!failure) return;
  // What has arrived has arrived, whatever is said of it later.
  const isOpen = row?.status === 'sent' || row?.status === 'unknown';
  const message =
    row && isOpen
      ? await updateMessage(tx, row.id, {
          status: 'failed',
          status_at: event.occurredAt,
          error: failure.detail,
        })
      : row;
  const { reason, detail, retryable, retryAfterMs, code } = failure;
  await scope.append('message.failed', {
    message: message ?? null,
    data: {
      reason,
      detail,
      retryable,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      code,
      providerId: event.providerId,
    },
  });
  const status = reason === 'token_expired' ? 'expired' : failure.stopsAccount ? 'error' : null;
  if (status !== null) scope.collect(await changeConnectionStatus(tx, account.id, status, detail));
  if (person) await noteHold(tx, { account, person }, failure);
  if (reason === 'opted_out' && person) {
    await noteConsent(scope, person, {
      state: 'out',
      purpose: 'marketing',
      source: 'provider',
      note: detail,
    });
  }
}
