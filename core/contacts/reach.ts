import { InvalidInputError } from '../model';
import { formsOf, readRecipient } from '../providers/whatsapp-cloud/phone';

/** A number with plus sign and country code. @throws InvalidInputError naming the field */
export function readPhone(text: string, field = 'Phone'): string {
  try {
    const { phone } = readRecipient(text);
    if (phone !== null) return phone;
  } catch {
    // Said below, with the name of the field.
  }
  throw new InvalidInputError(field, `"${text}" in "${field}" is no phone number.`, {
    hint: 'Write it with country and area code, such as +55 11 98888-7777.',
  });
}

const EMAIL = /^[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+$/;

/** In lower case. @throws InvalidInputError naming the field */
export function readEmail(text: string, field = 'Email'): string {
  const email = text.trim().toLowerCase();
  if (EMAIL.test(email)) return email;
  throw new InvalidInputError(field, `"${text}" in "${field}" is no e-mail address.`, {
    hint: 'Write one address, such as ana@example.com.',
  });
}

/** Every way in which this number may be stored: with and without Brazil's ninth digit. */
export function phonesLike(phone: string): string[] {
  return formsOf(phone.replace(/\D/g, '')).flatMap((digits) => [`+${digits}`, digits]);
}

/**
 * What the owner of a number is found by, the one to claim first: of the two forms of a Brazilian mobile the one with
 * the ninth digit, so that both lead to one contact.
 */
export function phoneKeys(phone: string): string[] {
  return formsOf(phone.replace(/\D/g, ''))
    .toSorted((a, b) => b.length - a.length)
    .map((digits) => `phone:+${digits}`);
}

export function emailKey(email: string): string {
  return `email:${email}`;
}
