import { ControlError, isRecord } from '../http.ts';
import { newMessageId } from '../ids.ts';
import * as read from '../control/read.ts';
import { addMessage, noteUserAction, openConversation } from '../world/threads.ts';
import { readIncoming } from './injectContent.ts';
import { appEcho, incoming, ofBusiness, preference, whatsAppOf } from './payloads.ts';
import { announceStatus } from './statuses.ts';
import {
  addIncoming,
  messageOf,
  type InjectScope,
  type WhatsAppInjected,
  type WhatsAppInjector,
} from './injectScope.ts';
import { REPLY_KINDS } from './injectReplies.ts';
import type { Injected } from '../control/injectMessage.ts';
import type { DeliveryStatus } from './model.ts';

const HOURS_24 = 24 * 3_600_000;

/** Kinds of `POST /_sandbox/inject` for people of WhatsApp, and the fields each takes. */
export const WHATSAPP_KINDS: Record<string, { keys: readonly string[]; run: WhatsAppInjector }> = {
  message: {
    keys: [
      'text',
      'attachments',
      'location',
      'contacts',
      'order',
      'replyTo',
      'referral',
      'isUnsupported',
      'forwarded',
      'voice',
    ],
    run: injectMessage,
  },
  ...REPLY_KINDS,
  humanAnswer: { keys: ['text', 'attachments', 'replyTo'], run: injectAppAnswer },
  reaction: { keys: ['mid', 'emoji', 'reaction'], run: (scope) => injectReaction(scope, true) },
  unreaction: { keys: ['mid', 'emoji', 'reaction'], run: (scope) => injectReaction(scope, false) },
  edit: { keys: ['mid', 'text'], run: injectEdit },
  unsend: { keys: ['mid'], run: injectRevoke },
  preference: { keys: ['value'], run: injectPreference },
  numberChange: { keys: ['waId'], run: injectNumberChange },
  status: { keys: ['mid', 'status', 'code', 'details'], run: injectStatus },
  custom: { keys: ['field', 'content'], run: injectCustom },
};

/** The person writes: text, one file, a place, contact cards, an order, or something unsupported. */
function injectMessage(scope: InjectScope): Injected {
  const { context, persona, body } = scope;
  const { stored, content } = readIncoming(scope);
  const { arrivals } = context.store.state;
  const isForged = read.deliveryOptions(body).badSignature === true;
  const referral =
    read.optionalObject(body, 'referral') ?? (isForged ? undefined : arrivals[persona.id]);
  if (!isForged) delete arrivals[persona.id];
  const added = addIncoming(scope, {
    ...stored,
    ...(referral === undefined ? {} : { referral }),
  });
  if (referral?.source_type === 'ad') {
    whatsAppOf(persona).freeEntryOfferUntil = context.store.now() + HOURS_24;
  }
  return added({ ...content, ...(referral === undefined ? {} : { referral }) });
}

/** The clinic answers in the WhatsApp Business app, beside the API. */
function injectAppAnswer(scope: InjectScope): Injected {
  const { context, number, persona } = scope;
  const { store, phones } = context;
  const { stored, content } = readIncoming(scope);
  const now = store.now();
  const conversation = openConversation(store.state, persona, now);
  const message = addMessage(store.state, conversation, now, { ...stored, direction: 'out' });
  store.changed();
  phones.messageChanged(message);
  const { mid, createdAt: at } = message;
  return { mid, event: appEcho(number, persona, { mid, at, content }) };
}

/** Something about an earlier message, which is no message of the conversation itself. */
function about(scope: InjectScope, content: Record<string, unknown>): Injected {
  const { context, number, persona } = scope;
  const mid = newMessageId('whatsapp');
  return { mid, event: incoming(number, persona, { mid, at: context.store.now(), content }) };
}

function injectReaction(scope: InjectScope, isOn: boolean): Injected {
  const { context, persona, body } = scope;
  const message = messageOf(scope);
  const emoji = read.optionalText(body, 'emoji') ?? '👍';
  message.reactions = message.reactions.filter((item) => item.by !== 'persona');
  if (isOn) message.reactions.push({ by: 'persona', reaction: 'other', emoji });
  const conversation = context.store.state.conversations[message.conversationId];
  if (conversation !== undefined) noteUserAction(conversation, persona, context.store.now());
  context.phones.messageChanged(message);
  // A reaction that was taken away comes without an emoji. Sample: wa_reaction_removed
  const reaction = { message_id: message.mid, ...(isOn ? { emoji } : {}) };
  return about(scope, { type: 'reaction', reaction });
}

function injectEdit(scope: InjectScope): Injected {
  const message = messageOf(scope);
  const words = read.text(scope.body, 'text');
  message.text = words;
  message.edits += 1;
  scope.context.phones.messageChanged(message);
  const changed = { type: 'text', text: { body: words } };
  return about(scope, {
    type: 'edit',
    edit: { original_message_id: message.mid, message: changed },
  });
}

function injectRevoke(scope: InjectScope): Injected {
  const message = messageOf(scope);
  message.isDeleted = true;
  scope.context.phones.messageChanged(message);
  return about(scope, { type: 'revoke', revoke: { original_message_id: message.mid } });
}

function injectPreference({ context, number, persona, body }: InjectScope): Injected {
  const value = read.text(body, 'value');
  if (value !== 'stop' && value !== 'resume') {
    throw new ControlError('Field value must be stop or resume.');
  }
  whatsAppOf(persona).stoppedMarketing = value === 'stop';
  return { event: preference(number, persona, value, context.store.now()) };
}

/** The person has a new number. Sample: wa_system_number_change. */
function injectNumberChange(scope: InjectScope): Injected {
  const { persona, body } = scope;
  const person = whatsAppOf(persona);
  const before = person.waId;
  const waId = read.text(body, 'waId').replace(/\D/g, '');
  const name = `${persona.firstName} ${persona.lastName}`;
  const injected = about(scope, {
    type: 'system',
    system: {
      body: `${name} changed from ${before} to ${waId}`,
      wa_id: waId,
      type: 'user_changed_number',
    },
  });
  person.waId = waId;
  return injected;
}

const STATUSES: readonly DeliveryStatus[] = ['sent', 'delivered', 'read', 'played', 'failed'];

/** Any status of a message of the clinic, in any order; `failed` with a code of section D.10. */
function injectStatus(scope: InjectScope): WhatsAppInjected {
  const { context, body } = scope;
  const message = messageOf(scope);
  const status = STATUSES.find((item) => item === body.status);
  if (status === undefined || message.whatsApp === undefined) {
    throw new ControlError(`Field status must be one of ${STATUSES.join(', ')}.`);
  }
  if (status === 'failed') {
    const code = read.optionalNumber(body, 'code') ?? 131026;
    const details = read.optionalText(body, 'details') ?? 'Message Undeliverable.';
    message.whatsApp.failure = { code, details };
  }
  const options = read.deliveryOptions(body);
  return { mid: message.mid, queued: announceStatus(context, message, status, options) };
}

/** Any field of the number or of its business account, with any value. */
function injectCustom({ number, body }: InjectScope): Injected {
  const content = read.optionalObject(body, 'content') ?? {};
  const event = ofBusiness(number.businessId, read.text(body, 'field'), content);
  return { event: isRecord(content.metadata) ? { ...event, numberId: number.id } : event };
}
