import { createHash } from 'node:crypto';
import { newNumericId, newRecordId } from '../ids.ts';
import { unknownObject, undocumented } from '../graph/errors.ts';
import { onlyKeys, requiredText } from '../graph/validation.ts';
import { refused } from './errors.ts';
import { holds, requireProduct, requireScope } from './access.ts';
import type { Reply, Request } from '../http.ts';
import type { Context } from '../context.ts';
import type { GraphCall } from '../graph/call.ts';
import type { WhatsAppMedia, WhatsAppNumber } from './model.ts';

const MB = 1024 * 1024;
const DAY_MS = 86_400_000;
const ADDRESS_LIFE_MS = 5 * 60_000;
const MEDIA_PATH = '/whatsapp_business/attachments/';

export type MediaKind = 'image' | 'video' | 'audio' | 'document' | 'sticker';

/** What each kind may be, and how large. Source: section D.4. */
const FORMATS: Record<MediaKind, { mime: RegExp; max: number }> = {
  image: { mime: /^image\/(jpeg|png)$/, max: 5 * MB },
  video: { mime: /^video\/(mp4|3gpp?)$/, max: 16 * MB },
  audio: { mime: /^audio\/(aac|amr|mpeg|mp4|ogg)$/, max: 16 * MB },
  sticker: { mime: /^image\/webp$/, max: 500 * 1024 },
  document: { mime: /^(text\/plain|application\/[\w.+-]+)$/, max: 100 * MB },
};

/** Refuses a file that the kind of message cannot carry. */
export function checkFormat(kind: MediaKind, mimeType: string, size: number): void {
  const { mime, max } = FORMATS[kind];
  if (!mime.test(mimeType)) {
    throw refused(131053, `Media of type ${mimeType} cannot be sent as ${kind}.`);
  }
  if (size > max) {
    throw refused(131053, `The file has ${size} bytes; ${kind} takes ${max}.`);
  }
}

/** `POST /{number}/media`: a multipart form with the file. Source: section D.4. */
export function uploadMedia(call: GraphCall, number: WhatsAppNumber): Record<string, unknown> {
  requireScope(call, 'whatsapp_business_messaging');
  onlyKeys(call.params, ['messaging_product', 'type'], '');
  requireProduct(call.params);
  const { file } = call;
  if (file?.part !== 'file') {
    throw refused(100, 'The parameter file is required: send a multipart form with the file.');
  }
  const type = requiredText(call.params, 'type', '').split(';')[0]?.trim() ?? '';
  if (file.contentType !== type) {
    throw refused(
      131053,
      `The part file is ${file.contentType}, and the parameter type says ${type}.`,
    );
  }
  const kind = (Object.keys(FORMATS) as MediaKind[]).find((item) => FORMATS[item].mime.test(type));
  if (kind === undefined) {
    throw refused(100, `Param file must be a file with one of the documented types, not ${type}.`);
  }
  checkFormat(kind, type, file.bytes.length);
  const { id } = keepMedia(call.context, number.businessId, {
    mimeType: type,
    bytes: file.bytes,
    lifeDays: 30,
    fileName: file.name,
  });
  return { id };
}

/** Keeps a file: one that was uploaded, or one that a person sent. */
export function keepMedia(
  context: Context,
  businessId: string,
  file: { mimeType: string; bytes: Buffer; lifeDays: number; fileName?: string; storedAs?: string },
): WhatsAppMedia {
  const { store } = context;
  const { state } = store;
  const { mimeType, bytes, fileName } = file;
  const storedAs = file.storedAs ?? newRecordId('med');
  state.media[storedAs] ??= { contentType: mimeType, base64: bytes.toString('base64') };
  const media: WhatsAppMedia = {
    id: newNumericId('1', 16),
    businessId,
    storedAs,
    mimeType,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    size: bytes.length,
    expiresAt: store.now() + file.lifeDays * DAY_MS,
    ...(fileName === undefined ? {} : { fileName }),
  };
  state.whatsApp.media[media.id] = media;
  store.changed();
  return media;
}

/** A file by its id, while it lives and for a token that was given its business account. */
export function mediaOf(call: GraphCall, id: string): WhatsAppMedia | undefined {
  const media = call.context.store.state.whatsApp.media[id];
  if (media === undefined) return undefined;
  const isOver = media.expiresAt <= call.context.store.now();
  if (isOver || !holds(call, media.businessId)) throw unknownObject(call.method, id);
  return media;
}

/** `GET|DELETE /{media-id}`. Source: section D.4. */
export function answerMedia(call: GraphCall, media: WhatsAppMedia): Record<string, unknown> {
  requireScope(call, 'whatsapp_business_messaging');
  onlyKeys(call.params, ['phone_number_id'], '');
  const { phone_number_id: numberId } = call.params;
  const { state } = call.context.store;
  if (numberId !== undefined) {
    const number = state.whatsApp.numbers[typeof numberId === 'string' ? numberId : ''];
    if (number?.businessId !== media.businessId) throw unknownObject(call.method, media.id);
  }
  if (call.method === 'DELETE') {
    delete state.whatsApp.media[media.id];
    call.context.store.changed();
    return { success: true };
  }
  return {
    messaging_product: 'whatsapp',
    url: mediaAddress(call.context, media),
    mime_type: media.mimeType,
    sha256: media.sha256,
    file_size: String(media.size),
    id: media.id,
  };
}

/** Where the bytes lie for five minutes. */
export function mediaAddress(context: Context, media: WhatsAppMedia): string {
  const url = new URL(MEDIA_PATH, context.publicUrl());
  url.searchParams.set('mid', media.id);
  url.searchParams.set('ext', String(Math.floor((context.store.now() + ADDRESS_LIFE_MS) / 1000)));
  url.searchParams.set('hash', media.sha256.slice(0, 24));
  return url.href;
}

/** True for the address of a file, which is none of the Graph's. */
export function isMediaPath(path: string): boolean {
  return path === MEDIA_PATH;
}

/** `GET <url>` with the token: 401 without it, 404 when the address has ended or the file is gone. */
export function downloadMedia(context: Context, request: Request): Reply {
  const { store } = context;
  if (request.method !== 'GET')
    throw undocumented(`${request.method} of a file is not documented.`);
  const rawToken = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const token = store.state.tokens[rawToken];
  const media = store.state.whatsApp.media[request.query.get('mid') ?? ''];
  const isHolder =
    token !== undefined &&
    token.invalid === undefined &&
    (media === undefined || token.whatsAppBusinessIds?.includes(media.businessId) === true);
  if (!isHolder) return { status: 401, body: 'Unauthorized' };
  const endsAt = Number(request.query.get('ext')) * 1000;
  const stored = store.state.media[media?.storedAs ?? ''];
  const isOver = media === undefined || media.expiresAt <= store.now() || endsAt <= store.now();
  if (isOver || stored === undefined || request.query.get('hash') !== media.sha256.slice(0, 24)) {
    return { status: 404, body: 'Not found' };
  }
  return {
    status: 200,
    headers: { 'content-type': media.mimeType },
    body: Buffer.from(stored.base64, 'base64'),
  };
}
