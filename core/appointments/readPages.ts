import { ProviderError } from '../model';
import { listEventsPage, type EventPlace } from '../providers/google';
import { asText, type JsonObject } from '../providers/graph/json';
import {
  readSeriesOccurrences,
  recordCalendarPage,
  type CalendarPageArgs,
  type CalendarPageResult,
  type LastPage,
  type WatchedCalendar,
} from './calendars.unit';
import type { CalendarsContext } from './context';
import type { AppointmentDraft } from './draft';
import { readCalendarEvent } from './readEvent';
import { findMovedSeries, grouped } from './series';
import { readWatchSettings } from './settings';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Google gives up to 2500; as many are one transaction here. */
const PER_PAGE = 250;
/** What ended longer ago is of no interest to a calendar that is read for the first time. */
const PAST_MS = 7 * DAY_MS;
/** A series without an end has to be cut somewhere. */
const AHEAD_MS = 400 * DAY_MS;

export interface SyncedCalendar extends CalendarPageResult {
  kind: 'full' | 'incremental';
}

/** The changes that Google tells do not say what became of some series: everything has to be compared. */
export class SeriesUnclear extends Error {
  constructor() {
    super('What became of a repeated event is not clear from the changes.');
  }
}

interface Span {
  from: number;
  to: number;
}

/** What a page tells. */
interface ReadPage {
  drafts: AppointmentDraft[];
  cancelled: string[];
}

/**
 * Reads a calendar page by page: single events are stored with their page, occurrences of series together at the end,
 * for only then it is known which series were moved. The token is stored with the very last: whatever is cut before is
 * read again, and what was told is not told twice.
 * @returns null when another synchronisation has begun meanwhile
 * @throws SyncTokenGone, SeriesUnclear with a token alone: read without one; SendError
 */
export async function readCalendarPages(
  ctx: CalendarsContext,
  begun: WatchedCalendar,
  place: EventPlace,
  syncToken: string | null,
): Promise<SyncedCalendar | null> {
  const now = ctx.clock.now();
  const span = { from: now - PAST_MS, to: now + AHEAD_MS };
  const query = queryOf(syncToken, span);
  const recorder = createRecorder(ctx, begun);
  const occurrences: AppointmentDraft[] = [];
  const cancelled: string[] = [];
  let pageToken: string | null = null;
  let nextSyncToken: string | null = null;
  do {
    const page = await listEventsPage(ctx.google, place, {
      ...query,
      ...(pageToken === null ? {} : { pageToken }),
    });
    ({ nextPageToken: pageToken, nextSyncToken } = page);
    const read = readPage(begun, page, span);
    occurrences.push(...read.drafts.filter(isOccurrence));
    cancelled.push(...read.cancelled);
    const single = read.drafts.filter((draft) => !isOccurrence(draft));
    if (!(await recorder.record(single))) return null;
  } while (pageToken !== null);
  if (nextSyncToken === null) throw noSyncToken();

  const isEverything = syncToken === null;
  const moved = await movedSeries(ctx, begun, { occurrences, cancelled, isEverything });
  const places = new Set(moved.flatMap(({ movedFrom }) => movedFrom ?? []));
  const last = {
    syncToken: nextSyncToken,
    nextSyncAt: ctx.clock.now() + readWatchSettings(begun.watch.settings).everyMinutes * MINUTE_MS,
    full: isEverything ? span : null,
  };
  for (const page of seriesPages(moved)) {
    if (!(await recorder.recordPage(page))) return null;
  }
  const gone = cancelled.filter((id) => !places.has(id));
  if (!(await recorder.finish(gone, last))) return null;
  return { kind: isEverything ? 'full' : 'incremental', ...recorder.sum };
}

const isOccurrence = ({ recurringEventId }: AppointmentDraft): boolean => recurringEventId !== null;

/** What both have in common must be equal, or Google refuses the token. */
function queryOf(syncToken: string | null, { from, to }: Span): Record<string, string> {
  return {
    singleEvents: 'true',
    maxResults: String(PER_PAGE),
    ...(syncToken === null
      ? { timeMin: new Date(from).toISOString(), timeMax: new Date(to).toISOString() }
      : { syncToken }),
  };
}

function readPage(
  { account, watch }: WatchedCalendar,
  page: { items: JsonObject[]; timeZone: string | null },
  span: Span,
): ReadPage {
  const settings = readWatchSettings(watch.settings);
  const calendar = { id: account.external_id, timeZone: page.timeZone ?? 'UTC' };
  const drafts: AppointmentDraft[] = [];
  const cancelled: string[] = [];
  for (const event of page.items) {
    const draft = readCalendarEvent(event, calendar, settings);
    const id = asText(event.id);
    if (draft) drafts.push(isWithin(draft, span) ? draft : { ...draft, isOutside: true });
    else if (id !== null && event.status === 'cancelled') cancelled.push(id);
  }
  return { drafts, cancelled };
}

/**
 * With a token Google tells of every change, however long ago or far ahead: past ones are left out, and occurrences of
 * a series beyond the span come when the span gets there.
 */
function isWithin({ endsAt, startsAt, recurringEventId }: AppointmentDraft, span: Span): boolean {
  return endsAt > span.from && (recurringEventId === null || startsAt < span.to);
}

/** The occurrences of this reading, those of moved series with the id that they were known by. */
async function movedSeries(
  ctx: CalendarsContext,
  { account }: WatchedCalendar,
  told: { occurrences: AppointmentDraft[]; cancelled: string[]; isEverything: boolean },
): Promise<AppointmentDraft[]> {
  const { occurrences, cancelled, isEverything } = told;
  const seriesIds = [...new Set(occurrences.flatMap((one) => one.recurringEventId ?? []))];
  if (seriesIds.length === 0) return [];
  const tenant = ctx.store.forTenant(account.tenant_id);
  const known = await tenant.run(readSeriesOccurrences, { accountId: account.id, seriesIds });
  const found = findMovedSeries(
    { drafts: occurrences, cancelled: new Set(cancelled), isEverything },
    known,
    ctx.clock.now(),
  );
  if (found.isUnclear) throw new SeriesUnclear();
  return found.drafts;
}

/** Stores what was read, a page at a time; `false` = another synchronisation has begun meanwhile. */
function createRecorder(ctx: CalendarsContext, { account, watch }: WatchedCalendar) {
  const tenant = ctx.store.forTenant(account.tenant_id);
  const settings = readWatchSettings(watch.settings);
  const sum = { created: 0, updated: 0, cancelled: 0 };

  const write = async (
    page: Pick<CalendarPageArgs, 'drafts' | 'cancelled' | 'last'>,
  ): Promise<boolean> => {
    const result = await tenant.run(recordCalendarPage, {
      accountId: account.id,
      run: watch.run,
      announces: watch.primed === 1 || settings.announcesExisting,
      language: settings.language,
      ...page,
    });
    if (result === null) return false;
    sum.created += result.created;
    sum.updated += result.updated;
    sum.cancelled += result.cancelled;
    return true;
  };

  const recordPage = (drafts: AppointmentDraft[]): Promise<boolean> =>
    write({ drafts, cancelled: [], last: null });

  return {
    sum,
    recordPage,
    async record(drafts: readonly AppointmentDraft[]): Promise<boolean> {
      for (const page of pagesOf(drafts)) {
        if (!(await recordPage(page))) return false;
      }
      return true;
    },
    async finish(cancelled: readonly string[], last: LastPage): Promise<boolean> {
      const pages = pagesOf(cancelled);
      for (const page of pages.slice(0, -1)) {
        if (!(await write({ drafts: [], cancelled: page, last: null }))) return false;
      }
      return await write({ drafts: [], cancelled: pages.at(-1) ?? [], last });
    },
  };
}

function pagesOf<T>(all: readonly T[]): T[][] {
  const pages: T[][] = [];
  for (let from = 0; from < all.length; from += PER_PAGE) {
    pages.push(all.slice(from, from + PER_PAGE));
  }
  return pages;
}

/** A series is stored as a whole: of one that is half moved nobody could say afterwards which became of which. */
function seriesPages(drafts: readonly AppointmentDraft[]): AppointmentDraft[][] {
  const series = grouped(drafts, ({ recurringEventId }) => recurringEventId ?? '');
  const pages: AppointmentDraft[][] = [];
  for (const occurrences of series.values()) {
    const page = pages.at(-1);
    if (page && page.length + occurrences.length <= PER_PAGE) page.push(...occurrences);
    else pages.push([...occurrences]);
  }
  return pages;
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
