import type { Channel, MediaKind, OutboundContent, SendCategory } from '../../model';

/** A text of a template, in one language; of one channel, or (null) of all that have none of their own. */
export interface TemplateText {
  language: string;
  channel: Channel | null;
  text: string;
  /** What can be tapped under it; titles and payloads may have variables. */
  buttons?: TemplateButton[];
  /** A file at a public address, which may have variables. */
  media?: TemplateMedia | null;
}

export interface TemplateButton {
  title: string;
  /** What a tap reports back. */
  payload: string;
}

export interface TemplateMedia {
  kind: MediaKind;
  url: string;
  /** What a document is called at the other end. */
  fileName: string | null;
}

/** A text with its variables filled. */
export interface FilledText {
  text: string;
  buttons: TemplateButton[];
  media: TemplateMedia | null;
}

/** The approved WhatsApp template that goes where the window is closed. */
export interface WhatsAppMapping {
  name: string;
  /** `pt_BR` */
  language: string;
  /** By the slots of the approved template: texts, with variables of this one. */
  values: Record<string, string>;
}

export interface TemplateBody {
  /** What such messages are; null = whoever sends it says so. */
  category: SendCategory | null;
  /** The first language is the one for people of whose own there is no text. */
  texts: TemplateText[];
  whatsApp: WhatsAppMapping | null;
}

/** A template as nodes give it. */
export interface MessageTemplateItem extends TemplateBody {
  id: string;
  name: string;
  languages: string[];
  /** Every name that a text or the mapping has. */
  variables: string[];
  /** Those of them for which nothing stands in a text itself. */
  required: string[];
  createdAt: string;
  updatedAt: string;
}

/** A template with its variables filled, for one person. */
export interface RenderedTemplate {
  templateId: string;
  name: string;
  category: SendCategory | null;
  /** In which language it is. */
  language: string;
  /** For channels that have no text of their own. */
  text: string;
  perChannel: Partial<Record<Channel, string>>;
  /** For channels that have none of their own: text, buttons and file. */
  filled: FilledText;
  filledPerChannel: Partial<Record<Channel, FilledText>>;
  whatsApp: WhatsAppMapping | null;
  /** Variables without a value, which stand as they are in the texts. */
  missing: string[];
}

/** A rendered template with what goes on each channel that is connected. */
export interface ShapedTemplate extends RenderedTemplate {
  /** In words alone. */
  content: OutboundContent;
  contents: Partial<Record<Channel, OutboundContent>>;
}
