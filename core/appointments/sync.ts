import { noteAccountStatus } from '../accounts';
import { openedText } from '../accounts/sync';
import {
  ProviderError,
  RateLimitedError,
  SendError,
  TokenExpiredError,
  describeError,
  type AccountSecrets,
} from '../model';
import { SyncTokenGone, listEventsPage, type EventPlace } from '../providers/google';
import { asText } from '../providers/meta/json';
import type { AccountRow } from '../store/statements/accounts';
import {
  beginCalendarSync,
  deferCalendarSync,
  recordCalendarPage,
  type CalendarPageResult,
  type WatchedCalendar,
} from './calendars.unit';
import type { CalendarsContext } from './context';
import { readCalendarEvent } from './readEvent';
import { readWatchSettings } from './settings';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Google gives up to 2500; a page is one transaction here. */
const PER_PAGE = '250';
/** What ended longer ago is of no interest to a calendar that is read for the first time. */
const PAST_MS = 7 * DAY_MS;
/** A series without an end has to be cut somewhere. */
const AHEAD_MS = 400 * DAY_MS;
/** The span moves on, and Google promises not every change: everything is compared once a week. */
const FULL_EVERY_MS = 7 * DAY_MS;
/** How long a calendar is left to whoever has taken it, and how long it waits after a kill. */
const CLAIM_MS = 15_000;

export interface SyncedCalendar extends CalendarPageResult {
  kind: 'full' | 'incremental';
}

/**
 * Reads what is new in a calendar: what was made, moved, changed and cancelled since the last time, or everything where
 * there is no last time. Each difference is one event.
 * @returns null when the calendar is not watched, or somebody else has taken it
 * @throws SendError, noted on the account: what is wrong and what to do next
 */
export async function syncCalendar(
  ctx: CalendarsContext,
  tenantId: string,
  accountId: string,
  signal?: AbortSignal,
): Promise<SyncedCalendar | null> {
  const tenant = ctx.store.forTenant(tenantId);
  const begun = await tenant.run(beginCalendarSync, { accountId, claimMs: CLAIM_MS });
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

async function openPlace(
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
      return await readPages(ctx, begun, place, token);
    } catch (error) {
      if (!(error instanceof SyncTokenGone)) throw error;
      ctx.logger.info('Google wants the calendar to be read from the beginning.', {
        account: begun.account.name,
      });
    }
  }
  return await readPages(ctx, begun, place, null);
}

async function readPages(
  ctx: CalendarsContext,
  { account, watch }: WatchedCalendar,
  place: EventPlace,
  syncToken: string | null,
): Promise<SyncedCalendar | null> {
  const tenant = ctx.store.forTenant(account.tenant_id);
  const settings = readWatchSettings(watch.settings);
  const now = ctx.clock.now();
  const span = { from: now - PAST_MS, to: now + AHEAD_MS };
  const query = queryOf(syncToken, span);
  const sum = { created: 0, updated: 0, cancelled: 0 };
  let pageToken: string | null = null;
  do {
    const page = await listEventsPage(ctx.google, place, {
      ...query,
      ...(pageToken === null ? {} : { pageToken }),
    });
    pageToken = page.nextPageToken;
    if (pageToken === null && page.nextSyncToken === null) throw noSyncToken();
    const calendar = { id: account.external_id, timeZone: page.timeZone ?? 'UTC' };
    const read = page.items.map((event) => ({
      event,
      draft: readCalendarEvent(event, calendar, settings),
    }));
    const result = await tenant.run(recordCalendarPage, {
      accountId: account.id,
      run: watch.run,
      announces: watch.primed === 1 || settings.announcesExisting,
      language: settings.language,
      drafts: read.flatMap(({ draft }) => (draft && isOfInterest(draft, span) ? [draft] : [])),
      cancelled: read.flatMap(({ event, draft }) => {
        const id = asText(event.id);
        return draft === null && id !== null && event.status === 'cancelled' ? [id] : [];
      }),
      last:
        pageToken === null
          ? {
              syncToken: page.nextSyncToken ?? '',
              nextSyncAt: ctx.clock.now() + settings.everyMinutes * MINUTE_MS,
              full: syncToken === null ? span : null,
            }
          : null,
    });
    if (result === null) return null;
    sum.created += result.created;
    sum.updated += result.updated;
    sum.cancelled += result.cancelled;
  } while (pageToken !== null);
  return { kind: syncToken === null ? 'full' : 'incremental', ...sum };
}

/** What both have in common must be equal, or Google refuses the token. */
function queryOf(
  syncToken: string | null,
  { from, to }: { from: number; to: number },
): Record<string, string> {
  return {
    singleEvents: 'true',
    maxResults: PER_PAGE,
    ...(syncToken === null
      ? { timeMin: new Date(from).toISOString(), timeMax: new Date(to).toISOString() }
      : { syncToken }),
  };
}

/**
 * With a token Google tells of every change, however long ago or far ahead: past ones are left out, and occurrences of
 * a series beyond the span come when the span gets there.
 */
function isOfInterest(
  { endsAt, startsAt, recurringEventId }: NonNullable<ReturnType<typeof readCalendarEvent>>,
  span: { from: number; to: number },
): boolean {
  return endsAt > span.from && (recurringEventId === null || startsAt < span.to);
}

function noSyncToken(): ProviderError {
  return new ProviderError(
    'provider_rejected',
    'Google gave no token to go on from.',
    'unavailable',
    200,
    null,
    { hint: 'It is tried again.' },
  );
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
