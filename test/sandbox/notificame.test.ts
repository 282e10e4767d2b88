import { startSandbox, type Sandbox } from '../../sandbox/server.ts';
import { HUB_SEED } from '../../sandbox/notificame/seed.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 });
});
afterAll(() => sandbox.close());

async function call(method: string, path: string, body?: object, token: string = HUB_SEED.token) {
  const response = await fetch(`${sandbox.seed.notificaMe.baseUrl}${path}`, {
    method,
    headers: { 'x-api-token': token, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

const message = (over: object = {}) => ({
  from: HUB_SEED.whatsAppChannelId,
  to: HUB_SEED.whatsAppPersonId,
  contents: [{ type: 'text', text: 'Olá' }],
  ...over,
});
const WHATSAPP = '/v2/channels/whatsapp/messages';

describe("NotificaMe's hub in the sandbox", () => {
  it.each<[string, string, string, object | undefined, number, RegExp]>([
    ['an unknown route is 200', 'GET', '/v1/unicorns', undefined, 200, /"Hub404"/],
    ['no version is 200', 'GET', '/instances', undefined, 200, /"Hub404"/],
    ['a wrong method is 200', 'DELETE', '/v1/channels', undefined, 200, /METHOD_NOT_ALLOWED/],
    [
      'an unknown version is plain text',
      'GET',
      '/v7/channels',
      undefined,
      404,
      /^404 page not found/,
    ],
    [
      'the wrong version of a channel is plain text',
      'POST',
      '/v1/channels/whatsapp/messages',
      message(),
      404,
      /^404 page not found/,
    ],
    ['no recipient is 422', 'POST', WHATSAPP, message({ to: '' }), 422, /"path":"to"/],
    [
      'an id of more than 64 characters is 422',
      'POST',
      WHATSAPP,
      message({ to: '1'.repeat(65) }),
      422,
      /too long/,
    ],
    [
      'a content that the channel lacks is 422',
      'POST',
      WHATSAPP,
      message({ contents: [{ type: 'card', title: 'a' }] }),
      422,
      /not allowed/,
    ],
    [
      'a content without its field is 422',
      'POST',
      WHATSAPP,
      message({ contents: [{ type: 'file' }] }),
      422,
      /fileUrl is required/,
    ],
    ['no content is 422', 'POST', WHATSAPP, message({ contents: [] }), 422, /contents is required/],
    [
      "another channel's token is 200",
      'POST',
      WHATSAPP,
      message({ from: HUB_SEED.instagramChannelId }),
      200,
      /Nenhum canal de whatsapp/,
    ],
    [
      'a subscription without an address is 422',
      'POST',
      '/v1/subscriptions',
      { criteria: { channel: 'x' } },
      422,
      /webhook.url/,
    ],
  ])('%s', async (_name, method, path, body, status, text) => {
    const answer = await call(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(text);
  });

  it('says 404 to a wrong token', async () => {
    const { status, text } = await call('GET', '/v1/channels', undefined, 'invented');
    expect([status, JSON.parse(text)]).toEqual([
      404,
      { code: 'AUTHENTICATION_ERROR', message: expect.any(String) as unknown },
    ]);
  });

  it('answers a message with an id that is not the one of the provider behind it', async () => {
    const { text } = await call('POST', WHATSAPP, message());
    const answer = JSON.parse(text) as { id: string; direction: string };
    const kept = sandbox.context.store.state.notificaMe.messages.find(({ id }) => id === answer.id);
    expect(answer.direction).toBe('OUT');
    expect(kept?.providerMessageId).not.toBe(answer.id);
  });

  it('takes a word as the channel of a subscription, and delivers nothing by it', async () => {
    const webhook = { url: 'http://127.0.0.1:9/hook' };
    const word = await call('POST', '/v1/subscriptions', {
      eventType: 'MESSAGE',
      webhook,
      criteria: { channel: 'instagram' },
    });
    expect(word.status).toBe(200);
    const { url } = sandbox;
    const written = await fetch(`${url}/_sandbox/notificame/messages`, {
      method: 'POST',
      body: JSON.stringify({
        channelId: HUB_SEED.instagramChannelId,
        personId: HUB_SEED.instagramPersonId,
        text: 'oi',
      }),
    });
    expect(((await written.json()) as { posts: string[] }).posts).toEqual([]);
    const again = await call('POST', '/v1/subscriptions', {
      eventType: 'MESSAGE',
      webhook,
      criteria: { channel: 'instagram' },
    });
    expect(again.status).toBe(409);
  });

  it('connects an account in its window, and tells the page that opened it', async () => {
    const query = `company_uuid=${HUB_SEED.token}&redirect_origin=https://crm.example&type=whatsapp`;
    const before = Object.keys(sandbox.context.store.state.notificaMe.channels).length;
    const done = await fetch(`${sandbox.seed.notificaMe.baseUrl}/v2/oauth/meta/start?${query}`, {
      method: 'POST',
      body: 'name=Novo',
    });
    expect(await done.text()).toContain(
      'postMessage({status:"channel-success"}, "https://crm.example")',
    );
    expect(Object.keys(sandbox.context.store.state.notificaMe.channels)).toHaveLength(before + 1);
  });
});
