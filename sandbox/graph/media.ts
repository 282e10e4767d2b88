import { newRecordId } from '../ids.ts';
import { badParameter } from './errors.ts';
import { isLoopback } from './validation.ts';
import type { Context } from '../context.ts';
import type { SentFile } from './multipart.ts';
import type { Channel } from '../model.ts';

const MB = 1024 * 1024;
const FETCH_TIMEOUT_MS = 5000;

export type MediaType = 'image' | 'video' | 'audio' | 'file';
export const MEDIA_TYPES: readonly MediaType[] = ['image', 'video', 'audio', 'file'];

/** Subcodes of the attachment row of section B.7, in the order of its reasons. */
const BAD_TYPE = 2018047;
const FETCH_FAILED = 2018008;
const TOO_BIG = 2018109;
export const UNKNOWN_ATTACHMENT_ID = 2018074;

/** Instagram's formats (section B.2); Messenger states only a size. */
const INSTAGRAM_FORMATS: Record<MediaType, { mime: RegExp; extensions: string[]; max: number }> = {
  image: {
    mime: /^image\/(png|jpe?g|gif)$/,
    extensions: ['png', 'jpg', 'jpeg', 'gif'],
    max: 8 * MB,
  },
  video: {
    mime: /^video\/(mp4|ogg|x-msvideo|avi|quicktime|webm)$/,
    extensions: ['mp4', 'ogg', 'ogv', 'avi', 'mov', 'webm'],
    max: 25 * MB,
  },
  audio: {
    mime: /^(audio\/(aac|x-aac|mp4|x-m4a|m4a|wav|x-wav|wave)|video\/mp4)$/,
    extensions: ['aac', 'm4a', 'wav', 'mp4'],
    max: 25 * MB,
  },
  file: { mime: /^application\/pdf$/, extensions: ['pdf'], max: 25 * MB },
};

/**
 * What the vendor does with a media address: fetch it, look at type and size, keep a copy on its CDN.
 * Which addresses are really fetched is the setting `fetchMedia`; of the others only the file ending
 * is judged.
 * @returns id of the sandbox's copy, or undefined when nothing was fetched.
 */
export async function takeMedia(
  context: Context,
  address: string,
  type: MediaType,
  channel: Channel,
): Promise<string | undefined> {
  const url = new URL(address);
  const { fetchMedia } = context.store.state.settings;
  const own = ownMediaId(context, address);
  if (own !== undefined) {
    const stored = context.store.state.media[own];
    if (stored === undefined)
      throw badParameter('Failed to fetch the file from the url.', FETCH_FAILED);
    checkFormat(stored.contentType, Buffer.byteLength(stored.base64, 'base64'), type, channel);
    return own;
  }
  if (fetchMedia === 'all' || (fetchMedia === 'loopback' && isLoopback(url))) {
    const { contentType, bytes } = await fetchBytes(address, limitOf(type, channel));
    checkFormat(contentType, bytes.length, type, channel);
    const id = newRecordId('med');
    context.store.state.media[id] = { contentType, base64: bytes.toString('base64') };
    return id;
  }
  checkEnding(url, type, channel);
  return undefined;
}

/** Keeps a file that came with the call itself. @throws GraphError 100 for a type or size not allowed. */
export function keepFile(
  context: Context,
  file: SentFile,
  type: MediaType,
  channel: Channel,
): string {
  checkFormat(file.contentType, file.bytes.length, type, channel);
  const id = newRecordId('med');
  const base64 = file.bytes.toString('base64');
  context.store.state.media[id] = { contentType: file.contentType, base64, fileName: file.name };
  return id;
}

/** Address of a stored copy. */
export function mediaUrl(context: Context): (mediaId: string) => string {
  return (mediaId) => `${context.publicUrl()}/_sandbox/media/${mediaId}`;
}

/** An address of the sandbox's own media store needs no fetch. */
export function ownMediaId(context: Context, address: string): string | undefined {
  const prefix = `${context.publicUrl()}/_sandbox/media/`;
  return address.startsWith(prefix) ? address.slice(prefix.length) : undefined;
}

function limitOf(type: MediaType, channel: Channel): number {
  return channel === 'instagram' ? INSTAGRAM_FORMATS[type].max : 25 * MB;
}

export async function fetchBytes(
  address: string,
  limit: number,
): Promise<{ contentType: string; bytes: Buffer }> {
  let response: Response;
  try {
    response = await fetch(address, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  } catch {
    throw badParameter('Failed to fetch the file from the url.', FETCH_FAILED);
  }
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw badParameter('Failed to fetch the file from the url.', FETCH_FAILED);
  }
  const contentType = (response.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > limit) {
      await reader.cancel();
      throw badParameter('The attachment exceeds the allowed size.', TOO_BIG);
    }
    chunks.push(part.value);
  }
  return { contentType: contentType.toLowerCase(), bytes: Buffer.concat(chunks) };
}

function checkFormat(contentType: string, size: number, type: MediaType, channel: Channel): void {
  if (size > limitOf(type, channel)) {
    throw badParameter('The attachment exceeds the allowed size.', TOO_BIG);
  }
  const fits =
    channel === 'instagram'
      ? INSTAGRAM_FORMATS[type].mime.test(contentType)
      : type === 'file' || contentType.startsWith(`${type}/`);
  if (!fits) {
    throw badParameter(`Upload of ${contentType} as ${type} is not allowed.`, BAD_TYPE);
  }
}

function checkEnding(url: URL, type: MediaType, channel: Channel): void {
  const ending = /\.([a-z0-9]{2,4})$/i.exec(url.pathname)?.[1]?.toLowerCase();
  if (ending === undefined || channel !== 'instagram') return;
  if (!INSTAGRAM_FORMATS[type].extensions.includes(ending)) {
    throw badParameter(`Upload of .${ending} as ${type} is not allowed.`, BAD_TYPE);
  }
}
