import type { Attachment, AttachmentType, MessageType } from '../../../model';
import { asItems, asNumber, asObject } from '../../graph/json';
import type { JsonObject } from '../../graph/json';
import { idAt, unwrapped, wordsAt } from './scope';

/** What a message says, whoever wrote it. */
export interface Content {
  type: MessageType;
  text: string | null;
  attachments: Attachment[];
  buttonPayload: string | null;
  details: Record<string, unknown>;
}

/** A tap on somebody's emoji. */
export interface Reaction {
  targetProviderId: string;
  emoji: string | null;
}

/** The contents of a message: a list, one of them alone, or either as JSON in a text. */
export function contentsOf(message: JsonObject): JsonObject[] {
  const value = unwrapped(message.contents ?? message.content);
  return asItems(value).flatMap((item) => {
    const inner = unwrapped(item);
    const object = asObject(inner);
    if (object !== null) return [object];
    return typeof inner === 'string' && inner !== '' ? [{ type: 'text', text: inner }] : [];
  });
}

/** Several contents of one message read as one: its words under each other, its files beside each other. */
export function readContents(contents: readonly JsonObject[]): Content | null {
  const read = contents.map(readOne);
  const [first] = read;
  if (first === undefined) return null;
  const texts = read.flatMap(({ text }) => text ?? []);
  const leading = read.find(({ attachments }) => attachments.length > 0) ?? first;
  return {
    type: leading.type,
    text: texts.length === 0 ? null : texts.join('\n'),
    attachments: read.flatMap(({ attachments }) => attachments),
    buttonPayload: read.find(({ buttonPayload }) => buttonPayload !== null)?.buttonPayload ?? null,
    details: Object.assign({}, ...read.map(({ details }) => details)) as Record<string, unknown>,
  };
}

/** Null where the message is none. */
export function readReaction(contents: readonly JsonObject[]): Reaction | null {
  const [only, ...more] = contents;
  if (only?.type !== 'reaction' || more.length > 0) return null;
  const reaction = asObject(only.reaction) ?? only;
  const targetProviderId = idAt(reaction, 'message_id', 'messageId', 'messsageId');
  return targetProviderId === null ? null : { targetProviderId, emoji: wordsAt(reaction, 'emoji') };
}

const NOTHING: Omit<Content, 'type'> = {
  text: null,
  attachments: [],
  buttonPayload: null,
  details: {},
};

function readOne(content: JsonObject): Content {
  const type = wordsAt(content, 'type')?.toLowerCase() ?? '';
  const file = readFile(content, type);
  if (file !== null) return file;
  const text = wordsAt(content, 'text', 'body', 'caption', 'title');
  const reply = replyOf(content);
  if (reply !== null) {
    return {
      ...NOTHING,
      type: 'postback',
      text: reply.title ?? text,
      buttonPayload: reply.payload,
    };
  }
  switch (type) {
    case 'text':
    case 'replyable_text':
    case 'reply_text':
    case 'email':
      return text === null
        ? unsupported(type)
        : { ...NOTHING, type: 'text', text, ...subjectOf(content) };
    case 'location':
      return readLocation(content);
    case 'contacts':
      return readContacts(content);
    default:
      return { ...unsupported(type), text };
  }
}

function subjectOf(content: JsonObject): Partial<Content> {
  const subject = wordsAt(content, 'subject');
  return subject === null ? {} : { details: { subject } };
}

function unsupported(type: string): Content {
  return { ...NOTHING, type: 'unsupported', details: { unsupportedType: type } };
}

/** The label of a tapped button comes as a text with what the button carries; lists and Meta's own forms vary. */
function replyOf(content: JsonObject): { title: string | null; payload: string } | null {
  const interactive = asObject(content.interactive) ?? content;
  const reply =
    asObject(interactive.button_reply) ??
    asObject(interactive.list_reply) ??
    asObject(interactive.button) ??
    asObject(content.postback);
  const payload = wordsAt(content, 'payload') ?? idAt(reply, 'payload', 'id');
  return payload === null ? null : { title: wordsAt(reply, 'title', 'text'), payload };
}

const FILE_TYPES: Readonly<Record<string, AttachmentType & MessageType>> = {
  image: 'image',
  video: 'video',
  audio: 'audio',
  voice: 'audio',
  ptt: 'audio',
  document: 'file',
  file: 'file',
  sticker: 'sticker',
};

/** `fileMimeType` is a kind (`image`) or a MIME type (`image/png`); keys of the address vary. */
function readFile(content: JsonObject, type: string): Content | null {
  if (!(type in FILE_TYPES)) return null;
  const inner = asObject(content[type]) ?? content;
  const url = wordsAt(inner, 'fileUrl', 'fileURL', 'url', 'link', 'mediaUrl');
  const said = wordsAt(inner, 'fileMimeType', 'mimeType', 'mime_type', 'mimetype');
  const kind =
    FILE_TYPES[type === 'file' ? (said?.split('/')[0]?.toLowerCase() ?? '') : type] ?? 'file';
  const fileName = wordsAt(inner, 'fileName', 'filename', 'name');
  const id = idAt(inner, 'mediaId', 'media_id', 'fileId', 'id');
  return {
    ...NOTHING,
    type: kind,
    text: wordsAt(inner, 'fileCaption', 'caption', 'text'),
    attachments: [
      {
        type: kind,
        ...(url === null ? {} : { url }),
        ...(said?.includes('/') ? { mimeType: said } : {}),
        ...(fileName === null ? {} : { fileName }),
        ...(id === null ? {} : { providerMediaId: id }),
      },
    ],
    details: inner.voice === true ? { voice: true } : {},
  };
}

function readLocation(content: JsonObject): Content {
  const inner = asObject(content.location) ?? content;
  const latitude = asNumber(inner.latitude);
  const longitude = asNumber(inner.longitude);
  const title = wordsAt(inner, 'name', 'address');
  const url = wordsAt(inner, 'url');
  return {
    ...NOTHING,
    type: 'location',
    attachments: [
      {
        type: 'location',
        ...(title === null ? {} : { title }),
        ...(url === null ? {} : { url }),
        ...(latitude === null ? {} : { latitude }),
        ...(longitude === null ? {} : { longitude }),
      },
    ],
  };
}

function readContacts(content: JsonObject): Content {
  const contacts = asItems(content.contacts).flatMap((value) => {
    const card = asObject(value);
    if (card === null) return [];
    const name = asObject(card.name);
    return [
      {
        name: wordsAt(name, 'formattedName', 'formatted_name', 'firstName'),
        phones: asItems(card.phones).flatMap((phone) => {
          const number = wordsAt(asObject(phone), 'phone');
          return number === null ? [] : [{ phone: number }];
        }),
        emails: asItems(card.emails).flatMap((email) => wordsAt(asObject(email), 'email') ?? []),
      },
    ];
  });
  const names = contacts.map(({ name, phones }) => name ?? phones[0]?.phone ?? '');
  return {
    ...NOTHING,
    type: 'contacts',
    text: names.filter(Boolean).join(', ') || null,
    details: { contacts },
  };
}
