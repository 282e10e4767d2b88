import type {
  Attachment,
  MediaKind,
  MediaSource,
  MessageType,
  OutboundContent,
  ReplyTo,
  SendSettings,
} from '../model';

/** The parts of a stored message that its content decides. */
export interface MessageWords {
  type: MessageType;
  text: string | null;
  attachments: Attachment[];
  replyTo?: ReplyTo | null;
  /** For our own messages the whole content: buttons, cards and quick replies have no columns. */
  raw: unknown;
}

export function wordsOf(content: OutboundContent, settings: SendSettings = {}): MessageWords {
  const { replyTo } = settings;
  return { ...contentWords(content), replyTo: replyTo ? { providerId: replyTo } : null };
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
  }
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

function attachmentOf(type: MediaKind, media: MediaSource): Attachment {
  return 'url' in media ? { type, url: media.url } : { type, providerMediaId: media.attachmentId };
}
