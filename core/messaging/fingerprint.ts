import type { Attachment, InboundEvent, MediaSource, OutboundContent } from '../model';
import type { Provider } from '../providers/provider';

type Echo = Extract<InboundEvent, { kind: 'echo' }>;

/**
 * The fingerprint that content of ours would have if this echo were its own (Instagram returns no marker of ours).
 * @returns null when nothing that we can send looks like it
 */
export function echoFingerprint(provider: Provider, echo: Echo): string | null {
  const content = contentShown(echo);
  return content && provider.contentFingerprint(content);
}

function contentShown({ text, attachments }: Echo): OutboundContent | null {
  const [attachment, ...more] = attachments;
  if (!attachment) return text === null ? null : { type: 'text', text };
  if (attachment.type === 'template') {
    // A carousel shows as its first card, as buttons do.
    const title = text ?? attachment.title;
    return title === undefined ? null : { type: 'buttons', text: title, buttons: [] };
  }
  if (text !== null) return null;
  if (more.length > 0) {
    const areImages = attachments.every(({ type }) => type === 'image');
    return areImages ? { type: 'images', images: attachments.map(sourceOf) } : null;
  }
  switch (attachment.type) {
    case 'image':
    case 'video':
    case 'audio':
    case 'file':
      return { type: attachment.type, media: sourceOf(attachment) };
    case 'sticker':
      return { type: 'sticker', sticker: 'heart' };
    case 'share':
      return { type: 'sharePost', postId: attachment.providerMediaId ?? '' };
    default:
      return null;
  }
}

function sourceOf({ url = '' }: Attachment): MediaSource {
  return { url };
}
