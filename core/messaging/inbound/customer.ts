import type { TypedChoice } from '../../model';
import type { NewMessage } from '../../store/statements/messages';
import {
  findMessagesByProviderIds,
  insertMessage,
  type MessageRow,
} from '../../store/statements/messages';
import { followWords } from '../automation';
import { automationOf, type Automation } from '../item';
import { keepRating } from '../rating';
import { findAnswer, type FoundAnswer } from '../waits/answer';
import { followConsentWords } from './consentWords';
import { noteCustomerAction } from './conversation';
import { partnerOf, type EventOf, type Scope } from './scope';
import { findTyped } from './typed';

/** Said of a message that another app is to answer: the conversation itself is not paused by it. */
const STANDBY: Automation = { paused: true, reason: 'standby', until: null };

/** @returns false when the account has this message already */
export async function recordMessage(scope: Scope, given: EventOf<'message'>): Promise<boolean> {
  await noteCustomerAction(scope, given.referral);
  const typed = await findTyped(scope, given);
  const event = typed ? { ...given, buttonPayload: typed.payload } : given;
  const message = await insertMessage(scope.tx, {
    ...inboundMessage(scope),
    type: event.type,
    text: event.text,
    attachments: event.attachments,
    buttonPayload: event.buttonPayload,
    replyTo: event.replyTo,
    referral: event.referral,
    providerId: event.providerId,
    otherProviderId: event.otherProviderId ?? null,
  });
  if (!message) return false;
  // What another app answers is for that app to understand.
  if (!event.standby) await followWordsOf(scope, wordsOf(event.text, typed));
  const answer = await answerIn(scope, { ...message, standby: event.standby });
  const automation = event.standby ? STANDBY : answer?.automation;
  const item = await scope.append(
    event.type === 'postback' ? 'message.postback' : 'message.received',
    {
      message,
      ...(event.details ? { data: event.details } : {}),
      ...(automation ? { automation } : {}),
    },
  );
  await answer?.keep(item);
  // A tap on a template of WhatsApp comes as a postback.
  if (event.type === 'text' || event.type === 'postback') {
    const { text } = event;
    const payload = event.buttonPayload ?? (event.type === 'postback' ? text : null);
    await followConsentWords(scope, { text, payload, ...(typed && { label: typed.title }) });
  }
  return true;
}

/** Who types a choice says its label, as if it had been tapped, and what is typed. */
function wordsOf(text: string | null, typed: TypedChoice | null): string | null {
  return typed ? `${typed.title}\n${text}` : text;
}

/** @returns false when the account has this message already */
export async function recordPostback(scope: Scope, event: EventOf<'postback'>): Promise<boolean> {
  await noteCustomerAction(scope, event.referral);
  const message = await insertMessage(scope.tx, {
    ...inboundMessage(scope),
    type: 'postback',
    text: event.title,
    attachments: [],
    buttonPayload: event.payload,
    replyTo: null,
    referral: event.referral,
    providerId: event.providerId,
  });
  if (!message) return false;
  await followWordsOf(scope, event.title);
  const answer = await answerIn(scope, message);
  const automation = answer?.automation;
  const item = await scope.append('message.postback', {
    message,
    ...(automation ? { automation } : {}),
  });
  await answer?.keep(item);
  // Written is nothing here: what brings no payload has its label alone.
  await followConsentWords(scope, { text: event.title, payload: event.payload ?? event.title });
  return true;
}

/** Whether the message answers a question of a workflow that waits. */
function answerIn(
  { tx, person }: Scope,
  message: Pick<MessageRow, 'text' | 'button_payload' | 'occurred_at'> & { standby?: boolean },
): Promise<FoundAnswer | null> | null {
  const conversation = person?.conversation;
  if (!conversation) return null;
  return findAnswer(tx, {
    conversationId: conversation.id,
    text: message.text,
    buttonPayload: message.button_payload,
    occurredAt: message.occurred_at,
    isHandedOver: message.standby === true || automationOf(conversation, tx.now).paused,
  });
}

/** Before the message is told: automation must not answer who asks for a person, and answers who asks for it. */
async function followWordsOf(scope: Scope, text: string | null): Promise<void> {
  const { conversation } = partnerOf(scope);
  const said = { text, at: scope.prepared.event.occurredAt };
  await followWords(scope.tx, conversation, said, scope.append);
}

/** A reaction opens the window, taking it back does not. */
export async function recordReaction(scope: Scope, event: EventOf<'reaction'>): Promise<void> {
  if (event.action === 'react') await noteCustomerAction(scope, null);
  const targets = await findMessagesByProviderIds(scope.tx, scope.account.id, [
    event.targetProviderId,
  ]);
  await scope.append('message.reaction', {
    message: targets[0] ?? null,
    data: {
      action: event.action,
      reaction: event.reaction,
      emoji: event.emoji,
      targetProviderId: event.targetProviderId,
    },
  });
}

/** The customer followed a link or an ad into the conversation without writing yet. */
export async function recordReferral(scope: Scope, event: EventOf<'referral'>): Promise<void> {
  await noteCustomerAction(scope, event.referral);
  await scope.append('conversation.updated', {
    data: { changed: ['referral'], referral: event.referral },
  });
}

export async function recordOptin(scope: Scope, event: EventOf<'optin'>): Promise<void> {
  await scope.append('message.optin', { data: { payload: event.payload, details: event.details } });
}

export async function recordAccountLink(
  scope: Scope,
  event: EventOf<'accountLink'>,
): Promise<void> {
  await scope.append('contact.updated', {
    data: {
      changed: ['accountLinking'],
      accountLinking: { status: event.status, authorizationCode: event.authorizationCode },
    },
  });
}

export async function recordFeedback(scope: Scope, event: EventOf<'feedback'>): Promise<void> {
  const { contact, conversation } = partnerOf(scope);
  const rated = {
    rating: event.rating,
    ...(event.best !== undefined && { best: event.best }),
    comment: event.comment,
    appointmentId: null,
    journeyKey: null,
  };
  const by = {
    contactId: contact.id,
    accountId: scope.account.id,
    conversationId: conversation.id,
    channel: scope.account.channel,
    givenAt: scope.prepared.event.occurredAt,
  };
  await keepRating(
    scope.tx,
    rated,
    by,
    async (data) => await scope.append('feedback.received', { data }),
  );
}

function inboundMessage(
  scope: Scope,
): Pick<
  NewMessage,
  | 'id'
  | 'accountId'
  | 'conversationId'
  | 'contactId'
  | 'direction'
  | 'status'
  | 'sentBy'
  | 'error'
  | 'raw'
  | 'occurredAt'
> {
  const { contact, conversation } = partnerOf(scope);
  const { raw, occurredAt } = scope.prepared.event;
  return {
    id: scope.tx.newId(),
    accountId: scope.account.id,
    conversationId: conversation.id,
    contactId: contact.id,
    direction: 'inbound',
    status: 'received',
    sentBy: 'contact',
    error: null,
    raw,
    occurredAt,
  };
}
