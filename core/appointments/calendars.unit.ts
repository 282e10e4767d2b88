import { changeConnectionStatus } from '../accounts/status';
import { findAccount, touchAccountSynced, type AccountRow } from '../store/statements/accounts';
import {
  findAppointmentsByExternalIds,
  findAppointmentsOfSeries,
  findUnseenAppointments,
  markAppointmentsSeen,
  type AppointmentRow,
} from '../store/statements/appointments';
import {
  beginCalendarRun,
  deleteCalendarWatch,
  findCalendarWatch,
  saveCalendarWatch,
  updateCalendarRun,
  type CalendarWatchRow,
} from '../store/statements/calendarWatches';
import { tenantUnit, type TenantTx } from '../store/unit';
import type { AppointmentDraft } from './draft';
import { recordAppointments } from './record';
import type { KnownOccurrence } from './series';
import type { Language } from './settings';

export interface WatchedCalendar {
  account: AccountRow;
  watch: CalendarWatchRow;
}

/** @returns undefined when this tenant has no such calendar, or does not watch it */
export const readCalendarWatch = tenantUnit(
  __filename,
  'readCalendarWatch',
  async (tx, { accountId }: { accountId: string }): Promise<WatchedCalendar | undefined> => {
    const account = await findAccount(tx, accountId);
    const watch = account && (await findCalendarWatch(tx, accountId));
    return account && watch ? { account, watch } : undefined;
  },
);

/** @returns false when this tenant has no such calendar */
export const writeCalendarWatch = tenantUnit(
  __filename,
  'writeCalendarWatch',
  async (tx, args: { accountId: string; settings: string }): Promise<boolean> => {
    const account = await findAccount(tx, args.accountId);
    if (account?.provider !== 'google') return false;
    await saveCalendarWatch(tx, args.accountId, args.settings);
    tx.signal({ topic: 'calendars', tenantId: tx.tenantId });
    return true;
  },
);

export const endCalendarWatch = tenantUnit(
  __filename,
  'endCalendarWatch',
  async (tx, { accountId }: { accountId: string }): Promise<boolean> =>
    deleteCalendarWatch(tx, accountId),
);

/**
 * Begins a synchronisation: whatever an earlier one still writes is refused from now on, and nobody else takes the
 * calendar for `claimMs`.
 * @returns undefined where it is not watched; with `onlyIfDue` also where somebody has taken it already
 */
export const beginCalendarSync = tenantUnit(
  __filename,
  'beginCalendarSync',
  async (
    tx,
    {
      accountId,
      claimMs,
      onlyIfDue = false,
    }: { accountId: string; claimMs: number; onlyIfDue?: boolean },
  ): Promise<WatchedCalendar | undefined> => {
    const account = await findAccount(tx, accountId);
    if (account?.provider !== 'google' || account.status === 'disconnected') return undefined;
    const watch = await beginCalendarRun(tx, accountId, {
      nextSyncAt: tx.now + claimMs,
      onlyIfDue,
    });
    return watch && { account, watch };
  },
);

/** The occurrences of series as they are stored, by the ids of the series. */
export const readSeriesOccurrences = tenantUnit(
  __filename,
  'readSeriesOccurrences',
  async (
    tx,
    { accountId, seriesIds }: { accountId: string; seriesIds: readonly string[] },
  ): Promise<KnownOccurrence[]> => {
    const rows = await findAppointmentsOfSeries(tx, accountId, seriesIds);
    return rows.map((row) => ({
      externalId: row.external_id,
      seriesId: row.recurring_event_id ?? '',
      startsAt: row.starts_at,
      isCancelled: row.status === 'cancelled',
    }));
  },
  { durability: 'normal' },
);

/** What the last page brings: from where the next synchronisation goes on. */
export interface LastPage {
  syncToken: string;
  nextSyncAt: number;
  /** Of a full one the span that was asked for: what is stored there and did not come is gone. */
  full: { from: number; to: number } | null;
}

export interface CalendarPageArgs {
  accountId: string;
  run: number;
  announces: boolean;
  language: Language;
  drafts: AppointmentDraft[];
  /** Events of which the calendar says nothing but that they are cancelled. */
  cancelled: string[];
  last: LastPage | null;
}

export interface CalendarPageResult {
  created: number;
  updated: number;
  cancelled: number;
}

/**
 * Stores one page with its events, and with the last page the token: together or not at all. A page that is told again,
 * after a kill, finds everything as it is and tells nothing.
 * @returns null when another synchronisation has begun meanwhile: nothing was stored, stop
 */
export const recordCalendarPage = tenantUnit(
  __filename,
  'recordCalendarPage',
  async (tx, args: CalendarPageArgs): Promise<CalendarPageResult | null> => {
    const { accountId, run, announces, drafts, last } = args;
    const account = await findAccount(tx, accountId);
    const change = last
      ? {
          sync_token: last.syncToken,
          next_sync_at: last.nextSyncAt,
          failures: 0,
          primed: 1,
          ...(last.full ? { full_synced_at: tx.now } : {}),
        }
      : {};
    if (!account || !(await updateCalendarRun(tx, accountId, run, change))) return null;
    const options = { account, announces, run };
    const known = await recordAppointments(tx, drafts, options);
    const gone = await recordAppointments(
      tx,
      await cancelledDrafts(tx, accountId, args.cancelled),
      options,
    );
    await markAppointmentsSeen(
      tx,
      accountId,
      drafts.map(({ externalId }) => externalId),
      run,
    );
    const missing = last?.full
      ? await recordAppointments(
          tx,
          (await findUnseenAppointments(tx, accountId, { run, ...last.full }))
            .filter((row) => !isHistory(row, tx.now))
            .map(cancelledDraft),
          options,
        )
      : [];
    if (last) await finish(tx, account);
    const all = [...known, ...gone, ...missing];
    const count = (wanted: string) => all.filter(({ change: one }) => one === wanted).length;
    return {
      created: count('created'),
      updated: count('updated'),
      cancelled: count('cancelled'),
    };
  },
);

async function finish(tx: TenantTx, account: AccountRow): Promise<void> {
  await touchAccountSynced(tx, account.id);
  if (account.status === 'error' || account.status === 'expired') {
    await changeConnectionStatus(tx, account.id, 'active', null);
  }
}

/** A cancelled event comes with its id alone: what it was is known here. A cancelled series takes its occurrences along. */
async function cancelledDrafts(
  tx: TenantTx,
  accountId: string,
  ids: readonly string[],
): Promise<AppointmentDraft[]> {
  const rows = await findAppointmentsByExternalIds(tx, accountId, ids);
  const found = new Set(rows.map(({ external_id }) => external_id));
  const series = ids.filter((one) => !found.has(one));
  rows.push(...(await findAppointmentsOfSeries(tx, accountId, series)));
  return rows
    .filter((row) => row.status !== 'cancelled' && !isHistory(row, tx.now))
    .map(cancelledDraft);
}

/** What took place stays as it was, whatever becomes of its series. */
function isHistory({ recurring_event_id, ends_at }: AppointmentRow, now: number): boolean {
  return recurring_event_id !== null && ends_at <= now;
}

export function cancelledDraft(row: AppointmentRow): AppointmentDraft {
  return {
    externalId: row.external_id,
    recurringEventId: row.recurring_event_id,
    status: 'cancelled',
    title: row.title,
    description: row.description,
    location: row.location,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    allDay: row.all_day === 1,
    timeZone: row.time_zone,
    language: row.language as Language,
    person: { name: row.person_name, phone: row.person_phone, email: row.person_email },
    contactId: row.contact_id,
    fields: JSON.parse(row.fields) as Record<string, unknown>,
    raw: null,
  };
}

/** Notes that a synchronisation failed, what to show on the account, and when to try again. */
export const deferCalendarSync = tenantUnit(
  __filename,
  'deferCalendarSync',
  async (
    tx,
    args: {
      accountId: string;
      run: number;
      failures: number;
      nextSyncAt: number;
      dropsToken: boolean;
      status: { status: 'error' | 'expired'; reason: string } | null;
    },
  ): Promise<void> => {
    const { accountId, run, failures, nextSyncAt, dropsToken, status } = args;
    const change = {
      failures,
      next_sync_at: nextSyncAt,
      ...(dropsToken ? { sync_token: null } : {}),
    };
    if (!(await updateCalendarRun(tx, accountId, run, change))) return;
    if (status) await changeConnectionStatus(tx, accountId, status.status, status.reason);
  },
);
