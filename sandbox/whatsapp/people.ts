import { newNumericId } from '../ids.ts';
import { findConversation } from '../world/threads.ts';
import { whatsAppOf } from './payloads.ts';
import type { Persona, WorldState } from '../model.ts';
import type { WhatsAppNumber } from './model.ts';

/** A Brazilian mobile number with and without its ninth digit names one phone. Source: section D.1. */
export function formsOf(digits: string): string[] {
  const mobile = /^55(\d\d)(9?)([6-9]\d{7})$/.exec(digits);
  if (mobile === null) return [digits];
  const [, area = '', , rest = ''] = mobile;
  return [`55${area}9${rest}`, `55${area}${rest}`];
}

/** Digits of a number as people write it; undefined for what is none. */
export function digitsOf(text: string): string | undefined {
  if (!/^\+?[\d\s().-]+$/.test(text)) return undefined;
  const digits = text.replace(/\D/g, '');
  return digits.length >= 7 && digits.length <= 15 ? digits : undefined;
}

/**
 * The person behind a phone number or user id, as somebody who writes with this number of the clinic: a
 * person who is known from another of its numbers gets a conversation of their own here.
 */
export function personAt(
  state: WorldState,
  number: WhatsAppNumber,
  address: { digits: string } | { userId: string },
): Persona | undefined {
  const forms = 'digits' in address ? formsOf(address.digits) : [];
  const found = Object.values(state.personas).filter(({ whatsApp }) =>
    'userId' in address
      ? whatsApp?.userId === address.userId
      : whatsApp !== undefined && forms.includes(whatsApp.waId),
  );
  const own = found.find((persona) => persona.accountId === number.id);
  const other = found[0];
  if (own !== undefined || other === undefined) return own;
  const persona: Persona = {
    ...structuredClone(other),
    id: newNumericId('55'),
    accountId: number.id,
  };
  state.personas[persona.id] = persona;
  return persona;
}

/** `user` of the block list and `input` of a send: a number with or without +, or a user id. */
export function findPerson(
  state: WorldState,
  number: WhatsAppNumber,
  text: string,
): Persona | undefined {
  const digits = digitsOf(text);
  return personAt(state, number, digits === undefined ? { userId: text } : { digits });
}

/** The customer-service window: 24 hours since the person's last message or tap. Source: section D.9. */
export function isWindowOpen(state: WorldState, persona: Persona, now: number): boolean {
  const last = findConversation(state, persona.id)?.lastUserActionAt;
  return last !== undefined && now - last <= 24 * 3_600_000;
}

/** How answers name a person: the number only where the person shows it. */
export function namesOf(persona: Persona): Record<string, string> {
  const { waId, userId, hidesNumber } = whatsAppOf(persona);
  return { ...(hidesNumber ? {} : { wa_id: waId }), user_id: userId };
}
