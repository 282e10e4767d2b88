import { isRecord } from '../http.ts';
import type { HubChannelType } from './model.ts';

/** What the SDK lists for a channel; of the others it says nothing, and the sandbox takes texts and files. */
const ALLOWED: Record<HubChannelType, readonly string[]> = {
  whatsapp_business_account: [
    'text',
    'file',
    'template',
    'contacts',
    'location',
    'interactive',
    'reaction',
    'typing',
  ],
  instagram: [
    'text',
    'file',
    'template',
    'replyable_text',
    'card',
    'carousel',
    'reply_text',
    'feed',
    'typing',
  ],
  facebook: ['text', 'file', 'template', 'card', 'carousel', 'replyable_text', 'typing'],
  telegram: ['text', 'file', 'typing'],
  email: ['email'],
};

type Check = (content: Record<string, unknown>) => string | null;

const filled = (content: Record<string, unknown>, key: string): boolean =>
  typeof content[key] === 'string' && content[key] !== '';
const needs =
  (...keys: string[]): Check =>
  (content) =>
    keys.find((key) => !filled(content, key)) ?? null;
const needsObject =
  (key: string): Check =>
  (content) =>
    isRecord(content[key]) ? null : key;
const needsList =
  (key: string): Check =>
  (content) =>
    Array.isArray(content[key]) && (content[key] as unknown[]).length > 0 ? null : key;

/** Fields without which a content is refused. Source: section F.2. */
const CHECKS: Record<string, Check> = {
  text: needs('text'),
  file: needs('fileUrl'),
  template: (content) =>
    isRecord(content.template) || filled(content, 'templateId') ? null : 'template',
  contacts: needsList('contacts'),
  location: ({ latitude, longitude }) =>
    typeof latitude === 'number' && typeof longitude === 'number' ? null : 'latitude',
  interactive: needsObject('interactive'),
  reaction: needsObject('reaction'),
  replyable_text: (content) => needs('text')(content) ?? needsList('quickReplyButtons')(content),
  card: needs('title'),
  carousel: needsList('cards'),
  reply_text: needs('text'),
  feed: needs('fileUrl'),
  email: needs('subject'),
  typing: () => null,
};

/** @returns the path of what is wrong with it, and why; null when the channel takes it */
export function problemOf(
  type: HubChannelType,
  contents: unknown,
): { path: string; message: string } | null {
  if (!Array.isArray(contents) || contents.length === 0) {
    return { path: 'contents', message: 'contents is required' };
  }
  for (const [index, content] of (contents as unknown[]).entries()) {
    const path = `contents[${index}]`;
    if (!isRecord(content)) return { path, message: 'must be an object' };
    const kind = String(content.type);
    if (!ALLOWED[type].includes(kind)) {
      return { path: `${path}.type`, message: `"${kind}" is not allowed on ${type}` };
    }
    const missing = CHECKS[kind]?.(content) ?? null;
    if (missing !== null) return { path: `${path}.${missing}`, message: `${missing} is required` };
  }
  return null;
}
