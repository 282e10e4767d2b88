import {
  getAppSubscriptions,
  INSTAGRAM_WEBHOOK_FIELDS,
  subscribeApp,
  unsubscribeApp,
} from '../../../core/providers/meta';
import { rejectionOf } from '../http/support/clients';
import { sendJson } from '../http/support/localServer';
import { APP_SECRET } from './support/accounts';
import { startGraphServer } from './support/graphServer';
import type { GraphServer } from './support/graphServer';

let graph: GraphServer;

beforeAll(async () => {
  graph = await startGraphServer();
});

afterAll(() => graph.close());

const app = () => ({
  appId: '555',
  appSecret: APP_SECRET,
  baseUrl: graph.server.url,
  version: 'v25.0',
});
const door = { callbackUrl: 'https://n8n.example.com/webhook/x/meta', verifyToken: 'our word' };
const bodies = () =>
  graph.server.requests.map(({ body }) => JSON.parse(body) as Record<string, unknown>);

describe("the app's own webhook subscription", () => {
  it('is made with the token of the app, for one object and one address', async () => {
    graph.answerWith((_request, response) => sendJson(response, { success: true }));
    const fields = await subscribeApp(graph.http, app(), { object: 'instagram', ...door });
    expect(fields).toEqual(INSTAGRAM_WEBHOOK_FIELDS);
    const [request] = graph.server.requests;
    expect(request?.url).toMatch(/^\/v25\.0\/555\/subscriptions\?appsecret_proof=/);
    expect(request?.headers.authorization).toBe(`Bearer 555|${APP_SECRET}`);
    expect(bodies()).toEqual([
      {
        object: 'instagram',
        callback_url: door.callbackUrl,
        verify_token: door.verifyToken,
        fields: INSTAGRAM_WEBHOOK_FIELDS.join(','),
        include_values: true,
      },
    ]);
  });

  it('leaves out what the app may not have, and takes the spelling of the list', async () => {
    graph.answerWith((request, response) => {
      const { fields } = JSON.parse(request.body) as { fields: string };
      if (!fields.includes('live_comments')) return sendJson(response, { success: true });
      const message =
        '(#100) fields[1] must be one of {MESSAGES, messaging_referrals, comments} - got "x".';
      return sendJson(response, { error: { code: 100, message } }, 400);
    });
    const wanted = ['messages', 'messaging_referral', 'live_comments'];
    await expect(
      subscribeApp(graph.http, app(), { object: 'instagram', ...door, fields: wanted }),
    ).resolves.toEqual(['messages', 'messaging_referrals']);
    expect(bodies().map(({ fields }) => fields)).toEqual([
      wanted.join(','),
      'messages,messaging_referrals',
    ]);
  });

  it('fails where the address was refused, after one call', async () => {
    graph.answerError({ code: 2200, message: 'The URL could not be validated.' });
    const error = await rejectionOf(subscribeApp(graph.http, app(), { object: 'page', ...door }));
    expect((error as Error).message).toContain('The URL could not be validated.');
    expect(graph.server.requests).toHaveLength(1);
  });

  it('is read with the address of each object', async () => {
    const data = [
      {
        object: 'page',
        callback_url: door.callbackUrl,
        active: true,
        fields: [{ name: 'messages', version: 'v25.0' }, 'feed'],
      },
      { object: 'permissions', active: false },
      { callback_url: 'https://nobody.example' },
    ];
    graph.answerWith((_request, response) => sendJson(response, { data }));
    await expect(getAppSubscriptions(graph.http, app())).resolves.toEqual([
      {
        object: 'page',
        callbackUrl: door.callbackUrl,
        active: true,
        fields: ['messages', 'feed'],
      },
      { object: 'permissions', callbackUrl: null, active: false, fields: [] },
    ]);
  });

  it('ends for one object', async () => {
    graph.answerWith((_request, response) => sendJson(response, { success: true }));
    await unsubscribeApp(graph.http, app(), 'page');
    const [request] = graph.server.requests;
    expect(request?.method).toBe('DELETE');
    expect(new URL(request?.url ?? '', 'http://x').searchParams.get('object')).toBe('page');
  });
});
