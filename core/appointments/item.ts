import { DateTime } from 'luxon';
import { isoIn } from '../providers/google/times';
import type { AccountRow } from '../store/statements/accounts';
import type { AppointmentRow } from '../store/statements/appointments';
import type { ContactRow } from '../store/statements/contacts';

/** An appointment as nodes and events give it. */
export interface AppointmentItem {
  appointmentId: string;
  externalId: string;
  source: 'calendar' | 'row';
  status: string;
  title: string | null;
  description: string | null;
  location: string | null;
  /** ISO 8601 with the offset of its time zone. */
  start: string;
  end: string;
  allDay: boolean;
  timeZone: string;
  /** For texts to people, by the clock of its time zone: `25/11/2026` and `14:00` (null for whole days). */
  date: string;
  time: string | null;
  /** "quarta-feira, 25 de novembro de 2026, 14:00" */
  when: string;
  /** `id`: of the contact, where there is one with this number or address. */
  person: {
    contactId: string | null;
    name: string | null;
    phone: string | null;
    email: string | null;
  };
  calendar: { id: string; name: string; externalId: string } | null;
  recurringEventId: string | null;
  fields: Record<string, unknown>;
  createdAt: string;
  updatedAt: string;
  cancelledAt: string | null;
  /** When the person said that they come; null again when it is moved. */
  confirmedAt: string | null;
}

export function toAppointmentItem(
  row: AppointmentRow,
  account: Pick<AccountRow, 'id' | 'name' | 'external_id'> | undefined,
  contact: ContactRow | undefined,
): AppointmentItem {
  const allDay = row.all_day === 1;
  return {
    appointmentId: row.id,
    externalId: row.external_id,
    source: row.account_id === '' ? 'row' : 'calendar',
    status: row.status,
    title: row.title,
    description: row.description,
    location: row.location,
    start: isoIn(row.starts_at, row.time_zone),
    end: isoIn(row.ends_at, row.time_zone),
    allDay,
    timeZone: row.time_zone,
    ...wordsOf(row.starts_at, row.time_zone, row.language, allDay),
    person: {
      contactId: contact?.id ?? null,
      name: row.person_name ?? contact?.name ?? null,
      phone: row.person_phone ?? contact?.phone ?? null,
      email: row.person_email ?? contact?.email ?? null,
    },
    calendar: account
      ? { id: account.id, name: account.name, externalId: account.external_id }
      : null,
    recurringEventId: row.recurring_event_id,
    fields: JSON.parse(row.fields) as Record<string, unknown>,
    createdAt: new Date(row.created_at).toISOString(),
    updatedAt: new Date(row.updated_at).toISOString(),
    cancelledAt: isoOrNull(row.cancelled_at),
    confirmedAt: isoOrNull(row.confirmed_at),
  };
}

function isoOrNull(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** When something is, in words: the same wherever the server stands and whatever its language is. */
export function wordsOf(
  ms: number,
  timeZone: string,
  language: string,
  allDay: boolean,
): Pick<AppointmentItem, 'date' | 'time' | 'when'> {
  const at = DateTime.fromMillis(ms, { zone: timeZone, locale: language });
  const time = allDay ? null : at.toFormat('HH:mm');
  const day = at.toLocaleString({
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
  return {
    date: at.toFormat(language === 'pt-BR' ? 'dd/MM/yyyy' : 'yyyy-MM-dd'),
    time,
    when: time === null ? day : `${day}, ${time}`,
  };
}
