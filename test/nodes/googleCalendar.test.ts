import type { ICredentialTestFunctions, IDataObject } from 'n8n-workflow';
import { searchCalendars } from '../../nodes/GoogleCalendar/fields';
import { testGoogleCredential } from '../../nodes/shared/credentialTests';
import { byId, calendarNode, credentialOf, VISIT } from './support/googleCalendar.ts';
import { startInstance, type Instance } from './support/instance.ts';

let instance: Instance;
let credential: Record<string, string>;
beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance.close());
beforeEach(async () => {
  await instance.control('POST', '/reset', {});
  credential = credentialOf(instance);
});

const { run, items, create } = calendarNode(() => credential);

describe('an event', () => {
  it('is made by the clock of the time zone, for an hour where nothing else is said', async () => {
    const made = await create({ details: { description: 'Phone: +55 11 98888-7777' } });
    expect(made).toMatchObject({
      summary: 'Limpeza',
      description: 'Phone: +55 11 98888-7777',
      startsAt: '2027-03-10T14:00:00-03:00',
      endsAt: '2027-03-10T15:00:00-03:00',
      allDay: false,
      calendarId: credential.calendarId,
    });
  });

  it('of whole days ends with the last day that was given', async () => {
    const made = await create({ allDay: true, start: '2027-03-10', end: '2027-03-11' });
    expect([made.start, made.end]).toEqual([{ date: '2027-03-10' }, { date: '2027-03-12' }]);
  });

  it('is not made twice by a retry of the execution', async () => {
    const first = await run('event: create', { ...VISIT, allDay: false }, { executionId: '71' });
    const retry = await run('event: create', { ...VISIT, allDay: false }, { executionId: '71' });
    const ids = [first, retry].map((one) => one.output('Calendar')[0]?.[0]?.json);
    expect(ids[1]).toMatchObject({ id: ids[0]?.id, duplicate: true });
    expect(await items('event: getMany', list())).toHaveLength(1);
  });

  it('is one for each item, paired with it', async () => {
    const done = await run(
      'event: create',
      { ...VISIT, summary: '={{ $json.title }}', allDay: false },
      { items: [{ title: 'A' }, { title: 'B' }] },
    );
    const made = done.output('Calendar')[0] ?? [];
    expect(made.map(({ json }) => json.summary)).toEqual(['A', 'B']);
    expect(made.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
  });

  it('moves and stays as long as it was, when a new start alone is given', async () => {
    const made = await create({ end: '2027-03-10T14:45:00' });
    const [moved] = await items('event: update', {
      calendar: byId(''),
      eventId: made.id,
      changes: { start: '2027-03-12T09:00:00' },
    });
    expect([moved?.startsAt, moved?.endsAt, moved?.summary]).toEqual([
      '2027-03-12T09:00:00-03:00',
      '2027-03-12T09:45:00-03:00',
      'Limpeza',
    ]);
  });

  it('of whole days moves as a whole', async () => {
    const made = await create({ allDay: true, start: '2027-03-10', end: '2027-03-11' });
    const [moved] = await items('event: update', {
      calendar: byId(''),
      eventId: made.id,
      changes: { start: '2027-04-01' },
    });
    expect([moved?.start, moved?.end]).toEqual([{ date: '2027-04-01' }, { date: '2027-04-03' }]);
  });

  it('is read, deleted, and deleted again without harm', async () => {
    const made = await create();
    const one = { calendar: byId(''), eventId: made.id };
    expect((await items('event: get', one))[0]).toMatchObject({ id: made.id, summary: 'Limpeza' });
    expect((await items('event: delete', one))[0]).toMatchObject({ wasDeletedBefore: false });
    expect((await items('event: delete', one))[0]).toMatchObject({ wasDeletedBefore: true });
  });

  it('with attendees says that delegation is needed, and goes on where that was chosen', async () => {
    const details = { attendees: 'ana@example.org' };
    const failed = await run('event: create', { ...VISIT, allDay: false, details });
    expect(failed.error).toContain('cannot invite attendees');
    const parameters = { ...VISIT, allDay: false, details };
    const went = await run('event: create', parameters, { onError: true });
    expect(went.output('Calendar')[0]?.[0]).toMatchObject({
      json: { error: expect.stringContaining('cannot invite') as unknown },
      pairedItem: { item: 0 },
    });
  });

  it('with a bad date names the field', async () => {
    const { error } = await run('event: create', { ...VISIT, start: 'amanhã', allDay: false });
    expect(error).toContain('"amanhã" in "Start" is no date');
  });
});

describe('what is wrong has a sentence of its own in the node', () => {
  const failing = async (parameters: IDataObject = {}) =>
    (await run('event: create', { ...VISIT, allDay: false, ...parameters })).error;

  it('for a key that was revoked', async () => {
    await instance.control('PATCH', '/google', { key: 'revoked' });
    expect(await failing()).toMatch(/does not accept the private key of .*revoked/);
  });

  it('for a calendar that is not shared', async () => {
    const calendar = byId(instance.sandbox.seed.google.privateCalendarId);
    expect(await failing({ calendar })).toMatch(/"dra-helena@.*" is not shared with agenda@/);
  });

  it('for one that is shared for reading alone', async () => {
    const calendar = byId(instance.sandbox.seed.google.readOnlyCalendarId);
    expect(await failing({ calendar })).toMatch(/may read the calendar .* but not change it/);
  });

  it('for the API that is switched off', async () => {
    await instance.control('PATCH', '/google', { apiEnabled: false });
    expect(await failing()).toMatch(/Calendar API is switched off/);
  });

  it('for no calendar at all', async () => {
    credential = { ...credential, calendarId: '' };
    expect(await failing()).toMatch(/No calendar was chosen/);
  });

  it('and the other items go on where that was chosen, each paired', async () => {
    const done = await run(
      'event: create',
      { ...VISIT, summary: 'Visita', start: '={{ $json.start }}', allDay: false },
      { items: [{ start: 'nunca' }, { start: '2027-03-11T10:00' }], onError: true },
    );
    const [bad, good] = done.output('Calendar')[0] ?? [];
    expect(bad).toMatchObject({
      json: { error: expect.stringContaining('"nunca" in "Start" is no date') as unknown },
      pairedItem: { item: 0 },
    });
    expect(good).toMatchObject({
      json: { startsAt: '2027-03-11T10:00:00-03:00' },
      pairedItem: { item: 1 },
    });
  });
});

const list = (changes: IDataObject = {}) => ({
  calendar: byId(''),
  returnAll: true,
  limit: 50,
  filters: {},
  ...changes,
});

describe('many events', () => {
  beforeEach(async () => {
    await create({ summary: 'Primeira' });
    await create({ summary: 'Segunda', start: '2027-03-09T10:00:00' });
    await create({
      summary: 'Série',
      start: '2027-03-20T10:00',
      details: { recurrence: 'FREQ=WEEKLY;COUNT=3' },
    });
  });
  const titles = async (parameters: IDataObject) =>
    (await items('event: getMany', parameters)).map(({ summary }) => summary);

  it('come in the order of time, repeated ones one by one', async () => {
    expect(await titles(list())).toEqual(['Segunda', 'Primeira', 'Série', 'Série', 'Série']);
  });

  it('are no more than the limit', async () => {
    expect(await titles(list({ returnAll: false, limit: 2 }))).toEqual(['Segunda', 'Primeira']);
  });

  it('are those between two times of the time zone', async () => {
    const filters = { timeMin: '2027-03-10T00:00:00', timeMax: '2027-03-11T00:00:00' };
    expect(await titles(list({ filters }))).toEqual(['Primeira']);
  });

  it('are those with a word', async () => {
    expect(await titles(list({ filters: { q: 'segunda' } }))).toEqual(['Segunda']);
  });
});

it('lists calendars, and finds them for the panel', async () => {
  const [calendar] = await items('calendar: getMany', { returnAll: true, limit: 50 });
  expect(calendar).toMatchObject({ name: 'Clínica Sorriso', isCredentialsOwn: true });
  const context = {
    getCredentials: async () => credential,
    getNode: () => ({ name: 'Calendar' }),
  };
  const found = await searchCalendars(context as never, 'clínica');
  expect(found.results).toEqual([
    { name: `Clínica Sorriso (${credential.calendarId})`, value: credential.calendarId },
  ]);
  expect((await searchCalendars(context as never, 'nothing')).results).toEqual([]);
});

describe('the test of the Google credential', () => {
  const test = async (changes: IDataObject = {}) =>
    testGoogleCredential.call({} as ICredentialTestFunctions, {
      id: '1',
      name: 'Mine',
      type: 'googleServiceAccountApi',
      data: { ...credential, ...changes } as never,
    });

  it('names the calendar that it can read', async () => {
    const { status, message } = await test();
    expect([status, message]).toEqual(['OK', expect.stringContaining('Clínica Sorriso')]);
  });

  it('takes a key with \\n as characters', async () => {
    const privateKey = String(credential.privateKey).replace(/\n/g, '\\n');
    expect((await test({ privateKey })).status).toBe('OK');
  });

  it('works without a calendar, and says what it could not see', async () => {
    const { status, message } = await test({ calendarId: '' });
    expect([status, message]).toEqual(['OK', expect.stringContaining('Fill in "Calendar ID"')]);
  });

  const other = () => instance.sandbox.seed.google;
  it.each([
    ['a revoked key', { key: 'revoked' }, () => ({}), /private key .* revoked/],
    [
      'an unshared calendar',
      {},
      () => ({ calendarId: other().privateCalendarId }),
      /not shared with/,
    ],
    ['the API that is switched off', { apiEnabled: false }, () => ({}), /API is switched off/],
    ['a damaged key', {}, () => ({ privateKey: 'BEGIN' }), /not a private key/],
    [
      'delegation that is not granted',
      {},
      () => ({ delegatedUser: other().delegatedUser }),
      /domain-wide delegation/i,
    ],
    [
      'the own calendar of the service account',
      {},
      () => ({ calendarId: 'primary' }),
      /nobody sees/,
    ],
    ['a time zone that is none', {}, () => ({ timezone: 'Brasilia' }), /not a time zone/],
    [
      'a wrong address',
      {},
      () => ({ calendarBaseUrl: `${other().pageUrl}#` }),
      /not the Google Calendar API/,
    ],
  ])('blames %s', async (_what, change, changes, expected) => {
    await instance.control('PATCH', '/google', change);
    const { status, message } = await test(changes());
    expect([status, message]).toEqual(['Error', expect.stringMatching(expected)]);
    expect(message).not.toContain(String(credential.privateKey).slice(40, 80));
  });
});
