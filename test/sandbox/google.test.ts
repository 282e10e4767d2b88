/** Google's stand-in: whom it lets in, and to what. Source: G.1 to G.3. */
import { generateKeyPairSync } from 'node:crypto';
import type { JWTPayload } from 'jose';
import {
  SCOPE,
  askToken,
  assertion,
  call,
  control,
  eventsOf,
  exchange,
  make,
  own,
  seed,
  timed,
  tokenFor,
  useGoogle,
} from './support/google.ts';

useGoogle();

describe("Google's token endpoint in the sandbox", () => {
  it('gives a token for a statement that jose has signed', async () => {
    const { status, body } = await exchange();
    expect([status, body]).toEqual([
      200,
      {
        access_token: expect.stringMatching(/^ya29\./) as unknown,
        expires_in: 3599,
        token_type: 'Bearer',
      },
    ]);
  });

  const now = Math.floor(Date.now() / 1000);
  it.each<[string, JWTPayload, number, string, RegExp]>([
    ['nobody Google knows', { iss: 'x@y.example' }, 400, 'invalid_grant', /account not found/],
    ['another audience', { aud: 'https://example.org' }, 400, 'invalid_grant', /audience/],
    ['a time ahead', { iat: now + 300, exp: now + 900 }, 400, 'invalid_grant', /short-lived token/],
    ['a time long ago', { iat: now - 9000, exp: now - 6000 }, 400, 'invalid_grant', /short-lived/],
    ['more than an hour', { exp: now + 4000 }, 400, 'invalid_grant', /short-lived token/],
    ['no scope of calendars', { scope: 'https://x.example' }, 400, 'invalid_scope', /scope/],
    ['a user that there is not', { sub: 'x@y.example' }, 400, 'invalid_grant', /email or User ID/],
  ])('refuses %s', async (_what, claims, status, error, description) => {
    const answer = await exchange(claims);
    expect([answer.status, answer.body.error]).toEqual([status, error]);
    expect(answer.body.error_description).toMatch(description);
  });

  it('refuses a statement of another key, and of one that was revoked', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const other = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const refused = { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' };
    expect((await exchange({}, other)).body).toEqual(refused);
    await control('PATCH', '/google', { key: 'revoked' });
    expect((await exchange()).body).toEqual(refused);
  });

  it('lets act for a user only where delegation was granted', async () => {
    const sub = seed().delegatedUser;
    expect(await exchange({ sub })).toMatchObject({
      status: 401,
      body: { error: 'unauthorized_client' },
    });
    await control('PATCH', '/google', { delegatedScopes: [SCOPE] });
    expect((await exchange({ sub })).status).toBe(200);
  });

  it('refuses another grant, and what is no form', async () => {
    const grant = await askToken({ grant_type: 'password', assertion: await assertion() });
    expect(grant).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } });
    const response = await fetch(seed().tokenUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { error: 'invalid_request' },
    ]);
  });
});

describe("Google's calendars in the sandbox", () => {
  const base = () => `/calendars/${encodeURIComponent(seed().calendarId)}`;

  it('know no call without a good token', async () => {
    expect(await call('GET', base(), { token: 'nonsense' })).toMatchObject({
      status: 401,
      reason: 'authError',
    });
    const token = await tokenFor();
    await control('PATCH', '/google', { expireAccessTokens: true });
    expect((await call('GET', base(), { token })).status).toBe(401);
  });

  it('are closed while the API is switched off, to scopes that do not reach, and to strangers', async () => {
    const readonly = await tokenFor({ scope: `${SCOPE}.freebusy` });
    expect((await call('GET', own(), { token: readonly })).reason).toBe('insufficientPermissions');
    const stranger = `/calendars/${encodeURIComponent(seed().privateCalendarId)}`;
    expect(await call('GET', stranger)).toMatchObject({ status: 404, reason: 'notFound' });
    const reading = eventsOf(seed().readOnlyCalendarId);
    const body = timed('2027-03-10');
    expect(await call('POST', reading, { body })).toMatchObject({
      status: 403,
      reason: 'forbidden',
    });
    await control('PATCH', '/google', { apiEnabled: false });
    const off = await call('GET', base());
    expect([off.status, off.reason]).toEqual([403, 'accessNotConfigured']);
  });

  it('are in nobody’s list until one is put in', async () => {
    expect((await call('GET', '/users/me/calendarList')).body.items).toEqual([]);
    await call('POST', '/users/me/calendarList', { body: { id: seed().calendarId } });
    const { items } = (await call('GET', '/users/me/calendarList')).body;
    expect(items.map(({ id, accessRole }) => [id, accessRole])).toEqual([
      [seed().calendarId, 'writer'],
    ]);
  });

  it('have one of the service account itself, which is empty', async () => {
    const { status, body } = await call('GET', '/calendars/primary');
    expect([status, body.id]).toEqual([200, seed().clientEmail]);
    expect((await call('GET', '/calendars/primary/events')).body.items).toEqual([]);
  });

  it('say when they are taken, and of one that is not shared that inside a good answer', async () => {
    await make('2027-03-10');
    await make('2027-03-10', { transparency: 'transparent', summary: 'Aniversário' });
    const items = [{ id: seed().calendarId }, { id: seed().privateCalendarId }];
    const range = { timeMin: '2027-03-10T00:00:00-03:00', timeMax: '2027-03-11T00:00:00-03:00' };
    const { status, body } = await call('POST', '/freeBusy', { body: { ...range, items } });
    expect([status, body.calendars]).toEqual([
      200,
      {
        [seed().calendarId]: {
          busy: [{ start: '2027-03-10T17:00:00Z', end: '2027-03-10T18:00:00Z' }],
        },
        [seed().privateCalendarId]: {
          busy: [],
          errors: [{ domain: 'global', reason: 'notFound' }],
        },
      },
    ]);
    const ask = (timeMin: string, timeMax: string) =>
      call('POST', '/freeBusy', { body: { timeMin, timeMax, items } });
    expect((await ask(range.timeMax, range.timeMin)).reason).toBe('timeRangeEmpty');
    expect((await ask(range.timeMin, '2027-09-01T00:00:00Z')).reason).toBe('timeRangeTooLong');
    expect((await ask('2027-03-10T00:00:00', range.timeMax)).status).toBe(400);
  });
});
