import { asList, asObject, oneOf, onlyKeys, requiredText, webAddress } from './validation.ts';
import type { QuickReplyOption } from '../model.ts';

/** Parses quick replies: at most 13, titles of 20 and payloads of 1000 characters. Source: section B.2. */
export function parseQuickReplies(value: unknown): QuickReplyOption[] {
  const path = 'message.quick_replies';
  return asList(value, path, 1, 13).map((item, index) => {
    const place = `${path}[${index}]`;
    const reply = asObject(item, place);
    const kinds = ['text', 'user_phone_number', 'user_email'] as const;
    const contentType = oneOf(reply.content_type, kinds, `${place}.content_type`);
    if (contentType !== 'text') {
      onlyKeys(reply, ['content_type'], place);
      return { contentType };
    }
    onlyKeys(reply, ['content_type', 'title', 'payload', 'image_url'], place);
    const option: QuickReplyOption = {
      contentType,
      title: requiredText(reply, 'title', place, 20),
      payload: requiredText(reply, 'payload', place, 1000),
    };
    if (reply.image_url !== undefined) option.imageUrl = webAddress(reply, 'image_url', place);
    return option;
  });
}
