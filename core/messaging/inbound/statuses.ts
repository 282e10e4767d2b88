import {
  clearMessage,
  findMessagesByProviderIds,
  insertMessage,
  updateMessage,
} from '../../store/statements/messages';
import { raiseMessageStatus } from '../../store/statements/messageStatus';
import { redactMessageEvents } from '../../store/statements/redaction';
import { partnerOf, type EventOf, type Scope } from './scope';

/**
 * Delivered or read. A watermark speaks of everything sent before it; Instagram's `read` names one message instead,
 * which says the same of those before it.
 */
export async function recordReceipt(
  scope: Scope,
  event: EventOf<'delivery'> | EventOf<'read'>,
): Promise<void> {
  const status = event.kind === 'read' ? 'read' : 'delivered';
  const conversation = scope.person?.conversation;
  const upTo = event.watermark ?? (event.kind === 'read' ? await namedUpTo(scope, event) : null);
  const raised = conversation
    ? await raiseMessageStatus(scope.tx, conversation.id, status, event.occurredAt, {
        providerIds: event.providerIds,
        upTo,
      })
    : [];
  await scope.append(event.kind === 'read' ? 'message.read' : 'message.delivered', {
    message: raised.at(-1) ?? null,
    data: {
      providerIds: event.providerIds,
      watermark: event.watermark === null ? null : new Date(event.watermark).toISOString(),
      messageIds: raised.map((row) => row.id),
    },
  });
}

async function namedUpTo(scope: Scope, event: EventOf<'read'>): Promise<number | null> {
  const named = await findMessagesByProviderIds(scope.tx, scope.account.id, event.providerIds);
  return named.length > 0 ? Math.max(...named.map((row) => row.occurred_at)) : null;
}

export async function recordEdit(scope: Scope, event: EventOf<'edit'>): Promise<void> {
  const { tx, account } = scope;
  const [target] = await findMessagesByProviderIds(tx, account.id, [event.targetProviderId]);
  // What was unsent stays unsent, whichever of the two events came last.
  const message =
    target && target.status !== 'deleted'
      ? await updateMessage(tx, target.id, { text: event.text })
      : target;
  await scope.append('message.edited', {
    message: message ?? null,
    data: { targetProviderId: event.targetProviderId },
  });
}

/**
 * The customer took a message back: our copies of its words go too (Meta asks for it), in the message and in the
 * events that told of it. If the deletion overtook the message, an empty row keeps its place, so that the message
 * is not stored when it comes.
 */
export async function recordDeletion(scope: Scope, event: EventOf<'delete'>): Promise<void> {
  const { tx, account } = scope;
  const [target] = await findMessagesByProviderIds(tx, account.id, [event.targetProviderId]);
  let message = target && (await clearMessage(tx, target.id, event.occurredAt));
  if (target) {
    await redactMessageEvents(tx, target.conversation_id, target.id, target.created_at);
  } else if (scope.person?.conversation) {
    message = await insertTombstone(scope, event);
  }
  await scope.append('message.deleted', {
    message: message ?? null,
    data: { targetProviderId: event.targetProviderId },
  });
}

async function insertTombstone(scope: Scope, event: EventOf<'delete'>) {
  const { contact, conversation } = partnerOf(scope);
  return insertMessage(scope.tx, {
    id: scope.tx.newId(),
    accountId: scope.account.id,
    conversationId: conversation.id,
    contactId: contact.id,
    direction: 'inbound',
    type: 'unsupported',
    text: null,
    attachments: [],
    buttonPayload: null,
    replyTo: null,
    referral: null,
    providerId: event.targetProviderId,
    status: 'deleted',
    sentBy: 'contact',
    error: null,
    raw: null,
    occurredAt: event.occurredAt,
  });
}
