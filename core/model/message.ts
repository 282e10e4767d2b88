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

/** What the provider charges for one message, where it says so. */
export interface MessagePrice {
  billable: boolean;
  /** `PMP` = per message. */
  model: string | null;
  /** `regular`, `free_customer_service`, `free_entry_point` */
  type: string | null;
  /** `marketing`, `utility`, `service`, … */
  category: string | null;
}

export type MessageType =
  | 'text'
  | 'image'
  | 'video'
  | 'audio'
  | 'file'
  | 'sticker'
  | 'location'
  | 'contacts'
  | 'order'
  | 'form'
  | 'share'
  | 'story'
  | 'buttons'
  | 'interactive'
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
  /** Only where the provider told it. */
  price?: MessagePrice;
}
