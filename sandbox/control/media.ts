import { ControlError, type Reply, type Request } from '../http.ts';
import { newRecordId } from '../ids.ts';
import { mediaUrl } from '../graph/media.ts';
import type { Context } from '../context.ts';

const SHOWABLE = /^(image\/(png|jpeg|gif|webp)|audio\/[\w.-]+|video\/[\w.-]+|application\/pdf)$/;

/** `POST /_sandbox/media` with a file as body: stores it and names its address. */
export function storeMedia(context: Context, request: Request): Reply {
  const contentType = (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  if (!SHOWABLE.test(contentType)) {
    throw new ControlError(
      `Files of type "${contentType}" are not taken: picture, audio, video or PDF.`,
    );
  }
  if (request.body.length === 0) throw new ControlError('The file is empty.');
  const id = newRecordId('med');
  context.store.state.media[id] = { contentType, base64: request.body.toString('base64') };
  context.store.changed();
  return { status: 200, body: { mediaId: id, url: mediaUrl(context)(id), contentType } };
}

/** `GET /_sandbox/media/{id}`: the file, which a browser never runs. */
export function readMedia(context: Context, id: string): Reply {
  const media = context.store.state.media[id];
  if (media === undefined) throw new ControlError(`There is no media ${id}.`, 404);
  const safe = SHOWABLE.test(media.contentType);
  return {
    status: 200,
    headers: {
      'content-type': safe ? media.contentType : 'application/octet-stream',
      'content-security-policy': "default-src 'none'; sandbox",
    },
    body: Buffer.from(media.base64, 'base64'),
  };
}

/** `GET /_sandbox/uploads/{attachment id}`: the file that was uploaded for reuse. */
export function readUpload(context: Context, id: string): Reply {
  const mediaId = context.store.state.uploads[id]?.mediaId;
  if (mediaId === undefined) throw new ControlError(`There is no file of the upload ${id}.`, 404);
  return readMedia(context, mediaId);
}
