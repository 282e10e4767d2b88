import type { Channel, ProviderId } from './channels';

export type Direction = 'inbound' | 'outbound';

export type AttachmentType =
  | 'image'
  | 'video'
  | 'audio'
  | 'file'
  | 'sticker'
  | 'location'
  | 'share'
  | 'story'
  | 'template'
  | 'fallback'
  | 'unsupported';

/** One picture, file, place or shared post of a message. `url` may be short-lived (Meta's CDN links are). */
export interface Attachment {
  type: AttachmentType;
  url?: string;
  mimeType?: string;
  fileName?: string;
  providerMediaId?: string;
  title?: string;
  latitude?: number;
  longitude?: number;
}

/** Where a conversation came from: an ad, a post, a link, a shop product. */
export interface Referral {
  type: string;
  id?: string;
  ref?: string;
  headline?: string;
  url?: string;
}

/** Which message (or story) this one answers. */
export interface ReplyTo {
  providerId?: string;
  storyId?: string;
}

/** `automation` = this package, `person` = a human in an inbox or phone app, `contact` = the customer. */
export type SentBy = 'contact' | 'automation' | 'person';

export type MessageStatus =
  | 'received'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'failed'
  | 'unknown'
  | 'deleted';

export type MessageType =
  | 'text'
  | 'image'
  | 'video'
  | 'audio'
  | 'file'
  | 'sticker'
  | 'location'
  | 'share'
  | 'story'
  | 'buttons'
  | 'quickReplies'
  | 'template'
  | 'postback'
  | 'reaction'
  | 'unsupported';

/** A message in neutral form, as workflows see it (the `message` of every trigger item). */
export interface Message {
  id: string;
  providerId: string | null;
  direction: Direction;
  type: MessageType;
  text: string | null;
  attachments: Attachment[];
  buttonPayload: string | null;
  replyTo: ReplyTo | null;
  referral: Referral | null;
  sentBy: SentBy;
  status: MessageStatus;
}

export type Button =
  | { type: 'postback'; title: string; payload: string }
  | { type: 'url'; title: string; url: string }
  | { type: 'phone'; title: string; phone: string };

export interface QuickReply {
  title: string;
  payload: string;
  imageUrl?: string;
}

/** What a workflow asks to send. Limits depend on the channel and are checked before the call. */
export type OutboundContent =
  | { type: 'text'; text: string }
  | { type: 'image'; url: string }
  | { type: 'buttons'; text: string; buttons: Button[] }
  | { type: 'quickReplies'; text: string; quickReplies: QuickReply[] };

/** What an account of a provider can do on a channel: data, so that no room needs `if (channel === …)`. */
export interface ChannelAbilities {
  provider: ProviderId;
  channel: Channel;
  displayName: string;
  /** Milliseconds after the customer's last action in which free-form messages are allowed; null = no window. */
  windowMs: number | null;
  textLimit: { max: number; unit: 'bytes' | 'characters' };
  contentTypes: readonly OutboundContent['type'][];
  maxButtons: number;
  maxQuickReplies: number;
  maxButtonTitle: number;
  maxPayload: number;
  buttonTypes: readonly Button['type'][];
  /** Text beside buttons (the button template), in characters. */
  buttonTextLimit: number;
}
