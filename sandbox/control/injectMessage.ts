import { ControlError, isRecord } from '../http.ts';
import { mediaUrl } from '../graph/media.ts';
import { newMessageId } from '../ids.ts';
import { asStandby, incomingMessage, messageBody } from '../webhooks/payloads.ts';
import { addMessage, noteUserAction, openConversation } from '../world/threads.ts';
import { deliveryOptions, optionalBoolean, optionalObject, optionalText } from './read.ts';
import type { Context } from '../context.ts';
import type { Message, Persona, StoredAttachment } from '../model.ts';
import type { WebhookEvent } from '../webhooks/event.ts';

export const MESSAGE_KEYS = [
  'text',
  'attachments',
  'quickReply',
  'replyTo',
  'story',
  'referral',
  'isUnsupported',
  'standby',
];

/** What an injected event is: its webhook, and the message it made, if any. */
export interface Injected {
  event: WebhookEvent;
  mid?: string;
}

/**
 * The person writes: text, attachments, tap on a quick reply, answer to a message or story, first
 * message after an advertisement. With `badSignature` it is a forgery, which no conversation holds.
 */
export function injectMessage(
  context: Context,
  persona: Persona,
  body: Record<string, unknown>,
): Injected {
  const { store, phones } = context;
  const now = store.now();
  const content = readContent(context, body);
  const referral = optionalObject(body, 'referral') ?? arrivalOf(context, persona, body);
  if (referral !== undefined) content.referral = referral;
  const forged = deliveryOptions(body).badSignature === true;
  const message = forged
    ? forgedMessage(persona, now, content)
    : addMessage(store.state, openConversation(store.state, persona, now), now, {
        ...content,
        direction: 'in',
      });
  if (!forged) {
    const conversation = openConversation(store.state, persona, now);
    noteUserAction(conversation, persona, message.createdAt);
    store.changed();
    phones.messageChanged(message);
  }
  const event = incomingMessage(message, mediaUrl(context), referral);
  return {
    event: optionalBoolean(body, 'standby') === true ? asStandby(event) : event,
    mid: message.mid,
  };
}

/** Where the person came from, told once (`POST /_sandbox/arrive`); a forgery does not use it up. */
export function arrivalOf(
  context: Context,
  persona: Persona,
  body: Record<string, unknown>,
): Record<string, unknown> | undefined {
  if (deliveryOptions(body).badSignature === true) return undefined;
  const { arrivals } = context.store.state;
  const referral = arrivals[persona.id];
  delete arrivals[persona.id];
  return referral;
}

/** A human of the clinic answers in the inbox: an outgoing message without an app. */
export function injectHumanAnswer(
  context: Context,
  persona: Persona,
  body: Record<string, unknown>,
): Injected {
  const { store, phones } = context;
  const now = store.now();
  const conversation = openConversation(store.state, persona, now);
  const message = addMessage(store.state, conversation, now, {
    ...readContent(context, body),
    direction: 'out',
  });
  store.changed();
  phones.messageChanged(message);
  const field = persona.channel === 'messenger' ? 'message_echoes' : 'messages';
  const base = incomingMessage(message, mediaUrl(context));
  return {
    mid: message.mid,
    event: {
      ...base,
      field,
      value: {
        sender: { id: persona.accountId },
        recipient: { id: persona.id },
        timestamp: message.createdAt,
        message: { ...messageBody(message, mediaUrl(context)), is_echo: true },
      },
    },
  };
}

function forgedMessage(persona: Persona, now: number, content: Partial<Message>): Message {
  return {
    mid: newMessageId(persona.channel),
    conversationId: '',
    channel: persona.channel,
    accountId: persona.accountId,
    personaId: persona.id,
    direction: 'in',
    createdAt: now,
    attachments: [],
    edits: 0,
    reactions: [],
    ...content,
  };
}

function readContent(context: Context, body: Record<string, unknown>): Partial<Message> {
  const content: Partial<Message> = { attachments: readAttachments(context, body.attachments) };
  const text = optionalText(body, 'text');
  const quickReply = optionalText(body, 'quickReply');
  const replyTo = optionalText(body, 'replyTo');
  const story = optionalObject(body, 'story');
  if (text !== undefined) content.text = text;
  if (quickReply !== undefined) content.quickReplyPayload = quickReply;
  if (replyTo !== undefined) content.replyTo = { mid: replyTo };
  if (story !== undefined) {
    content.replyTo = { story: { url: String(story.url), id: String(story.id) } };
  }
  if (optionalBoolean(body, 'isUnsupported') === true) content.isUnsupported = true;
  const empty =
    text === undefined && content.attachments?.length === 0 && content.isUnsupported !== true;
  if (empty) throw new ControlError('A message needs text, attachments or isUnsupported.');
  return content;
}

function readAttachments(context: Context, value: unknown): StoredAttachment[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new ControlError('Field attachments must be a list.');
  return value.map((item: unknown, index) => {
    if (!isRecord(item) || typeof item.type !== 'string') {
      throw new ControlError(
        `attachments[${index}] must be { type, url?, title?, payload?, mediaId? }.`,
      );
    }
    const attachment: StoredAttachment = { type: item.type };
    if (typeof item.url === 'string') attachment.url = item.url;
    if (typeof item.title === 'string') attachment.title = item.title;
    if (isRecord(item.payload)) attachment.payload = item.payload;
    if (typeof item.mediaId === 'string') {
      if (context.store.state.media[item.mediaId] === undefined) {
        throw new ControlError(`There is no media ${item.mediaId} (POST /_sandbox/media).`);
      }
      attachment.mediaId = item.mediaId;
    }
    return attachment;
  });
}
