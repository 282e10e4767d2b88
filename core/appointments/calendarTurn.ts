import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { SendError } from '../model';
import type { EventPlace } from '../providers/google';
import { acquireLease, releaseLease, renewLease, type HeldLease } from '../store/instance/leases';
import { endCalendarChange } from './bookings.unit';
import { beginCalendarSync, type WatchedCalendar } from './calendars.unit';
import type { CalendarsContext } from './context';
import { openPlace } from './sync';

/** Longer than a look at the calendar and its change take. */
const TURN_MS = 30_000;
/** A tap is answered while the person still looks at their phone. */
const PATIENCE_MS = 20_000;
const ASK_AGAIN_MS = 100;

/** A calendar that nobody else of us changes. */
export interface CalendarTurn {
  /** With the run under which changes are stored. */
  calendar: WatchedCalendar;
  place: EventPlace;
  /**
   * For when somebody has begun to read the calendar meanwhile: what they read is not stored any more, for it may be from
   * before the change.
   * @returns whether the calendar is still watched
   */
  beginAnew(): Promise<boolean>;
  /** To be called right before the calendar is changed. @throws SendError where the turn was lost meanwhile */
  hold(): Promise<void>;
}

/**
 * Lets one after the other look at a calendar and change it, over all processes: of two people who want the same time,
 * the second sees that the first has it. What was being read of the calendar meanwhile is not stored: it would tell the
 * old time.
 * @throws SendError where the calendar is not watched any more, or its key cannot be read, or others take too long
 */
export async function inCalendarTurn<T>(
  ctx: CalendarsContext,
  { tenantId, accountId }: { tenantId: string; accountId: string },
  signal: AbortSignal | undefined,
  work: (turn: CalendarTurn) => Promise<T>,
): Promise<T> {
  const lease = await takeTurn(ctx, `booking:${accountId}`, signal);
  const tenant = ctx.store.forTenant(tenantId);
  try {
    const begin = () => tenant.run(beginCalendarSync, { accountId, claimMs: TURN_MS });
    let calendar = await begin();
    if (!calendar) throw notWatched();
    try {
      const turn: CalendarTurn = {
        calendar,
        place: await openPlace(ctx, calendar.account, signal),
        async beginAnew() {
          const begun = await begin();
          if (begun) turn.calendar = calendar = begun;
          return begun !== undefined;
        },
        async hold() {
          if (!(await ctx.store.run(renewLease, { ...lease, ttlMs: TURN_MS }))) throw tooSlow();
        },
      };
      return await work(turn);
    } finally {
      await tenant.run(endCalendarChange, { accountId, run: calendar.watch.run });
    }
  } finally {
    await ctx.store.run(releaseLease, lease);
  }
}

async function takeTurn(
  ctx: CalendarsContext,
  name: string,
  signal: AbortSignal | undefined,
): Promise<HeldLease> {
  const owner = randomUUID();
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const taken = await ctx.store.run(acquireLease, { name, owner, ttlMs: TURN_MS });
    if (taken) return { name, owner, fence: taken.fence };
    await setTimeout(ASK_AGAIN_MS, undefined, signal ? { signal } : {});
  }
  throw tooSlow();
}

function tooSlow(): SendError {
  const said = 'Others are changing this calendar, and it took too long. Nothing was changed.';
  return new SendError('provider_unavailable', said, true, { hint: 'Try again in a minute.' });
}

export function notWatched(): SendError {
  return new SendError('no_connection', 'The calendar is not watched any more.', false, {
    hint: 'Run the node Google Calendar with "Watch for Appointments", or change the event there.',
  });
}
