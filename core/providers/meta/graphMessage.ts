import type {
  Button,
  MediaSource,
  OutboundContent,
  QuickReply,
  TemplateElement,
} from '../../model';
import type { JsonObject } from '../graph/json';

/** The `message` of the Send API. */
export function toGraphMessage(content: OutboundContent): JsonObject {
  switch (content.type) {
    case 'text':
      return { text: content.text };
    case 'image':
    case 'video':
    case 'audio':
    case 'file':
      return { attachment: toAttachment(content.type, content.media) };
    case 'images':
      return { attachments: content.images.map((image) => toAttachment('image', image)) };
    case 'quickReplies':
      return { text: content.text, quick_replies: content.quickReplies.map(toQuickReply) };
    case 'buttons':
      return template('button', { text: content.text, buttons: content.buttons.map(toButton) });
    case 'genericTemplate':
      return template('generic', { elements: content.elements.map(toElement) });
    case 'mediaTemplate':
      return template('media', { elements: [toMediaElement(content)] });
    case 'productTemplate':
      return template('product', { elements: content.productIds.map((id) => ({ id })) });
    case 'sticker':
      return { attachment: { type: 'like_heart' } };
    case 'sharePost':
      return { attachment: { type: 'MEDIA_SHARE', payload: { id: content.postId } } };
    default:
      throw new Error(`A message of type "${content.type}" passed the check of its content.`);
  }
}

function template(kind: string, payload: JsonObject): JsonObject {
  return { attachment: { type: 'template', payload: { template_type: kind, ...payload } } };
}

function toAttachment(type: string, media: MediaSource): JsonObject {
  return { type, payload: toPayload(media) };
}

function toPayload(media: MediaSource): JsonObject {
  return 'url' in media ? { url: media.url } : { attachment_id: media.attachmentId };
}

function toButton(button: Button): JsonObject {
  const { title } = button;
  switch (button.type) {
    case 'postback':
      return { type: 'postback', title, payload: button.payload };
    case 'url':
      return { type: 'web_url', title, url: button.url };
    case 'phone':
      return { type: 'phone_number', title, payload: button.phone };
  }
}

function toQuickReply(reply: QuickReply): JsonObject {
  if (!('title' in reply)) {
    return { content_type: reply.kind === 'phone' ? 'user_phone_number' : 'user_email' };
  }
  const { title, payload, imageUrl } = reply;
  const image = imageUrl === undefined ? {} : { image_url: imageUrl };
  return { content_type: 'text', title, payload, ...image };
}

function toElement({ title, subtitle, imageUrl, url, buttons }: TemplateElement): JsonObject {
  return {
    title,
    ...(subtitle === undefined ? {} : { subtitle }),
    ...(imageUrl === undefined ? {} : { image_url: imageUrl }),
    ...(url === undefined ? {} : { default_action: { type: 'web_url', url } }),
    ...(buttons.length === 0 ? {} : { buttons: buttons.map(toButton) }),
  };
}

function toMediaElement({
  mediaKind,
  media,
  buttons,
}: Extract<OutboundContent, { type: 'mediaTemplate' }>): JsonObject {
  return {
    media_type: mediaKind,
    ...toPayload(media),
    ...(buttons.length === 0 ? {} : { buttons: buttons.map(toButton) }),
  };
}

/**
 * Other forms of the same message, to be tried in this order when Meta refuses the one before as malformed. The
 * documentation contradicts itself in two places: the pages of Instagram Login show one picture in the plural form,
 * and the page about uploads sends an uploaded file of Instagram as MEDIA_SHARE.
 */
export function otherForms(
  content: OutboundContent,
  { isInstagramLogin, channel }: { isInstagramLogin: boolean; channel: string },
): JsonObject[] {
  if (!('media' in content) || content.type === 'mediaTemplate') return [];
  const { type, media } = content;
  const forms: JsonObject[] = [];
  if (isInstagramLogin && type === 'image')
    forms.push({ attachments: [toAttachment(type, media)] });
  if (channel === 'instagram' && 'attachmentId' in media) {
    forms.push({ attachment: toAttachment('MEDIA_SHARE', media) });
  }
  return forms;
}
