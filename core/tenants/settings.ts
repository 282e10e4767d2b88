import type { SendCategory } from '../model';

/** Hours of the wall clock in which messages may go. */
export interface DayHours {
  /** `HH:mm` */
  from: string;
  /** `HH:mm`, exclusive; `24:00` is the end of the day, and an earlier time than `from` is one of the next day. */
  to: string;
  /** ISO weekdays on which the hours begin: 1 = Monday, 7 = Sunday. */
  days: number[];
}

/** Categories that wait for the hours of their tenant. */
export type QuietCategory = Exclude<SendCategory, 'response'>;

export type TenantLanguage = 'pt-BR' | 'en';

/** How a tenant's messages are sent, and what the words of its customers do. */
export interface TenantSettings {
  /** As customers know it. */
  name: string;
  language: TenantLanguage;
  /** IANA; for contacts that have none of their own. */
  timeZone: string;
  /** When messages of a category may go: outside of these hours it is quiet. */
  quietHours: Record<QuietCategory, DayHours>;
  caps: {
    /** At most so many messages of the category to one person within so many days, over all channels. */
    marketing: { count: number; days: number };
    /** Where a channel blocks accounts that write first: to so many people who never wrote, each account in a day. */
    coldSends: { perDay: number };
  };
  /** Messages go to these people alone: numbers in any form, or the channels' own ids. */
  safeMode: { on: boolean; recipients: string[] };
  /**
   * Words that hand a conversation to a person, wherever they stand in a message, and those that give it back, as the
   * whole message; after so many minutes without a person's answer it is given back by itself (0 = never).
   */
  handOver: { words: string[]; resumeWords: string[]; minutes: number };
  optOut: {
    /** A message of exactly one of these stops marketing. */
    words: string[];
    /** The same, but only in answer to a marketing message: they mean something else after a reminder. */
    wordsAfterMarketing: string[];
    /** Take it back. */
    optInWords: string[];
  };
  features: Record<string, boolean>;
  /** Days that things are kept; null = until they are erased by hand. */
  retention: Record<RetentionKind, number | null>;
  /** Whatever this tenant's workflows want to look up. */
  custom: Record<string, unknown>;
}

export type RetentionKind = 'messagesDays' | 'rawDays' | 'eventsDays';

/** What a change says: the parts that it names. Null = as by default again (in `retention`: kept for good). */
export interface SettingsPatch {
  name?: string;
  language?: TenantLanguage | null;
  timeZone?: string | null;
  quietHours?: Partial<Record<QuietCategory, Partial<DayHours> | null>> | null;
  caps?: {
    marketing?: Partial<TenantSettings['caps']['marketing']> | null;
    coldSends?: Partial<TenantSettings['caps']['coldSends']> | null;
  } | null;
  safeMode?: Partial<TenantSettings['safeMode']> | null;
  handOver?: Partial<TenantSettings['handOver']> | null;
  optOut?: Partial<TenantSettings['optOut']> | null;
  features?: Record<string, boolean | null> | null;
  retention?: Partial<TenantSettings['retention']> | null;
  custom?: Record<string, unknown> | null;
}

/** A part of the settings that can go back to its defaults. */
export type SettingsPart = Exclude<keyof SettingsPatch, 'name'>;

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

/** Of a tenant that has set nothing. */
export const DEFAULT_SETTINGS: Omit<TenantSettings, 'name'> = {
  language: 'pt-BR',
  timeZone: 'America/Sao_Paulo',
  quietHours: {
    utility: { from: '08:00', to: '20:00', days: EVERY_DAY },
    marketing: { from: '09:00', to: '19:00', days: [1, 2, 3, 4, 5, 6] },
  },
  caps: { marketing: { count: 1, days: 7 }, coldSends: { perDay: 0 } },
  safeMode: { on: false, recipients: [] },
  handOver: {
    words: [
      'atendente',
      'atendimento humano',
      'humano',
      'falar com uma pessoa',
      'falar com alguém',
      'pessoa de verdade',
      'asesor',
      'un agente',
      'hablar con una persona',
      'hablar con alguien',
      'persona real',
      'human',
      'real person',
      'an agent',
      'live agent',
      'representative',
      'speak to someone',
    ],
    resumeWords: [
      'robô',
      'bot',
      'chatbot',
      'assistente virtual',
      'voltar ao robô',
      'asistente virtual',
      'virtual assistant',
    ],
    minutes: 60,
  },
  optOut: {
    words: [
      'parar',
      'pare',
      'sair',
      'descadastrar',
      'remover',
      'não quero receber',
      'detener',
      'darme de baja',
      'baja',
      'no quiero recibir',
      'stop',
      'stop all',
      'stopall',
      'unsubscribe',
      'opt out',
    ],
    wordsAfterMarketing: ['cancelar', 'cancela', 'cancel', 'end', 'quit', 'salir'],
    optInWords: [
      'voltar',
      'voltar a receber',
      'quero receber',
      'volver',
      'quiero recibir',
      'start',
      'unstop',
    ],
  },
  features: {},
  retention: { messagesDays: null, rawDays: null, eventsDays: null },
  custom: {},
};

type Branch = Record<string, unknown>;

/**
 * What is stored of a tenant laid over the defaults, or a change over what is stored.
 * @param depth how far parts are laid over each other; below that they replace each other
 */
export function layOver(base: Branch, change: Branch, depth: number): Branch {
  const merged: Branch = { ...base };
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) continue;
    const before = merged[name];
    merged[name] =
      depth > 0 && isBranch(value)
        ? layOver(isBranch(before) ? before : {}, value, depth - 1)
        : value;
  }
  return merged;
}

function isBranch(value: unknown): value is Branch {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Deep enough for `quietHours.utility.from`. */
const DEPTH = 2;

/** @param stored what the tenant itself has set */
export function settingsFrom(name: string, stored: SettingsPatch): TenantSettings {
  const { custom, ...others } = withoutNulls(stored);
  const merged = layOver({ ...DEFAULT_SETTINGS }, others, DEPTH);
  return { ...merged, name, custom: custom ?? {} } as TenantSettings;
}

/** What is stored after a change. `custom` is changed name by name. */
export function patched(
  stored: SettingsPatch,
  { name: _, custom, ...change }: SettingsPatch,
): SettingsPatch {
  const merged = layOver({ ...stored }, change as Branch, DEPTH);
  if (custom === undefined) return merged;
  const names = custom === null ? [] : Object.entries({ ...stored.custom, ...custom });
  return { ...merged, custom: Object.fromEntries(names.filter(([, value]) => value !== null)) };
}

/** Null means "as by default", but for how long something is kept. */
function withoutNulls(stored: SettingsPatch): SettingsPatch & Branch {
  const { retention, ...others } = stored;
  const drop = (branch: Branch): Branch =>
    Object.fromEntries(
      Object.entries(branch)
        .filter(([, value]) => value !== null)
        .map(([name, value]) => [name, isBranch(value) ? drop(value) : value]),
    );
  return { ...drop(others), ...(retention && { retention }) };
}
