import type { Channel, SendCategory } from '../../model';

/** A text of a template, in one language; of one channel, or (null) of all that have none of their own. */
export interface TemplateText {
  language: string;
  channel: Channel | null;
  text: string;
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
  whatsApp: WhatsAppMapping | null;
  /** Variables without a value, which stand as they are in the texts. */
  missing: string[];
}
