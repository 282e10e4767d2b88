/** Answers of the public test suite gcal_sync, where they lie beside the project: read as its own library reads them. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { listAppointments, syncCalendar, watchCalendar } from '../../../core/appointments';
import {
  createGoogleClient,
  getEvent,
  listCalendars,
  listEvents,
  toEventItem,
} from '../../../core/providers/google';
import { systemClock } from '../../../core/model';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import { testClient } from '../../unit/http/support/clients';
import { createCalendarWorld, startGoogle, type Google } from './support/calendar';

const FOLDER = path.join(process.cwd(), '..', 'shared', 'fixtures', 'gcal_sync');
const fixture = (name: string): string => readFileSync(path.join(FOLDER, `${name}.json`), 'utf8');

/** What the calendar answers next, one for each call. */
const GONE = JSON.stringify({ error: { code: 410, errors: [{ reason: 'fullSyncRequired' }] } });
let answers: string[] = [];
let lists = '{}';
let asked: URLSearchParams[] = [];
let server: Server;
let google: Google;

beforeAll(async () => {
  google = await startGoogle();
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://google.invalid');
    response.setHeader('content-type', 'application/json');
    if (url.pathname === '/token') {
      response.end(JSON.stringify({ access_token: 'token', expires_in: 3599 }));
    } else if (url.pathname.endsWith('/calendarList')) {
      response.end(lists);
    } else if (!url.pathname.includes('/events')) {
      response.end(
        JSON.stringify({ id: 'calendar', summary: 'Calendar', timeZone: 'Europe/Oslo' }),
      );
    } else {
      asked.push(url.searchParams);
      const answer = answers.shift() ?? '{"items":[],"nextSyncToken":"end"}';
      response.statusCode = answer === GONE ? 410 : 200;
      response.end(answer);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await google.close();
});

async function replay(context: StoreContext, first: string[]) {
  const http = testClient();
  const world = await createCalendarWorld(context, google);
  // The answers are of that spring.
  context.clock.set(Date.UTC(2022, 3, 10));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const access = { ...google.access, baseUrl: base, tokenUrl: `${base}/token` };
  const client = createGoogleClient({ http, clock: systemClock, sleep: async () => undefined });
  const ctx = { ...world.ctx, google: client };
  answers = first;
  asked = [];
  const { tenantId } = world;
  const watching = { tenantId, credentialId: null, access, calendarId: 'calendar' };
  const { connection } = await watchCalendar(ctx, { ...watching, settings: {} });
  const items = async () => {
    const page = { tenantId, timeZone: 'Europe/Oslo', limit: 50, cursor: null };
    return (await listAppointments(ctx, page)).items;
  };
  return {
    client,
    place: { access, calendarId: 'calendar' },
    close: () => http.close(),
    sync: (next: string[]) => {
      answers = next;
      return syncCalendar(ctx, tenantId, connection.id);
    },
    items,
    async seen() {
      return (await items()).map((item) => [
        item.externalId,
        item.title,
        item.start,
        item.end,
        item.status,
      ]);
    },
  };
}

const replays = existsSync(FOLDER);
if (!replays) process.stdout.write('The fixtures of gcal_sync are not here: not replayed.\n');

describeOnBothDatabases('the answers of gcal_sync', (context) => {
  it('of whole days give the days that they give there', async () => {
    if (!replays) return;
    const run = await replay(context, [fixture('sync__event_lookup_items_1')]);
    // Answers without a time zone of the calendar: days are days in UTC then. The end is the day after the last one.
    expect(await run.seen()).toEqual([
      ['some-event-id-1', 'Event 1', '2022-04-13T00:00:00Z', '2022-04-14T00:00:00Z', 'confirmed'],
      ['some-event-id-2', 'Event 2', '2022-04-15T00:00:00Z', '2022-04-20T00:00:00Z', 'confirmed'],
    ]);
    await run.close();
  });

  it('of several pages give all of them, and go on from the last token', async () => {
    if (!replays) return;
    const pages = [1, 2].map((page) => fixture(`sync__event_sync_date_pages_${page}`));
    const given = pages.map((page) => JSON.parse(page) as { nextSyncToken: string });
    const run = await replay(context, [pages[0] ?? '']);
    await run.sync([pages[1] ?? '']);
    await run.sync([]);
    expect(asked.map((query) => query.get('syncToken'))).toEqual([
      null,
      given[0]?.nextSyncToken,
      given[1]?.nextSyncToken,
    ]);
    const ids = pages.flatMap((page) =>
      (JSON.parse(page) as { items: { id: string }[] }).items.map(({ id }) => id),
    );
    expect((await run.seen()).map(([id]) => id).sort()).toEqual([...new Set(ids)].sort());
    await run.close();
  });

  it('after a token that is too old leave what the second answer holds', async () => {
    if (!replays) return;
    const run = await replay(context, [fixture('sync__event_invalidated_sync_token_1')]);
    const synced = await run.sync([GONE, fixture('sync__event_invalidated_sync_token_2')]);
    expect(synced).toMatchObject({ kind: 'full', created: 1, cancelled: 2 });
    const living = (await run.seen()).filter(([, , , , status]) => status !== 'cancelled');
    expect(living.map(([id, title, start]) => [id, title, start])).toEqual([
      ['some-event-id-3', 'Event 3', '2022-04-12T00:00:00Z'],
    ]);
    expect(asked.map((query) => query.get('syncToken'))).toEqual([null, 'sync-token-1', null]);
    await run.close();
  });

  it('of a day and of a resource calendar are the same time where the calendar is', async () => {
    if (!replays) return;
    const run = await replay(context, []);
    const read = async (name: string) => {
      answers = [fixture(name)];
      return toEventItem(await getEvent(run.client, run.place, 'some-event-id-1'), 'Europe/Oslo');
    };
    const day = await read('api__get_event_1');
    const timed = await read('api__get_event_as_resource_calendar_all_day_event_1');
    const span = { startsAt: '2022-04-13T00:00:00+02:00', endsAt: '2022-04-14T00:00:00+02:00' };
    expect(day).toMatchObject({ ...span, allDay: true, summary: 'Event 1' });
    expect(timed).toMatchObject({ ...span, allDay: false, summary: 'Event 1' });
    await run.close();
  });

  it.each([
    ['without a title', 'api__event_missing_summary_1', [[null, 'Event description 1']]],
    ['with who is invited', 'api__api_self_response_1', [['Event 1', null]]],
    [
      'of a resource calendar',
      'api__list_events_with_all_day_event_in_resource_calendar_1',
      [
        ['Event 1', 'Event description 1'],
        ['Event 2', 'Event description 2'],
      ],
    ],
  ])('%s are appointments', async (_what, name, expected) => {
    if (!replays) return;
    const answer = { nextSyncToken: 'sync-token-1', ...JSON.parse(fixture(name)) } as object;
    const run = await replay(context, [JSON.stringify(answer)]);
    const items = await run.items();
    expect(items.map(({ title, description }) => [title, description])).toEqual(expected);
    expect(items.map(({ person }) => person.email)).toEqual(expected.map(() => null));
    await run.close();
  });

  it('of the list of calendars name the same calendars', async () => {
    if (!replays) return;
    const run = await replay(context, []);
    lists = fixture('api__list_calendars_1');
    const calendars = await listCalendars(run.client, run.place.access);
    expect(calendars.map(({ id, name, accessRole }) => [id, name, accessRole])).toEqual([
      ['calendar-id-1', 'Calendar 1', 'reader'],
      ['calendar-id-2', 'Calendar 2', 'owner'],
    ]);
    await run.close();
  });

  it('of lists by page token are one list', async () => {
    if (!replays) return;
    const run = await replay(context, []);
    asked = [];
    answers = [1, 2].map((page) =>
      fixture(`api__list_events_multiple_pages_with_iterator_${page}`),
    );
    const { events } = await listEvents(run.client, run.place, {}, Infinity);
    expect(events.map(({ id, summary }) => [id, summary])).toEqual([
      ['some-event-id-1', 'Event 1'],
      ['some-event-id-2', 'Event 2'],
    ]);
    expect(asked.map((query) => query.get('pageToken'))).toEqual([
      null,
      'page-token-1',
      'page-token-2',
    ]);
    await run.close();
  });
});
