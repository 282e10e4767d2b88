import { isRecord } from '../http.ts';
import { newNumericId } from '../ids.ts';
import { badParameter, undocumented } from './errors.ts';
import {
  keepFile,
  MEDIA_TYPES,
  mediaUrl,
  takeMedia,
  UNKNOWN_ATTACHMENT_ID,
  type MediaType,
} from './media.ts';
import { parseQuickReplies } from './quickReplies.ts';
import { checkTemplate } from './templates.ts';
import {
  asList,
  asObject,
  characters,
  oneOf,
  onlyKeys,
  optionalFlag,
  optionalId,
  optionalText,
  requiredText,
  webAddress,
} from './validation.ts';
import type { Context } from '../context.ts';
import type { SentFile } from './multipart.ts';
import type { Channel, QuickReplyOption, StoredAttachment, UploadedAttachment } from '../model.ts';

/** A `message` that passed every documented limit of its channel. */
export interface ParsedMessage {
  text?: string;
  attachments: StoredAttachment[];
  quickReplies?: QuickReplyOption[];
  metadata?: string;
  /** Set when the caller asked to keep the file (`is_reusable`). */
  attachmentId?: string;
}

interface Scope {
  context: Context;
  channel: Channel;
  /** Page, or account under Instagram Login: whose uploads may be sent. */
  ownerId: string;
  /** Instagram account or Page: whose posts may be shared. */
  accountId: string;
  /** `filedata` of the call. */
  file?: SentFile;
}

/** Parses and judges `message` of a send. Source: section B.2. @throws GraphError for any violation. */
export async function parseMessage(value: unknown, scope: Scope): Promise<ParsedMessage> {
  const message = asObject(value, 'message');
  const known = ['text', 'attachment', 'attachments', 'template', 'quick_replies', 'metadata'];
  onlyKeys(message, known, 'message');
  if (message.template !== undefined) {
    throw undocumented(
      'utility templates (message.template) are not offered: Brazil is not on the list.',
    );
  }
  const forms = ['text', 'attachment', 'attachments'].filter((key) => message[key] !== undefined);
  if (forms.length === 0) {
    throw badParameter('Param message must have text or an attachment; it must be non-empty.');
  }
  if (forms.length > 1) {
    throw badParameter(
      `Param message cannot have ${forms.join(' and ')} at once: send two messages.`,
    );
  }
  if (scope.file !== undefined && !isMediaAttachment(message.attachment)) {
    throw badParameter('Param filedata goes with message.attachment of a media type.');
  }
  const parsed: ParsedMessage = { attachments: [] };
  if (message.text !== undefined) parsed.text = checkText(message, scope.channel);
  if (message.attachment !== undefined) {
    const { attachment, attachmentId } = await parseAttachment(message.attachment, scope);
    parsed.attachments = [attachment];
    if (attachmentId !== undefined) parsed.attachmentId = attachmentId;
  }
  if (message.attachments !== undefined) {
    parsed.attachments = await parseImages(message.attachments, scope);
  }
  if (message.quick_replies !== undefined) {
    if (parsed.text === undefined) {
      throw undocumented('message.quick_replies is documented together with message.text only.');
    }
    parsed.quickReplies = parseQuickReplies(message.quick_replies);
  }
  const metadata = optionalText(message, 'metadata', 'message', 1000);
  if (metadata !== undefined) parsed.metadata = metadata;
  return parsed;
}

function isMediaAttachment(value: unknown): boolean {
  return isRecord(value) && MEDIA_TYPES.some((type) => type === value.type);
}

/** Fewer than 2000 characters on Messenger, at most 1000 bytes of UTF-8 on Instagram. */
function checkText(message: Record<string, unknown>, channel: Channel): string {
  const text = requiredText(message, 'text', 'message');
  if (channel === 'messenger' && characters(text) >= 2000) {
    throw badParameter('Length of param message[text] must be less than 2000 characters.');
  }
  if (channel === 'instagram' && Buffer.byteLength(text) > 1000) {
    throw badParameter(
      'Length of param message[text] must be less than or equal to 1000 bytes (UTF-8).',
    );
  }
  return text;
}

async function parseAttachment(
  value: unknown,
  scope: Scope,
): Promise<{ attachment: StoredAttachment; attachmentId?: string }> {
  const path = 'message.attachment';
  const attachment = asObject(value, path);
  const instagramOnly = ['MEDIA_SHARE', 'like_heart'] as const;
  const kinds = [
    ...MEDIA_TYPES,
    'template' as const,
    ...(scope.channel === 'instagram' ? instagramOnly : []),
  ];
  const type = oneOf(attachment.type, kinds, `${path}.type`);
  if (type === 'like_heart') {
    onlyKeys(attachment, ['type'], path);
    return { attachment: { type } };
  }
  onlyKeys(attachment, ['type', 'payload'], path);
  const payload = asObject(attachment.payload, `${path}.payload`);
  if (type === 'template') {
    checkTemplate(payload, scope.channel, `${path}.payload`);
    checkUploads(payload, scope);
    return { attachment: { type, payload } };
  }
  if (type === 'MEDIA_SHARE') {
    if (payload.attachment_id !== undefined) {
      return { attachment: uploadedAs(payload, `${path}.payload`, scope) };
    }
    onlyKeys(payload, ['id'], `${path}.payload`);
    return { attachment: { type, payload: { id: ownMedia(payload, scope) } } };
  }
  return parseMedia(type, payload, `${path}.payload`, scope);
}

/** One media file by address or by the id of an earlier upload. */
export async function parseMedia(
  type: MediaType,
  payload: Record<string, unknown>,
  path: string,
  scope: Scope,
): Promise<{ attachment: StoredAttachment; attachmentId?: string }> {
  onlyKeys(payload, ['url', 'is_reusable', 'attachment_id'], path);
  const { state } = scope.context.store;
  const uploadId = optionalId(payload, 'attachment_id', path);
  if (uploadId !== undefined) {
    onlyKeys(payload, ['attachment_id'], path);
    const isShareOnly = state.settings.sendsUploadedAs === 'mediaShare';
    const upload = findUpload(uploadId, scope);
    if (upload.type !== type || (scope.channel === 'instagram' && isShareOnly)) {
      throw badParameter('The attachment_id is of another type.', UNKNOWN_ATTACHMENT_ID);
    }
    return { attachment: attachmentOf(upload) };
  }
  const { url, mediaId, title } = await takeFile(type, payload, path, scope);
  const attachment = {
    type,
    url,
    ...(mediaId === undefined ? {} : { mediaId }),
    ...(title === undefined ? {} : { title }),
  };
  if (!optionalFlag(payload, 'is_reusable', path)) return { attachment };
  const attachmentId = newNumericId('98', 15);
  state.uploads[attachmentId] = {
    ...attachment,
    id: attachmentId,
    pageId: scope.ownerId,
    platform: scope.channel,
  };
  return { attachment, attachmentId };
}

/** A media template may show an upload, which must be there and of its type. */
function checkUploads(payload: Record<string, unknown>, scope: Scope): void {
  const [element] = Array.isArray(payload.elements) ? (payload.elements as unknown[]) : [];
  if (payload.template_type !== 'media' || !isRecord(element)) return;
  const id = optionalId(element, 'attachment_id', 'message.attachment.payload.elements[0]');
  if (id !== undefined && findUpload(id, scope).type !== element.media_type) {
    throw badParameter('The attachment_id is of another type.', UNKNOWN_ATTACHMENT_ID);
  }
}

function findUpload(id: string, scope: Scope): UploadedAttachment {
  const upload = scope.context.store.state.uploads[id];
  if (upload?.pageId !== scope.ownerId || upload.platform !== scope.channel) {
    throw badParameter('The attachment_id is unknown.', UNKNOWN_ATTACHMENT_ID);
  }
  return upload;
}

function attachmentOf({ type, url, mediaId, title }: UploadedAttachment): StoredAttachment {
  return {
    type,
    url,
    ...(mediaId === undefined ? {} : { mediaId }),
    ...(title === undefined ? {} : { title }),
  };
}

/** An uploaded Instagram file sent as MEDIA_SHARE, as one page of the documents does. */
function uploadedAs(
  payload: Record<string, unknown>,
  path: string,
  scope: Scope,
): StoredAttachment {
  onlyKeys(payload, ['attachment_id'], path);
  const upload = findUpload(optionalId(payload, 'attachment_id', path) ?? '', scope);
  if (scope.context.store.state.settings.sendsUploadedAs === 'type') {
    throw badParameter('An uploaded file is sent with its own type, not as MEDIA_SHARE.');
  }
  return attachmentOf(upload);
}

/** The file that came with the call, or the one that its address names. */
async function takeFile(
  type: MediaType,
  payload: Record<string, unknown>,
  path: string,
  { context, channel, file }: Scope,
): Promise<{ url: string; mediaId: string | undefined; title?: string }> {
  if (file !== undefined) {
    if (payload.url !== undefined) throw badParameter(`Param ${path}.url goes without filedata.`);
    const mediaId = keepFile(context, file, type, channel);
    return { url: mediaUrl(context)(mediaId), mediaId, title: file.name };
  }
  const url = webAddress(payload, 'url', path);
  return { url, mediaId: await takeMedia(context, url, type, channel) };
}

async function parseImages(value: unknown, scope: Scope): Promise<StoredAttachment[]> {
  const images: StoredAttachment[] = [];
  for (const [index, item] of asList(value, 'message.attachments', 1, 10).entries()) {
    const path = `message.attachments[${index}]`;
    const attachment = asObject(item, path);
    onlyKeys(attachment, ['type', 'payload'], path);
    oneOf(attachment.type, ['image'], `${path}.type`);
    const payload = asObject(attachment.payload, `${path}.payload`);
    onlyKeys(payload, ['url'], `${path}.payload`);
    images.push((await parseMedia('image', payload, `${path}.payload`, scope)).attachment);
  }
  return images;
}

function ownMedia(payload: Record<string, unknown>, scope: Scope): string {
  const id = optionalId(payload, 'id', 'message.attachment.payload');
  const account = scope.context.store.state.instagramAccounts[scope.accountId];
  if (id === undefined || account?.mediaIds.includes(id) !== true) {
    throw badParameter('Param message.attachment.payload.id must be a post of the account itself.');
  }
  return id;
}
