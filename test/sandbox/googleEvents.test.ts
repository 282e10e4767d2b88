/** Google's stand-in: events, and lists of them. Source: G.2 and G.3. */
import {
  SCOPE,
  call,
  control,
  make,
  own,
  seed,
  timed,
  tokenFor,
  useGoogle,
} from './support/google.ts';

useGoogle();

describe("Google's events in the sandbox", () => {
  it('are made under an id of the client once: the second time is 409', async () => {
    expect((await make('2027-03-10', { id: 'visita1' })).status).toBe(200);
    expect(await make('2027-03-11', { id: 'visita1' })).toMatchObject({
      status: 409,
      reason: 'duplicate',
    });
    expect((await make('2027-03-11', { id: 'Zebra!' })).status).toBe(400);
  });

  it.each<[string, object, string]>([
    ['no end', { end: undefined }, 'required'],
    ['a day and a time', { end: { date: '2027-03-10' } }, 'invalid'],
    ['a time without a zone', { start: { dateTime: '2027-03-10T14:00:00' } }, 'required'],
    ['an end before its start', { end: { dateTime: '2027-03-10T10:00:00Z' } }, 'timeRangeEmpty'],
    ['a rule that there is not', { recurrence: ['RRULE:FREQ=SOMETIMES'] }, 'invalid'],
  ])('are refused with %s', async (_what, over, reason) => {
    expect(await make('2027-03-10', over)).toMatchObject({ status: 400, reason });
  });

  it('take no guests of a service account, but of the user it acts for', async () => {
    const attendees = [{ email: 'ana@example.org' }];
    expect(await make('2027-03-10', { attendees })).toMatchObject({
      status: 403,
      reason: 'forbiddenForServiceAccounts',
    });
    await control('PATCH', '/google', { delegatedScopes: [SCOPE] });
    const token = await tokenFor({ sub: seed().delegatedUser });
    const body = timed('2027-03-10', { attendees });
    expect((await call('POST', own(), { token, body })).status).toBe(200);
  });

  it('change in part, and not when somebody else was quicker', async () => {
    const { body: made } = await make('2027-03-10', { description: 'Fone' });
    const path = `${own()}/${String(made.id)}`;
    const headers = { 'if-match': String(made.etag) };
    const changed = await call('PATCH', path, { headers, body: { summary: 'Retorno' } });
    expect(changed.body).toMatchObject({ summary: 'Retorno', description: 'Fone' });
    expect(await call('PATCH', path, { headers, body: { summary: 'X' } })).toMatchObject({
      status: 412,
      reason: 'conditionNotMet',
    });
  });

  it('are deleted once: then they are gone (410)', async () => {
    const { body: made } = await make('2027-03-10');
    const path = `${own()}/${String(made.id)}`;
    expect((await call('DELETE', path)).status).toBe(204);
    expect(await call('DELETE', path)).toMatchObject({ status: 410, reason: 'deleted' });
    expect((await call('DELETE', `${own()}/nobody`)).status).toBe(404);
  });
});

describe("Google's lists in the sandbox", () => {
  const list = (query: Record<string, string> = {}) =>
    call('GET', `${own()}?${new URLSearchParams(query).toString()}`);
  const days = ['2027-03-10', '2027-03-11', '2027-03-12'];

  it('come page by page, with a token for the next page or, on the last one, for the next time', async () => {
    for (const day of days) await make(day);
    const first = await list({ maxResults: '2' });
    expect(first.body.items).toHaveLength(2);
    expect(first.body).not.toHaveProperty('nextSyncToken');
    const pageToken = String(first.body.nextPageToken);
    const second = await list({ maxResults: '2', pageToken });
    expect(second.body.items).toHaveLength(1);
    expect(second.body).not.toHaveProperty('nextPageToken');
    expect(second.body.nextSyncToken).toEqual(expect.any(String));
    expect((await list({ pageToken: 'x' })).status).toBe(400);
    expect((await list({ maxResults: '2501' })).status).toBe(400);
  });

  it('tell with a sync token what changed since, cancelled ones by their id alone', async () => {
    const [kept, gone] = [await make(days[0] ?? ''), await make(days[1] ?? '')];
    const syncToken = String((await list()).body.nextSyncToken);
    await call('DELETE', `${own()}/${String(gone.body.id)}`);
    await call('PATCH', `${own()}/${String(kept.body.id)}`, { body: { summary: 'Retorno' } });
    const { body } = await list({ syncToken });
    expect(body.items.map(({ id, status, summary }) => [id, status, summary])).toEqual([
      [gone.body.id, 'cancelled', undefined],
      [kept.body.id, 'confirmed', 'Retorno'],
    ]);
    expect((await list({ syncToken: String(body.nextSyncToken) })).body.items).toEqual([]);
  });

  it('want everything read again when the token is too old (410)', async () => {
    const syncToken = String((await list()).body.nextSyncToken);
    await control('PATCH', '/google', { expireSyncTokens: true });
    expect(await list({ syncToken })).toMatchObject({ status: 410, reason: 'fullSyncRequired' });
  });

  it.each(['timeMin', 'timeMax', 'updatedMin', 'q', 'orderBy', 'iCalUID'])(
    'take no sync token together with %s, nor with other parameters than the first time',
    async (name) => {
      const syncToken = String((await list()).body.nextSyncToken);
      const value = name === 'orderBy' ? 'updated' : '2027-03-10T00:00:00Z';
      expect((await list({ syncToken, [name]: value })).status).toBe(400);
      expect((await list({ syncToken, singleEvents: 'true' })).status).toBe(400);
    },
  );

  it('bound by the end and the start of events, with an offset', async () => {
    for (const day of days) await make(day);
    const found = await list({
      // The first one ends then, the last one starts then: neither is inside.
      timeMin: '2027-03-10T15:00:00-03:00',
      timeMax: '2027-03-12T14:00:00-03:00',
    });
    expect(found.body.items).toHaveLength(1);
    expect((await list({ timeMin: '2027-03-10T15:00:00' })).status).toBe(400);
    expect((await list({ orderBy: 'startTime' })).status).toBe(400);
  });

  it('expand a series into occurrences with ids of their times', async () => {
    const { body } = await make('2027-03-10', { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=2'] });
    const { items } = (await list({ singleEvents: 'true', orderBy: 'startTime' })).body;
    expect(items.map(({ id, recurringEventId }) => [id, recurringEventId])).toEqual([
      [`${String(body.id)}_20270310T170000Z`, body.id],
      [`${String(body.id)}_20270317T170000Z`, body.id],
    ]);
    expect((await list()).body.items).toHaveLength(1);
  });

  it.each([
    [403, 'rateLimitExceeded', 'usageLimits'],
    [403, 'userRateLimitExceeded', 'usageLimits'],
    [403, 'quotaExceeded', 'usageLimits'],
    [429, 'rateLimitExceeded', 'usageLimits'],
    [503, 'backendError', 'global'],
  ])('answer %i %s for as many calls as was chosen', async (status, reason, domain) => {
    const refusal = { status, reason, times: 2, retryAfterSeconds: 7 };
    await control('POST', '/google/refusals', refusal);
    const answers = [await list(), await list(), await list()];
    expect(answers.map((one) => one.status)).toEqual([status, status, 200]);
    expect(answers[0]?.headers.get('retry-after')).toBe('7');
    expect(answers[0]?.body.error).toMatchObject({
      code: status,
      errors: [{ domain, reason }],
    });
  });
});
