import { isRecord } from '../http.ts';
import { fetchBytes, ownMediaId } from '../graph/media.ts';
import { GraphError } from '../graph/errors.ts';
import {
  asList,
  asObject,
  characters,
  oneOf,
  onlyKeys,
  optionalFlag,
} from '../graph/validation.ts';
import { isLoopback, optionalText, requiredText, webAddress } from '../graph/validation.ts';
import { newRecordId } from '../ids.ts';
import { checkFormat, type MediaKind } from './media.ts';
import { refused } from './errors.ts';
import type { Context } from '../context.ts';
import type { StoredAttachment } from '../model.ts';
import type { RenderedTemplate, WhatsAppNumber } from './model.ts';

/** A message as the sandbox keeps it, and what makes it fail later though it was accepted. */
export interface ParsedContent {
  type: string;
  content: unknown;
  text?: string;
  attachments: StoredAttachment[];
  failure?: { code: number; details: string };
}

/** Content that passed every check, with what a template brings. */
export interface Content extends ParsedContent {
  rendered?: RenderedTemplate;
  /** Category of the template; absent for what only the open window allows. */
  category?: string;
  /** What an accepted reaction does to the message it is about. */
  apply?: () => void;
}

/** Where a message is judged. */
export interface ContentScope {
  context: Context;
  number: WhatsAppNumber;
  /** What a file of the message turned out to lack; the first one counts. */
  failures: Array<{ code: number; details: string }>;
}

const MEDIA_KINDS: readonly MediaKind[] = ['image', 'video', 'audio', 'document', 'sticker'];
const TEXT_MAX = 4096;
export const CAPTION_MAX = 1024;

/** A required text; a missing one is 131008, as the vendor says it. */
export function needText(
  from: Record<string, unknown>,
  key: string,
  path: string,
  max?: number,
): string {
  if (from[key] === undefined || from[key] === '') {
    throw refused(131008, `The parameter ${path}.${key} is required.`);
  }
  return requiredText(from, key, path, max);
}

/** Text, files, place and contact cards. @throws GraphError for any violation of section D.1 */
export async function parseSimple(
  type: string,
  value: unknown,
  scope: ContentScope,
): Promise<ParsedContent> {
  const kind = MEDIA_KINDS.find((item) => item === type);
  if (kind !== undefined) return parseMedia(kind, asObject(value, type), scope);
  switch (type) {
    case 'text': {
      const text = asObject(value, 'text');
      onlyKeys(text, ['body', 'preview_url'], 'text');
      const body = needText(text, 'body', 'text', TEXT_MAX);
      optionalFlag(text, 'preview_url', 'text');
      return { type, content: text, text: body, attachments: [] };
    }
    case 'location':
      return parseLocation(asObject(value, 'location'));
    case 'contacts': {
      const cards = asList(value, 'contacts', 1, 257);
      cards.forEach((card, index) => checkCard(card, `contacts[${index}]`));
      return { type, content: cards, attachments: [] };
    }
    default:
      throw refused(131051, `Messages of type ${type} are not supported.`);
  }
}

async function parseMedia(
  kind: MediaKind,
  media: Record<string, unknown>,
  scope: ContentScope,
): Promise<ParsedContent> {
  const more = {
    image: ['caption'],
    video: ['caption'],
    audio: ['voice'],
    document: ['caption', 'filename'],
    sticker: [],
  }[kind];
  onlyKeys(media, ['id', 'link', ...more], kind);
  const caption = optionalText(media, 'caption', kind, CAPTION_MAX);
  const fileName = optionalText(media, 'filename', kind);
  optionalFlag(media, 'voice', kind);
  const file = await resolveFile(kind, media, kind, scope);
  const attachment: StoredAttachment = {
    type: kind === 'document' ? 'file' : kind === 'sticker' ? 'image' : kind,
    ...(file.storedAs === undefined ? {} : { mediaId: file.storedAs }),
    ...(file.link === undefined ? {} : { url: file.link }),
    ...(fileName === undefined ? {} : { title: fileName }),
  };
  return {
    type: kind,
    content: media,
    ...(caption === undefined ? {} : { text: caption }),
    attachments: [attachment],
  };
}

/**
 * A file by id or link, as it is in a message, a header or a template. An id that is nobody's is refused
 * at once; a link is fetched after acceptance, so that its failure comes as a status.
 */
export async function resolveFile(
  kind: MediaKind,
  media: Record<string, unknown>,
  path: string,
  { context, number, failures }: ContentScope,
): Promise<{ storedAs?: string; link?: string }> {
  if ((media.id === undefined) === (media.link === undefined)) {
    throw refused(131009, `${path} needs exactly one of id and link.`);
  }
  const { state } = context.store;
  if (media.id !== undefined) {
    const known = state.whatsApp.media[needText(media, 'id', path)];
    const isUsable =
      known?.businessId === number.businessId && known.expiresAt > context.store.now();
    if (!isUsable) throw refused(131009, `${path}.id is not a file of this account.`);
    checkFormat(kind, known.mimeType, known.size);
    return { storedAs: known.storedAs };
  }
  const link = webAddress(media, 'link', path);
  try {
    const storedAs = await fetchFile(context, link, kind);
    return { link, ...(storedAs === undefined ? {} : { storedAs }) };
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    const details = error.detail.details ?? 'Downloading media from the link failed.';
    failures.push({ code: 131053, details });
    return { link };
  }
}

async function fetchFile(
  context: Context,
  link: string,
  kind: MediaKind,
): Promise<string | undefined> {
  const { media, settings } = context.store.state;
  const own = ownMediaId(context, link);
  if (own !== undefined) {
    const stored = media[own];
    if (stored === undefined) throw refused(131053, 'The link answers 404.');
    checkFormat(kind, stored.contentType, Buffer.byteLength(stored.base64, 'base64'));
    return own;
  }
  const isFetched =
    settings.fetchMedia === 'all' ||
    (settings.fetchMedia === 'loopback' && isLoopback(new URL(link)));
  if (!isFetched) return undefined;
  const { contentType, bytes } = await fetchBytes(link, 100 * 1024 * 1024);
  checkFormat(kind, contentType, bytes.length);
  const id = newRecordId('med');
  media[id] = { contentType, base64: bytes.toString('base64') };
  return id;
}

function parseLocation(location: Record<string, unknown>): ParsedContent {
  onlyKeys(location, ['latitude', 'longitude', 'name', 'address'], 'location');
  for (const [key, most] of [
    ['latitude', 90],
    ['longitude', 180],
  ] as const) {
    const value = location[key];
    if (value === undefined || value === '') {
      throw refused(131008, `The parameter location.${key} is required.`);
    }
    const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : NaN;
    if (!(Math.abs(number) <= most)) {
      throw refused(131009, `location.${key} must be from -${most} to ${most}.`);
    }
  }
  const name = optionalText(location, 'name', 'location');
  const address = optionalText(location, 'address', 'location');
  const title = name ?? address ?? `${String(location.latitude)}, ${String(location.longitude)}`;
  return { type: 'location', content: location, attachments: [{ type: 'location', title }] };
}

const CARD_KEYS = ['name', 'phones', 'emails', 'urls', 'addresses', 'org', 'birthday'];
const NAME_KEYS = ['formatted_name', 'first_name', 'last_name', 'middle_name', 'suffix', 'prefix'];
/** Kinds of an address; those of a phone number are many. */
const KINDS = ['HOME', 'WORK'];

function checkCard(value: unknown, path: string): void {
  const card = asObject(value, path);
  onlyKeys(card, CARD_KEYS, path);
  const name = asObject(card.name, `${path}.name`);
  onlyKeys(name, NAME_KEYS, `${path}.name`);
  needText(name, 'formatted_name', `${path}.name`);
  for (const [key, own] of [
    ['phones', ['phone', 'type', 'wa_id']],
    ['emails', ['email', 'type']],
    ['urls', ['url', 'type']],
  ] as const) {
    if (card[key] === undefined) continue;
    asList(card[key], `${path}.${key}`, 1, 50).forEach((item, index) => {
      const place = `${path}.${key}[${index}]`;
      const entry = asObject(item, place);
      onlyKeys(entry, own, place);
      needText(entry, own[0], place);
      if (entry.type !== undefined && key !== 'phones') {
        oneOf(entry.type, KINDS, `${place}.type`);
      }
    });
  }
  const birthday = optionalText(card, 'birthday', path);
  if (birthday !== undefined && !/^\d{4}-\d\d-\d\d$/.test(birthday)) {
    throw refused(131009, `${path}.birthday must be YYYY-MM-DD.`);
  }
}

/** A text of a place that a template or an interactive message fills. */
export function limitedText(value: unknown, path: string, max: number): string {
  const text = isRecord(value) ? value.text : undefined;
  if (typeof text !== 'string' || text === '') {
    throw refused(131008, `The parameter ${path}.text is required.`);
  }
  if (characters(text) > max) {
    throw refused(131009, `${path}.text has ${characters(text)} characters; ${max} are allowed.`);
  }
  return text;
}
