import type { World } from '../../messaging/support/world';
import { SECRET, SERIES } from './victim';

/** The calls of core/appointments, made of ids of the victim. */
export async function appointmentCallsWithIdsOf(theirs: World): Promise<Record<string, unknown>> {
  const accounts = await theirs.rows('accounts');
  const account = accounts.find(({ provider }) => provider === 'google');
  const rows = await theirs.rows('appointments');
  const row = rows.find(({ account_id }) => account_id === '');
  const visit = rows.find(({ account_id }) => account_id === account?.id);
  const watches = await theirs.rows('calendar_watches');
  const [contact] = await theirs.rows('contacts');
  const run = watches.find(({ account_id }) => account_id === account?.id)?.run;
  if (!account || !row || !visit || run === undefined || !contact)
    throw new Error('Nothing to steal.');
  const accountId = account.id;
  const name = { appointmentId: row.id, externalId: null };
  const draft = {
    externalId: row.external_id,
    recurringEventId: null,
    status: 'confirmed' as const,
    title: 'Stolen',
    description: null,
    location: null,
    startsAt: 1,
    endsAt: 2,
    allDay: false,
    timeZone: 'UTC',
    language: 'en' as const,
    person: { name: null, phone: row.person_phone, email: null },
    contactId: contact.id,
    fields: {},
    raw: null,
  };
  return {
    upsertAppointmentRow: { draft },
    cancelAppointmentRow: { name },
    readNamedAppointment: { name },
    confirmAppointmentRow: { appointmentId: row.id, startsAt: row.starts_at },
    moveAppointmentRow: { appointmentId: row.id, startsAt: 4e12 },
    recordCalendarChange: { accountId, run, appointmentId: visit.id, draft: null },
    endCalendarChange: { accountId, run },
    readAppointments: { filter: { accountId: '' }, after: null, limit: 100 },
    readCalendarWatch: { accountId },
    writeCalendarWatch: { accountId, settings: '{"everyMinutes":1}' },
    endCalendarWatch: { accountId },
    beginCalendarSync: { accountId, claimMs: 1 },
    readSeriesOccurrences: { accountId, seriesIds: [SERIES] },
    recordCalendarPage: {
      accountId,
      run,
      announces: true,
      language: 'en',
      drafts: [{ ...draft, externalId: `${SECRET}-event`, contactId: null }],
      cancelled: [],
      last: { syncToken: 'stolen', nextSyncAt: 1, full: { from: 0, to: 1e15 } },
    },
    deferCalendarSync: {
      accountId,
      run,
      failures: 9,
      nextSyncAt: 1,
      dropsToken: true,
      status: { status: 'expired', reason: 'stolen' },
    },
  };
}
