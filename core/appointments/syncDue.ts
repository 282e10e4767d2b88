import { createRequire } from 'node:module';
import { SendError } from '../model';
import { listDueCalendars } from '../store/instance/calendars';
import type { CalendarsContext } from './context';
import type * as sync from './sync';

/** `./sync` brings the library of times along: it waits until a calendar is due. */
const requireLater = createRequire(__filename);

const CALENDARS_PER_TURN = 200;
const SHORTEST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/**
 * Synchronises the calendars that are due, one after the other. To be called by one process.
 * @returns milliseconds until the next one is
 * @throws StoreError; what goes wrong with one calendar is noted on its account and spares the others
 */
export async function syncDueCalendars(
  ctx: CalendarsContext,
  signal?: AbortSignal,
): Promise<number> {
  const { due } = await ctx.store.run(listDueCalendars, { limit: CALENDARS_PER_TURN });
  for (const { tenantId, accountId } of due) {
    if (signal?.aborted) break;
    const { syncCalendar } = requireLater('./sync') as typeof sync;
    // The list may be old by now: somebody may just be changing this calendar.
    const options = { signal, onlyIfDue: true };
    await syncCalendar(ctx, tenantId, accountId, options).catch((error: unknown) => {
      // Noted already; a fault of the store is everybody's.
      if (!(error instanceof SendError)) throw error;
    });
  }
  // Asked again: those of this turn are due again, too, some of them soon.
  const then = await ctx.store.run(listDueCalendars, { limit: CALENDARS_PER_TURN });
  if (then.due.length > 0) return SHORTEST_WAIT_MS;
  const wait = then.nextAt === null ? LONGEST_WAIT_MS : then.nextAt - ctx.clock.now();
  return Math.min(Math.max(wait, SHORTEST_WAIT_MS), LONGEST_WAIT_MS);
}
