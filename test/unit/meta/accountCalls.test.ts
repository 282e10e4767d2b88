import {
  deleteMessengerProfile,
  getMessengerProfile,
  reactToMessage,
  readPersonProfile,
  setMessengerProfile,
  showSenderAction,
} from '../../../core/providers/meta';
import type { MessengerProfile } from '../../../core/providers/meta';
import { rejectionOf } from '../http/support/clients';
import { sendJson } from '../http/support/localServer';
import { PAGE_ID, instagramConnection, messengerConnection } from './support/accounts';
import { startGraphServer } from './support/graphServer';
import type { GraphServer } from './support/graphServer';

let graph: GraphServer;

beforeAll(async () => {
  graph = await startGraphServer();
});
afterAll(() => graph.close());
beforeEach(() => answer({ success: true }));

const answer = (body: object) => graph.answerWith((_request, response) => sendJson(response, body));
const messenger = () => messengerConnection(graph.server.url);
const instagram = () => instagramConnection(graph.server.url);
const instagramLogin = () => instagramConnection(graph.server.url, { login: 'instagram' });
const calls = () =>
  graph.server.requests.map(({ method, url, body }) => ({
    method,
    path: new URL(url, graph.server.url).pathname,
    body: body === '' ? null : (JSON.parse(body) as object),
  }));
const fields = () => new URL(graph.server.requests[0]?.url ?? '', graph.server.url).searchParams;

describe('a sender action', () => {
  it('goes alone, through the Page or as me', async () => {
    await showSenderAction(graph.http, messenger(), '7001', 'typing_on');
    await showSenderAction(graph.http, instagramLogin(), '7001', 'mark_seen');
    expect(calls()).toEqual([
      {
        method: 'POST',
        path: `/v25.0/${PAGE_ID}/messages`,
        body: { recipient: { id: '7001' }, sender_action: 'typing_on' },
      },
      {
        method: 'POST',
        path: '/v25.0/me/messages',
        body: { recipient: { id: '7001' }, sender_action: 'mark_seen' },
      },
    ]);
  });

  it('whose answer is missing may be repeated: it is no send', async () => {
    graph.answerWith((_request, response) => response.destroy());
    const sending = showSenderAction(graph.http, messenger(), '7001', 'typing_on');
    expect(await rejectionOf(sending)).toMatchObject({ reason: 'provider_unavailable' });
  });
});

describe('a reaction', () => {
  const target = { recipientExternalId: '7001', messageProviderId: 'aWd1' };

  it('names the message, and is taken back without naming itself', async () => {
    await reactToMessage(graph.http, instagram(), { ...target, reaction: 'love' });
    await reactToMessage(graph.http, instagram(), { ...target, reaction: null });
    expect(calls().map(({ body }) => body)).toEqual([
      {
        recipient: { id: '7001' },
        sender_action: 'react',
        payload: { message_id: 'aWd1', reaction: 'love' },
      },
      { recipient: { id: '7001' }, sender_action: 'unreact', payload: { message_id: 'aWd1' } },
    ]);
  });

  it('does not exist on Messenger, and no call is made', async () => {
    const reacting = reactToMessage(graph.http, messenger(), { ...target, reaction: 'love' });
    expect(await rejectionOf(reacting)).toMatchObject({ reason: 'not_permitted_on_channel' });
    expect(calls()).toEqual([]);
  });
});

describe('the profile of a person', () => {
  it('on Instagram says who follows whom', async () => {
    answer({
      name: 'Ana',
      username: 'ana',
      profile_pic: 'https://cdn/p',
      follower_count: 120,
      is_verified_user: false,
      is_user_follow_business: true,
    });
    expect(await readPersonProfile(graph.http, instagram(), '7001')).toEqual({
      name: 'Ana',
      username: 'ana',
      pictureUrl: 'https://cdn/p',
      followerCount: 120,
      isVerified: false,
      followsAccount: true,
      followedByAccount: null,
      locale: null,
      timezone: null,
      gender: null,
    });
    expect(fields().get('fields')).toContain('is_business_follow_user');
  });

  it('on Messenger asks for what needs an approval only when told to', async () => {
    answer({ first_name: 'Ana', last_name: 'Teste', locale: 'pt_BR', timezone: -3 });
    expect(await readPersonProfile(graph.http, messenger(), '7001')).toMatchObject({
      name: 'Ana Teste',
    });
    expect(fields().get('fields')).toBe('first_name,last_name,name,profile_pic');
    answer({ name: 'Ana', locale: 'pt_BR', timezone: -3 });
    const told = await readPersonProfile(graph.http, messenger(), '7001', { more: true });
    expect(told).toMatchObject({ locale: 'pt_BR', timezone: -3 });
    expect(fields().get('fields')).toMatch(/locale,timezone,gender$/);
  });

  it('that Meta does not give is an error here', async () => {
    graph.answerError({ code: 230 });
    expect(await rejectionOf(readPersonProfile(graph.http, instagram(), '7'))).toMatchObject({
      retryClass: 'permission',
    });
  });
});

describe('the messenger profile', () => {
  const question = { question: 'Horário?', payload: 'HOURS', locale: 'default' };
  const item = { type: 'postback', title: 'Agendar', payload: 'BOOK', locale: 'default' } as const;
  const link = {
    type: 'url',
    title: 'Site',
    url: 'https://clinica.example',
    locale: 'pt_BR',
  } as const;

  it('of Instagram is set for that platform, by locale', async () => {
    const english = { ...question, question: 'Hours?', locale: 'en_US' };
    await setMessengerProfile(graph.http, instagram(), {
      iceBreakers: [question, english],
      persistentMenu: [item],
    });
    expect(calls()).toEqual([
      {
        method: 'POST',
        path: '/v25.0/me/messenger_profile',
        body: {
          platform: 'instagram',
          ice_breakers: [
            {
              locale: 'default',
              call_to_actions: [{ question: 'Horário?', payload: 'HOURS' }],
            },
            { locale: 'en_US', call_to_actions: [{ question: 'Hours?', payload: 'HOURS' }] },
          ],
          persistent_menu: [
            {
              locale: 'default',
              call_to_actions: [{ type: 'postback', title: 'Agendar', payload: 'BOOK' }],
            },
          ],
        },
      },
    ]);
  });

  it('of Messenger has a start button, a greeting and a menu that can be the only way', async () => {
    await setMessengerProfile(graph.http, messenger(), {
      getStarted: 'START',
      greeting: [{ text: 'Olá!', locale: 'default' }],
      persistentMenu: [item, link],
      menuOnly: true,
    });
    expect(calls()[0]?.body).toEqual({
      get_started: { payload: 'START' },
      greeting: [{ locale: 'default', text: 'Olá!' }],
      persistent_menu: [
        {
          locale: 'default',
          composer_input_disabled: true,
          call_to_actions: [{ type: 'postback', title: 'Agendar', payload: 'BOOK' }],
        },
        {
          locale: 'pt_BR',
          composer_input_disabled: true,
          call_to_actions: [{ type: 'web_url', title: 'Site', url: 'https://clinica.example' }],
        },
      ],
    });
  });

  it('takes a menu on Messenger only where the start button is there', async () => {
    answer({ data: [{}] });
    const setting = setMessengerProfile(graph.http, messenger(), { persistentMenu: [item] });
    expect(await rejectionOf(setting)).toMatchObject({
      field: 'Persistent Menu',
      hint: 'Fill in "Get Started Payload" as well.',
    });
    expect(calls().map(({ method }) => method)).toEqual(['GET']);
    answer({ data: [{ get_started: { payload: 'START' } }] });
    await setMessengerProfile(graph.http, messenger(), { persistentMenu: [item] });
    expect(calls().map(({ method }) => method)).toEqual(['GET', 'POST']);
  });

  it('reads back as it was set', async () => {
    answer({
      data: [
        {
          ice_breakers: [
            { locale: 'default', call_to_actions: [{ question: 'Horário?', payload: 'HOURS' }] },
          ],
          persistent_menu: [
            {
              locale: 'pt_BR',
              composer_input_disabled: true,
              call_to_actions: [{ type: 'web_url', title: 'Site', url: 'https://clinica.example' }],
            },
          ],
          get_started: { payload: 'START' },
          greeting: [{ locale: 'default', text: 'Olá!' }],
        },
      ],
    });
    expect(await getMessengerProfile(graph.http, messenger())).toEqual({
      iceBreakers: [question],
      persistentMenu: [link],
      menuOnly: true,
      getStarted: 'START',
      greeting: [{ text: 'Olá!', locale: 'default' }],
    });
    expect(fields().get('fields')).toBe('ice_breakers,persistent_menu,get_started,greeting');
    answer({ data: [] });
    expect(await getMessengerProfile(graph.http, instagram())).toEqual({});
    expect(fields().get('fields')).toBe('ice_breakers,persistent_menu');
    expect(fields().get('platform')).toBe('instagram');
  });

  it('loses the parts that are named', async () => {
    await deleteMessengerProfile(graph.http, instagram(), ['iceBreakers']);
    expect(calls()).toEqual([
      {
        method: 'DELETE',
        path: '/v25.0/me/messenger_profile',
        body: { platform: 'instagram', fields: ['ice_breakers'] },
      },
    ]);
    for (const parts of [[], ['greeting'] as const]) {
      expect(
        await rejectionOf(deleteMessengerProfile(graph.http, instagram(), parts)),
      ).toMatchObject({ field: 'Parts' });
    }
  });

  it.each<[string, MessengerProfile, string, string]>([
    ['nothing', {}, 'Add Part', 'There is nothing to set.'],
    [
      'five questions',
      { iceBreakers: Array.from({ length: 5 }, () => question) },
      'Ice Breakers',
      'There are 5 for the locale "default"; Meta allows 4.',
    ],
    [
      'no default question',
      { iceBreakers: [{ ...question, locale: 'pt_BR' }] },
      'Ice Breakers',
      'None has the locale "default", which everybody else sees.',
    ],
    [
      'an empty question',
      { iceBreakers: [{ ...question, question: ' ' }] },
      'Ice Breakers',
      'Question 1 is empty.',
    ],
    [
      'six items',
      { persistentMenu: Array.from({ length: 6 }, () => item) },
      'Persistent Menu',
      'There are 6 for the locale "default"; Meta allows 5.',
    ],
    [
      'a half address',
      { persistentMenu: [item, { ...link, url: 'clinica.example' }] },
      'Persistent Menu',
      'The address of item 2 is not a full web address.',
    ],
    [
      'a heavy payload',
      { persistentMenu: [{ ...item, payload: 'x'.repeat(1001) }] },
      'Persistent Menu',
      'The payload of item 1 has 1001 characters; Meta allows 1000.',
    ],
    ['an empty start payload', { getStarted: '' }, 'Get Started Payload', 'The payload is empty.'],
    [
      'a long greeting',
      { greeting: [{ text: 'é'.repeat(161), locale: 'default' }] },
      'Greeting',
      'The greeting has 161 characters; Messenger allows 160.',
    ],
  ])('is refused before any call with %s', async (_name, profile, field, message) => {
    const setting = setMessengerProfile(graph.http, messenger(), profile);
    expect(await rejectionOf(setting)).toMatchObject({ field, message });
    expect(calls()).toEqual([]);
  });

  it('of Instagram knows no greeting', async () => {
    const greeting = [{ text: 'Olá!', locale: 'default' }];
    expect(
      await rejectionOf(setMessengerProfile(graph.http, instagram(), { greeting })),
    ).toMatchObject({ field: 'Greeting', message: expect.stringContaining('only Messenger') });
  });
});
