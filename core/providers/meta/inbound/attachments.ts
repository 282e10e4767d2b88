import type { Attachment, AttachmentType, MessageType, ReplyTo } from '../../../model';
import { asId, asItems, asNumber, asObject, asText, isTrue } from '../../graph/json';
import type { JsonObject } from '../../graph/json';
import { present } from './present';

/** Attachment types of objects page and instagram in neutral words. */
const TYPES = new Map<string, AttachmentType>(
  Object.entries({
    image: 'image',
    animated_image: 'image',
    video: 'video',
    audio: 'audio',
    file: 'file',
    location: 'location',
    fallback: 'fallback',
    template: 'template',
    reel: 'share',
    ig_reel: 'share',
    ig_post: 'share',
    post: 'share',
    share: 'share',
    media: 'share',
    media_share: 'share',
    story_mention: 'story',
    ig_story: 'story',
    sticker: 'sticker',
    like_heart: 'sticker',
  }),
);

const MESSAGE_TYPES: Readonly<Record<AttachmentType, MessageType>> = {
  image: 'image',
  video: 'video',
  audio: 'audio',
  file: 'file',
  sticker: 'sticker',
  location: 'location',
  share: 'share',
  story: 'story',
  template: 'template',
  // A link with its preview and no words of its own.
  fallback: 'share',
  unsupported: 'unsupported',
};

/**
 * The attachments of a message, the products of a cart among them; a type that nobody knows yet is `unsupported`, with
 * its address if it has one.
 */
export function readAttachments(message: JsonObject): Attachment[] {
  const sent = [...asItems(message.attachments), ...asItems(message.attachment)];
  return [
    ...sent.flatMap((item) => {
      const attachment = asObject(item);
      return attachment === null ? [] : [readAttachment(attachment, message)];
    }),
    ...readCart(message),
  ];
}

function readAttachment(attachment: JsonObject, message: JsonObject): Attachment {
  const payload = asObject(attachment.payload) ?? {};
  const stickerId = asId(payload.sticker_id) ?? asId(message.sticker_id);
  const known = TYPES.get((asText(attachment.type) ?? '').toLowerCase()) ?? 'unsupported';
  const type = known === 'image' && stickerId !== null ? 'sticker' : known;
  const place = asObject(payload.coordinates);
  const element = firstElement(payload);
  const mediaId =
    stickerId ??
    asId(payload.reel_video_id) ??
    asId(payload.ig_post_media_id) ??
    asId(payload.attachment_id) ??
    asId(payload.id) ??
    asId(element?.id);
  const facts = {
    url: asText(payload.url) ?? asText(attachment.url) ?? asText(element?.image_url),
    title: titleOf(attachment, payload, element),
    fileName: asText(payload.name) ?? asText(attachment.name),
    providerMediaId: mediaId,
    latitude: asNumber(place?.lat),
    longitude: asNumber(place?.long),
  };
  return { type, ...present(facts) };
}

/** The first card of a template, or the product of a product template. */
function firstElement(payload: JsonObject): JsonObject | null {
  const product = asObject(payload.product);
  return asObject([...asItems(payload.elements), ...asItems(product?.elements)][0]);
}

/** A template has its words inside its payload. */
function titleOf(
  attachment: JsonObject,
  payload: JsonObject,
  element: JsonObject | null,
): string | null {
  return (
    asText(attachment.title) ??
    asText(payload.title) ??
    asText(payload.text) ??
    asText(element?.title)
  );
}

/** What the person put into the cart of the account's shop (field `send_cart`). */
function readCart(message: JsonObject): Attachment[] {
  const cart = asObject(message.order) ?? asObject(message.cart);
  return asItems(cart?.products).flatMap((item) => {
    const product = asObject(item);
    if (product === null) return [];
    const facts = {
      title: asText(product.name) ?? asText(product.title),
      providerMediaId: asId(product.id) ?? asId(product.retailer_id),
      url: asText(product.external_url) ?? asText(product.image_url),
    };
    return [{ type: 'template' as const, ...present(facts) }];
  });
}

/** What a message is, judged by its first attachment; words beside a link preview make it a text. */
export function messageTypeOf(
  message: JsonObject,
  text: string | null,
  attachments: readonly Attachment[],
): MessageType {
  if (isTrue(message.is_unsupported)) return 'unsupported';
  const main = attachments.find(({ type }) => type !== 'fallback') ?? attachments[0];
  if (main === undefined) return text === null ? 'unsupported' : 'text';
  return main.type === 'fallback' && text !== null ? 'text' : MESSAGE_TYPES[main.type];
}

export function readReplyTo(message: JsonObject): ReplyTo | null {
  const replyTo = asObject(message.reply_to);
  if (replyTo === null) return null;
  const story = asObject(replyTo.story);
  const facts = present({
    providerId: asId(replyTo.mid),
    storyId: asId(story?.id),
  });
  return Object.keys(facts).length === 0 ? null : facts;
}
