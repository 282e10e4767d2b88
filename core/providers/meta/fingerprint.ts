import { createHash } from 'node:crypto';
import type { OutboundContent } from '../../model';
import { asList, asObject, asText } from './json';
import type { JsonObject } from './json';

/**
 * What of a message survives the way to Meta and back through the conversations API or an echo:
 * its text. Quick replies are not shown on reading, so they read back as their text. A button template
 * reads back with its text or with none at all, depending on channel and version: with none it is
 * unreadable (null below). The address of a picture becomes one of Meta's own, so every picture reads
 * back alike. White space at the ends, line ends and Unicode composition are not kept for certain.
 */
export function metaContentFingerprint(content: OutboundContent): string {
  return content.type === 'image' ? hash('image', '') : hash('text', content.text);
}

/** The fingerprint of a message of the conversations API; null when its content is not shown. */
export function readBackFingerprint(message: JsonObject): string | null {
  const text = asText(message.message);
  if (text !== null && normalise(text) !== '') return hash('text', text);
  const attachments = asList(asObject(message.attachments)?.data).map(asObject);
  if (attachments.length === 0) return null;
  // Only a single picture is something this package sends; anything else is a file of another kind.
  const kind = attachments.length === 1 && isImage(attachments[0] ?? null) ? 'image' : 'other';
  const title = templateText(attachments[0] ?? null);
  return title === null ? hash(kind, '') : hash('text', title);
}

function isImage(attachment: JsonObject | null): boolean {
  if (asObject(attachment?.image_data) !== null) return true;
  return asText(attachment?.mime_type)?.startsWith('image/') ?? false;
}

/** Where a template is shown as an attachment, its words are the title. */
function templateText(attachment: JsonObject | null): string | null {
  return asText(asObject(attachment?.generic_template)?.title);
}

function hash(kind: 'text' | 'image' | 'other', text: string): string {
  return createHash('sha256')
    .update(`${kind}\n${normalise(text)}`)
    .digest('hex');
}

function normalise(text: string): string {
  return text.replace(/\r\n?/g, '\n').trim().normalize('NFC');
}
