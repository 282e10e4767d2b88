import { InvalidInputError, NotFoundError, ProviderError, SendError } from '../model';
import {
  deleteEvent,
  getEvent,
  isoIn,
  listEvents,
  patchEvent,
  readDate,
  spanOfEvent,
  toGoogleTimes,
  type DateInput,
  type EventPlace,
} from '../providers/google';
import { asText, type JsonObject } from '../providers/graph/json';
import {
  endedOf,
  moveAppointmentRow,
  readNamedAppointment,
  recordCalendarChange,
  type Ended,
  type NamedAppointment,
} from './bookings.unit';
import { inCalendarTurn, notWatched, type CalendarTurn } from './calendarTurn';
import type { AppointmentsContext, CalendarsContext } from './context';
import { withoutMark } from './mark';
import type { AppointmentName } from './named';
import { readCalendarEvent } from './readEvent';
import { readWatchSettings } from './settings';
import type { ToldAppointment } from './told';

export interface BookingInput {
  tenantId: string;
  name: AppointmentName;
  signal?: AbortSignal | undefined;
}

/** Why an appointment stayed as it was. */
export type BookingReason = Ended | 'taken' | 'past';

/** @throws NotFoundError where there is none, or it is not of the person that was named */
export async function readNamed(
  ctx: AppointmentsContext,
  { tenantId, name }: BookingInput,
): Promise<NamedAppointment> {
  const found = await ctx.store.forTenant(tenantId).run(readNamedAppointment, { name });
  if (found) return found;
  throw noSuchAppointment(name);
}

export function noSuchAppointment({ appointmentId, externalId }: AppointmentName): NotFoundError {
  return new NotFoundError('The appointment', appointmentId ?? externalId ?? '', {
    hint: 'Take the id from an appointment event, or from "Get Many".',
  });
}

export interface RescheduleInput extends BookingInput {
  /** Without an offset by the clock of the appointment. */
  start: DateInput;
}

export type RescheduledAppointment = ToldAppointment & {
  /** It is at the wanted time now, or was there already. */
  moved: boolean;
  /** Why not. */
  reason: BookingReason | null;
};

/**
 * Moves an appointment, as long as it was; one of a calendar there, where the time is still free. Everything that hangs on
 * its time follows: it asks for a new confirmation, and its reminder moves along.
 * @throws NotFoundError, InvalidInputError; SendError where the calendar cannot be asked or changed
 */
export async function rescheduleAppointment(
  ctx: CalendarsContext,
  input: RescheduleInput,
): Promise<RescheduledAppointment> {
  const named = await readNamed(ctx, input);
  const { row, item } = named;
  const startsAt = readDate(input.start, row.time_zone, 'Start').toMillis();
  const ended = endedOf(row, ctx.clock.now());
  const reason = ended ?? (startsAt <= ctx.clock.now() ? 'past' : null);
  if (reason !== null) return { ...item, moved: false, reason };
  if (row.account_id !== '') return await moveInCalendar(ctx, named, input, startsAt);
  const args = { appointmentId: row.id, startsAt };
  const moved = await ctx.store.forTenant(input.tenantId).run(moveAppointmentRow, args);
  if (!moved) throw noSuchAppointment(input.name);
  return { ...moved.item, moved: moved.ended === null, reason: moved.ended };
}

async function moveInCalendar(
  ctx: CalendarsContext,
  { row, item, calendar }: NamedAppointment,
  { tenantId, signal }: RescheduleInput,
  startsAt: number,
): Promise<RescheduledAppointment> {
  if (!calendar) throw notWatched();
  if (row.all_day === 1) throw wholeDays();
  const place = { tenantId, accountId: calendar.account.id };
  return await inCalendarTurn(ctx, place, signal, async (turn) => {
    const event = await livingEvent(ctx, turn.place, row.external_id);
    const before = event && spanOfEvent(event, row.time_zone);
    if (!event || !before) {
      const gone = await record(ctx, tenantId, turn, row, null);
      return { ...(gone ?? item), moved: false, reason: 'cancelled' };
    }
    const endsAt = startsAt + (before.endMs - before.startMs);
    if (before.startMs === startsAt) {
      // A run before this one had moved it, and did not come to write it down.
      const known = await record(ctx, tenantId, turn, row, event);
      return { ...(known ?? item), moved: true, reason: null };
    }
    const span = { startMs: startsAt, endMs: endsAt, timeZone: before.timeZone };
    if (await isTaken(ctx, turn.place, span, row.external_id)) {
      return { ...item, moved: false, reason: 'taken' };
    }
    const iso = (ms: number) => isoIn(ms, before.timeZone);
    const times = toGoogleTimes({ ...before, ...span, start: iso(startsAt), end: iso(endsAt) });
    const summary = withoutMark(asText(event.summary));
    const change = { ...times, ...(summary === null ? {} : { summary }) };
    await turn.hold();
    const changed = await patchEvent(ctx.google, turn.place, row.external_id, change, 'none');
    const moved = await record(ctx, tenantId, turn, row, changed);
    return { ...(moved ?? item), moved: true, reason: null };
  });
}

function wholeDays(): InvalidInputError {
  return new InvalidInputError('Start', 'An appointment of whole days is not moved to an hour.', {
    hint: 'Move it in the calendar.',
  });
}

/** @returns null where it was deleted */
export async function livingEvent(
  ctx: CalendarsContext,
  place: EventPlace,
  eventId: string,
): Promise<JsonObject | null> {
  try {
    const event = await getEvent(ctx.google, place, eventId);
    return asText(event.status) === 'cancelled' ? null : event;
  } catch (error) {
    if (error instanceof ProviderError && error.details.status === 410) return null;
    throw error;
  }
}

/** Whether anything but the event itself stands at that time; what is shown as free does not. */
async function isTaken(
  ctx: CalendarsContext,
  place: EventPlace,
  { startMs, endMs, timeZone }: { startMs: number; endMs: number; timeZone: string },
  ownId: string,
): Promise<boolean> {
  const query = {
    timeMin: isoIn(startMs, timeZone),
    timeMax: isoIn(endMs, timeZone),
    singleEvents: 'true',
    timeZone,
  };
  const { events } = await listEvents(ctx.google, place, query, Infinity);
  return events.some((event) => {
    const isFree =
      asText(event.transparency) === 'transparent' || asText(event.status) === 'cancelled';
    const span = spanOfEvent(event, timeZone);
    if (asText(event.id) === ownId || isFree || span === null) return false;
    return span.startMs < endMs && span.endMs > startMs;
  });
}

/** Overtaken as often as this, a change is left to the reading that overtook it. */
const RECORD_ATTEMPTS = 3;

/**
 * Writes down what became of an event, and what by now where somebody has begun to read the calendar meanwhile.
 * @param event as it is now; null = deleted
 * @returns the appointment as it is then; null where the calendar is not watched any more, or was overtaken each time
 */
export async function record(
  ctx: CalendarsContext,
  tenantId: string,
  turn: CalendarTurn,
  { id: appointmentId, external_id: externalId, time_zone: timeZone }: NamedAppointment['row'],
  event: JsonObject | null,
): Promise<ToldAppointment | null> {
  let latest = event;
  for (let attempt = 1; ; attempt += 1) {
    const { account, watch } = turn.calendar;
    const settings = readWatchSettings(watch.settings);
    const zone = { id: account.external_id, timeZone };
    const draft = latest && readCalendarEvent(latest, zone, settings);
    const args = { accountId: account.id, run: watch.run, appointmentId, draft };
    const told = await ctx.store.forTenant(tenantId).run(recordCalendarChange, args);
    if (told || attempt === RECORD_ATTEMPTS || !(await turn.beginAnew())) return told;
    try {
      latest = await livingEvent(ctx, turn.place, externalId);
    } catch (error) {
      // It was changed all the same: what the calendar said then stands until it is read.
      if (!(error instanceof SendError)) throw error;
    }
  }
}

/**
 * Deletes the event of an appointment in its calendar, and notes it.
 * @returns whether it stood there until now
 */
export async function cancelInCalendar(
  ctx: CalendarsContext,
  { row, item, calendar }: NamedAppointment,
  { tenantId, signal }: BookingInput,
): Promise<ToldAppointment & { cancelled: boolean }> {
  if (!calendar) throw notWatched();
  const place = { tenantId, accountId: calendar.account.id };
  return await inCalendarTurn(ctx, place, signal, async (turn) => {
    await turn.hold();
    const deleted = await deleteEvent(ctx.google, turn.place, row.external_id, 'none');
    const gone = await record(ctx, tenantId, turn, row, null);
    return { ...(gone ?? item), cancelled: deleted };
  });
}
