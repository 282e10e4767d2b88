import type { Attachment, AttachmentType, MessageType, Referral, ReplyTo } from '../../../model';
import { asId, asList, asNumber, asObject, asText } from '../json';
import type { JsonObject } from '../json';

/** Attachment types of objects page and instagram in neutral words. */
const TYPES = new Map<string, AttachmentType>(
  Object.entries({
    image: 'image',
    video: 'video',
    audio: 'audio',
    file: 'file',
    location: 'location',
    fallback: 'fallback',
    template: 'template',
    reel: 'share',
    ig_reel: 'share',
    ig_post: 'share',
    share: 'share',
    media: 'share',
    story_mention: 'story',
    ig_story: 'story',
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

/** The attachments of a message; a type that nobody knows yet is `unsupported`, with its address if it has one. */
export function readAttachments(message: JsonObject): Attachment[] {
  return asList(message.attachments).flatMap((item) => {
    const attachment = asObject(item);
    return attachment === null ? [] : [readAttachment(attachment, message)];
  });
}

function readAttachment(attachment: JsonObject, message: JsonObject): Attachment {
  const payload = asObject(attachment.payload) ?? {};
  const stickerId = asId(payload.sticker_id) ?? asId(message.sticker_id);
  const known = TYPES.get(asText(attachment.type) ?? '') ?? 'unsupported';
  const type = known === 'image' && stickerId !== null ? 'sticker' : known;
  const place = asObject(payload.coordinates);
  const mediaId =
    stickerId ?? asId(payload.reel_video_id) ?? asId(payload.ig_post_media_id) ?? asId(payload.id);
  const facts = {
    url: asText(payload.url) ?? asText(attachment.url),
    title: titleOf(attachment, payload),
    fileName: asText(payload.name),
    providerMediaId: mediaId,
    latitude: asNumber(place?.lat),
    longitude: asNumber(place?.long),
  };
  return { type, ...present(facts) };
}

/** A template has its words inside its payload. */
function titleOf(attachment: JsonObject, payload: JsonObject): string | null {
  const firstElement = asObject(asList(payload.elements)[0]);
  return (
    asText(attachment.title) ??
    asText(payload.title) ??
    asText(payload.text) ??
    asText(firstElement?.title)
  );
}

/** What a message is, judged by its first attachment; words beside a link preview make it a text. */
export function messageTypeOf(
  message: JsonObject,
  text: string | null,
  attachments: readonly Attachment[],
): MessageType {
  if (message.is_unsupported === true) return 'unsupported';
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

/** Ad, m.me or ig.me link, shop product, plugin: where a conversation came from. */
export function readReferral(value: unknown): Referral | null {
  const referral = asObject(value);
  if (referral === null) return null;
  const ad = asObject(referral.ads_context_data);
  const productId = asId(asObject(referral.product)?.id);
  const source = asText(referral.source);
  return {
    type: source === null ? (productId === null ? 'unknown' : 'product') : sourceName(source),
    ...present({
      id: asId(referral.ad_id) ?? productId,
      ref: asText(referral.ref),
      headline: asText(ad?.ad_title),
      url: asText(referral.referer_uri) ?? asText(ad?.photo_url),
    }),
  };
}

/** `SHORTLINK` and `SHORTLINKS` are both seen for the same thing. */
function sourceName(source: string): string {
  const name = source.toLowerCase();
  if (name === 'ads') return 'ad';
  return name === 'shortlink' || name === 'shortlinks' ? 'link' : name;
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], null> };

/** The same object without its nulls: optional keys are absent, not null. */
function present<T extends Record<string, unknown>>(facts: T): Present<T> {
  return Object.fromEntries(
    Object.entries(facts).filter(([, value]) => value !== null),
  ) as Present<T>;
}
