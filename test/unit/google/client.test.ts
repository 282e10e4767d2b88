import { OutcomeUnknownError, RateLimitedError, TokenExpiredError } from '../../../core/model';
import {
  SyncTokenGone,
  deleteEvent,
  eventIdOf,
  getCalendar,
  getEvent,
  insertEvent,
  isEventId,
  listEvents,
  listEventsPage,
  listReachableCalendars,
  patchEvent,
  queryFreeBusy,
} from '../../../core/providers/google';
import { createTestClock } from '../../support/testClock';
import { rejectionOf } from '../http/support/clients';
import { startGoogle, type GoogleWorld } from './support/google';

let world: GoogleWorld;
beforeEach(async () => {
  world = await startGoogle();
});
afterEach(() => world.close());

const VISIT = {
  summary: 'Limpeza',
  start: { dateTime: '2027-03-10T14:00:00', timeZone: 'America/Sao_Paulo' },
  end: { dateTime: '2027-03-10T15:00:00', timeZone: 'America/Sao_Paulo' },
};
const refuse = (refusal: object) => world.control('POST', '/google/refusals', refusal);
const make = (id: string, changes = {}) =>
  insertEvent(world.client, world.place, { ...VISIT, ...changes, id }, 'none');
const list = (query = {}, limit = Infinity) => listEvents(world.client, world.place, query, limit);

describe('tokens', () => {
  it('are fetched once for many calls, at the same time, too', async () => {
    await Promise.all(
      [1, 2, 3].map(() => getCalendar(world.client, world.access, world.seed.calendarId)),
    );
    const { google } = await world.control<{ google: { tokens: object } }>('GET', '/state');
    expect(Object.keys(google.tokens)).toHaveLength(1);
  });

  it('are renewed a minute before their end', async () => {
    await world.control('PATCH', '/google', { tokenSeconds: 70 });
    const clock = createTestClock();
    const client = world.clientWith(clock);
    const ask = () => getCalendar(client, world.access, world.seed.calendarId);
    await ask();
    clock.advance(9_000);
    await ask();
    const count = async () => {
      const { google } = await world.control<{ google: { tokens: object } }>('GET', '/state');
      return Object.keys(google.tokens).length;
    };
    expect(await count()).toBe(1);
    clock.advance(2_000);
    await ask();
    expect(await count()).toBe(2);
  });

  it('that Google does not accept any more are fetched anew, once', async () => {
    await getCalendar(world.client, world.access, world.seed.calendarId);
    await world.control('PATCH', '/google', { expireAccessTokens: true });
    const { name } = await getCalendar(world.client, world.access, world.seed.calendarId);
    expect(name).toBe('Clínica Sorriso');
  });

  it.each([
    ['a revoked key', { key: 'revoked' }, {}, /revoked/],
    [
      'an unknown service account',
      {},
      { clientEmail: 'x@y.iam.gserviceaccount.com' },
      /does not know/,
    ],
    ['an unknown user', {}, { delegatedUser: 'nobody@clinica-sorriso.example' }, /no user/],
    [
      'delegation that was not granted',
      {},
      { delegatedUser: 'recepcao@clinica-sorriso.example' },
      /delegation is not granted/,
    ],
  ])('are not given for %s, with a sentence of its own', async (_why, change, access, message) => {
    await world.control('PATCH', '/google', change);
    const error = await rejectionOf(
      getCalendar(world.client, world.accessWith(access), world.seed.calendarId),
    );
    expect(error).toBeInstanceOf(TokenExpiredError);
    expect((error as Error).message).toMatch(message);
  });

  it('are not given to a clock that is wrong, which is said', async () => {
    const clock = createTestClock(Date.now() + 3 * 3_600_000);
    const error = await rejectionOf(
      getCalendar(world.clientWith(clock), world.access, world.seed.calendarId),
    );
    expect((error as TokenExpiredError).hint).toContain('clock');
  });

  it('act for the delegated user once that is granted', async () => {
    await world.control('PATCH', '/google', {
      delegatedScopes: ['https://www.googleapis.com/auth/calendar'],
    });
    const access = world.accessWith({ delegatedUser: world.seed.delegatedUser });
    const event = { ...VISIT, id: 'invited1', attendees: [{ email: 'ana@example.org' }] };
    const place = { ...world.place, access };
    const { event: made } = await insertEvent(world.client, place, event, 'all');
    expect(made.attendees).toEqual([{ email: 'ana@example.org' }]);
  });
});

describe('refusals', () => {
  it.each([
    ['a calendar that is not shared', 'privateCalendarId', /not shared with/],
    ['a calendar to read alone', 'readOnlyCalendarId', /may read .* but not change it/],
  ] as const)('of %s have their own sentence', async (_what, calendar, message) => {
    const place = { ...world.place, calendarId: world.seed[calendar] };
    const error = await rejectionOf(
      insertEvent(world.client, place, { ...VISIT, id: 'refused1' }, 'none'),
    );
    expect((error as Error).message).toMatch(message);
    expect((error as TokenExpiredError).hint).toContain(world.seed.clientEmail);
  });

  it('of the API that is switched off name the API', async () => {
    await world.control('PATCH', '/google', { apiEnabled: false });
    const error = await rejectionOf(getCalendar(world.client, world.access, world.seed.calendarId));
    expect((error as Error).message).toContain('API is switched off');
    expect(world.pauses).toEqual([]);
  });

  it('of attendees say that delegation is needed', async () => {
    const error = await rejectionOf(
      make('invited1', { attendees: [{ email: 'ana@example.org' }] }),
    );
    expect((error as TokenExpiredError).message).toContain('cannot invite attendees');
    expect((error as TokenExpiredError).hint).toContain('domain-wide delegation');
  });

  it('of an event that is not there name the event', async () => {
    const error = await rejectionOf(getEvent(world.client, world.place, 'nothing1'));
    expect((error as Error).message).toContain('no event "nothing1"');
  });
});

describe('a call that Google slows down', () => {
  it.each([
    ['403 rateLimitExceeded', { status: 403, reason: 'rateLimitExceeded' }],
    ['403 userRateLimitExceeded', { status: 403, reason: 'userRateLimitExceeded' }],
    ['429', { status: 429, reason: 'rateLimitExceeded' }],
    ['500', { status: 500, reason: 'backendError' }],
    ['503', { status: 503, reason: 'backendError' }],
  ])('by %s is tried again with growing pauses', async (_what, refusal) => {
    await refuse({ ...refusal, times: 3 });
    const { name } = await getCalendar(world.client, world.access, world.seed.calendarId);
    expect([name, world.pauses]).toEqual(['Clínica Sorriso', [1000, 2000, 4000]]);
  });

  it('waits as long as Google asks for', async () => {
    await refuse({ status: 429, retryAfterSeconds: 7 });
    await getCalendar(world.client, world.access, world.seed.calendarId);
    expect(world.pauses).toEqual([7000]);
  });

  it('ends after five tries as rate limited', async () => {
    await refuse({ status: 429, times: 9 });
    const error = await rejectionOf(getCalendar(world.client, world.access, world.seed.calendarId));
    expect(error).toBeInstanceOf(RateLimitedError);
    expect(world.pauses).toHaveLength(4);
  });

  it.each(['quotaExceeded', 'dailyLimitExceeded', 'calendarUsageLimitsExceeded'])(
    'by 403 %s is not tried again today',
    async (reason) => {
      await refuse({ status: 403, reason, times: 9 });
      const error = await rejectionOf(
        getCalendar(world.client, world.access, world.seed.calendarId),
      );
      expect(error).toBeInstanceOf(RateLimitedError);
      expect((error as RateLimitedError).retryAfterMs).toBeGreaterThan(3_600_000);
      expect(world.pauses).toEqual([]);
    },
  );
});

describe('a new event', () => {
  it('has an id of ours that Google takes, the same for the same key', () => {
    const id = eventIdOf('workflow/node/0/event');
    expect([isEventId(id), eventIdOf('workflow/node/0/event') === id]).toEqual([true, true]);
    expect(eventIdOf('workflow/node/0/other')).not.toBe(id);
  });

  it.each([
    ['the connection is cut after Google made it', { status: 0, after: true }],
    ['Google fails after making it', { status: 500, reason: 'backendError', after: true }],
  ])('is not made twice when %s', async (_what, refusal) => {
    await refuse(refusal);
    const { event, duplicate } = await make('single1');
    const { events } = await list();
    expect([event.id, duplicate, events.length]).toEqual(['single1', false, 1]);
  });

  it('that was made before is given back as it is', async () => {
    await make('single1');
    const { event, duplicate } = await make('single1', { summary: 'Outra' });
    expect([event.summary, duplicate]).toEqual(['Limpeza', true]);
  });

  it('whose fate nobody knows says so', async () => {
    await refuse({ status: 0, times: 9 });
    const error = await rejectionOf(make('single1'));
    expect(error).toBeInstanceOf(OutcomeUnknownError);
  });
});

it('changes an event and leaves what was not given', async () => {
  await make('moved1', { location: 'Sala 2' });
  const changed = await patchEvent(
    world.client,
    world.place,
    'moved1',
    { summary: 'Clareamento' },
    'none',
  );
  expect([changed.summary, changed.location]).toEqual(['Clareamento', 'Sala 2']);
});

it('takes a deletion of what is deleted for done', async () => {
  await make('gone1');
  const first = await deleteEvent(world.client, world.place, 'gone1', 'none');
  const second = await deleteEvent(world.client, world.place, 'gone1', 'none');
  expect([first, second]).toEqual([true, false]);
});

it('deletes once when the connection is cut after Google did it', async () => {
  await make('gone1');
  await refuse({ status: 0, after: true });
  expect(await deleteEvent(world.client, world.place, 'gone1', 'none')).toBe(true);
});

it('reads all pages, and no more than are wanted', async () => {
  for (let index = 0; index < 7; index += 1) await make(`paged${index}`);
  const query = { maxResults: '3' };
  const page = await listEventsPage(world.client, world.place, query);
  expect([page.items.length, page.nextSyncToken]).toEqual([3, null]);
  expect((await list()).events).toHaveLength(7);
  expect((await list({}, 4)).events).toHaveLength(4);
});

it('tells a sync token that is too old from other refusals', async () => {
  const { nextSyncToken } = await listEventsPage(world.client, world.place, {});
  await world.control('PATCH', '/google', { expireSyncTokens: true });
  const error = await rejectionOf(
    listEventsPage(world.client, world.place, { syncToken: nextSyncToken ?? '' }),
  );
  expect(error).toBeInstanceOf(SyncTokenGone);
});

it('says when calendars are taken, in the time zone that was asked for', async () => {
  await make('taken1');
  await make('free1', { transparency: 'transparent' });
  const range = {
    timeMin: '2027-03-10T00:00:00-03:00',
    timeMax: '2027-03-11T00:00:00-03:00',
    timeZone: 'America/Sao_Paulo',
  };
  const [found] = await queryFreeBusy(world.client, world.access, {
    ...range,
    calendarIds: [world.seed.calendarId],
  });
  expect(found?.busy).toEqual([
    { start: '2027-03-10T14:00:00-03:00', end: '2027-03-10T15:00:00-03:00' },
  ]);
  const error = await rejectionOf(
    queryFreeBusy(world.client, world.access, {
      ...range,
      calendarIds: [world.seed.privateCalendarId],
    }),
  );
  expect((error as Error).message).toContain('not shared');
});

it("lists the credential's calendar although the list of a service account is empty", async () => {
  const found = await listReachableCalendars(world.client, world.access, world.seed.calendarId);
  expect(found.map(({ name }) => name)).toEqual(['Clínica Sorriso']);
});
