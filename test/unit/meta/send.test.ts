import { OutcomeUnknownError, TokenExpiredError, systemClock } from '../../../core/model';
import type { OutboundContent, SendSettings } from '../../../core/model';
import { createMetaProvider } from '../../../core/providers/meta';
import type { MetaUsage } from '../../../core/providers/meta';
import { createProviderRegistry } from '../../../core/providers/registry';
import type { Provider, ProviderConnection } from '../../../core/providers/provider';
import { rejectionOf } from '../http/support/clients';
import { sendJson } from '../http/support/localServer';
import {
  PAGE_ID,
  PROOF,
  TOKEN,
  instagramConnection,
  messengerConnection,
} from './support/accounts';
import { startGraphServer } from './support/graphServer';
import type { GraphServer } from './support/graphServer';

let graph: GraphServer;
let meta: Provider;
const usages: MetaUsage[] = [];

beforeAll(async () => {
  graph = await startGraphServer();
  meta = createMetaProvider({
    http: graph.http,
    clock: systemClock,
    onUsage: (usage) => usages.push(usage),
  });
});

afterAll(() => graph.close());

beforeEach(() => {
  usages.length = 0;
  graph.answerWith((_request, response) =>
    sendJson(response, { recipient_id: '7001', message_id: 'm_1' }),
  );
});

const send = (
  connection: ProviderConnection,
  content: OutboundContent = { type: 'text', text: 'Olá 😀' },
  settings: SendSettings = {},
) =>
  meta.send(connection, {
    recipientExternalId: '7001',
    content,
    settings,
    messageId: '01JMESSAGE',
  });

const bodies = () => graph.server.requests.map(({ body }) => JSON.parse(body) as object);

describe('a send', () => {
  it('on Messenger posts to the Page and carries our message id, token and proof', async () => {
    const receipt = await send(messengerConnection(graph.server.url));
    expect(receipt).toEqual({ providerMessageId: 'm_1' });
    const [request] = graph.server.requests;
    expect(request).toMatchObject({
      method: 'POST',
      url: `/v25.0/${PAGE_ID}/messages?appsecret_proof=${PROOF}`,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    });
    expect(JSON.parse(request?.body ?? '')).toEqual({
      recipient: { id: '7001' },
      messaging_type: 'RESPONSE',
      message: { text: 'Olá 😀', metadata: '01JMESSAGE' },
    });
  });

  it('on Instagram goes through the linked Page, without metadata', async () => {
    await send(instagramConnection(graph.server.url), {
      type: 'quickReplies',
      text: 'Quando?',
      quickReplies: [{ title: 'Manhã', payload: 'AM' }],
    });
    const [request] = graph.server.requests;
    expect(request?.url).toBe(`/v25.0/${PAGE_ID}/messages?appsecret_proof=${PROOF}`);
    expect(JSON.parse(request?.body ?? '')).toEqual({
      recipient: { id: '7001' },
      messaging_type: 'RESPONSE',
      message: {
        text: 'Quando?',
        quick_replies: [{ content_type: 'text', title: 'Manhã', payload: 'AM' }],
      },
    });
  });

  it('says what it answers, how loud it is, and that a person wrote it', async () => {
    await send(messengerConnection(graph.server.url), undefined, {
      replyTo: 'm_0',
      notification: 'silent',
      humanAgent: true,
    });
    expect(bodies()).toMatchObject([
      {
        messaging_type: 'MESSAGE_TAG',
        tag: 'HUMAN_AGENT',
        notification_type: 'SILENT_PUSH',
        reply_to: { mid: 'm_0' },
      },
    ]);
  });

  it('after Instagram Login speaks as me, without messaging type and proof', async () => {
    const own = instagramConnection(graph.server.url, { login: 'instagram' });
    await send(own);
    expect(graph.server.requests[0]?.url).toBe('/v25.0/me/messages');
    expect(graph.server.requests[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(bodies()).toEqual([{ recipient: { id: '7001' }, message: { text: 'Olá 😀' } }]);
    await send(own, undefined, { humanAgent: true });
    expect(bodies()[1]).toMatchObject({ messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' });
  });

  it('without an app secret has no proof, and takes a base address with a path or a slash at its end', async () => {
    await send(
      messengerConnection(`${graph.server.url}/proxy/`, { appSecret: '', apiVersion: 'v26.0' }),
    );
    expect(graph.server.requests[0]?.url).toBe(`/proxy/v26.0/${PAGE_ID}/messages`);
  });

  it('keeps ids inside their part of the path', async () => {
    const connection = messengerConnection(graph.server.url, { appSecret: '' });
    const account = { ...connection.account, externalId: '1/../me?x=' };
    await send({ ...connection, account });
    expect(graph.server.requests[0]?.url).toBe('/v25.0/1%2F..%2Fme%3Fx%3D/messages');
  });

  it('breaks no limit: content is checked before any call', async () => {
    const tooLong = { type: 'text', text: 'x'.repeat(1001) } as const;
    expect(await rejectionOf(send(instagramConnection(graph.server.url), tooLong))).toMatchObject({
      reason: 'invalid_content',
    });
    expect(graph.server.requests).toHaveLength(0);
  });

  it('without a token makes no call and says what to do', async () => {
    const error = await rejectionOf(
      send(messengerConnection(graph.server.url, { accessToken: '' })),
    );
    expect(error).toBeInstanceOf(TokenExpiredError);
    expect(error).toMatchObject({ message: expect.stringContaining('Clínica Sol') });
    expect(graph.server.requests).toHaveLength(0);
  });

  it('tells the usage that the headers name', async () => {
    graph.answerWith((_request, response) => {
      response.setHeader('x-app-usage', '{"call_count":28,"total_time":25,"total_cputime":24}');
      response.setHeader('x-page-usage', 'broken');
      response.setHeader(
        'x-business-use-case-usage',
        `{"${PAGE_ID}":[{"type":"messenger","call_count":95,"total_cputime":20,"total_time":21,"estimated_time_to_regain_access":19},7]}`,
      );
      sendJson(response, { message_id: 'm_1' });
    });
    await send(messengerConnection(graph.server.url));
    expect(usages).toEqual([
      {
        app: { callCount: 28, totalTime: 25, totalCpuTime: 24 },
        page: null,
        business: [
          {
            objectId: PAGE_ID,
            type: 'messenger',
            callCount: 95,
            totalTime: 21,
            totalCpuTime: 20,
            regainAccessMs: 19 * 60_000,
          },
        ],
      },
    ]);
  });
});

describe('a form that the documentation shows in two ways', () => {
  const picture: OutboundContent = { type: 'image', media: { url: 'https://cdn.example/a.png' } };
  const stored: OutboundContent = { type: 'image', media: { attachmentId: '98' } };
  const ownLogin = () => instagramConnection(graph.server.url, { login: 'instagram' });

  /** Refuses the first call with this error, then accepts. */
  function refuseFirst(error: object) {
    graph.answerWith((_request, response) => {
      if (graph.server.requests.length > 1) return sendJson(response, { message_id: 'm_2' });
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: 'Invalid parameter', ...error } }));
    });
  }

  it('is sent the other way when Meta refuses the first as malformed', async () => {
    refuseFirst({ code: 100 });
    expect(await send(ownLogin(), picture)).toEqual({ providerMessageId: 'm_2' });
    expect(bodies()).toMatchObject([
      { message: { attachment: { type: 'image' } } },
      { message: { attachments: [{ type: 'image' }] } },
    ]);
    refuseFirst({ code: 100 });
    await send(instagramConnection(graph.server.url), stored);
    expect(bodies()[1]).toMatchObject({
      message: { attachment: { type: 'MEDIA_SHARE', payload: { attachment_id: '98' } } },
    });
  });

  it.each([
    ['a file that could not be fetched', { code: 100, error_subcode: 2018008 }],
    ['a closed window', { code: 10, error_subcode: 2534022 }],
    ['a fault of Meta, after which it may have gone out', { code: 2, is_transient: true }],
  ])('is not sent again after %s', async (_name, error) => {
    refuseFirst(error);
    await rejectionOf(send(ownLogin(), picture));
    expect(graph.server.requests).toHaveLength(1);
  });

  it('is not sent again when the connection breaks', async () => {
    graph.answerWith((_request, response) => response.destroy());
    expect(await rejectionOf(send(ownLogin(), picture))).toBeInstanceOf(OutcomeUnknownError);
    expect(graph.server.requests).toHaveLength(1);
  });
});

describe('a tag that the app may not use', () => {
  it('is told as such, and never tried again', async () => {
    graph.answerError({ code: 100 });
    const sending = send(messengerConnection(graph.server.url), undefined, { humanAgent: true });
    expect(await rejectionOf(sending)).toMatchObject({
      retryClass: 'policy',
      retryable: false,
      message: expect.stringContaining('refused the tag HUMAN_AGENT') as unknown,
      hint: expect.stringContaining('App Review') as unknown,
    });
  });
});

describe('an outcome that nobody can know', () => {
  it.each([
    ['an answer without a message id', '{"recipient_id":"7001"}', 200],
    ['an answer that is cut JSON', '{"message_id":"m_', 200],
    ['an empty answer', '', 200],
    ['an HTML page on 502', '<!DOCTYPE html><h1>Sorry</h1>', 502],
    ['an HTML page on 500', '<html>', 500],
    ['a timeout of a proxy', '', 504],
    ['a request timeout', '', 408],
  ])('is %s', async (_name, body, status) => {
    graph.answerWith((_request, response) => response.writeHead(status).end(body));
    const error = await rejectionOf(send(messengerConnection(graph.server.url)));
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error).toMatchObject({ reason: 'outcome_unknown', retryable: false });
    expect(graph.server.requests).toHaveLength(1);
  });

  it('is a connection that breaks after the request was read, and the request is not repeated', async () => {
    graph.answerWith((_request, response) => response.destroy());
    const error = await rejectionOf(send(messengerConnection(graph.server.url)));
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(graph.server.requests).toHaveLength(1);
  });
});

describe('a server that is not there', () => {
  it('means surely not sent, and that a new try makes sense', async () => {
    const gone = await startGraphServer();
    await gone.close();
    const error = await rejectionOf(send(messengerConnection(gone.server.url)));
    expect(error).toMatchObject({
      reason: 'provider_unavailable',
      retryClass: 'unavailable',
      retryable: true,
      message: expect.stringContaining('Clínica Sol'),
    });
  });

  it('also behind an address that is none', async () => {
    const error = await rejectionOf(send(messengerConnection('graph.example')));
    expect(error).toMatchObject({ reason: 'provider_rejected', retryClass: 'configuration' });
  });
});

describe('the registry', () => {
  it('knows each provider by its id', () => {
    const registry = createProviderRegistry({ http: graph.http, clock: systemClock });
    expect([...registry.keys()]).toEqual(['meta', 'whatsapp_cloud', 'notificame']);
    expect(registry.get('meta')?.abilities('instagram')?.displayName).toBe('Instagram');
  });
});
