import { GOOGLE_SEED } from '../../sandbox/google/seed.ts';
import type { StoredEvent } from '../../sandbox/google/model.ts';
import type { Playground } from '../../playground/playground.ts';
import { itemsOf } from './chains.ts';
import { control } from './customers.ts';
import { readEmbeddedStore } from './storeReader.ts';
import { waitFor } from './waitFor.ts';

const ALL_DAY = { hours: { from: '00:00', to: '24:00', days: [1, 2, 3, 4, 5, 6, 7] } };
const DAY_MS = 86_400_000;

/** Days and hours by the clock of the clinic. */
export interface Week {
  /** `2027-11-25`, so many days after its Monday. */
  day(days: number): string;
  /** `2027-11-25T15:00:00`, as a person enters it. */
  at(days: number, time: string): string;
}

/** Moves the clock to nine o'clock of the next Monday, and lets messages go at any hour. */
export async function beginWeek(playground: Playground): Promise<Week> {
  const now = new Date(playground.clock.now());
  const monday = now.getTime() + ((8 - now.getUTCDay()) % 7 || 7) * DAY_MS;
  const day = (days: number) => new Date(monday + days * DAY_MS).toISOString().slice(0, 10);
  const at = (days: number, time: string) => `${day(days)}T${time}:00`;
  await playground.clock.set(`${at(0, '09:00')}-03:00`);
  await itemsOf(playground, {
    name: 'Open all day',
    nodes: [
      {
        name: 'Settings',
        parameters: {
          resource: 'tenant',
          operation: 'updateSettings',
          settings: { utilityHours: ALL_DAY, marketingHours: ALL_DAY },
        },
      },
    ],
  });
  return { day, at };
}

/** Writes an address on the contact whom an account knows by this id: events of the calendar find them by it. */
export async function giveAddress(
  playground: Playground,
  externalId: string,
  email: string,
): Promise<void> {
  const store = readEmbeddedStore(playground.dataDir);
  const contactId = await waitFor(
    async () => {
      const [row] = await store.rows(
        `select contact_id from contact_identities where external_id = '${externalId}'`,
      );
      return row?.contact_id;
    },
    { what: `the contact of ${externalId}` },
  );
  await itemsOf(playground, {
    name: 'Address of a contact',
    body: { contactId, email },
    nodes: [
      {
        name: 'Contact',
        parameters: {
          resource: 'contact',
          operation: 'upsert',
          email: '={{ $json.body.email }}',
          details: { contactId: '={{ $json.body.contactId }}' },
        },
      },
    ],
  });
}

/** The front desk notes that somebody agrees to be written to about their appointments. */
export async function noteConsent(playground: Playground, phone: string): Promise<void> {
  const contact = { __rl: true, mode: 'id', value: '={{ $json.id }}' };
  const agrees = { resource: 'contact', operation: 'optIn', contact, purpose: 'messages' };
  await itemsOf(playground, {
    name: 'Consent at the front desk',
    body: { phone },
    nodes: [
      {
        name: 'Contact',
        parameters: { resource: 'contact', operation: 'upsert', phone: '={{ $json.body.phone }}' },
      },
      { name: 'Agrees', parameters: agrees },
    ],
  });
}

const timed = (start: string) => ({
  start: { dateTime: start, timeZone: GOOGLE_SEED.timeZone },
  end: {
    dateTime: new Date(Date.parse(`${start}Z`) + 3_600_000).toISOString().slice(0, 19),
    timeZone: GOOGLE_SEED.timeZone,
  },
});

/** The front desk puts an hour into the calendar. @returns the id of the event */
export async function putIntoCalendar(
  { sandbox }: Playground,
  start: string,
  description: string,
  summary = 'Consulta',
): Promise<string> {
  const event = { summary, description, location: 'Rua das Flores, 100', ...timed(start) };
  return (await control<{ id: string }>(sandbox, 'POST', '/google/events', event)).id;
}

/** The front desk moves it. */
export async function moveInCalendar(
  { sandbox }: Playground,
  eventId: string,
  start: string,
): Promise<void> {
  await control(sandbox, 'PATCH', `/google/events/${eventId}`, timed(start));
}

/** What the calendar shows of it. */
export function inCalendar({ sandbox }: Playground, eventId: string): StoredEvent {
  const { events } = sandbox.context.store.state.google.calendars[GOOGLE_SEED.calendarId] ?? {};
  const event = events?.[eventId];
  if (event === undefined) throw new Error(`There is no event ${eventId}.`);
  return event;
}

/** Its start by the clock of the clinic, `2027-11-25T15:00:00`, whichever form Google keeps it in. */
export function startOf({ body }: StoredEvent): string {
  const given = body.start?.dateTime ?? '';
  const ms = Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(given) ? given : `${given}-03:00`);
  return new Date(ms - 3 * 3_600_000).toISOString().slice(0, 19);
}

export interface StoredAppointment {
  id: string;
  status: string;
  isConfirmed: boolean;
}

/** What the store knows of an event, as soon as it knows it. */
export async function appointmentOf(
  { dataDir }: Playground,
  eventId: string,
): Promise<StoredAppointment> {
  const store = readEmbeddedStore(dataDir);
  const row = await waitFor(
    async () => {
      const [found] = await store.rows(
        `select id, status, confirmed_at from appointments where external_id = '${eventId}'`,
      );
      return found;
    },
    { what: `the appointment of ${eventId}` },
  );
  const { id, status, confirmed_at: confirmedAt } = row;
  return { id: String(id), status: String(status), isConfirmed: confirmedAt !== null };
}
