import { formsOf, readRecipient } from '../providers/whatsapp-cloud/phone';
import { matchPattern } from './pattern';
import type { ContactRules } from './settings';

/** Whose an appointment is, as far as it says so itself. */
export interface Person {
  name: string | null;
  /** With plus sign and country code. */
  phone: string | null;
  /** In lower case. */
  email: string | null;
}

export interface PersonSource {
  title: string | null;
  description: string | null;
  location: string | null;
  /** Those who are invited, without the calendar and its owner. */
  attendees: ReadonlyArray<{ email: string; name: string | null }>;
}

/** No description is longer at Google (8 KB); what comes after is not looked at. */
const LONGEST_TEXT = 10_000;
const EMAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/;
/** Like a number, and with a sign that says so: dates and times are digits, too. */
const NUMBER_ANYWHERE = /(?:\+\s?|\()\d[\d\s().\-/]{6,20}\d/g;
const NUMBER_IN_LINE = /\+?\(?\d[\d\s().\-/]{6,20}\d/;

/**
 * Whose appointment it is: by the admin's pattern, by labelled lines ("Phone: …"), by who is invited, by what stands
 * anywhere in the text, in this order, for number, address and name apart.
 */
export function readPerson(source: PersonSource, rules: ContactRules): Person {
  const text = [source.description ?? '', source.location ?? '', source.title ?? '']
    .map(plainText)
    .join('\n')
    .slice(0, LONGEST_TEXT);
  const found = rules.pattern === null ? {} : matchPattern(rules.pattern, text);
  const guest = source.attendees[0];
  const labelled = (labels: readonly string[]) => labelledValues(text, labels);
  const phone =
    firstOf([found.phone ?? '', ...labelled(rules.phoneLabels)], phoneOf) ??
    (rules.anywhere ? firstOf(text.match(NUMBER_ANYWHERE) ?? [], phoneOf) : null);
  const email =
    firstOf([found.email ?? '', ...labelled(rules.emailLabels)], emailOf) ??
    (guest ? emailOf(guest.email) : null) ??
    (rules.anywhere ? emailOf(text) : null);
  const name =
    firstOf([found.name ?? '', ...labelled(rules.nameLabels)], (value) => value.trim() || null) ??
    guest?.name ??
    null;
  return { name, phone, email };
}

/** A number as people write it, with plus sign and country code; null for what is none. */
export function phoneOf(text: string): string | null {
  const number = NUMBER_IN_LINE.exec(text)?.[0];
  if (number === undefined) return null;
  try {
    return readRecipient(number).phone;
  } catch {
    return null;
  }
}

export function emailOf(text: string): string | null {
  return EMAIL.exec(text)?.[0].toLowerCase() ?? null;
}

/** Every way in which contacts may have this number written: with and without Brazil's ninth digit, and the plus sign. */
export function phoneForms(phone: string | null): string[] {
  if (phone === null) return [];
  const forms = formsOf(phone.replace(/\D/g, ''));
  return forms.flatMap((digits) => [`+${digits}`, digits]);
}

/** Lines that name who the appointment is with. */
const PROFESSIONAL_LABELS = [
  'professional',
  'doctor',
  'dentist',
  'profissional',
  'médico',
  'médica',
  'dentista',
];

/** Whom the person comes to, where the description says so on a line of its own. */
export function readProfessional(description: string | null): string | null {
  const text = plainText(description ?? '').slice(0, LONGEST_TEXT);
  return labelledValues(text, PROFESSIONAL_LABELS)[0]?.trim() || null;
}

/** The values of lines that begin with one of the labels. */
function labelledValues(text: string, labels: readonly string[]): string[] {
  const words = labels.map((label) => label.trim().toLowerCase()).filter((label) => label !== '');
  return text.split('\n').flatMap((line) => {
    const [, label = '', value = ''] =
      /^\s*[*•-]?\s*([^:=]{1,40}?)\s*[:=]\s*(.+)$/.exec(line) ?? [];
    return words.includes(label.toLowerCase()) ? [value] : [];
  });
}

/** Google's own editor writes HTML into descriptions. */
function plainText(html: string): string {
  return html
    .replace(/<br\s*\/?>|<\/(?:p|div|li)>/gi, '\n')
    .replace(/<[^>]{0,2000}>/g, '')
    .replace(/&nbsp;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}

function firstOf<T>(texts: readonly string[], read: (text: string) => T | null): T | null {
  for (const text of texts) {
    const value = read(text);
    if (value !== null) return value;
  }
  return null;
}
