import { ControlError, isRecord } from '../http.ts';
import * as read from '../control/read.ts';
import { keepMedia, mediaAddress } from './media.ts';
import type { InjectScope } from './injectScope.ts';
import type { Message, StoredAttachment } from '../model.ts';

type Json = Record<string, unknown>;

/** What the person sent: as the sandbox keeps it, and as the webhook shows it. */
interface Incoming {
  stored: Partial<Message>;
  content: Json;
}

/** Content of a `message`: exactly one of text, a file, a place, contact cards, an order, something unsupported. */
export function readIncoming(scope: InjectScope): Incoming {
  const { body } = scope;
  const made = readKind(scope);
  const context = contextOf(scope);
  const replyTo = read.optionalText(body, 'replyTo');
  return {
    stored: {
      ...made.stored,
      whatsApp: {
        type: String(made.content.type),
        content: made.content[String(made.content.type)],
      },
      ...(replyTo === undefined ? {} : { replyTo: { mid: replyTo } }),
    },
    content: { ...(context === undefined ? {} : { context }), ...made.content },
  };
}

/** `context` of a webhook: the message that is answered, or that the text was forwarded. Samples: wa_reply_context, wa_forwarded. */
function contextOf({ number, body }: InjectScope): Json | undefined {
  const replyTo = read.optionalText(body, 'replyTo');
  if (replyTo !== undefined) return { from: number.digits, id: replyTo };
  return read.optionalBoolean(body, 'forwarded') === true ? { forwarded: true } : undefined;
}

function readKind(scope: InjectScope): Incoming {
  const { body } = scope;
  if (read.optionalBoolean(body, 'isUnsupported') === true) return unsupported();
  const { attachments } = body;
  if (attachments !== undefined) {
    if (!Array.isArray(attachments) || attachments.length !== 1 || !isRecord(attachments[0])) {
      throw new ControlError('On WhatsApp a message carries exactly one attachment.');
    }
    return readFile(scope, attachments[0]);
  }
  const location = read.optionalObject(body, 'location');
  if (location !== undefined) {
    const title = [location.name, location.address].find((item) => typeof item === 'string');
    const attachment: StoredAttachment = { type: 'location', ...(title ? { title } : {}) };
    return { stored: { attachments: [attachment] }, content: { type: 'location', location } };
  }
  if (body.contacts !== undefined) {
    const contacts = Array.isArray(body.contacts) ? body.contacts : [body.contacts];
    return { stored: {}, content: { type: 'contacts', contacts } };
  }
  const order = read.optionalObject(body, 'order');
  if (order !== undefined) return { stored: {}, content: { type: 'order', order } };
  const text = read.text(body, 'text');
  if (text === '') throw new ControlError('Field text must not be empty.');
  return { stored: { text }, content: { type: 'text', text: { body: text } } };
}

/** Sample: wa_unsupported. */
function unsupported(): Incoming {
  const title = 'Message type unknown';
  const error = {
    code: 131051,
    title,
    message: title,
    error_data: { details: 'Message type is currently not supported.' },
  };
  return {
    stored: { isUnsupported: true },
    content: { type: 'unsupported', unsupported: { type: 'poll' }, errors: [error] },
  };
}

/** A file of the person, which WhatsApp keeps for 7 days. Samples: wa_image, wa_audio_voice, wa_document, wa_sticker. */
function readFile(scope: InjectScope, attachment: Json): Incoming {
  const { context, number, body } = scope;
  read.onlyFields(attachment, ['type', 'mediaId', 'title']);
  const kind = read.text(attachment, 'type');
  const type = {
    image: 'image',
    audio: 'audio',
    video: 'video',
    file: 'document',
    sticker: 'sticker',
  }[kind];
  const storedAs = read.text(attachment, 'mediaId');
  const stored = context.store.state.media[storedAs];
  if (type === undefined || stored === undefined) {
    throw new ControlError(
      'An attachment is { type, mediaId, title? } of a file in /_sandbox/media.',
    );
  }
  const title = read.optionalText(attachment, 'title') ?? stored.fileName;
  const caption = read.optionalText(body, 'text');
  const media = keepMedia(context, number.businessId, {
    mimeType: stored.contentType,
    bytes: Buffer.from(stored.base64, 'base64'),
    storedAs,
    lifeDays: 7,
  });
  const more: Json = {
    image: {},
    video: {},
    sticker: { animated: false },
    audio: { voice: read.optionalBoolean(body, 'voice') === true },
    document: { filename: title ?? 'documento.pdf' },
  }[type] as Json;
  return {
    stored: {
      attachments: [
        {
          type: kind === 'sticker' ? 'image' : kind,
          mediaId: storedAs,
          ...(title === undefined ? {} : { title }),
        },
      ],
      ...(caption === undefined ? {} : { text: caption }),
    },
    content: {
      type,
      [type]: {
        id: media.id,
        mime_type: media.mimeType,
        // Webhooks write it in base64, the answer about a file in hex.
        sha256: Buffer.from(media.sha256, 'hex').toString('base64'),
        ...(caption === undefined ? {} : { caption }),
        url: mediaAddress(context, media),
        ...more,
      },
    },
  };
}
