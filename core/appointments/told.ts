import { DateTime, IANAZone } from 'luxon';
import type { AppointmentRow } from '../store/statements/appointments';
import type { ContactRow } from '../store/statements/contacts';
import { toAppointmentItem, type AppointmentItem } from './item';
import { LANGUAGES, type Language } from './settings';

/** When an appointment is, in words of one language. */
export interface ToldTime {
  /** "quarta-feira, 25/11" or "Wednesday, November 25" */
  day: string;
  /** "15:00"; where the person's clock shows another hour than that of the place, the zone is named: "14:00 (…)". */
  time: string;
  /** Both. */
  when: string;
  /** Both, with whom and where, as far as that is known: "…, às 15:00, com Dra. Helena, em Rua das Flores, 100". */
  summary: string;
}

/** When an appointment is, to be told to its person: by their clock, and in both languages. */
export interface Told extends Record<Language, ToldTime> {
  /** The person's, where it is known, else the appointment's. */
  language: Language;
  timeZone: string;
}

/** An appointment with the words in which its person is told of it. */
export type ToldAppointment = AppointmentItem & { told: Told };

type Timed = Pick<AppointmentRow, 'starts_at' | 'all_day' | 'time_zone' | 'language'>;
type Person = Pick<ContactRow, 'language' | 'time_zone'>;

export function toldAppointment(
  row: AppointmentRow,
  account: Parameters<typeof toAppointmentItem>[1],
  contact: ContactRow | undefined,
): ToldAppointment {
  const item = toAppointmentItem(row, account, contact);
  const { professional } = item.fields;
  const about = { professional: textOf(professional), place: item.location };
  return { ...item, told: toldOf(row, contact, about) };
}

/** @param about what else the summary says */
export function toldOf(
  row: Timed,
  person: Person | undefined,
  about: { professional?: string | null; place?: string | null } = {},
): Told {
  const timeZone = zoneOf(row, person);
  const words = LANGUAGES.map((language) => {
    const time = timeIn(row, timeZone, language);
    return [language, { ...time, summary: summaryOf(time.when, about, language) }] as const;
  });
  return {
    language: languageOf(person?.language) ?? languageOf(row.language) ?? 'pt-BR',
    timeZone,
    ...(Object.fromEntries(words) as Record<Language, ToldTime>),
  };
}

/** "pt", "pt_BR", "en-US": the language of ours that it is; null where it is none. */
export function languageOf(given: string | null | undefined): Language | null {
  const code = given?.trim().toLowerCase() ?? '';
  if (/^pt\b|^pt_/.test(code)) return 'pt-BR';
  return /^en\b|^en_/.test(code) ? 'en' : null;
}

/** Whole days are days of the place. */
function zoneOf(row: Timed, person: Person | undefined): string {
  const own = person?.time_zone?.trim() ?? '';
  return row.all_day === 0 && own !== '' && IANAZone.isValidZone(own) ? own : row.time_zone;
}

const WORDS = {
  'pt-BR': { day: 'cccc, dd/MM', at: ', às ', allDay: 'o dia todo', with: 'com', in: 'em' },
  en: { day: 'cccc, LLLL d', at: ' at ', allDay: 'all day', with: 'with', in: 'at' },
} as const;

function timeIn(row: Timed, zone: string, language: Language): Omit<ToldTime, 'summary'> {
  const words = WORDS[language];
  const at = DateTime.fromMillis(row.starts_at, { zone, locale: language });
  const day = at.toFormat(words.day);
  if (row.all_day === 1) return { day, time: words.allDay, when: `${day}, ${words.allDay}` };
  const isElsewhere = at.offset !== at.setZone(row.time_zone).offset;
  const time = at.toFormat('HH:mm') + (isElsewhere ? ` (${zoneName(at, language)})` : '');
  return { day, time, when: `${day}${words.at}${time}` };
}

/** "horário do Amazonas", "Amazon Time": whoever reads two hours must see which is which. */
function zoneName(at: DateTime, language: Language): string {
  const parts = new Intl.DateTimeFormat(language, {
    timeZone: at.zoneName ?? 'UTC',
    timeZoneName: 'longGeneric',
  }).formatToParts(at.toMillis());
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? at.zoneName ?? '';
  return language === 'pt-BR' ? name.replace(/^H/, 'h') : name;
}

function summaryOf(
  when: string,
  { professional, place }: { professional?: string | null; place?: string | null },
  language: Language,
): string {
  const words = WORDS[language];
  return [
    when,
    ...(professional ? [`${words.with} ${professional}`] : []),
    ...(place ? [`${words.in} ${place}`] : []),
  ].join(', ');
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value.trim() || null : null;
}

/** A time as buttons and lists have room for: "qui. 26/11 10:00", "Thu, Nov 26 10:00". */
export function shortTime(ms: number, timeZone: string, language: Language): string {
  const format = language === 'pt-BR' ? 'ccc dd/MM HH:mm' : 'ccc, LLL d HH:mm';
  return DateTime.fromMillis(ms, { zone: timeZone, locale: language }).toFormat(format);
}
