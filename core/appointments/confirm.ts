import { SendError, describeError } from '../model';
import { patchEvent, spanOfEvent } from '../providers/google';
import { asText, type JsonObject } from '../providers/graph/json';
import { livingEvent, noSuchAppointment, readNamed, record, type BookingInput } from './booking';
import {
  confirmAppointmentRow,
  endedOf,
  type NamedAppointment,
  type Unconfirmed,
} from './bookings.unit';
import { inCalendarTurn, type CalendarTurn } from './calendarTurn';
import type { CalendarsContext } from './context';
import { withMark } from './mark';
import type { ToldAppointment } from './told';

export type ConfirmedAppointment = ToldAppointment & {
  confirmed: boolean;
  /** Why not. */
  reason: Unconfirmed | null;
  /** What the calendar says of it where it could not be marked there. */
  calendarNote: string | null;
};

/**
 * Notes that the person comes, and marks the event in the calendar that it came from, so that the staff sees it there. A
 * calendar that does not take the mark, or cannot be asked, is no reason not to note it; one in which the event is gone
 * or at another time is: nobody has said yet that they come then.
 * @throws NotFoundError
 */
export async function confirmAppointment(
  ctx: CalendarsContext,
  input: BookingInput,
): Promise<ConfirmedAppointment> {
  const named = await readNamed(ctx, input);
  const { row, calendar } = named;
  if (!calendar || endedOf(row, ctx.clock.now())) return await noteConfirmed(ctx, input, row);
  try {
    return await confirmInCalendar(ctx, { ...named, calendar }, input);
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    const calendarNote = describeError(error);
    ctx.logger.warn('The calendar of an appointment does not show that it is confirmed.', {
      appointmentId: row.id,
      why: calendarNote,
    });
    return { ...(await noteConfirmed(ctx, input, row)), calendarNote };
  }
}

/** Of the time at which the person knows it; noted before, nothing changes. */
async function noteConfirmed(
  ctx: CalendarsContext,
  { tenantId, name }: BookingInput,
  { id: appointmentId, starts_at: startsAt }: NamedAppointment['row'],
): Promise<ConfirmedAppointment> {
  const args = { appointmentId, startsAt };
  const noted = await ctx.store.forTenant(tenantId).run(confirmAppointmentRow, args);
  if (!noted) throw noSuchAppointment(name);
  const { item, reason } = noted;
  return { ...item, confirmed: reason === null, reason, calendarNote: null };
}

/** @throws SendError where the calendar cannot be asked, or does not take the mark */
async function confirmInCalendar(
  ctx: CalendarsContext,
  { row, item, calendar }: NamedAppointment & Pick<CalendarTurn, 'calendar'>,
  input: BookingInput,
): Promise<ConfirmedAppointment> {
  const { tenantId, signal } = input;
  const place = { tenantId, accountId: calendar.account.id };
  return await inCalendarTurn(ctx, place, signal, async (turn) => {
    const event = await livingEvent(ctx, turn.place, row.external_id);
    const span = event && spanOfEvent(event, row.time_zone);
    if (!event || !span) {
      // Gone from a series, it may have another id since that was moved: the next reading, due now, sees all of it.
      const gone =
        row.recurring_event_id === null ? await record(ctx, tenantId, turn, row, null) : null;
      const calendarNote = 'The event is no longer in the calendar, so it was not confirmed.';
      return { ...(gone ?? item), confirmed: false, reason: 'cancelled', calendarNote };
    }
    if (span.startMs !== row.starts_at) {
      const moved = await record(ctx, tenantId, turn, row, event);
      const calendarNote = `The event was moved in the calendar, to ${span.start}, and the person has not confirmed that time.`;
      return { ...(moved ?? item), confirmed: false, reason: 'moved', calendarNote };
    }
    const noted = await noteConfirmed(ctx, input, row);
    if (noted.confirmed) await markEvent(ctx, turn, event, row.external_id);
    return noted;
  });
}

/** @param event as it is now: what the staff has written into its title meanwhile stays */
async function markEvent(
  ctx: CalendarsContext,
  turn: CalendarTurn,
  event: JsonObject,
  eventId: string,
): Promise<void> {
  const summary = withMark(asText(event.summary));
  const status = asText(event.status) === 'tentative' ? { status: 'confirmed' } : {};
  await turn.hold();
  await patchEvent(ctx.google, turn.place, eventId, { summary, ...status }, 'none');
}
