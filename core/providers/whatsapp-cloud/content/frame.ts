import type { Frame, FrameHeader, MediaSource } from '../../../model';
import type { JsonObject } from '../../graph/json';

/** A file as a message names it: by its address, or by the id that an upload gave. */
export function mediaObject(media: MediaSource): JsonObject {
  return 'url' in media ? { link: media.url } : { id: media.attachmentId };
}

/** Header, body and footer of an interactive message; an empty text leaves its part out. */
export function frameParts({ header, text, footer }: Frame): JsonObject {
  return {
    ...(header === undefined ? {} : { header: headerObject(header) }),
    ...(text === '' ? {} : { body: { text } }),
    ...(footer ? { footer: { text: footer } } : {}),
  };
}

function headerObject(header: FrameHeader): JsonObject {
  switch (header.kind) {
    case 'text':
      return { type: 'text', text: header.text };
    case 'document':
      return {
        type: 'document',
        document: {
          ...mediaObject(header.media),
          ...(header.fileName ? { filename: header.fileName } : {}),
        },
      };
    default:
      return { type: header.kind, [header.kind]: mediaObject(header.media) };
  }
}
