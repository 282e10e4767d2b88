import {
  watchCalendar,
  type CalendarsContext,
  type WatchCalendarInput,
} from '../../../../core/appointments';
import { createGoogleClient, readGoogleAccess } from '../../../../core/providers/google';
import { systemClock, type EventItem, type GoogleAccess } from '../../../../core/model';
import type { TenantStore } from '../../../../core/store/store';
import type { Database } from '../../../../core/store/tables';
import { startSandbox } from '../../../../sandbox/server.ts';
import type { StoreContext } from '../../../support/storeContext';
import { testClient } from '../../../unit/http/support/clients';
import { readRows } from '../../messaging/support/messagingUnits.cjs';
import type { Selectable } from 'kysely';

const ZONE = 'America/Sao_Paulo';

/** Google's stand-in, shared by the tests of a file. */
export interface Google {
  access: GoogleAccess;
  client: CalendarsContext['google'];
  /** A calendar of its own, shared with the service account. */
  newCalendar(): Promise<string>;
  control<T = Record<string, unknown>>(method: string, route: string, body?: object): Promise<T>;
  close(): Promise<void>;
}

export async function startGoogle(): Promise<Google> {
  const sandbox = await startSandbox({ port: 0 });
  const http = testClient();
  const { seed } = sandbox;
  let count = 0;
  const google: Google = {
    access: readGoogleAccess({ ...seed.google, delegatedUser: '' }),
    client: createGoogleClient({ http, clock: systemClock, sleep: async () => undefined }),
    async newCalendar() {
      count += 1;
      const id = `clinic-${count}@group.calendar.google.com`;
      await google.control('POST', '/google/calendars', { id, summary: 'Clínica Sol' });
      await google.control('POST', '/google/share', { calendarId: id, role: 'writer' });
      return id;
    },
    async control(method, route, body) {
      const response = await fetch(`${sandbox.url}/_sandbox${route}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer: unknown = await response.json();
      if (!response.ok) throw new Error(`The sandbox refused ${route}: ${JSON.stringify(answer)}`);
      return answer as never;
    },
    async close() {
      await http.close();
      await sandbox.close();
    },
  };
  return google;
}

/** One tenant, one calendar, and what a person does in it. */
export interface CalendarWorld {
  tenant: TenantStore;
  tenantId: string;
  ctx: CalendarsContext;
  calendarId: string;
  watch(settings?: WatchCalendarInput['settings']): ReturnType<typeof watchCalendar>;
  /** A person makes an event. @param start by the clock of the calendar, in 2027 or so */
  make(start: string, changes?: object): Promise<string>;
  move(id: string, start: string, changes?: object): Promise<void>;
  cancel(id: string): Promise<void>;
  rows<T extends keyof Database>(table: T): Promise<Selectable<Database[T]>[]>;
  /** Appointment events, in order. */
  told(): Promise<EventItem[]>;
  toldTypes(): Promise<string[]>;
}

const anHourLater = (start: string) =>
  new Date(Date.parse(`${start}Z`) + 3_600_000).toISOString().slice(0, 19);

const times = (start: string) => ({
  start: { dateTime: start, timeZone: ZONE },
  end: { dateTime: anHourLater(start), timeZone: ZONE },
});

export async function createCalendarWorld(
  context: StoreContext,
  google: Google,
): Promise<CalendarWorld> {
  context.clock.set(Date.now());
  const tenant = context.newTenant();
  const { tenantId } = tenant;
  const { store, clock, logger } = context;
  const ctx: CalendarsContext = { store, clock, logger, google: google.client };
  const calendarId = await google.newCalendar();
  const world: CalendarWorld = {
    tenant,
    tenantId,
    ctx,
    calendarId,
    watch: (settings = {}) =>
      watchCalendar(ctx, {
        tenantId,
        credentialId: 'credential-1',
        access: google.access,
        calendarId,
        settings,
      }),
    async make(start, changes = {}) {
      const event = { calendarId, summary: 'Limpeza', ...times(start), ...changes };
      return (await google.control<{ id: string }>('POST', '/google/events', event)).id;
    },
    async move(id, start, changes = {}) {
      const path = `/google/events/${encodeURIComponent(id)}`;
      await google.control('PATCH', path, { calendarId, ...times(start), ...changes });
    },
    async cancel(id) {
      const path = `/google/events/${encodeURIComponent(id)}/cancel`;
      await google.control('POST', path, { calendarId });
    },
    rows: async (table) => (await tenant.run(readRows, table)) as never,
    async told() {
      const rows = await world.rows('events');
      return rows
        .sort((a, b) => a.seq - b.seq)
        .map((row) => JSON.parse(row.payload) as EventItem)
        .filter(({ event }) => event.startsWith('appointment.'));
    },
    toldTypes: async () => (await world.told()).map(({ event }) => event),
  };
  return world;
}

/** A time on a day so many days from now, by the clock on the wall: `2026-12-03T14:00:00`. */
export function dayFromNow(days: number, time = '14:00'): string {
  const day = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  return `${day}T${time}:00`;
}
