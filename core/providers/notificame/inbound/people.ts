import type { Channel, InboundContact } from '../../../model';
import { asObject } from '../../graph/json';
import type { JsonObject } from '../../graph/json';
import { aliasesOf } from '../../whatsapp-cloud/phone';
import { wordsAt } from './scope';

/** Channels whose ids of people are phone numbers. */
const BY_NUMBER: readonly Channel[] = ['whatsapp', 'sms', 'rcs'];

/** The person at the other end. Of Instagram, `name` is the handle and `firstName` what they call themselves. */
export function personOf(channel: Channel, id: string, message: JsonObject): InboundContact {
  const visitor = asObject(message.visitor) ?? asObject(message.contact);
  const full = [wordsAt(visitor, 'firstName'), wordsAt(visitor, 'lastName')]
    .filter(Boolean)
    .join(' ');
  const called = wordsAt(visitor, 'name', 'fullName');
  const isHandle = channel === 'instagram';
  const name = isHandle ? full || called : (called ?? full);
  const digits = BY_NUMBER.includes(channel) ? id.replace(/\D/g, '') : '';
  const isNumber = /^\d{8,15}$/.test(digits);
  const externalId = isNumber ? digits : id;
  const aliases = isNumber ? aliasesOf(externalId) : [];
  return {
    externalId,
    ...(aliases.length === 0 ? {} : { aliases }),
    ...(name ? { name } : {}),
    ...(isHandle && called !== null ? { username: called } : {}),
    ...(isNumber ? { phone: `+${digits}` } : {}),
  };
}
