import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { en, type Texts } from './en.ts';
import { ptBR } from './ptBR.ts';

export const LANGUAGES = ['pt-BR', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];
export type TextKey = keyof Texts;

export const LANGUAGE_NAMES: Record<Language, string> = { 'pt-BR': 'Português', en: 'English' };

const TEXTS: Record<Language, Texts> = { 'pt-BR': ptBR, en };

/** By what the browser asks for, the first language that the page has. */
export function browserLanguage(): Language {
  for (const wanted of navigator.languages) {
    if (/^pt\b/i.test(wanted)) return 'pt-BR';
    if (/^en\b/i.test(wanted)) return 'en';
  }
  return 'en';
}

export interface Speech {
  language: Language;
  /** A text, its `{names}` filled in. */
  say: (key: TextKey, values?: Record<string, string | number>) => string;
  /** With its time, for what happened lately. */
  moment: (instant: number) => string;
  day: (instant: number) => string;
  /** What went wrong and what to do next, for any code: an unknown one is "something went wrong". */
  failure: (code: string, details?: Record<string, unknown>) => { what: string; next: string };
}

export function speechOf(language: Language): Speech {
  const texts = TEXTS[language];
  const days = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  const moments = new Intl.DateTimeFormat(language, {
    day: 'numeric',
    month: 'short',
    hour: 'numeric',
    minute: '2-digit',
  });
  const say: Speech['say'] = (key, values = {}) =>
    texts[key].replace(/\{(\w+)\}/g, (_whole, name: string) => String(values[name] ?? ''));
  return {
    language,
    say,
    day: (instant) => days.format(instant),
    moment: (instant) => moments.format(instant),
    failure(code, details = {}) {
      const known = `error_${code}` in texts ? code : 'internal';
      const { scope, permissions } = details;
      const values = {
        scope: typeof scope === 'string' ? scopeName(say, scope) : '',
        permissions: Array.isArray(permissions) ? permissions.join(', ') : '',
      };
      return {
        what: say(`error_${known}` as TextKey, values),
        next: say(`error_${known}_next` as TextKey, values),
      };
    },
  };
}

function scopeName(say: Speech['say'], scope: string): string {
  return `scope_${scope}` in en ? say(`scope_${scope}` as TextKey) : scope;
}

export const SpeechContext = createContext<Speech>(speechOf('en'));

export function useSpeech(): Speech {
  return useContext(SpeechContext);
}
