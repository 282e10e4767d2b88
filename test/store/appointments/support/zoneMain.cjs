'use strict';

/*
 * What a server in another time zone (TZ) makes of appointments: ZONE holds { target, secret, tenantId, access,
 * calendarId }. It stores rows, watches the calendar, asks for free slots and makes an event, and says it all in one
 * message.
 */

const { DateTime } = require('luxon');
const compiled = require('../../support/compiled.cjs');

const { listAppointments, offerFreeSlots, upsertAppointment, watchCalendar } =
  compiled('appointments');
const { createHttpClient } = compiled('http');
const { createCalendarEvent, createGoogleClient, deleteEvent } = compiled('providers/google');
const { openStore } = compiled('store');

const { target, secret, tenantId, access, calendarId } = JSON.parse(process.env.ZONE ?? '{}');
const clock = { now: () => Date.UTC(2027, 1, 20) };
const quiet = () => undefined;
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

const SAO_PAULO = 'America/Sao_Paulo';
const STARTS = [
  '2027-03-10T14:00:00',
  '2027-03-10T23:30',
  '2027-03-10T14:00:00Z',
  '2027-03-10 00:15:00',
  '10/03/2027 14:00',
  '10/03/2027',
  new Date(Date.UTC(2027, 2, 10, 2)),
  DateTime.fromISO('2027-03-10T22:00', { zone: 'Asia/Kolkata' }),
];

async function main() {
  const store = await openStore({
    target,
    encryptionSecret: secret,
    executionsMode: 'regular',
    clock,
    logger,
  });
  const http = createHttpClient({ userAgent: 'n8n-nodes-omnichannel/1.2.3', logger, env: {} });
  const google = createGoogleClient({ http, clock: { now: () => Date.now() } });
  const ctx = { store, clock, logger, google };

  for (const [index, start] of STARTS.entries()) {
    const row = { tenantId, externalId: `row-${index}`, start, phone: '11 98888-7777' };
    await upsertAppointment(ctx, { ...row, timeZone: SAO_PAULO });
    await upsertAppointment(ctx, {
      ...row,
      externalId: `day-${index}`,
      allDay: true,
      language: 'en',
      timeZone: 'America/New_York',
    });
  }
  const announcesExisting = true;
  const watch = {
    tenantId,
    credentialId: null,
    access,
    calendarId,
    settings: { announcesExisting },
  };
  await watchCalendar(ctx, watch);
  const page = { tenantId, timeZone: SAO_PAULO, limit: 100, cursor: null };
  const { items } = await listAppointments(ctx, { ...page, from: '2027-01-01' });
  const range = { from: '2027-03-12', to: '2027-03-17', timeZone: 'America/New_York' };
  const slots = await offerFreeSlots(ctx, {
    tenantId,
    access,
    calendarIds: [calendarId],
    ...range,
  });
  const place = { access, calendarId, timeZone: SAO_PAULO, sendUpdates: 'none' };
  const event = { summary: 'X', start: '2027-05-01T00:30', end: '' };
  const made = await createCalendarEvent(google, place, event, {
    key: `${tenantId}/${process.pid}`,
  });
  await deleteEvent(google, place, made.id, 'none');

  const texts = items.map((/** @type {any} */ { externalId, start, end, date, time, when }) => [
    externalId,
    start,
    end,
    date,
    time,
    when,
  ]);
  const told = {
    texts,
    slots,
    event: [made.start, made.end, made.startsAt],
    offset: new Date(0).getTimezoneOffset(),
  };
  await new Promise((resolve) => process.send?.(told, resolve));
  await http.close();
  await store.close();
  process.disconnect();
}

main().catch((error) => {
  process.exitCode = 1;
  console.error(error);
  process.disconnect();
});
