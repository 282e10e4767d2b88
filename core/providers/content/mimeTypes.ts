import type { MediaSource } from '../../model';

/** By the end of an address, where nobody said it; absent rather than guessed. */
const MIME_TYPES: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  mp4: 'video/mp4',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  m4a: 'audio/mp4',
  pdf: 'application/pdf',
  txt: 'text/plain',
  csv: 'text/csv',
  zip: 'application/zip',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ppt: 'application/vnd.ms-powerpoint',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
};

/** What kind of file is at an address; undefined where neither the caller nor its ending says it. */
export function mimeTypeAt(media: MediaSource): string | undefined {
  if (!('url' in media)) return undefined;
  const ending = /\.([a-z0-9]{2,5})$/i.exec(URL.parse(media.url)?.pathname ?? '')?.[1];
  return media.mimeType ?? MIME_TYPES[ending?.toLowerCase() ?? ''];
}
