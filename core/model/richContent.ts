import type { MediaSource } from './media';

/** What stands above the text of an interactive message. */
export type FrameHeader<Source = MediaSource> =
  | { kind: 'text'; text: string }
  | { kind: 'image' | 'video'; media: Source }
  | { kind: 'document'; media: Source; fileName?: string };

/** Header, text and footer around something to tap. */
export interface Frame<Source = MediaSource> {
  header?: FrameHeader<Source>;
  text: string;
  footer?: string;
}

export interface ReplyButton {
  /** What a tap reports back. */
  id: string;
  title: string;
}

export interface ListSection {
  title?: string;
  rows: Array<ReplyButton & { description?: string }>;
}

/** A form that opens inside the chat. */
export interface FlowCall {
  /** Its id, or its name. */
  flowId?: string;
  flowName?: string;
  /** The label of the button. */
  title: string;
  /** Comes back with the answers. */
  token: string;
  /** `navigate` opens the screen named here; `dataExchange` asks the flow's own endpoint which. */
  action: 'navigate' | 'dataExchange';
  screen?: string;
  data?: Record<string, unknown>;
  /** `draft` for a flow that is not published yet. */
  mode?: 'draft' | 'published';
}

/** A contact card that is shared. */
export interface ContactCard {
  name: { formatted: string; first?: string; last?: string };
  phones: Array<{ phone: string; kind?: string; externalId?: string }>;
  emails: Array<{ email: string; kind?: string }>;
  urls: Array<{ url: string; kind?: string }>;
  organization?: { company?: string; department?: string; title?: string };
  /** `YYYY-MM-DD` */
  birthday?: string;
}

/** What fills one place of a template. */
export type TemplateValue<Source = MediaSource> =
  | { kind: 'text'; text: string; name?: string }
  | { kind: 'image' | 'video'; media: Source }
  | { kind: 'document'; media: Source; fileName?: string }
  | { kind: 'location'; latitude: number; longitude: number; name?: string; address?: string }
  | { kind: 'product'; productId: string; catalogId: string };

/** What a button of a template carries, by its place among the buttons. */
export type TemplateButtonValue = { index: number } & (
  | { kind: 'url'; text: string }
  | { kind: 'quickReply'; payload: string }
  | { kind: 'copyCode'; code: string }
  | { kind: 'flow'; token?: string; data?: Record<string, unknown> }
  | { kind: 'catalog'; productId?: string }
  | {
      kind: 'products';
      productId: string;
      sections: Array<{ title?: string; productIds: string[] }>;
    }
);

export interface TemplateFaceValues<Source = MediaSource> {
  header?: TemplateValue<Source>;
  body: Array<TemplateValue<Source>>;
  buttons: TemplateButtonValue[];
}

/** A message in a form that the provider has approved, with what fills its places. Static parts are not named. */
export interface TemplateMessage<Source = MediaSource> extends TemplateFaceValues<Source> {
  name: string;
  /** `pt_BR` */
  language: string;
  /** `marketing`, `utility`, `authentication`; absent where nobody knows. */
  category?: string;
  /** Epoch ms when the offer of the template ends. */
  offerEndsAt?: number;
  cards: Array<TemplateFaceValues<Source>>;
  /** What it reads like, for the conversation's history. */
  preview?: string;
}

/** Content of channels that have more to offer than files and buttons. */
export type RichContent<Source = MediaSource> =
  | { type: 'template'; template: TemplateMessage<Source> }
  | { type: 'replyButtons'; frame: Frame<Source>; buttons: ReplyButton[] }
  | { type: 'list'; frame: Frame<Source>; title: string; sections: ListSection[] }
  | { type: 'linkButton'; frame: Frame<Source>; title: string; url: string }
  | { type: 'flow'; frame: Frame<Source>; flow: FlowCall }
  | { type: 'product'; frame: Frame<Source>; catalogId: string; productId: string }
  | {
      type: 'productList';
      frame: Frame<Source>;
      catalogId: string;
      sections: Array<{ title: string; productIds: string[] }>;
    }
  | { type: 'catalog'; frame: Frame<Source>; productId?: string }
  | { type: 'locationRequest'; text: string }
  /** Anything interactive that has no fields here, in the provider's own form. */
  | { type: 'interactive'; interactive: Record<string, unknown> }
  | { type: 'location'; latitude: number; longitude: number; name?: string; address?: string }
  | { type: 'contacts'; contacts: ContactCard[] }
  /** An empty emoji takes the reaction back. */
  | { type: 'reaction'; targetProviderId: string; emoji: string }
  | { type: 'stickerFile'; media: Source };

export const RICH_TYPES = [
  'template',
  'replyButtons',
  'list',
  'linkButton',
  'flow',
  'product',
  'productList',
  'catalog',
  'locationRequest',
  'interactive',
  'location',
  'contacts',
  'reaction',
  'stickerFile',
] as const satisfies readonly RichContent['type'][];

export function isRich<Source>(content: { type: string }): content is RichContent<Source> {
  return RICH_TYPES.some((type) => type === content.type);
}
