import type {
  Button,
  MediaSource,
  OutboundContent,
  QuickReply,
  TemplateElement,
} from '../../../core/model/content';
import { listOf } from '../fieldValues';
import type { ParameterReader } from '../parameters';
import { cardsOfJson } from './cardsOfJson';
import { quickRepliesOfJson } from './quickRepliesOfJson';
import type { buttonProperties } from './buttonProperties';
import type { cardProperties } from './cardProperties';
import type { contentProperties } from './contentProperties';
import { optional } from './optional';
import type { mediaProperties } from './mediaProperties';
import type { quickReplyProperties } from './quickReplyProperties';

/** A file of the item, by the name of its field, with what tells it from another one. */
export interface ItemFile {
  field: string;
  fileName?: string | undefined;
  size?: string | number | undefined;
}

type Source = MediaSource | ItemFile;
/** What the panel says, before files are read. */
export type PanelContent = OutboundContent<Source>;
type Read = ParameterReader<typeof contentProperties>;
type SourceRow = NonNullable<ReturnType<typeof imageRows>>[number];
type ButtonRow = NonNullable<ReturnType<typeof buttonRows>>[number];
type QuickReplyRow = NonNullable<ReturnType<typeof quickReplyRows>>[number];
type CardRow = NonNullable<ReturnType<typeof cardRows>>[number];

/**
 * The content of one item, from the fields of `contentProperties`. Only what the panel shows is read: n8n has no value
 * for the rest. Limits are core's to check.
 */
export function readContent(read: Read, fileOf: (field: string) => ItemFile): PanelContent {
  const type = read('contentType');
  switch (type) {
    case 'text':
      return { type, text: read('text') };
    case 'image':
    case 'video':
    case 'audio':
    case 'file':
      return { type, media: readMedia(read, fileOf), ...optional({ caption: read('caption') }) };
    case 'images':
      return { type, images: (imageRows(read) ?? []).map((row) => toMedia(row, fileOf)) };
    case 'buttons':
      return { type, text: read('text'), buttons: readButtons(read) };
    case 'quickReplies':
      return { type, text: read('text'), quickReplies: readQuickReplies(read) };
    case 'genericTemplate':
      return { type, elements: readCards(read) };
    case 'mediaTemplate':
      return {
        type,
        mediaKind: read('mediaKind'),
        media: readMedia(read, fileOf),
        buttons: readButtons(read),
      };
    case 'productTemplate':
      return { type, productIds: listOf(read('productIds')) };
    case 'sharePost':
      return { type, postId: read('postId').trim() };
    case 'sticker':
      return { type, sticker: 'heart' };
  }
}

type ReadButtons = ParameterReader<typeof buttonProperties>;
type ReadQuickReplies = ParameterReader<typeof quickReplyProperties>;
type ReadCards = ParameterReader<typeof cardProperties>;

const imageRows = (read: Read) => read('images').image;
const buttonRows = (read: ReadButtons) => read('buttons').button;
const quickReplyRows = (read: ReadQuickReplies) => read('quickReplies').quickReply;
const cardRows = (read: ReadCards) => read('cards').card;

export function readButtons(read: ReadButtons): Button[] {
  return (buttonRows(read) ?? []).map(toButton);
}

export function readQuickReplies(read: ReadQuickReplies): QuickReply[] {
  if (read('quickRepliesAs') === 'json') {
    return quickRepliesOfJson('Quick Replies (JSON)', read('quickRepliesJson'));
  }
  return (quickReplyRows(read) ?? []).map(toQuickReply);
}

type FileOf = (field: string) => ItemFile;

export function readMedia(read: ParameterReader<typeof mediaProperties>, fileOf: FileOf): Source {
  const source = read('source');
  switch (source) {
    case 'url':
      return { url: read('url').trim() };
    case 'binary':
      return fileOf(read('binaryField').trim());
    case 'attachmentId':
      return { attachmentId: read('attachmentId').trim() };
  }
}

function toMedia({ source, url, binaryField, attachmentId }: SourceRow, fileOf: FileOf): Source {
  switch (source) {
    case 'url':
      return { url: url.trim() };
    case 'binary':
      return fileOf(binaryField.trim());
    case 'attachmentId':
      return { attachmentId: attachmentId.trim() };
  }
}

/** What a workflow of an earlier version has stored knows no words. */
function toButton({ type, title, payload, phone, url, words = '' }: ButtonRow): Button {
  switch (type) {
    case 'postback': {
      const typed = listOf(words);
      return { type, title, payload: payload || title, ...(typed.length > 0 && { words: typed }) };
    }
    case 'phone':
      return { type, title, phone: phone.trim() };
    case 'url':
      return { type, title, url: url.trim() };
  }
}

function toQuickReply({ kind, title, payload, imageUrl }: QuickReplyRow): QuickReply {
  if (kind !== 'text') return { kind };
  return { title, payload: payload || title, ...optional({ imageUrl: imageUrl.trim() }) };
}

export function readCards(read: ReadCards): TemplateElement[] {
  if (read('cardsAs') === 'json') return cardsOfJson('Cards (JSON)', read('cardsJson'));
  return (cardRows(read) ?? []).map(toCard);
}

function toCard({ title, subtitle, imageUrl, url, buttons }: CardRow): TemplateElement {
  return {
    title,
    ...optional({ subtitle, imageUrl: imageUrl.trim(), url: url.trim() }),
    buttons: (buttons.button ?? []).map(toButton),
  };
}
