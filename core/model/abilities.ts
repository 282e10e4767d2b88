import type { Channel, ProviderId } from './channels';
import type { Button, ContentType, FileKind, QuickReply, SendSettings } from './content';

/** A limit of a text, in the channel's own unit. */
export interface TextLimit {
  max: number;
  unit: 'bytes' | 'characters';
}

/** What a channel takes of one kind of file. */
export interface MediaLimit {
  maxBytes: number;
  /** MIME types, or `video/*` for a whole family; empty = any. */
  mimeTypes: readonly string[];
  /** For people: `PNG or JPEG`. */
  formats: string;
  /** Characters of the text that may stand beside it; null = none may. */
  caption: number | null;
}

/** What an account of a provider can do on a channel: data, so that no room needs `if (channel === …)`. */
export interface ChannelAbilities {
  provider: ProviderId;
  channel: Channel;
  displayName: string;
  /** Milliseconds after the customer's last action in which free-form messages are allowed; null = no window. */
  windowMs: number | null;
  /** The same for answers that a person wrote (SendSettings.humanAgent); null = the channel has no such thing. */
  humanAgentWindowMs: number | null;
  contentTypes: readonly ContentType[];
  /**
   * People who have never written may be written to, but an account that does so often is blocked: it is off, until the
   * tenant's settings allow so many a day. Absent: the channel's own rules are enough.
   */
  coldSends?: 'capped';
  /** Content that the window does not bind. Absent: there is none. */
  windowFreeTypes?: readonly ContentType[];
  textLimit: TextLimit;
  media: Partial<Record<FileKind, MediaLimit>>;
  /** Pictures in one message. */
  maxImages: number;
  maxButtons: number;
  maxButtonTitle: number;
  /** Characters of what a tap reports back. */
  maxPayload: number;
  buttonTypes: readonly Button['type'][];
  /** Text beside buttons (the button template), in characters. */
  buttonTextLimit: number;
  maxQuickReplies: number;
  quickReplyKinds: readonly NonNullable<QuickReply['kind']>[];
  template: {
    maxElements: number;
    /** Characters of title and subtitle, each. */
    maxTitle: number;
    /** A card needs more than its title. */
    needsMoreThanTitle: boolean;
    maxMediaButtons: number;
    maxProducts: number;
  };
  /** Which settings beside the content it knows. */
  settings: readonly (keyof SendSettings)[];
}
