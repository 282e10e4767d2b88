import type { Channel, Message, Persona, StoredAttachment, WebhookObject } from '../model.ts';
import type { WebhookEvent } from './event.ts';

/** Webhook object of a channel. */
function objectOf(channel: Channel): WebhookObject {
  return channel === 'messenger' ? 'page' : 'instagram';
}

interface Parties {
  channel: Channel;
  accountId: string;
  personaId: string;
  timestamp: number;
}

/** One `messaging[]` item from the person to the account, holding exactly one kind of content. */
function fromPersona(
  who: Parties,
  field: string,
  content: Record<string, unknown>,
  mid?: string,
): WebhookEvent {
  return {
    object: objectOf(who.channel),
    accountId: who.accountId,
    field,
    slot: 'messaging',
    value: {
      sender: { id: who.personaId },
      recipient: { id: who.accountId },
      timestamp: who.timestamp,
      ...content,
    },
    ...(mid === undefined ? {} : { mid }),
    personaId: who.personaId,
  };
}

/** An attachment as webhooks show it. Samples: page_attachments, page_location, ig_media, ig_post_share. */
function attachmentForWebhook(
  attachment: StoredAttachment,
  mediaUrl: (mediaId: string) => string,
): Record<string, unknown> {
  const { type, title, payload } = attachment;
  if (type === 'location' || type === 'fallback') {
    return { type, title, url: attachment.url, payload: payload ?? null };
  }
  const url = attachment.mediaId === undefined ? attachment.url : mediaUrl(attachment.mediaId);
  return { type, payload: { ...payload, ...(url === undefined ? {} : { url }) } };
}

/** The `message` of an incoming webhook or an echo. */
export function messageBody(
  message: Message,
  mediaUrl: (mediaId: string) => string,
): Record<string, unknown> {
  const body: Record<string, unknown> = { mid: message.mid };
  if (message.text !== undefined) body.text = message.text;
  if (message.quickReplyPayload !== undefined) {
    body.quick_reply = { payload: message.quickReplyPayload };
  }
  if (message.replyTo?.mid !== undefined) body.reply_to = { mid: message.replyTo.mid };
  if (message.replyTo?.story !== undefined) body.reply_to = { story: message.replyTo.story };
  if (message.attachments.length > 0) {
    body.attachments = message.attachments.map((item) => attachmentForWebhook(item, mediaUrl));
  }
  const sticker = message.attachments[0]?.payload?.sticker_id;
  if (sticker !== undefined) body.sticker_id = sticker;
  if (message.isUnsupported === true) body.is_unsupported = true;
  return body;
}

/** A message of the person. Samples: page_text, ig_text, ..._quick_reply, ..._reply_to, page_ad_referral_message. */
export function incomingMessage(
  message: Message,
  mediaUrl: (mediaId: string) => string,
  referral?: Record<string, unknown>,
): WebhookEvent {
  const body = messageBody(message, mediaUrl);
  if (referral !== undefined) body.referral = referral;
  return fromPersona(partiesOf(message), 'messages', { message: body }, message.mid);
}

/**
 * The echo of what the account sent. Messenger names the sending app and returns its metadata;
 * Instagram does neither, and it comes in field `messages`. Samples: page_echo, ig_echo.
 */
export function echo(message: Message, mediaUrl: (mediaId: string) => string): WebhookEvent {
  const body: Record<string, unknown> = { ...messageBody(message, mediaUrl), is_echo: true };
  if (message.channel === 'messenger') {
    // The vendor writes the app id as a number in echoes.
    if (message.appId !== undefined) body.app_id = Number(message.appId);
    if (message.metadata !== undefined) body.metadata = message.metadata;
  }
  return {
    object: objectOf(message.channel),
    accountId: message.accountId,
    field: message.channel === 'messenger' ? 'message_echoes' : 'messages',
    slot: 'messaging',
    value: {
      sender: { id: message.accountId },
      recipient: { id: message.personaId },
      timestamp: message.createdAt,
      message: body,
    },
    mid: message.mid,
    personaId: message.personaId,
  };
}

/** A tap on a button, ice breaker or menu item. Samples: page_postback, ig_postback. */
export function postback(
  who: Parties,
  content: { mid?: string; title: string; payload: string; referral?: Record<string, unknown> },
): WebhookEvent {
  return fromPersona(who, 'messaging_postbacks', { postback: content }, content.mid);
}

/** A reaction or its removal; Instagram's removal names no emoji. Samples: ..._reaction, ..._unreact. */
export function reaction(
  who: Parties,
  content: { mid: string; action: 'react' | 'unreact'; reaction: string; emoji: string },
): WebhookEvent {
  const bare = who.channel === 'instagram' && content.action === 'unreact';
  return fromPersona(who, 'message_reactions', {
    reaction: bare ? { mid: content.mid, action: content.action } : content,
  });
}

/** Messenger's delivery receipt. Sample: page_delivery. */
export function delivered(who: Parties, mids: string[], watermark: number): WebhookEvent {
  return fromPersona(who, 'message_deliveries', { delivery: { mids, watermark } });
}

/** Read receipt: a watermark on Messenger, the last message on Instagram. Samples: page_read, ig_seen. */
export function read(who: Parties, last: { mid: string; watermark: number }): WebhookEvent {
  return who.channel === 'messenger'
    ? fromPersona(who, 'message_reads', { read: { watermark: last.watermark } })
    : fromPersona(who, 'messaging_seen', { read: { mid: last.mid } });
}

/** An edited message. Samples: page_message_edit, ig_message_edit. */
export function edited(
  who: Parties,
  content: { mid: string; text: string; num_edit: number },
): WebhookEvent {
  return fromPersona(who, 'message_edits', { message_edit: content }, content.mid);
}

/** A message taken back. Sample: ig_unsend. */
export function unsent(who: Parties, mid: string): WebhookEvent {
  return fromPersona(who, 'messages', { message: { mid, is_deleted: true } }, mid);
}

/** An m.me or ig.me link followed. Samples: page_referral, ig_referral. */
export function referral(who: Parties, content: Record<string, unknown>): WebhookEvent {
  const field = who.channel === 'messenger' ? 'messaging_referrals' : 'messaging_referral';
  return fromPersona(who, field, { referral: content });
}

/** Thread-control events. Samples: page_pass_thread_control, ..._take_..., ..._request_..., ig_handover. */
export function handover(
  who: Parties,
  kind: 'pass_thread_control' | 'take_thread_control' | 'request_thread_control',
  content: Record<string, unknown>,
): WebhookEvent {
  const field = who.channel === 'messenger' ? 'messaging_handovers' : 'messaging_handover';
  return fromPersona(who, field, { [kind]: content });
}

/** Any other messaging event of a person. Samples: page_account_linking, page_optin_notification. */
export function personaEvent(
  who: Parties,
  field: string,
  content: Record<string, unknown>,
): WebhookEvent {
  return fromPersona(who, field, content);
}

/** A messaging event of the Page itself, without a sender. Samples: page_app_roles, page_policy_enforcement, page_optin_user_ref. */
export function pageEvent(
  pageId: string,
  timestamp: number,
  field: string,
  content: Record<string, unknown>,
): WebhookEvent {
  return {
    object: 'page',
    accountId: pageId,
    field,
    slot: 'messaging',
    value: { recipient: { id: pageId }, timestamp, ...content },
  };
}

/** The same event for an app that is not in control of the thread. Samples: page_standby, ig_standby. */
export function asStandby(event: WebhookEvent): WebhookEvent {
  return { ...event, field: 'standby', slot: 'standby' };
}

/** A change outside messaging. Samples: page_feed_comment_add, ig_comment_changes, ig_comment_flat, ... */
export function change(
  object: WebhookObject,
  accountId: string,
  field: string,
  value: Record<string, unknown>,
  flat = false,
): WebhookEvent {
  return { object, accountId, field, slot: flat ? 'flat' : 'changes', value };
}

/** Who a stored message is between, for the builders above. */
export function partiesOf(message: Message): Parties {
  return {
    channel: message.channel,
    accountId: message.accountId,
    personaId: message.personaId,
    timestamp: message.createdAt,
  };
}

/** A person and the person's account at a moment, for the builders above. */
export function partiesWith(persona: Persona, timestamp: number): Parties {
  const { channel, accountId, id } = persona;
  return { channel, accountId, personaId: id, timestamp };
}
