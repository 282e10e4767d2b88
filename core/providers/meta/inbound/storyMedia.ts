import { asItems, asObject, asText } from '../../graph/json';
import type { JsonObject } from '../../graph/json';

const STORY_TYPES: ReadonlySet<string> = new Set(['story_mention', 'ig_story']);

/**
 * Addresses of story media expire and must not be stored (Instagram messaging webhooks, C.4): the event keeps that
 * there was a story, and its id, but not where its picture or video lies, in `raw` neither.
 */
export function withoutStoryMedia(item: JsonObject): JsonObject {
  const message = asObject(item.message);
  if (message === null) return item;
  const replyTo = asObject(message.reply_to);
  const story = asObject(replyTo?.story);
  const attachments = asItems(message.attachments);
  if (story?.url === undefined && !attachments.some(isStory)) return item;
  return {
    ...item,
    message: {
      ...message,
      ...(story && { reply_to: { ...replyTo, story: withoutUrl(story) } }),
      ...(attachments.length > 0 && { attachments: attachments.map(withoutAddress) }),
    },
  };
}

function isStory(attachment: unknown): boolean {
  return STORY_TYPES.has(asText(asObject(attachment)?.type) ?? '');
}

function withoutAddress(attachment: unknown): unknown {
  const story = asObject(attachment);
  if (story === null || !isStory(story)) return attachment;
  const payload = asObject(story.payload);
  return { ...withoutUrl(story), ...(payload && { payload: withoutUrl(payload) }) };
}

function withoutUrl({ url: _url, ...rest }: JsonObject): JsonObject {
  return rest;
}
