import type { Attachment, MessageType, Referral, ReplyTo } from '../../../model';
import { asId, asList, asNumber, asObject, asText, parseObject } from '../../graph/json';
import type { JsonObject } from '../../graph/json';
import { present } from './scope';

/** What a message says, whoever wrote it. */
export interface Content {
  type: MessageType;
  text: string | null;
  attachments: Attachment[];
  buttonPayload: string | null;
  details: Record<string, unknown>;
}

type Reader = (message: JsonObject, part: JsonObject) => Content;

const NOTHING: Omit<Content, 'type'> = {
  text: null,
  attachments: [],
  buttonPayload: null,
  details: {},
};

const READERS = new Map<string, Reader>(
  Object.entries({
    text: (_message, part) => ({ ...NOTHING, type: 'text', text: asText(part.body) }),
    image: media('image', 'image'),
    video: media('video', 'video'),
    audio: media('audio', 'audio'),
    document: media('file', 'file'),
    sticker: media('sticker', 'sticker'),
    location: readLocation,
    contacts: readContacts,
    button: (_message, part) => ({
      ...NOTHING,
      type: 'postback',
      text: asText(part.text),
      buttonPayload: asText(part.payload) ?? asText(part.text),
    }),
    interactive: readInteractive,
    order: readOrder,
    unsupported: readUnsupported,
    unknown: readUnsupported,
  } satisfies Record<string, Reader>),
);

/** Null for a type that nobody knows yet. */
export function readContent(message: JsonObject): Content | null {
  const type = asText(message.type) ?? '';
  const content = READERS.get(type)?.(message, asObject(message[type]) ?? {});
  if (!content) return null;
  const context = asObject(message.context);
  return {
    ...content,
    details: {
      ...content.details,
      ...present({
        forwarded: context?.forwarded === true ? true : null,
        frequentlyForwarded: context?.frequently_forwarded === true ? true : null,
        groupId: asText(message.group_id),
      }),
    },
  };
}

function media(type: MessageType, attachmentType: Attachment['type']): Reader {
  return (_message, part) => ({
    ...NOTHING,
    type,
    text: asText(part.caption),
    attachments: [
      {
        type: attachmentType,
        ...present({
          // Short-lived, and wants the token: the id is what a download starts from.
          url: asText(part.url),
          mimeType: asText(part.mime_type)?.replaceAll('\\/', '/') ?? null,
          fileName: asText(part.filename),
          providerMediaId: asId(part.id),
        }),
      },
    ],
    details: present({
      voice: part.voice === true ? true : null,
      animated: part.animated === true ? true : null,
    }),
  });
}

function readLocation(_message: JsonObject, part: JsonObject): Content {
  const name = asText(part.name);
  const address = asText(part.address);
  return {
    ...NOTHING,
    type: 'location',
    attachments: [
      {
        type: 'location',
        ...present({
          title: name ?? address,
          url: asText(part.url),
          latitude: asNumber(part.latitude),
          longitude: asNumber(part.longitude),
        }),
      },
    ],
    details: present({ name, address }),
  };
}

/** A shared contact card; one that answers a request for the number is the person's own. */
function readContacts(message: JsonObject): Content {
  const contacts = asList(message.contacts).flatMap((value) => {
    const card = asObject(value);
    return card === null ? [] : [readCard(card)];
  });
  const names = contacts.map(({ name, phones }) => name ?? phones[0]?.phone ?? '');
  const origin = asText(message.origin);
  return {
    ...NOTHING,
    type: 'contacts',
    text: names.filter(Boolean).join(', ') || null,
    details: { contacts, ...(origin === null ? {} : { origin }) },
  };
}

function readCard(card: JsonObject) {
  const vcard = asText(card.vcard);
  const name = asObject(card.name);
  const nameOfVcard = /^FN:(.+)$/m.exec(vcard ?? '')?.[1]?.trim() ?? null;
  return {
    name: asText(name?.formatted_name) ?? nameOfVcard,
    phones: asList(card.phones).flatMap((value) => {
      const phone = asObject(value);
      return phone === null
        ? []
        : [
            present({
              phone: asText(phone.phone),
              waId: asId(phone.wa_id),
              type: asText(phone.type),
            }),
          ];
    }),
    emails: asList(card.emails).flatMap((value) => asText(asObject(value)?.email) ?? []),
  };
}

/** A tapped button, a row of a list, the answers of a form. */
function readInteractive(message: JsonObject, part: JsonObject): Content {
  const reply = asObject(part.button_reply) ?? asObject(part.list_reply);
  if (reply) {
    return {
      ...NOTHING,
      type: 'postback',
      text: asText(reply.title),
      buttonPayload: asId(reply.id),
      details: present({ description: asText(reply.description) }),
    };
  }
  const form = asObject(part.nfm_reply);
  if (form) {
    const answers = parseObject(asText(form.response_json) ?? '');
    return {
      ...NOTHING,
      type: 'form',
      text: asText(form.body),
      buttonPayload: asText(answers?.flow_token),
      details: { form: answers ?? {}, ...present({ formName: asText(form.name) }) },
    };
  }
  return readUnsupported(message, part);
}

function readOrder(_message: JsonObject, part: JsonObject): Content {
  const items = asList(part.product_items).flatMap((value) => {
    const item = asObject(value);
    return item === null
      ? []
      : [
          present({
            productId: asId(item.product_retailer_id),
            quantity: asNumber(item.quantity),
            price: asNumber(item.item_price),
            currency: asText(item.currency),
          }),
        ];
  });
  return {
    ...NOTHING,
    type: 'order',
    text: asText(part.text),
    details: { catalogId: asId(part.catalog_id), items },
  };
}

/** A poll, a view-once picture, an event: WhatsApp does not hand it over, but it was written. */
function readUnsupported(message: JsonObject, part: JsonObject): Content {
  const error = asObject(asList(message.errors)[0]);
  return {
    ...NOTHING,
    type: 'unsupported',
    details: present({
      unsupportedType: asText(part.type),
      error: asText(asObject(error?.error_data)?.details) ?? asText(error?.title),
    }),
  };
}

/** Of an edit: the new words. */
export function wordsOf(message: JsonObject | null): string | null {
  return message === null ? null : (readContent(message)?.text ?? null);
}

export function readReplyTo(message: JsonObject): ReplyTo | null {
  const providerId = asId(asObject(message.context)?.id);
  return providerId === null ? null : { providerId };
}

/** The advertisement or post that led here, or the product of a catalogue that was asked about. */
export function readReferral(message: JsonObject): Referral | null {
  const referral = asObject(message.referral);
  if (referral) {
    return {
      type: asText(referral.source_type)?.toLowerCase() ?? 'unknown',
      ...present({
        id: asId(referral.source_id),
        ref: asText(referral.ctwa_clid),
        headline: asText(referral.headline),
        url: asText(referral.source_url),
      }),
    };
  }
  const product = asObject(asObject(message.context)?.referred_product);
  const productId = asId(product?.product_retailer_id);
  return productId === null ? null : { type: 'product', id: productId };
}
