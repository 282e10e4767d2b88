import type {
  Attachment,
  FrameHeader,
  MediaKind,
  MediaSource,
  MessageType,
  OutboundContent,
  ReplyTo,
  RichContent,
  SendCategory,
  SendSettings,
  SentInstead,
  TemplateFaceValues,
} from '../model';
import { categoryToNote, templateCategoryOf } from './policyRules';

/** The parts of a stored message that its content decides. */
export interface MessageWords {
  type: MessageType;
  text: string | null;
  attachments: Attachment[];
  replyTo?: ReplyTo | null;
  /** For our own messages the whole content: buttons, cards and quick replies have no columns. */
  raw: unknown;
  /** It went in place of another content. */
  fallback?: SentInstead | undefined;
  /** What kind of message it is, where that is known. */
  category?: string | null | undefined;
}

/** What a message of ours says, as it was asked for. */
export interface Said {
  content: OutboundContent;
  settings?: SendSettings | undefined;
  /** The content goes in place of another. */
  fallback?: SentInstead | undefined;
  category?: SendCategory | undefined;
}

export function wordsOf({ content, settings = {}, fallback, category }: Said): MessageWords {
  const { replyTo } = settings;
  return {
    ...contentWords(content),
    replyTo: replyTo ? { providerId: replyTo } : null,
    ...(fallback && { fallback }),
    category: categoryToNote({ category, templateCategory: templateCategoryOf(content) }),
  };
}

function contentWords(content: OutboundContent): MessageWords {
  switch (content.type) {
    case 'text':
    case 'buttons':
    case 'quickReplies':
      return words(content, content.type, content.text);
    case 'image':
    case 'video':
    case 'audio':
    case 'file':
      return words(content, content.type, content.caption ?? null, [
        attachmentOf(content.type, content.media),
      ]);
    case 'images':
      return words(
        content,
        'image',
        null,
        content.images.map((image) => attachmentOf('image', image)),
      );
    case 'genericTemplate':
      return words(
        content,
        'template',
        null,
        content.elements.map(({ title }) => ({ type: 'template', title })),
      );
    case 'mediaTemplate':
      return words(content, 'template', null, [attachmentOf(content.mediaKind, content.media)]);
    case 'productTemplate':
      return words(
        content,
        'template',
        null,
        content.productIds.map((providerMediaId) => ({ type: 'template', providerMediaId })),
      );
    case 'sticker':
      return words(content, 'sticker', null, [{ type: 'sticker', title: content.sticker }]);
    case 'sharePost':
      return words(content, 'share', null, [{ type: 'share', providerMediaId: content.postId }]);
    default:
      return richWords(content);
  }
}

/** Interactive messages read as their text, a template as it is shown. */
function richWords(content: RichContent): MessageWords {
  switch (content.type) {
    case 'template':
      return words(content, 'template', content.template.preview ?? content.template.name, [
        ...filesOf(content.template.header),
      ]);
    case 'replyButtons':
    case 'linkButton':
      return words(content, 'buttons', content.frame.text, filesOf(content.frame.header));
    case 'list':
    case 'flow':
    case 'product':
    case 'productList':
    case 'catalog':
      return words(content, 'interactive', content.frame.text, filesOf(content.frame.header));
    case 'locationRequest':
      return words(content, 'interactive', content.text);
    case 'interactive':
      return words(content, 'interactive', textOfInteractive(content.interactive));
    case 'location': {
      const { latitude, longitude, name, address } = content;
      const title = name ?? address;
      return words(content, 'location', null, [
        { type: 'location', latitude, longitude, ...(title === undefined ? {} : { title }) },
      ]);
    }
    case 'contacts':
      return words(
        content,
        'contacts',
        content.contacts.map(({ name }) => name.formatted).join(', '),
      );
    case 'reaction':
      return words(content, 'reaction', content.emoji || null);
    case 'stickerFile':
      return words(content, 'sticker', null, [attachmentOf('sticker', content.media)]);
  }
}

function filesOf(header: FrameHeader | TemplateFaceValues['header'] | undefined): Attachment[] {
  if (header === undefined || !('media' in header)) return [];
  const type = header.kind === 'document' ? 'file' : header.kind;
  const fileName = 'fileName' in header ? header.fileName : undefined;
  return [{ ...attachmentOf(type, header.media), ...(fileName === undefined ? {} : { fileName }) }];
}

function textOfInteractive({ body }: Record<string, unknown>): string | null {
  const text = typeof body === 'object' && body !== null && 'text' in body ? body.text : null;
  return typeof text === 'string' ? text : null;
}

function words(
  raw: OutboundContent,
  type: MessageType,
  text: string | null,
  attachments: Attachment[] = [],
): MessageWords {
  // PostgreSQL's text holds no NUL, and what the provider has accepted must not fail to be stored.
  return { type, text: text?.replaceAll('\0', '') ?? null, attachments, raw };
}

function attachmentOf(type: MediaKind | 'sticker', media: MediaSource): Attachment {
  return 'url' in media ? { type, url: media.url } : { type, providerMediaId: media.attachmentId };
}
