import { InvalidContentError } from '../../model';
import type {
  ChannelAbilities,
  FileKind,
  MediaFile,
  MediaKind,
  MediaLimit,
  MediaSource,
} from '../../model';
import { CONTENT_FIELDS } from './fields';
import { mimeTypeAt } from './mimeTypes';
import { checkAddress, checkCount, checkLength, empty, isBlank, megabytes } from './measure';

const KIND_NAMES: Record<FileKind, string> = {
  image: 'picture',
  video: 'video',
  audio: 'recording',
  file: 'document',
  sticker: 'sticker',
};

export function checkMediaMessage(
  kind: MediaKind,
  media: MediaSource,
  caption: string | undefined,
  can: ChannelAbilities,
): void {
  checkSource(media, `The address of the ${KIND_NAMES[kind]}`);
  if (kind === 'file') checkFormat(media, can);
  if (caption === undefined || isBlank(caption)) return;
  const allowed = limitOf(kind, can).caption;
  if (allowed === null) {
    throw new InvalidContentError(
      CONTENT_FIELDS.caption,
      `${can.displayName} shows no text beside a ${KIND_NAMES[kind]}.`,
      { hint: 'Send the text as a message of its own.' },
    );
  }
  checkLength(CONTENT_FIELDS.caption, 'The caption', caption, allowed, can);
}

/** A document at an address: its ending tells what it is, where it has one that everybody knows. */
function checkFormat(media: MediaSource, can: ChannelAbilities): void {
  const mimeType = mimeTypeAt(media);
  const limit = can.media.file;
  if (mimeType === undefined || !limit || accepts(limit, mimeType)) return;
  throw new InvalidContentError(
    CONTENT_FIELDS.url,
    `${can.displayName} does not take "${mimeType}" as a document.`,
    { hint: `It takes ${limit.formats}. Convert the file, or choose another channel.` },
  );
}

export function checkImages(images: readonly MediaSource[], can: ChannelAbilities): void {
  const field = CONTENT_FIELDS.images;
  checkCount(field, ['picture', 'pictures'], images.length, can.maxImages, can);
  images.forEach((image, index) =>
    checkSource(image, `The address of picture ${index + 1}`, field),
  );
}

export function checkSource(media: MediaSource, what: string, field?: string): void {
  if ('url' in media) checkAddress(field ?? CONTENT_FIELDS.url, what, media.url);
  else if (isBlank(media.attachmentId)) {
    throw empty(field ?? CONTENT_FIELDS.attachmentId, 'The attachment ID');
  }
}

/**
 * Checks a file of the caller's own before it is uploaded.
 * @throws InvalidContentError naming size or format, and what the channel takes
 */
export function checkMediaFile(
  kind: FileKind,
  file: Pick<MediaFile, 'size' | 'mimeType'>,
  can: ChannelAbilities,
): void {
  const limit = limitOf(kind, can);
  const field = CONTENT_FIELDS.file;
  if (file.size === 0) throw empty(field, `The ${KIND_NAMES[kind]}`);
  if (file.size > limit.maxBytes) {
    throw new InvalidContentError(
      field,
      `The ${KIND_NAMES[kind]} has ${megabytes(file.size)}; ${can.displayName} allows ${megabytes(limit.maxBytes)}.`,
      { hint: 'Make it smaller.', details: { size: file.size, max: limit.maxBytes } },
    );
  }
  if (!accepts(limit, file.mimeType)) {
    throw new InvalidContentError(
      field,
      `${can.displayName} does not take "${file.mimeType}" as a ${KIND_NAMES[kind]}.`,
      { hint: `It takes ${limit.formats}. Convert the file, or choose another content.` },
    );
  }
}

function accepts({ mimeTypes }: MediaLimit, mimeType: string): boolean {
  const bare = mimeType.split(';')[0]?.trim().toLowerCase() ?? '';
  return (
    mimeTypes.length === 0 ||
    mimeTypes.some((type) =>
      type.endsWith('/*') ? bare.startsWith(type.slice(0, -1)) : type === bare,
    )
  );
}

function limitOf(kind: FileKind, can: ChannelAbilities): MediaLimit {
  const limit = can.media[kind];
  if (limit) return limit;
  throw new InvalidContentError(
    CONTENT_FIELDS.type,
    `${can.displayName} takes no ${KIND_NAMES[kind]}.`,
  );
}
