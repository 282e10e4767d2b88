import {
  INSTAGRAM_WEBHOOK_FIELDS,
  PAGE_WEBHOOK_FIELDS,
  fetchPersonProfile,
  getPageSubscription,
  subscribePage,
  unsubscribePage,
} from '../../../core/providers/meta';
import { rejectionOf } from '../http/support/clients';
import { sendJson } from '../http/support/localServer';
import { PAGE_ID, PROOF, instagramConnection, messengerConnection } from './support/accounts';
import { startGraphServer } from './support/graphServer';
import type { GraphServer } from './support/graphServer';

let graph: GraphServer;

beforeAll(async () => {
  graph = await startGraphServer();
});

afterAll(() => graph.close());

const OTHER_APP = { id: '999', name: 'Other', subscribed_fields: ['feed', 'live_videos'] };
const connection = () => messengerConnection(graph.server.url);
const posted = () =>
  graph.server.requests
    .filter(({ method }) => method === 'POST')
    .map(({ url }) => new URL(url, 'http://x').searchParams.get('subscribed_fields')?.split(','));

function answerApps(apps: unknown[], refuse?: (fields: string[]) => string | undefined) {
  graph.answerWith((request, response) => {
    if (request.method === 'GET') return sendJson(response, { data: apps });
    const { searchParams } = new URL(request.url, 'http://x');
    const refusal = refuse?.(searchParams.get('subscribed_fields')?.split(',') ?? []);
    if (refusal === undefined) return sendJson(response, { success: true });
    return sendJson(response, { error: { code: 100, message: refusal } }, 400);
  });
}

describe('subscribePage', () => {
  it('asks for every field this package understands', async () => {
    answerApps([OTHER_APP]);
    await expect(subscribePage(graph.http, connection())).resolves.toEqual(PAGE_WEBHOOK_FIELDS);
    expect(posted()).toEqual([PAGE_WEBHOOK_FIELDS]);
    expect(PAGE_WEBHOOK_FIELDS).toEqual(
      expect.arrayContaining(['messages', 'messaging_postbacks', 'message_echoes', 'standby']),
    );
  });

  it('keeps the fields that are there, since a subscription replaces the whole list', async () => {
    answerApps([OTHER_APP, { id: 555, subscribed_fields: ['messages', 'leadgen'] }]);
    await subscribePage(graph.http, connection(), ['messages', 'messaging_postbacks']);
    expect(posted()).toEqual([['messages', 'leadgen', 'messaging_postbacks']]);
  });

  it('writes nothing when nothing is missing', async () => {
    answerApps([{ id: '555', subscribed_fields: ['standby', 'messages'] }]);
    await expect(subscribePage(graph.http, connection(), ['messages'])).resolves.toEqual([
      'standby',
      'messages',
    ]);
    expect(posted()).toEqual([]);
  });

  it('goes to the Page of an Instagram account', async () => {
    answerApps([]);
    await subscribePage(graph.http, instagramConnection(graph.server.url), ['messages']);
    expect(graph.server.requests.map(({ url }) => url)).toEqual([
      `/v25.0/${PAGE_ID}/subscribed_apps?appsecret_proof=${PROOF}`,
      `/v25.0/${PAGE_ID}/subscribed_apps?subscribed_fields=messages&appsecret_proof=${PROOF}`,
    ]);
  });

  it('is for the account itself after Instagram Login, on its own fields and without a proof', async () => {
    answerApps([]);
    const account = messengerConnection(graph.server.url, { login: 'instagram' });
    await expect(subscribePage(graph.http, account)).resolves.toEqual(INSTAGRAM_WEBHOOK_FIELDS);
    expect(graph.server.requests.map(({ url }) => url.split('?')[0])).toEqual([
      '/v25.0/me/subscribed_apps',
      '/v25.0/me/subscribed_apps',
    ]);
    expect(posted()).toEqual([INSTAGRAM_WEBHOOK_FIELDS]);
    expect(JSON.stringify(graph.server.requests)).not.toContain('appsecret_proof');
  });

  it('leaves out a field that the app may not have, by the list in the refusal', async () => {
    const allowed = ['MESSAGES', 'messaging_postbacks', 'x'.repeat(400)];
    answerApps([], (fields) =>
      fields.includes('mention')
        ? `(#100) Param subscribed_fields[1] must be one of {${allowed.join(', ')}} - got "mention".`
        : undefined,
    );
    const fields = ['messages', 'mention', 'messaging_postbacks'];
    await expect(subscribePage(graph.http, connection(), fields)).resolves.toEqual([
      'messages',
      'messaging_postbacks',
    ]);
    expect(posted()).toEqual([fields, ['messages', 'messaging_postbacks']]);
  });

  it('gives up where the refusal names no way', async () => {
    answerApps([], () => '(#100) something else');
    expect(await rejectionOf(subscribePage(graph.http, connection(), ['messages']))).toMatchObject({
      retryClass: 'invalid',
      message: expect.stringContaining('webhook subscription of "Clínica Sol"'),
    });
    expect(posted()).toHaveLength(1);
  });
});

describe('getPageSubscription', () => {
  it("reads this app's fields among those of other apps", async () => {
    answerApps([
      OTHER_APP,
      { id: '555', subscribed_fields: ['messages', { name: 'feed', version: 'v25.0' }] },
    ]);
    await expect(getPageSubscription(graph.http, connection())).resolves.toEqual([
      'messages',
      'feed',
    ]);
  });

  it('without an app id takes the only app for ours, and none of several', async () => {
    const nameless = messengerConnection(graph.server.url, { appId: '' });
    answerApps([OTHER_APP]);
    await expect(getPageSubscription(graph.http, nameless)).resolves.toEqual([
      'feed',
      'live_videos',
    ]);
    answerApps([OTHER_APP, { ...OTHER_APP, id: '998' }]);
    await expect(getPageSubscription(graph.http, nameless)).resolves.toEqual([]);
  });
});

describe('unsubscribePage', () => {
  it('deletes the subscription of the app', async () => {
    answerApps([]);
    await unsubscribePage(graph.http, connection());
    expect(graph.server.requests).toMatchObject([
      { method: 'DELETE', url: `/v25.0/${PAGE_ID}/subscribed_apps?appsecret_proof=${PROOF}` },
    ]);
  });
});

describe('fetchPersonProfile', () => {
  it('reads name and user name with the fields of the channel', async () => {
    graph.answerWith((_request, response) =>
      sendJson(response, {
        id: '7',
        name: 'Ana Lima',
        username: 'ana',
        profile_pic: 'https://p.example/7',
      }),
    );
    await expect(
      fetchPersonProfile(graph.http, instagramConnection(graph.server.url), '7'),
    ).resolves.toEqual({ name: 'Ana Lima', username: 'ana', pictureUrl: 'https://p.example/7' });
    await fetchPersonProfile(graph.http, connection(), '7');
    expect(
      graph.server.requests.map(({ url }) => new URL(url, 'http://x').searchParams.get('fields')),
    ).toEqual(['name,username,profile_pic', 'first_name,last_name,name,profile_pic']);
  });

  it('puts a name together from its parts', async () => {
    graph.answerWith((_request, response) =>
      sendJson(response, { first_name: 'Ana', last_name: 'Lima' }),
    );
    await expect(fetchPersonProfile(graph.http, connection(), '7')).resolves.toMatchObject({
      name: 'Ana Lima',
    });
  });

  it.each([[{ code: 230 }], [{ code: 100, error_subcode: 33 }], [{ code: 190 }], [{ code: 2 }]])(
    'is null when Meta answers %j',
    async (error) => {
      graph.answerError(error);
      await expect(fetchPersonProfile(graph.http, connection(), '7')).resolves.toBeNull();
    },
  );
});
