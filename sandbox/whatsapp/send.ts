import { newMessageId } from '../ids.ts';
import { asObject, onlyKeys, optionalText, requiredText } from '../graph/validation.ts';
import { addMessage, findConversation, openConversation } from '../world/threads.ts';
import { requireProduct, requireScope } from './access.ts';
import { needText, parseSimple, type Content, type ContentScope } from './content.ts';
import { parseInteractive } from './interactive.ts';
import { refused, withDetails } from './errors.ts';
import { digitsOf, namesOf, personAt } from './people.ts';
import { sendTemplate } from './templateSend.ts';
import { failureOf, priceOf } from './fate.ts';
import type { Accepted } from '../graph/messages.ts';
import type { GraphCall } from '../graph/call.ts';
import type { Conversation, Message, Persona } from '../model.ts';
import type { WhatsAppNumber } from './model.ts';

const COMMON = [
  'messaging_product',
  'recipient_type',
  'to',
  'recipient',
  'type',
  'context',
  'biz_opaque_callback_data',
];
const THIRTY_DAYS_MS = 30 * 86_400_000;

/**
 * `POST /{number}/messages`: accepts a message and lets its statuses follow. Much that goes wrong is told
 * by a status only, as at the vendor; the setting `whatsAppRefusals` makes it an answer instead.
 */
export function sendWhatsApp(call: GraphCall, number: WhatsAppNumber): Promise<Accepted> {
  return withDetails(() => accept(call, number));
}

async function accept(call: GraphCall, number: WhatsAppNumber): Promise<Accepted> {
  requireScope(call, 'whatsapp_business_messaging');
  requireProduct(call.params);
  const { params } = call;
  // Without a type it is a text, as in the oldest examples.
  const type = params.type === undefined ? 'text' : requiredText(params, 'type', '');
  onlyKeys(params, [...COMMON, type], '');
  if (params.recipient_type !== undefined && params.recipient_type !== 'individual') {
    throw refused(131009, 'recipient_type must be individual.');
  }
  if (params[type] === undefined) throw refused(131008, `The parameter ${type} is required.`);
  const opaque = optionalText(params, 'biz_opaque_callback_data', '', 512);
  if (!number.isRegistered) throw refused(133010, `The number ${number.id} is not registered.`);
  const recipient = readRecipient(call, number);
  const { persona } = recipient;
  const replyTo = readContext(call, persona);
  const scope: ContentScope = { context: call.context, number, failures: [] };
  const content = await readContent(call, type, scope, recipient);
  const { store, whatsAppLimits } = call.context;
  const { settings } = store.state;
  if (settings.enforceRates) whatsAppLimits.take(number, recipient.key, store.now());
  if (persona === undefined) return acceptForNobody(call, number, recipient.input, opaque);
  if (number.blocked.includes(persona.id)) {
    throw refused(130403, 'The business has blocked this person.');
  }
  const failure = failureOf(call, persona, content) ?? scope.failures[0];
  if (failure !== undefined && settings.whatsAppRefusals === 'call') {
    throw refused(failure.code, failure.details);
  }
  const pricing = priceOf(call, persona, content);
  const message = keepMessage(call, persona, content, {
    ...(replyTo === undefined ? {} : { replyTo: { mid: replyTo } }),
    whatsApp: {
      type,
      content: content.content,
      ...(opaque === undefined ? {} : { opaque }),
      ...(content.rendered === undefined ? {} : { rendered: content.rendered }),
      ...(failure === undefined ? { pricing } : { failure }),
    },
  });
  if (failure === undefined) content.apply?.();
  planStatuses(call, message, type);
  return {
    message,
    answer: {
      messaging_product: 'whatsapp',
      contacts: [{ input: recipient.input, ...namesOf(persona) }],
      messages: [
        { id: message.mid, ...(type === 'template' ? { message_status: 'accepted' } : {}) },
      ],
    },
  };
}

interface Recipient {
  input: string;
  /** What the limits count by. */
  key: string;
  isUserId: boolean;
  persona?: Persona;
}

/** `to` (a number) or `recipient` (a user id); with both, `to` wins. */
function readRecipient(call: GraphCall, number: WhatsAppNumber): Recipient {
  const { params } = call;
  const { state } = call.context.store;
  if (params.to === undefined) {
    if (params.recipient === undefined) throw refused(131008, 'The parameter to is required.');
    const input = requiredText(params, 'recipient', '');
    if (!/^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/.test(input)) {
      throw refused(131009, 'recipient is not a business-scoped user id.');
    }
    const persona = personAt(state, number, { userId: input });
    return { input, key: persona?.id ?? input, isUserId: true, ...(persona && { persona }) };
  }
  const input = requiredText(params, 'to', '');
  const digits = digitsOf(input);
  if (digits === undefined) throw refused(131009, 'to is not a phone number with country code.');
  if (digits === number.digits) throw refused(131021, 'Sender and recipient are the same number.');
  if (number.allowedRecipients?.includes(digits) === false) {
    throw refused(131030, 'Recipient phone number not in allowed list');
  }
  const persona = personAt(state, number, { digits });
  return { input, key: persona?.id ?? digits, isUserId: false, ...(persona && { persona }) };
}

function readContext(call: GraphCall, persona: Persona | undefined): string | undefined {
  if (call.params.context === undefined) return undefined;
  const context = asObject(call.params.context, 'context');
  onlyKeys(context, ['message_id'], 'context');
  const mid = needText(context, 'message_id', 'context');
  const { state } = call.context.store;
  const conversation = persona === undefined ? undefined : findConversation(state, persona.id);
  if (conversation?.mids.includes(mid) !== true) {
    throw refused(131009, 'context.message_id is not a message of this conversation.');
  }
  return mid;
}

async function readContent(
  call: GraphCall,
  type: string,
  scope: ContentScope,
  { persona, isUserId }: Recipient,
): Promise<Content> {
  const value = call.params[type];
  if (type === 'template') return sendTemplate(value, scope, isUserId);
  if (type === 'reaction') return readReaction(call, asObject(value, type), persona);
  if (type !== 'interactive') return parseSimple(type, value, scope);
  const content = await parseInteractive(value, scope);
  const body = content.body as { text?: string } | undefined;
  return {
    type,
    content,
    attachments: [],
    ...(body?.text === undefined ? {} : { text: body.text }),
  };
}

/** A reaction to a message younger than 30 days; an empty emoji takes it away. Source: section D.1. */
function readReaction(
  call: GraphCall,
  reaction: Record<string, unknown>,
  persona: Persona | undefined,
): Content {
  onlyKeys(reaction, ['message_id', 'emoji'], 'reaction');
  const mid = needText(reaction, 'message_id', 'reaction');
  const emoji = optionalText(reaction, 'emoji', 'reaction');
  if (emoji === undefined) throw refused(131008, 'The parameter reaction.emoji is required.');
  const { store, phones } = call.context;
  const target = store.state.messages[mid];
  const isUsable =
    target?.personaId === persona?.id &&
    target?.whatsApp?.type !== 'reaction' &&
    store.now() - (target?.createdAt ?? 0) < THIRTY_DAYS_MS;
  if (target === undefined || !isUsable) {
    throw refused(131009, 'reaction.message_id is not a message that can be reacted to.');
  }
  const apply = (): void => {
    target.reactions = target.reactions.filter((item) => item.by !== 'business');
    if (emoji !== '') target.reactions.push({ by: 'business', reaction: 'other', emoji });
    phones.messageChanged(target);
  };
  return { type: 'reaction', content: reaction, attachments: [], apply };
}

function keepMessage(
  call: GraphCall,
  persona: Persona,
  { text, attachments }: Content,
  more: Partial<Message>,
): Message {
  const { store, phones } = call.context;
  const now = store.now();
  const conversation: Conversation = openConversation(store.state, persona, now);
  const message = addMessage(store.state, conversation, now, {
    ...(text === undefined ? {} : { text }),
    attachments,
    ...more,
    direction: 'out',
    appId: call.app.id,
  });
  persona.known = true;
  if (conversation.typing) {
    conversation.typing = false;
    phones.conversationChanged(conversation);
  }
  store.changed();
  phones.messageChanged(message);
  return message;
}

function planStatuses(call: GraphCall, message: Message, type: string): void {
  const { store, agenda } = call.context;
  const { whatsAppSentMs, whatsAppDeliveredMs } = store.state.settings;
  const { mid } = message;
  const now = store.now();
  const hasFailed = message.whatsApp?.failure !== undefined;
  agenda.add({
    kind: 'status',
    mid,
    at: now + whatsAppSentMs,
    status: hasFailed ? 'failed' : 'sent',
  });
  if (hasFailed || type === 'reaction') return;
  const at = now + Math.max(whatsAppSentMs, whatsAppDeliveredMs);
  agenda.add({ kind: 'status', mid, at, status: 'delivered' });
}

/** A number that is on nobody's phone: accepted, and a moment later undeliverable. */
function acceptForNobody(
  call: GraphCall,
  number: WhatsAppNumber,
  input: string,
  opaque: string | undefined,
): Accepted {
  const { store, agenda } = call.context;
  if (store.state.settings.whatsAppRefusals === 'call') {
    throw refused(131026, 'Message Undeliverable.');
  }
  const mid = newMessageId('whatsapp');
  const recipient = digitsOf(input) ?? input;
  agenda.add({
    kind: 'refusal',
    at: store.now() + store.state.settings.whatsAppSentMs,
    numberId: number.id,
    recipient,
    mid,
    ...(opaque === undefined ? {} : { opaque }),
  });
  return {
    answer: {
      messaging_product: 'whatsapp',
      contacts: [{ input, ...(digitsOf(input) === undefined ? {} : { wa_id: recipient }) }],
      messages: [{ id: mid }],
    },
  };
}
