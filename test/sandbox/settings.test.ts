import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Harness, type GraphAnswer } from './support/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.close());
beforeEach(() => harness.control('POST', '/reset'));

const profile = (method: string, params: Record<string, unknown>): Promise<GraphAnswer> =>
  harness.graph(method, '/me/messenger_profile', params);
const breakers = (count: number, locale = 'default'): unknown => [
  {
    locale,
    call_to_actions: Array.from({ length: count }, (_, index) => ({
      question: `Pergunta ${index + 1}?`,
      payload: `ICE_${index + 1}`,
    })),
  },
];
const menu = (items: unknown[], more = {}): unknown => [
  { locale: 'default', call_to_actions: items, ...more },
];
const book = { type: 'postback', title: 'Agendar', payload: 'BOOK' };
const started = { payload: 'START' };

test('latency makes calls to a provider slow, and those to the sandbox itself not', async () => {
  await harness.control('PATCH', '/settings', { latencyMs: 400 });
  const begun = performance.now();
  const answers = Array.from({ length: 10 }, () => profile('GET', { fields: 'greeting' }));
  let seenAfter = Infinity;
  const looked = harness.control('GET', '/health').then(() => {
    seenAfter = performance.now() - begun;
  });
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(10).fill(200));
  await looked;
  expect(performance.now() - begun).toBeGreaterThan(100);
  expect(seenAfter).toBeLessThan(performance.now() - begun);
});

describe('the messenger profile', () => {
  test('is set, read and deleted field by field, for each channel on its own', async () => {
    const answer = await profile('POST', {
      get_started: started,
      persistent_menu: menu([book], { composer_input_disabled: false }),
      greeting: [{ locale: 'default', text: 'Olá!' }],
      whitelisted_domains: ['https://clinica.example'],
    });
    expect(answer.body).toEqual({ result: 'success' });
    const onInstagram = { platform: 'instagram', ice_breakers: breakers(4) };
    expect((await profile('POST', onInstagram)).status).toBe(200);

    const fields = 'ice_breakers,persistent_menu';
    expect((await profile('GET', { fields })).body).toEqual({
      data: [{ persistent_menu: menu([book], { composer_input_disabled: false }) }],
    });
    expect((await profile('GET', { fields, platform: 'instagram' })).body).toEqual({
      data: [{ ice_breakers: breakers(4) }],
    });
    await harness.control('PATCH', '/settings', { profileAnswer: 'success' });
    const gone = await harness.graph('DELETE', '/me/messenger_profile', {
      platform: 'instagram',
      fields: '["ice_breakers"]',
    });
    expect(gone.body).toEqual({ success: true });
    expect((await profile('GET', { fields, platform: 'instagram' })).body).toEqual({ data: [] });
  });

  test('of an account under Instagram Login needs no platform', async () => {
    const answer = await harness.graph('POST', '/!instagram/v25.0/me/messenger_profile', {
      access_token: harness.seed.instagramLogin.accessToken,
      ice_breakers: breakers(1),
    });
    expect(answer.status).toBe(200);
    const { data } = await harness.control<{ data: object }>('GET', '/messengerProfiles');
    expect(Object.keys(data)).toEqual([harness.seed.instagramLogin.account.id]);
  });

  const instagram = { platform: 'instagram' };
  test.each<[string, Record<string, unknown>]>([
    ['five ice breakers', { ice_breakers: breakers(5) }],
    ['ice breakers without the default locale', { ice_breakers: breakers(1, 'pt_BR') }],
    ['a menu before Get Started', { persistent_menu: menu([book]) }],
    ['a menu of six', { get_started: started, persistent_menu: menu(Array(6).fill(book)) }],
    ['a menu item of another kind', { persistent_menu: menu([{ ...book, type: 'nested' }]) }],
    ['a greeting of 161 characters', { greeting: [{ locale: 'default', text: 'x'.repeat(161) }] }],
    ['a greeting on Instagram', { ...instagram, greeting: [{ locale: 'default', text: 'x' }] }],
    ['Get Started on Instagram', { ...instagram, get_started: started }],
    [
      'a disabled composer on Instagram',
      { ...instagram, persistent_menu: menu([book], { composer_input_disabled: true }) },
    ],
    ['a domain that is none', { whitelisted_domains: ['clinica'] }],
    ['nothing at all', {}],
    ['another platform', { platform: 'messenger', get_started: started }],
    ['an undocumented property', { home_url: 'https://x.example' }],
  ])('refuses %s', async (_name, params) => {
    expect(await profile('POST', params)).toMatchObject({ status: 400, code: 100 });
  });

  test('keeps Get Started as long as there is a menu', async () => {
    await profile('POST', { get_started: started, persistent_menu: menu([book]) });
    const remove = (fields: string): Promise<GraphAnswer> =>
      harness.graph('DELETE', '/me/messenger_profile', { fields });
    expect(await remove('["get_started"]')).toMatchObject({ code: 100 });
    expect((await remove('["get_started","persistent_menu"]')).status).toBe(200);
  });
});

describe('moderation', () => {
  const moderate = (params: Record<string, unknown>): Promise<GraphAnswer> =>
    harness.graph('POST', `/${harness.seed.page.id}/moderate_conversations`, params);

  test('blocks a person, who then cannot be written to, and lifts it again', async () => {
    const person = harness.person('instagram');
    await harness.inject({ persona: person, text: 'oi' });
    const user_ids = [{ id: person }];
    expect((await moderate({ user_ids, actions: ['block_user', 'move_to_spam'] })).body).toEqual({
      success: true,
    });
    expect(await harness.sendText(person, 'olá')).toMatchObject({ code: 100, subcode: 2534029 });
    await moderate({ user_ids, actions: ['unblock_user'] });
    expect((await harness.sendText(person, 'olá')).status).toBe(200);
  });

  test('refuses strangers, people of Messenger, eleven at once and other actions', async () => {
    await harness.inject({ persona: harness.person('messenger'), text: 'oi' });
    const people = (id: string, count = 1): unknown =>
      Array.from({ length: count }, () => ({ id }));
    const [stranger, messenger] = [harness.person('instagram', 2), harness.person('messenger')];
    for (const params of [
      { user_ids: people(stranger), actions: ['block_user'] },
      { user_ids: people(messenger), actions: ['block_user'] },
      { user_ids: people(stranger, 11), actions: ['block_user'] },
      { user_ids: people(stranger), actions: ['mute_user'] },
    ]) {
      expect(await moderate(params)).toMatchObject({ code: 100 });
    }
  });
});

describe('usage headers', () => {
  const headerOf = (answer: GraphAnswer, name: string): unknown =>
    JSON.parse(answer.headers.get(name) ?? 'null') as unknown;

  test('say what a test wants, all three kinds, until it takes that back', async () => {
    const usage = { call_count: 95, total_time: 20, total_cputime: 10 };
    const businessUseCase = [
      { type: 'messenger', ...usage, estimated_time_to_regain_access: 19 },
      { type: 'pages', ...usage, estimated_time_to_regain_access: 0 },
    ];
    await harness.control('PATCH', '/usage', { app: usage, page: usage, businessUseCase });
    const answer = await harness.graph('GET', '/me');
    expect(headerOf(answer, 'x-app-usage')).toEqual(usage);
    expect(headerOf(answer, 'x-page-usage')).toEqual(usage);
    expect(headerOf(answer, 'x-business-use-case-usage')).toEqual({
      [harness.seed.page.id]: businessUseCase,
    });
    await harness.control('PATCH', '/usage', { app: null, page: null, businessUseCase: null });
    expect(headerOf(await harness.graph('GET', '/me'), 'x-app-usage')).toMatchObject({
      call_count: 1,
    });
  });

  test.each([
    [4, 'messenger'],
    [17, 'messenger'],
    [32, 'messenger'],
    [613, 'messenger'],
    [80001, 'pages'],
    [80002, 'instagram'],
    [80006, 'messenger'],
  ])('of throttle %i show 100 percent of %s and the minutes to wait', async (code, type) => {
    await harness.control('POST', '/faults', { kind: 'throttle', error: { code }, minutes: 7 });
    const answer = await harness.graph('GET', '/me');
    expect(answer.code).toBe(code);
    expect(headerOf(answer, 'x-business-use-case-usage')).toMatchObject({
      [harness.seed.page.id]: [{ type, call_count: 100, estimated_time_to_regain_access: 7 }],
    });
  });

  test('of an account under Instagram Login name the account', async () => {
    const answer = await harness.graph('GET', '/!instagram/v25.0/me/conversations', {
      access_token: harness.seed.instagramLogin.accessToken,
    });
    expect(headerOf(answer, 'x-business-use-case-usage')).toMatchObject({
      [harness.seed.instagramLogin.account.id]: [{ type: 'instagram' }],
    });
  });

  test('a block for policy is 368', async () => {
    const error = { code: 368 };
    await harness.control('POST', '/faults', { kind: 'failBefore', route: 'any', error });
    expect(await harness.graph('GET', '/me')).toMatchObject({ status: 403, code: 368 });
  });
});
