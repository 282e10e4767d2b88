import { createHash } from 'node:crypto';
import type { OutboundContent } from '../../model';
import type { Shown } from '../fingerprints';
import { asId, asList, asObject, asText } from '../graph/json';
import type { JsonObject } from '../graph/json';

/**
 * What of a message survives the way to Meta and back through the conversations API or an echo.
 *
 * Words: quick replies are not shown on reading, so they read back as their text; a template reads back with its text
 * or first title, or with none at all, depending on channel and version: with none it is unreadable (null below).
 * White space at the ends, line ends and Unicode composition are not kept for certain.
 *
 * Files: the address becomes one of Meta's own, so every picture reads back alike. A recording cannot be told from a
 * document. In which form albums, stickers and pictures with buttons are shown is documented nowhere, so they are of
 * one family with all other files.
 */
export function metaContentFingerprint(content: OutboundContent): string {
  switch (content.type) {
    case 'text':
    case 'quickReplies':
    case 'buttons':
      return words(content.text);
    case 'genericTemplate':
      return words(content.elements[0]?.title ?? '');
    case 'image':
    case 'video':
      return file(content.type);
    case 'audio':
    case 'file':
      return file('file');
    case 'images':
      return files(content.images.length, 'image');
    case 'mediaTemplate':
      return file(`${content.mediaKind} with buttons`);
    case 'sticker':
      return file(content.sticker);
    case 'productTemplate':
      return shared(content.productIds);
    case 'sharePost':
      return shared([]);
    default:
      // None that Meta sends: it is refused before anybody compares it.
      return hash(content.type, JSON.stringify(content));
  }
}

/** A template's title may be that of any template. */
const ANY_TEMPLATE = ['file', 'share'];
const HIDDEN: Shown = { fingerprint: null };

/** What a message of the conversations API shows of its content. */
export function readBackFingerprint(message: JsonObject): Shown {
  const text = asText(message.message);
  if (text !== null && normalise(text) !== '') return { fingerprint: words(text) };
  if (isTrue(message.is_unsupported)) return HIDDEN;
  const attachments = asList(asObject(message.attachments)?.data).map(asObject);
  if (attachments.length > 0) return ofAttachments(attachments);
  const shares = asList(asObject(message.shares)?.data).map(asObject);
  return shares.length === 0 ? HIDDEN : { fingerprint: shared(productsOf(shares[0] ?? null)) };
}

function ofAttachments(attachments: Array<JsonObject | null>): Shown {
  const title = templateText(attachments[0] ?? null);
  if (title !== null) return { fingerprint: words(title), families: ANY_TEMPLATE };
  const kinds = attachments.map(kindOf);
  const [first] = kinds;
  if (first === undefined || kinds.includes(null)) return HIDDEN;
  const kind = kinds.every((one) => one === first) ? String(first) : 'mixed';
  return { fingerprint: files(kinds.length, kind) };
}

/** Null: no kind of file that this package knows, so it may be anything. */
function kindOf(attachment: JsonObject | null): string | null {
  const family = asText(attachment?.mime_type)?.split('/')[0];
  if (asObject(attachment?.image_data) !== null || family === 'image') return 'image';
  if (asObject(attachment?.video_data) !== null || family === 'video') return 'video';
  return asText(attachment?.file_url) !== null || family !== undefined ? 'file' : null;
}

/** Where a template is shown as an attachment, its words are the title. */
function templateText(attachment: JsonObject | null): string | null {
  return asText(asObject(attachment?.generic_template)?.title);
}

/** A product template is shown as a share (`template.payload.product.elements.data`). */
function productsOf(share: JsonObject | null): string[] {
  const payload = asObject(asObject(share?.template)?.payload);
  const elements = asObject(asObject(payload?.product)?.elements);
  return asList(elements?.data).flatMap((product) => asId(asObject(product)?.id) ?? []);
}

function words(text: string): string {
  return hash('text', normalise(text));
}

function file(kind: string): string {
  return `file/${hash(kind, '')}`;
}

function files(count: number, kind: string): string {
  return count === 1 ? file(kind) : file(`${count} x ${kind}`);
}

function shared(productIds: readonly string[]): string {
  return `share/${hash('share', [...productIds].sort().join(','))}`;
}

/** `is_unsupported` comes as a flag or as a text. */
function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

function hash(kind: string, text: string): string {
  return createHash('sha256').update(`${kind}\n${text}`).digest('hex');
}

function normalise(text: string): string {
  return text.replace(/\r\n?/g, '\n').trim().normalize('NFC');
}
