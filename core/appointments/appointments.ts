import { createHash } from 'node:crypto';
import { InvalidInputError, NotFoundError } from '../model';
import { checkTimeZone, readDate, readSpan, type DateInput } from '../providers/google/times';
import { settingsOf } from '../tenants';
import { cancelAppointmentRow, readAppointments, upsertAppointmentRow } from './appointments.unit';
import { cancelInCalendar, noSuchAppointment, readNamed } from './booking';
import type { AppointmentsContext, CalendarsContext } from './context';
import type { AppointmentItem } from './item';
import type { AppointmentName } from './named';
import { emailOf, phoneForms, phoneOf } from './person';
import type { AppointmentChange } from './record';
import type { Language } from './settings';
import type { ToldAppointment } from './told';

/** An appointment as a spreadsheet, a form or another system knows it. */
export interface AppointmentInput {
  tenantId: string;
  /** The caller's own id: the same again changes that appointment. Absent: one is made of person and start. */
  externalId?: string | undefined;
  title?: string | undefined;
  start: DateInput;
  end?: DateInput;
  durationMinutes?: number | undefined;
  allDay?: boolean | undefined;
  /** Of times without an offset, and of its texts; absent: the tenant's. So is the language. */
  timeZone?: string | undefined;
  language?: Language | undefined;
  status?: 'confirmed' | 'tentative' | 'noShow' | undefined;
  description?: string | undefined;
  location?: string | undefined;
  /** Whose it is: a contact, or how the person is reached. */
  contactId?: string | undefined;
  phone?: string | undefined;
  email?: string | undefined;
  name?: string | undefined;
  fields?: Record<string, unknown> | undefined;
}

export type UpsertedAppointment = AppointmentItem & {
  change: AppointmentChange;
  changed: string[];
};

const DEFAULT_DURATION_MINUTES = 60;

/**
 * Stores an appointment or changes it, with the event that says so; the same row again changes nothing and tells nothing.
 * @throws InvalidInputError naming the field; NotFoundError for a contact that this tenant does not have
 */
export async function upsertAppointment(
  ctx: AppointmentsContext,
  input: AppointmentInput,
): Promise<UpsertedAppointment> {
  const { timeZone, language } = await settingsOf(ctx, input.tenantId);
  const span = readSpan({
    start: input.start,
    end: input.end,
    durationMinutes: input.durationMinutes ?? DEFAULT_DURATION_MINUTES,
    allDay: input.allDay ?? false,
    timeZone: input.timeZone ?? timeZone,
  });
  const person = {
    name: input.name?.trim() || null,
    phone: phoneIn(input.phone),
    email: emailIn(input.email),
  };
  const contactId = input.contactId?.trim() || null;
  const draft = {
    externalId: input.externalId?.trim() || madeId(person, contactId, span.start),
    recurringEventId: null,
    status: input.status ?? ('confirmed' as const),
    title: input.title?.trim() || null,
    description: input.description?.trim() || null,
    location: input.location?.trim() || null,
    startsAt: span.startMs,
    endsAt: span.endMs,
    allDay: span.allDay,
    timeZone: span.timeZone,
    language: input.language ?? language,
    person,
    contactId,
    fields: input.fields ?? {},
    raw: null,
  };
  const recorded = await ctx.store.forTenant(input.tenantId).run(upsertAppointmentRow, { draft });
  if (recorded === null) {
    throw new NotFoundError('The contact', contactId ?? '', {
      hint: 'Leave Contact ID empty and give phone or e-mail instead.',
    });
  }
  return { ...recorded.item, change: recorded.change, changed: recorded.changed };
}

function phoneIn(text: string | undefined): string | null {
  if (!text?.trim()) return null;
  const phone = phoneOf(text);
  if (phone !== null) return phone;
  throw new InvalidInputError('Phone', `"${text}" is no phone number.`, {
    hint: 'Write it with country and area code, such as +55 11 98888-7777.',
  });
}

function emailIn(text: string | undefined): string | null {
  if (!text?.trim()) return null;
  const email = emailOf(text);
  if (email !== null) return email;
  throw new InvalidInputError('Email', `"${text}" is no e-mail address.`);
}

/** A row without an id of its own is known by who comes when: moved, it is another one. */
function madeId(
  { name, phone, email }: { name: string | null; phone: string | null; email: string | null },
  contactId: string | null,
  start: string,
): string {
  const who = contactId ?? phone ?? email ?? name;
  if (who === null) {
    throw new InvalidInputError('External ID', 'The appointment has no id, and nobody it is for.', {
      hint: 'Give the id of the row, or phone, e-mail or name of the person.',
    });
  }
  return `row-${createHash('sha256')
    .update(JSON.stringify([who, start]))
    .digest('hex')
    .slice(0, 24)}`;
}

/**
 * Cancels an appointment; one of a calendar is deleted there. One that is cancelled already stays so.
 * @throws NotFoundError; SendError where the calendar cannot be changed
 */
export async function cancelAppointment(
  ctx: CalendarsContext,
  tenantId: string,
  name: AppointmentName,
  signal?: AbortSignal,
): Promise<ToldAppointment & { cancelled: boolean }> {
  const named = await readNamed(ctx, { tenantId, name });
  if (named.row.account_id !== '') {
    if (named.row.status === 'cancelled') return { ...named.item, cancelled: false };
    return await cancelInCalendar(ctx, named, { tenantId, name, signal });
  }
  const args = { name: { appointmentId: named.row.id, externalId: null } };
  const result = await ctx.store.forTenant(tenantId).run(cancelAppointmentRow, args);
  if (result === null) throw noSuchAppointment(name);
  return { ...result.item, cancelled: result.cancelled };
}

/** @throws NotFoundError, also for one that is not of the person that was named */
export async function getAppointment(
  ctx: AppointmentsContext,
  tenantId: string,
  name: AppointmentName,
): Promise<ToldAppointment> {
  return (await readNamed(ctx, { tenantId, name })).item;
}

export interface ListAppointmentsInput {
  tenantId: string;
  /** Of times without an offset; absent: the tenant's. */
  timeZone?: string | undefined;
  /** Of the start, from inclusive, to exclusive. */
  from?: DateInput;
  to?: DateInput;
  statuses?: readonly string[] | undefined;
  accountId?: string | undefined;
  contactId?: string | undefined;
  phone?: string | undefined;
  email?: string | undefined;
  limit: number;
  cursor: string | null;
}

/** Appointments by their start, page by page. @throws InvalidInputError naming the field */
export async function listAppointments(
  ctx: AppointmentsContext,
  input: ListAppointmentsInput,
): Promise<{ items: AppointmentItem[]; nextCursor: string | null }> {
  const { limit } = input;
  const zone = checkTimeZone(input.timeZone ?? (await settingsOf(ctx, input.tenantId)).timeZone);
  const ms = (value: DateInput, field: string) =>
    value === undefined || value === '' ? undefined : readDate(value, zone, field).toMillis();
  const phone = phoneIn(input.phone);
  const found = await ctx.store.forTenant(input.tenantId).run(readAppointments, {
    filter: {
      from: ms(input.from, 'From'),
      to: ms(input.to, 'To'),
      statuses: input.statuses?.length ? input.statuses : undefined,
      accountId: input.accountId,
      contactId: input.contactId?.trim() || undefined,
      phones: phone === null ? undefined : phoneForms(phone),
      email: emailIn(input.email) ?? undefined,
    },
    after: readCursor(input.cursor),
    limit: limit + 1,
  });
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ item }) => item),
    nextCursor: found.length > limit && last ? `${last.startsAt}.${last.item.appointmentId}` : null,
  };
}

function readCursor(cursor: string | null): { startsAt: number; id: string } | null {
  if (cursor === null) return null;
  const [, startsAt, id] = /^(-?\d{1,16})\.([0-9A-Z]{26})$/.exec(cursor) ?? [];
  if (startsAt && id) return { startsAt: Number(startsAt), id };
  throw new InvalidInputError('Cursor', `"${cursor}" is no cursor of this list.`, {
    hint: 'Use the nextCursor of the last item of the page before.',
  });
}
