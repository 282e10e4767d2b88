import { versionAt } from '../../model';
import { automationOf } from '../../messaging/item';
import { listConversationsOfContact } from '../../store/statements/conversations';
import {
  listContactZones,
  selectAppointmentsBy,
  selectBirthdays,
  selectSilent,
  type AppointmentInstant,
  type BirthdayRow,
  type DueAppointmentRow,
  type SilentRow,
  type Stretch,
} from '../../store/statements/journeys';
import type { TenantTx } from '../../store/unit';
import { DAY_MS, dateOf } from './holidays';
import { keyOf } from './key';
import type { JourneyWatch } from './types';
import {
  afterBooking,
  afterEnd,
  afterSilence,
  beforeStart,
  celebratedOn,
  onBirthday,
  spanOf,
  type DueTime,
  type Reckoning,
} from './when';

const MINUTE_MS = 60_000;
const PAGE = 500;

/** Something with a time at which it is due; the rows it comes from. */
export interface Candidate extends DueTime {
  key: string;
  subject:
    | { kind: 'appointment'; row: DueAppointmentRow }
    | { kind: 'birthday'; row: BirthdayRow; day: number }
    | { kind: 'lead'; row: SilentRow };
}

/** Everything that may be due between two instants, in pages; some of it is due before or after. */
export async function* candidatesBetween(
  tx: TenantTx,
  reckoning: Reckoning,
  from: number,
  to: number,
): AsyncGenerator<Candidate[]> {
  const { watch } = reckoning;
  const isMoved = watch.hours !== 'any' || watch.holidays !== 'ignore';
  const zones = isMoved ? await listContactZones(tx) : [];
  const span = spanOf(reckoning, { from, to }, zones);
  if (watch.kind === 'birthday') {
    yield* birthdays(tx, reckoning, span);
    return;
  }
  if (watch.kind === 'unansweredLead') {
    const offset = watch.offsetMinutes * MINUTE_MS;
    const range = { from: span.from - offset, to: span.to - offset };
    const page = (stretch: Stretch) => selectSilent(tx, stretch).execute();
    for await (const rows of pages(range, page, (row) => row.last_inbound_at)) {
      yield await silentAmong(tx, reckoning, rows);
    }
    return;
  }
  for (const { instant, startsBetween, ...range } of stretchesOf(watch, span, tx.now)) {
    const page = (stretch: Stretch) =>
      selectAppointmentsBy(tx, instant, stretch, startsBetween).execute();
    for await (const rows of pages(range, page, (row) => row[instant])) {
      yield rows.flatMap((row) => ofAppointment(reckoning, row) ?? []);
    }
  }
}

interface AppointmentStretch extends Pick<Stretch, 'from' | 'to'> {
  instant: AppointmentInstant;
  startsBetween?: { from: number; to: number };
}

/** Where the appointments stand whose unmoved time lies in a span. */
function stretchesOf(
  watch: JourneyWatch,
  span: Pick<Stretch, 'from' | 'to'>,
  now: number,
): AppointmentStretch[] {
  const offset = watch.offsetMinutes * MINUTE_MS;
  if (watch.kind !== 'appointmentUpcoming') {
    const instant = watch.kind === 'appointmentFinished' ? 'ends_at' : 'booked_at';
    return [{ instant, from: span.from - offset, to: span.to - offset }];
  }
  // What has begun needs no reminder.
  const soonest = now - MINUTE_MS;
  const from = Math.max(span.from + offset, soonest);
  const usual: AppointmentStretch = { instant: 'starts_at', from, to: span.to + offset };
  if (!watch.includeLateBookings || from === soonest) return [usual];
  // What was booked late is due when it was booked, however near its start is.
  const startsBetween = { from: soonest, to: from - 1 };
  return [usual, { instant: 'booked_at', ...span, startsBetween }];
}

async function* pages<Row extends { id: string }>(
  range: { from: number; to: number },
  read: (stretch: Stretch) => Promise<Row[]>,
  instantOf: (row: Row) => number | null,
): AsyncGenerator<Row[]> {
  let after: Stretch['after'] = null;
  for (;;) {
    const rows = await read({ ...range, after, limit: PAGE });
    yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = { at: instantOf(last) ?? 0, id: last.id };
  }
}

/** @returns null where it never becomes due for this trigger */
export function ofAppointment(reckoning: Reckoning, row: DueAppointmentRow): Candidate | null {
  const { watch } = reckoning;
  const subject = { kind: 'appointment' as const, row };
  const startsAt = row.starts_at;
  const version = versionAt(startsAt);
  if (watch.kind === 'appointmentCreated') {
    if (row.booked_at === null) return null;
    const time = afterBooking(reckoning, row.contact_zone, { bookedAt: row.booked_at, startsAt });
    // Moved there and back is news again.
    return time && { ...time, key: keyOf(watch, row.id, `${version}@${row.booked_at}`), subject };
  }
  const time =
    watch.kind === 'appointmentUpcoming'
      ? beforeStart(reckoning, row.contact_zone, { startsAt, bookedAt: row.booked_at })
      : afterEnd(reckoning, row.contact_zone, { endsAt: row.ends_at });
  return time && { ...time, key: keyOf(watch, row.id, version), subject };
}

async function* birthdays(
  tx: TenantTx,
  reckoning: Reckoning,
  span: { from: number; to: number },
): AsyncGenerator<Candidate[]> {
  // A day of a place begins up to a day before or after that of UTC.
  const first = Math.floor(span.from / DAY_MS) - 1;
  const last = Math.floor(span.to / DAY_MS) + 1;
  const days = new Set<string>();
  for (let day = first; day <= last; day += 1) days.add(dateOf(day).slice(5));
  if (days.has('02-28') || days.has('03-01')) days.add('02-29');
  let after: string | null = null;
  for (;;) {
    const rows = await selectBirthdays(tx, { days: [...days], after, limit: PAGE }).execute();
    yield rows.flatMap((row) => birthdaysOf(reckoning, row, { first, last }));
    after = rows.at(-1)?.id ?? null;
    if (after === null || rows.length < PAGE) return;
  }
}

/** Those between two days: around New Year, of either year. */
export function birthdaysOf(
  reckoning: Reckoning,
  row: BirthdayRow,
  { first, last }: { first: number; last: number },
): Candidate[] {
  const { watch } = reckoning;
  const years = new Set([first, last].map((day) => Number(dateOf(day).slice(0, 4))));
  return [...years].flatMap((year) => {
    const day = celebratedOn(row.birth_day ?? '', year, watch.leapDay);
    if (day < first || day > last) return [];
    const time = onBirthday(reckoning, row.time_zone, { day });
    const key = keyOf(watch, row.id, String(year));
    return time ? [{ ...time, key, subject: { kind: 'birthday' as const, row, day } }] : [];
  });
}

async function silentAmong(
  tx: TenantTx,
  reckoning: Reckoning,
  rows: readonly SilentRow[],
): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const row of rows) {
    const candidate = ofSilent(reckoning, row, tx.now);
    if (!candidate) continue;
    // Somebody who goes on in another conversation is not silent.
    const [newest] = await listConversationsOfContact(tx, row.contact_id);
    if (newest?.id === row.id || newest?.last_inbound_at === row.last_inbound_at) {
      found.push(candidate);
    }
  }
  return found;
}

/** @returns null where it never becomes due for this trigger, or somebody looks after it */
export function ofSilent(reckoning: Reckoning, row: SilentRow, now: number): Candidate | null {
  const { watch } = reckoning;
  const { last_inbound_at: lastInboundAt, last_outbound_at: lastOutboundAt } = row;
  if (lastInboundAt === null || automationOf(row, now).paused) return null;
  const isOurs = lastInboundAt > (lastOutboundAt ?? 0);
  if (watch.waitingFor !== 'either' && (watch.waitingFor === 'us') !== isOurs) return null;
  const stage = row.contact_stage ?? '';
  if (watch.stages.length > 0 && !watch.stages.includes(stage)) return null;
  const windowClosesAt = row.window_closes_at;
  const time = afterSilence(reckoning, row.contact_zone, { lastInboundAt, windowClosesAt });
  const key = keyOf(watch, row.contact_id, versionAt(lastInboundAt));
  return time && { ...time, key, subject: { kind: 'lead', row } };
}
