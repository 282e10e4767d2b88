import type {
  DayHours,
  Procedure,
  RetentionKind,
  SettingsPatch,
  TenantLanguage,
} from '../../../../core/tenants';
import { jsonObjectOf, listOf } from '../../../shared/fieldValues';
import { readProceduresField, type ProceduresField } from './proceduresField';

interface HoursField {
  hours?: Array<{ from: string; to: string; days: readonly unknown[] }>;
}

/** What was filled in of the settings. */
export interface Rules {
  name?: string;
  language?: TenantLanguage;
  timeZone?: string;
  utilityHours?: HoursField;
  marketingHours?: HoursField;
  capCount?: number;
  capDays?: number;
  safeMode?: boolean;
  safeModeRecipients?: string;
  handOverWords?: string;
  resumeWords?: string;
  handOverMinutes?: number;
  optOutWords?: string;
  wordsAfterMarketing?: string;
  optInWords?: string;
  messagesDays?: number;
  rawDays?: number;
  eventsDays?: number;
  procedures?: ProceduresField;
  custom?: unknown;
}

/** The change that the panel asks for: what was not added stays as it is. */
export function readSettings(rules: Rules): SettingsPatch {
  const { name, language, timeZone } = rules;
  const utility = hoursOf(rules.utilityHours);
  const marketing = hoursOf(rules.marketingHours);
  return {
    ...(name?.trim() ? { name } : {}),
    ...(language === undefined ? {} : { language }),
    ...(timeZone === undefined ? {} : { timeZone: timeZone.trim() }),
    ...section('quietHours', { utility, marketing }),
    ...section('caps', { marketing: given({ count: rules.capCount, days: rules.capDays }) }),
    ...section('safeMode', { on: rules.safeMode, recipients: wordsOf(rules.safeModeRecipients) }),
    ...section('handOver', {
      words: wordsOf(rules.handOverWords),
      resumeWords: wordsOf(rules.resumeWords),
      minutes: rules.handOverMinutes,
    }),
    ...section('optOut', {
      words: wordsOf(rules.optOutWords),
      wordsAfterMarketing: wordsOf(rules.wordsAfterMarketing),
      optInWords: wordsOf(rules.optInWords),
    }),
    ...section('retention', {
      messagesDays: daysOf(rules.messagesDays),
      rawDays: daysOf(rules.rawDays),
      eventsDays: daysOf(rules.eventsDays),
    } satisfies Partial<Record<RetentionKind, number | null | undefined>>),
    ...section('custom', { ...customOf(rules.custom), procedures: proceduresOf(rules.procedures) }),
  };
}

function customOf(custom: unknown): Record<string, unknown> {
  return custom === undefined ? {} : jsonObjectOf('Custom Values', custom);
}

/** Added and left empty, nothing is kept of them. */
function proceduresOf(field: ProceduresField | undefined): Procedure[] | null | undefined {
  if (field === undefined) return undefined;
  const procedures = readProceduresField(field);
  return procedures.length === 0 ? null : procedures;
}

function section(name: keyof SettingsPatch, parts: Record<string, unknown>): SettingsPatch {
  const filled = given(parts);
  return filled === undefined ? {} : { [name]: filled };
}

/** Undefined where nothing was filled in. */
function given<T extends Record<string, unknown>>(parts: T): Partial<T> | undefined {
  const entries = Object.entries(parts).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as Partial<T>);
}

function hoursOf(field: HoursField | undefined): DayHours | undefined {
  const row = field?.hours?.[0];
  if (!row) return undefined;
  return { from: row.from.trim(), to: row.to.trim(), days: row.days.map(Number) };
}

function wordsOf(text: string | undefined): string[] | undefined {
  return text === undefined ? undefined : listOf(text);
}

/** 0 = kept for good. */
function daysOf(days: number | undefined): number | null | undefined {
  return days === 0 ? null : days;
}
