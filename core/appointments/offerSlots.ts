import { InvalidInputError, type GoogleAccess } from '../model';
import { isoIn, queryFreeBusy, readDate, type DateInput } from '../providers/google';
import { settingsOf } from '../tenants';
import type { CalendarsContext } from './context';
import { wordsOf } from './item';
import type { Language } from './settings';
import { findFreeSlots, readOpenings, type Busy, type SlotRules } from './slots';

/** A time that can be offered to somebody. */
export interface FreeSlot {
  /** ISO 8601 with the offset of the time zone. */
  start: string;
  end: string;
  /** For texts, as appointments have them: `25/11/2026`, `14:00`, "quarta-feira, 25 de novembro de 2026, 14:00". */
  date: string;
  time: string | null;
  when: string;
}

export interface OfferSlotsInput {
  tenantId: string;
  access: GoogleAccess;
  /** A slot is free when every one of them is. */
  calendarIds: readonly string[];
  from: DateInput;
  to: DateInput;
  timeZone: string;
  /** `08:00-12:00, 13:00-18:00` */
  workingHours?: string | undefined;
  /** ISO weekdays, 1 = Monday. */
  days?: readonly number[] | undefined;
  lengthMinutes?: number | undefined;
  /** Absent: the length. */
  stepMinutes?: number | undefined;
  pauseMinutes?: number | undefined;
  /** Nothing is offered that begins sooner from now. */
  noticeMinutes?: number | undefined;
  perDay?: number | undefined;
  limit?: number | undefined;
  /** Of the texts; absent: the tenant's. */
  language?: Language | undefined;
  signal?: AbortSignal | undefined;
}

const DEFAULTS = {
  workingHours: '08:00-18:00',
  days: [1, 2, 3, 4, 5],
  lengthMinutes: 60,
  limit: 10,
} as const;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Google takes two to three months at a time (G.2); asked for a month each, most questions need one call. */
const ASKED_MS = 31 * DAY_MS;
const LONGEST_MS = 366 * DAY_MS;

/**
 * The earliest free times of one or several calendars, to be offered to a person. Asks Google for as much of the range as
 * is needed.
 * @throws InvalidInputError naming the field; SendError
 */
export async function offerFreeSlots(
  ctx: CalendarsContext,
  input: OfferSlotsInput,
): Promise<FreeSlot[]> {
  const { access, calendarIds, timeZone, signal } = input;
  const rules = rulesOf(input);
  const { fromMs, toMs } = rangeOf(input, ctx.clock.now());
  const found: Busy[] = [];
  for (let start = fromMs; start < toMs && found.length < rules.limit; ) {
    const end = endOfPart(start, toMs, timeZone);
    const asked = {
      // What ended a little earlier keeps its pause free in this part, too.
      timeMin: isoIn(start - rules.pauseMinutes * MINUTE_MS, timeZone),
      timeMax: isoIn(end + rules.pauseMinutes * MINUTE_MS, timeZone),
      timeZone,
      calendarIds,
    };
    const answers = await queryFreeBusy(ctx.google, access, asked, signal);
    const busy = answers.flatMap((one) => one.busy.map(toBusy));
    const limit = rules.limit - found.length;
    found.push(...findFreeSlots({ fromMs: start, toMs: end }, busy, { ...rules, limit }));
    start = end;
  }
  const language = input.language ?? (await settingsOf(ctx, input.tenantId)).language;
  return found.map(({ startMs, endMs }) => ({
    start: isoIn(startMs, timeZone),
    end: isoIn(endMs, timeZone),
    ...wordsOf(startMs, timeZone, language, false),
  }));
}

/** Parts end at midnight, so that no slot and no day is cut in two. */
function endOfPart(startMs: number, toMs: number, timeZone: string): number {
  const rough = startMs + ASKED_MS;
  if (rough >= toMs) return toMs;
  return readDate(isoIn(rough, timeZone).slice(0, 10), timeZone, 'To').toMillis();
}

function toBusy({ start, end }: { start: string; end: string }): Busy {
  return { startMs: Date.parse(start), endMs: Date.parse(end) };
}

function rangeOf(
  { from, to, timeZone, noticeMinutes = 0 }: OfferSlotsInput,
  now: number,
): { fromMs: number; toMs: number } {
  const asked = readDate(from, timeZone, 'From').toMillis();
  const toMs = readDate(to, timeZone, 'To').toMillis();
  if (toMs <= asked) {
    throw new InvalidInputError('To', '"To" is not after "From".', { hint: 'Give a later one.' });
  }
  if (toMs - asked > LONGEST_MS) {
    throw new InvalidInputError('To', 'The range is longer than a year.', {
      hint: 'Ask for less at a time.',
    });
  }
  const earliest = now + wholeNumber('Notice (Minutes)', noticeMinutes, 0, 525_600) * MINUTE_MS;
  return { fromMs: Math.max(asked, earliest), toMs };
}

function rulesOf(input: OfferSlotsInput): SlotRules {
  const lengthMinutes = wholeNumber(
    'Length (Minutes)',
    input.lengthMinutes ?? DEFAULTS.lengthMinutes,
    1,
    1440,
  );
  const days = [...(input.days ?? DEFAULTS.days)];
  if (days.length === 0 || days.some((day) => !Number.isInteger(day) || day < 1 || day > 7)) {
    throw new InvalidInputError('Days', 'No day of the week was chosen.', {
      hint: 'Choose at least one.',
    });
  }
  return {
    timeZone: input.timeZone,
    lengthMinutes,
    stepMinutes: wholeNumber('Step (Minutes)', input.stepMinutes ?? lengthMinutes, 1, 1440),
    openings: readOpenings(input.workingHours ?? DEFAULTS.workingHours),
    days,
    pauseMinutes: wholeNumber('Pause (Minutes)', input.pauseMinutes ?? 0, 0, 1440),
    perDay: wholeNumber('Per Day at Most', input.perDay ?? 0, 0, 1440),
    limit: wholeNumber('At Most', input.limit ?? DEFAULTS.limit, 1, 1000),
  };
}

function wholeNumber(field: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new InvalidInputError(field, `"${field}" must be a whole number from ${least} to ${most}.`);
}
