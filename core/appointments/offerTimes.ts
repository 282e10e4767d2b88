import { isoIn } from '../providers/google';
import { settingsOf } from '../tenants';
import { readNamed } from './booking';
import { endedOf, type Ended } from './bookings.unit';
import type { CalendarsContext } from './context';
import type { AppointmentName } from './named';
import { offerFreeSlots, type FreeSlot, type OfferSlotsInput } from './offerSlots';
import { openPlace } from './sync';
import { shortTime, type ToldAppointment } from './told';

const DAY_MS = 24 * 60 * 60_000;

type Rules = Pick<
  OfferSlotsInput,
  | 'workingHours'
  | 'days'
  | 'stepMinutes'
  | 'pauseMinutes'
  | 'noticeMinutes'
  | 'perDay'
  | 'limit'
  | 'signal'
>;

export interface OfferTimesInput extends Rules {
  tenantId: string;
  name: AppointmentName;
  /** How far ahead is looked. */
  daysAhead?: number | undefined;
  /** Further calendars that have to be free, too. */
  moreCalendarIds?: readonly string[] | undefined;
}

/** A time that an appointment can be moved to. */
export interface OfferedTime extends FreeSlot {
  /** As buttons have room for, by the clock and in the language of the person: "qui. 26/11 10:00". */
  title: string;
  /** What a tap brings: `SLOT:<appointmentId>:<start>`. */
  payload: string;
}

export type OfferedTimes = ToldAppointment & {
  hasTimes: boolean;
  /** Why none is offered. */
  reason: Ended | 'no_calendar' | 'none_free' | null;
  times: OfferedTime[];
};

const DEFAULT_DAYS_AHEAD = 14;
const DEFAULT_LIMIT = 9;
const DEFAULT_PER_DAY = 3;

/**
 * Free times of the calendar of an appointment that it can be moved to, as long as it is now, in the opening hours of the
 * tenant (`custom.openingHours` and `custom.openingDays` of its settings) or those that are given.
 * @throws NotFoundError, InvalidInputError; SendError where the calendar cannot be asked
 */
export async function offerAppointmentTimes(
  ctx: CalendarsContext,
  { tenantId, name, daysAhead = DEFAULT_DAYS_AHEAD, ...input }: OfferTimesInput,
): Promise<OfferedTimes> {
  const { row, item, calendar } = await readNamed(ctx, { tenantId, name });
  const now = ctx.clock.now();
  const ended = endedOf(row, now);
  const none = (reason: OfferedTimes['reason']): OfferedTimes => ({
    ...item,
    hasTimes: false,
    reason,
    times: [],
  });
  if (ended !== null) return none(ended);
  if (!calendar || row.all_day === 1) return none('no_calendar');
  const { access, calendarId } = await openPlace(ctx, calendar.account, input.signal);
  const { custom, language } = await settingsOf(ctx, tenantId);
  const { openingHours, openingDays } = custom;
  const slots = await offerFreeSlots(ctx, {
    ...input,
    workingHours: input.workingHours ?? textOf(openingHours),
    days: input.days ?? (Array.isArray(openingDays) ? openingDays.map(Number) : undefined),
    perDay: input.perDay ?? DEFAULT_PER_DAY,
    limit: input.limit ?? DEFAULT_LIMIT,
    tenantId,
    access,
    calendarIds: [calendarId, ...(input.moreCalendarIds ?? [])],
    from: isoIn(now, row.time_zone),
    to: isoIn(now + daysAhead * DAY_MS, row.time_zone),
    timeZone: row.time_zone,
    lengthMinutes: Math.max(1, Math.round((row.ends_at - row.starts_at) / 60_000)),
    language,
  });
  const { told } = item;
  const times = slots.map((slot) => ({
    ...slot,
    title: shortTime(Date.parse(slot.start), told.timeZone, told.language),
    payload: `SLOT:${row.id}:${slot.start}`,
  }));
  return { ...none(times.length > 0 ? null : 'none_free'), hasTimes: times.length > 0, times };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
