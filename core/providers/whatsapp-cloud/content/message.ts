import type { ContactCard, OutboundContent, SendSettings } from '../../../model';
import type { JsonObject } from '../../graph/json';
import { isUserId } from '../phone';
import { mediaObject } from './frame';
import { interactiveObject } from './interactive';
import { templateObject } from './template';

export interface MessageRequest {
  recipientExternalId: string;
  content: OutboundContent;
  settings?: SendSettings | undefined;
  /** Comes back with every status of the message. */
  marker?: string | undefined;
}

/** The body of `POST /{phone-number-id}/messages`. */
export function messageBody({
  recipientExternalId,
  content,
  settings = {},
  marker,
}: MessageRequest): JsonObject {
  return {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    ...recipientOf(recipientExternalId),
    ...(settings.replyTo ? { context: { message_id: settings.replyTo } } : {}),
    ...contentOf(content, settings),
    ...(marker === undefined ? {} : { biz_opaque_callback_data: marker }),
  };
}

/** A business-scoped user id has a field of its own (accepted since about May 2026). */
function recipientOf(externalId: string): JsonObject {
  return isUserId(externalId) ? { recipient: externalId } : { to: externalId };
}

function contentOf(content: OutboundContent, settings: SendSettings): JsonObject {
  const interactive = interactiveObject(content);
  if (interactive !== null) return { type: 'interactive', interactive };
  switch (content.type) {
    case 'text':
      return part('text', {
        body: content.text,
        ...(settings.linkPreview === undefined ? {} : { preview_url: settings.linkPreview }),
      });
    case 'image':
    case 'video':
      return part(content.type, { ...mediaObject(content.media), ...captionOf(content) });
    case 'audio':
      return part('audio', {
        ...mediaObject(content.media),
        ...(content.voice ? { voice: true } : {}),
      });
    case 'file':
      return part('document', {
        ...mediaObject(content.media),
        ...captionOf(content),
        ...(content.fileName ? { filename: content.fileName } : {}),
      });
    case 'stickerFile':
      return part('sticker', mediaObject(content.media));
    case 'location': {
      const { latitude, longitude, name, address } = content;
      // Numbers are taken too; Meta's OpenAPI file knows texts alone.
      return part('location', {
        latitude: String(latitude),
        longitude: String(longitude),
        ...(name ? { name } : {}),
        ...(address ? { address } : {}),
      });
    }
    case 'contacts':
      return { type: 'contacts', contacts: content.contacts.map(contactObject) };
    case 'reaction':
      return part('reaction', { message_id: content.targetProviderId, emoji: content.emoji });
    case 'template':
      return part('template', templateObject(content.template));
    default:
      throw new Error(`A message of type "${content.type}" passed the check of its content.`);
  }
}

function part(type: string, value: JsonObject): JsonObject {
  return { type, [type]: value };
}

function captionOf({ caption }: { caption?: string }): JsonObject {
  return caption ? { caption } : {};
}

function contactObject(card: ContactCard): JsonObject {
  const { name, phones, emails, urls, organization, birthday } = card;
  return {
    name: {
      formatted_name: name.formatted,
      ...filled({ first_name: name.first, last_name: name.last }),
    },
    ...listed('phones', phones, ({ phone, kind, externalId }) => ({
      phone,
      ...filled({ type: kind, wa_id: externalId }),
    })),
    ...listed('emails', emails, ({ email, kind }) => ({ email, ...filled({ type: kind }) })),
    ...listed('urls', urls, ({ url, kind }) => ({ url, ...filled({ type: kind }) })),
    ...(organization ? { org: filled({ ...organization }) } : {}),
    ...filled({ birthday }),
  };
}

function listed<T>(
  key: string,
  items: readonly T[],
  toObject: (item: T) => JsonObject,
): JsonObject {
  return items.length === 0 ? {} : { [key]: items.map(toObject) };
}

function filled(fields: Record<string, string | undefined>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value));
}
