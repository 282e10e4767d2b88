import type { MediaKind, MediaSource } from './media';
import type { RichContent } from './richContent';

export type { FileKind, MediaKind, MediaSource } from './media';

/** Bytes of a caller's own, which have to be uploaded before they can be sent. */
export interface MediaFile {
  /** SHA-256 of the bytes, hex: equal files are uploaded once per account. */
  sha256: string;
  size: number;
  mimeType: string;
  fileName: string | null;
  /** Reads the bytes; called only when they have to travel. */
  read(): Promise<Uint8Array>;
  /** An address at which the bytes are for a day, for providers that take nothing else. Absent: there is none. */
  link?(): string;
}

export type Button =
  | {
      type: 'postback';
      title: string;
      payload: string;
      /** What else counts as this choice where people have to type it. */
      words?: string[];
    }
  | { type: 'url'; title: string; url: string }
  | { type: 'phone'; title: string; phone: string };

export type QuickReply =
  | { kind?: 'text'; title: string; payload: string; imageUrl?: string }
  /** The channel offers what it knows of the person: one tap sends it. */
  | { kind: 'phone' | 'email' };

/** A choice that stands in a text, on a channel that shows no buttons: whoever types it has tapped it. */
export interface TypedChoice {
  /** In front of it in the text. */
  number: number;
  title: string;
  payload: string;
  words?: string[];
}

/** One card of a carousel. */
export interface TemplateElement {
  title: string;
  subtitle?: string;
  imageUrl?: string;
  /** Opens when the card itself is tapped. */
  url?: string;
  buttons: Button[];
}

/** What is sent, whatever the channel. Limits depend on the channel and are checked before the call. */
export type OutboundContent<Source = MediaSource> =
  | { type: 'text'; text: string; choices?: TypedChoice[] }
  | {
      type: MediaKind;
      media: Source;
      caption?: string;
      /** What a document is called at the other end, where its source does not say. */
      fileName?: string;
      /** A recording that is shown as spoken by the sender. */
      voice?: boolean;
    }
  /** Several pictures in one message. */
  | { type: 'images'; images: Source[] }
  | { type: 'quickReplies'; text: string; quickReplies: QuickReply[] }
  | { type: 'buttons'; text: string; buttons: Button[] }
  | { type: 'genericTemplate'; elements: TemplateElement[] }
  /** A picture or video with buttons under it. */
  | {
      type: 'mediaTemplate';
      mediaKind: 'image' | 'video';
      media: Source;
      buttons: Button[];
    }
  /** Products of the shop's catalogue, by their ids there. */
  | { type: 'productTemplate'; productIds: string[] }
  | { type: 'sticker'; sticker: 'heart' }
  /** A post of the account's own. */
  | { type: 'sharePost'; postId: string }
  | RichContent<Source>;

export type ContentType = OutboundContent['type'];

/** Content as a caller has it: files may still have to be uploaded. */
export type ContentWithFiles = OutboundContent<MediaSource | { file: MediaFile }>;

/** How a message is sent, beside what it says. */
export interface SendSettings {
  /** The provider's id of the message that this one answers. */
  replyTo?: string;
  /**
   * A person wrote this, and the channel may carry it beyond its window for that reason (Meta: tag HUMAN_AGENT). Only
   * ever by the caller's explicit choice: a channel forbids it to automation.
   */
  humanAgent?: boolean;
  /** How loudly the person's device tells of it. Default `regular`. */
  notification?: 'regular' | 'silent' | 'none';
  /** Shows what the first web address of a text leads to. */
  linkPreview?: boolean;
  /** Of channels that are letters. */
  subject?: string;
}
