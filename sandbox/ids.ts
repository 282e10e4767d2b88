import { randomBytes } from 'node:crypto';
import type { Channel } from './model.ts';

const digits = (count: number): string =>
  Array.from(randomBytes(count), (byte) => String(byte % 10)).join('');

/** A message id in the form of its channel: `m_...`, `aWdf...ZD` on Instagram, `wamid....` on WhatsApp. */
export function newMessageId(channel: Channel): string {
  if (channel === 'whatsapp') return `wamid.HBgN${randomBytes(27).toString('base64')}`;
  return channel === 'messenger'
    ? `m_${randomBytes(42).toString('base64url')}`
    : `aWdfZAG1faXRlbTox${randomBytes(48).toString('base64url').replaceAll('_', 'Z')}ZDZD`;
}

/** A conversation id in the form of its channel. */
export function newConversationId(channel: Channel): string {
  if (channel === 'whatsapp') return randomBytes(16).toString('hex');
  return channel === 'messenger'
    ? `t_1${digits(16)}`
    : `aWdfZAG06MTpJR01lc3NhZA2VUaHJlYWQ6${randomBytes(30).toString('base64url').replaceAll('_', 'Z')}ZD`;
}

/** An id made of digits, like those of Pages, people, comments and attachments. */
export function newNumericId(prefix: string, length = 16): string {
  return prefix + digits(length - prefix.length);
}

/** A short id for the sandbox's own records, such as deliveries and faults. */
export function newRecordId(prefix: string): string {
  return `${prefix}_${randomBytes(9).toString('base64url')}`;
}

/** `fbtrace_id` of an answer. */
export function newTraceId(): string {
  return `A${randomBytes(16).toString('base64url').slice(0, 22)}`;
}

/** An access token in the form of its kind: `EAAG...` of Facebook, `IGAA...` of Instagram. */
export function newTokenValue(type: 'PAGE' | 'USER' | 'SYSTEM_USER' | 'INSTAGRAM'): string {
  const random = randomBytes(96).toString('base64url').replaceAll(/[-_]/g, 'Z');
  return `${type === 'INSTAGRAM' ? 'IGAA' : 'EAAG'}${random}`;
}

/** The code of a login dialog. */
export function newAuthorizationCode(): string {
  return `AQ${randomBytes(72).toString('base64url')}`;
}
