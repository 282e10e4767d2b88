import { InvalidInputError } from '../model';
import { checkPattern } from './pattern';

/** How an appointment tells whose it is. */
export interface ContactRules {
  /** Words that stand before the value in a line of its own: "Phone: …". */
  phoneLabels: readonly string[];
  emailLabels: readonly string[];
  nameLabels: readonly string[];
  /** Also take a number or an address that stands anywhere in the text. */
  anywhere: boolean;
  /** A regular expression with the groups `phone`, `email`, `name`, asked first; null = none. */
  pattern: string | null;
}

export const LANGUAGES = ['pt-BR', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** How a calendar is watched. */
export interface WatchSettings {
  contact: ContactRules;
  /** Minutes between two looks. */
  everyMinutes: number;
  /** Of the text that says when an appointment is. */
  language: Language;
  /** Whether what is in the calendar when the watch begins is told as created. */
  announcesExisting: boolean;
}

export const DEFAULT_CONTACT_RULES: ContactRules = {
  phoneLabels: ['phone', 'telephone', 'mobile', 'whatsapp', 'telefone', 'tel', 'celular', 'fone'],
  emailLabels: ['email', 'e-mail', 'mail'],
  nameLabels: ['name', 'customer', 'patient', 'nome', 'cliente', 'paciente'],
  anywhere: true,
  pattern: null,
};

export const DEFAULT_WATCH: WatchSettings = {
  contact: DEFAULT_CONTACT_RULES,
  everyMinutes: 1,
  language: 'pt-BR',
  announcesExisting: false,
};

/** @throws InvalidInputError naming the field */
export function checkWatchSettings(settings: WatchSettings): WatchSettings {
  const { everyMinutes, contact } = settings;
  if (!Number.isFinite(everyMinutes) || everyMinutes < 0.1 || everyMinutes > 24 * 60) {
    throw new InvalidInputError('Check Every (Minutes)', 'The pause must be 0.1 to 1440 minutes.');
  }
  if (contact.pattern !== null) checkPattern(contact.pattern);
  return settings;
}

export function readWatchSettings(json: string): WatchSettings {
  const stored = JSON.parse(json) as Partial<WatchSettings>;
  return {
    ...DEFAULT_WATCH,
    ...stored,
    contact: { ...DEFAULT_CONTACT_RULES, ...stored.contact },
  };
}
