import { badParameter } from './errors.ts';
import { parseMedia } from './messageBody.ts';
import { MEDIA_TYPES } from './media.ts';
import { asObject, oneOf, onlyKeys } from './validation.ts';
import type { GraphCall } from './call.ts';
import type { Channel, Page } from '../model.ts';

/** `POST /{page-id}/message_attachments` with the address of a file or the file itself. Source: section B.2, "Upload". */
export async function uploadAttachment(
  call: GraphCall,
  page: Page,
): Promise<Record<string, unknown>> {
  onlyKeys(call.params, ['platform', 'message'], '');
  // `platform` is documented for Instagram alone; without it the file is for Messenger.
  const channel: Channel =
    call.params.platform === undefined
      ? 'messenger'
      : oneOf(call.params.platform, ['instagram'] as const, 'platform');
  const message = asObject(call.params.message, 'message');
  onlyKeys(message, ['attachment'], 'message');
  const attachment = asObject(message.attachment, 'message.attachment');
  onlyKeys(attachment, ['type', 'payload'], 'message.attachment');
  const type = oneOf(attachment.type, MEDIA_TYPES, 'message.attachment.type');
  const path = 'message.attachment.payload';
  const payload = asObject(attachment.payload, path);
  onlyKeys(payload, ['url', 'is_reusable'], path);
  const accountId = channel === 'messenger' ? page.id : page.instagramAccountId;
  if (accountId === undefined) throw badParameter('The Page has no linked Instagram account.');
  const scope = {
    context: call.context,
    channel,
    ownerId: page.id,
    accountId,
    ...(call.file === undefined ? {} : { file: call.file }),
  };
  const { attachmentId } = await parseMedia(type, { ...payload, is_reusable: true }, path, scope);
  call.context.store.changed();
  return { attachment_id: attachmentId };
}
