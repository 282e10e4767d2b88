import { noteAccountStatus } from '../accounts';
import { openedText } from '../accounts/sync';
import {
  RateLimitedError,
  SendError,
  TokenExpiredError,
  describeError,
  type AccountSecrets,
} from '../model';
import { SyncTokenGone, type EventPlace } from '../providers/google';
import type { AccountRow } from '../store/statements/accounts';
import { beginCalendarSync, deferCalendarSync, type WatchedCalendar } from './calendars.unit';
import type { CalendarsContext } from './context';
import { SeriesUnclear, readCalendarPages, type SyncedCalendar } from './readPages';

export type { SyncedCalendar } from './readPages';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** The span moves on, and Google promises not every change: everything is compared once a week. */
const FULL_EVERY_MS = 7 * DAY_MS;
/** How long a calendar is left to whoever has taken it, and how long it waits after a kill. */
const CLAIM_MS = 15_000;

/**
 * Reads what is new in a calendar: what was made, moved, changed and cancelled since the last time, or everything where
 * there is no last time. Each difference is one event.
 * @param options.onlyIfDue leaves the calendar to whoever has taken it since it was found to be due
 * @returns null when the calendar is not watched, or somebody else has taken it
 * @throws SendError, noted on the account: what is wrong and what to do next
 */
export async function syncCalendar(
  ctx: CalendarsContext,
  tenantId: string,
  accountId: string,
  { signal, onlyIfDue = false }: { signal?: AbortSignal | undefined; onlyIfDue?: boolean } = {},
): Promise<SyncedCalendar | null> {
  const tenant = ctx.store.forTenant(tenantId);
  const begun = await tenant.run(beginCalendarSync, { accountId, claimMs: CLAIM_MS, onlyIfDue });
  if (!begun) return null;
  try {
    const place = await openPlace(ctx, begun.account, signal);
    return await read(ctx, begun, place);
  } catch (error) {
    if (signal?.aborted || !(error instanceof SendError)) throw error;
    await noteFailure(ctx, begun, error);
    throw error;
  }
}

/** The calendar with its key. @throws SendError, noted on the account, where the key cannot be read */
export async function openPlace(
  ctx: CalendarsContext,
  account: AccountRow,
  signal: AbortSignal | undefined,
): Promise<EventPlace> {
  const text = openedText(ctx, account);
  const secrets = text === null ? null : (JSON.parse(text) as AccountSecrets);
  if (secrets?.google) return { access: secrets.google, calendarId: account.external_id, signal };
  const reason = `The key for the calendar "${account.name}" cannot be read any more.`;
  const hint = 'Run the node Google Calendar with "Watch for Appointments" once more.';
  await noteAccountStatus(ctx, account.tenant_id, account.id, 'error', `${reason} ${hint}`);
  throw new SendError('no_connection', reason, false, { hint });
}

async function read(
  ctx: CalendarsContext,
  begun: WatchedCalendar,
  place: EventPlace,
): Promise<SyncedCalendar | null> {
  const { sync_token: token, full_synced_at: fullAt } = begun.watch;
  const isFresh = fullAt !== null && ctx.clock.now() - fullAt < FULL_EVERY_MS;
  if (token !== null && isFresh) {
    try {
      return await readCalendarPages(ctx, begun, place, token);
    } catch (error) {
      if (!(error instanceof SyncTokenGone || error instanceof SeriesUnclear)) throw error;
      ctx.logger.info('The calendar is read from the beginning.', {
        account: begun.account.name,
        why: error.message,
      });
    }
  }
  return await readCalendarPages(ctx, begun, place, null);
}

const LONGEST_PAUSE_MS = 60 * MINUTE_MS;

/** Passing faults are waited for with growing pauses; what somebody has to mend is shown, and looked at again. */
async function noteFailure(
  ctx: CalendarsContext,
  { account, watch }: WatchedCalendar,
  error: SendError,
): Promise<void> {
  const failures = watch.failures + 1;
  const own = Math.min(2 ** Math.min(failures - 1, 10) * MINUTE_MS, LONGEST_PAUSE_MS);
  const asked = error instanceof RateLimitedError ? error.retryAfterMs : 0;
  const reason = describeError(error);
  const status = error instanceof TokenExpiredError ? ('expired' as const) : ('error' as const);
  await ctx.store.forTenant(account.tenant_id).run(deferCalendarSync, {
    accountId: account.id,
    run: watch.run,
    failures,
    nextSyncAt: ctx.clock.now() + Math.max(own, asked),
    dropsToken: false,
    status: error.retryable ? null : { status, reason },
  });
  ctx.logger.warn(`A calendar could not be read. ${reason}`, { account: account.name });
}
