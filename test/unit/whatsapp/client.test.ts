import { createCloudClient, type CloudAccess } from '../../../core/providers/whatsapp-cloud/client';
import {
  blockUsers,
  createWhatsAppProvider,
  deleteMedia,
  downloadMedia,
  getProfile,
  getSubscribedApps,
  listNumbers,
  markRead,
  registerPhoneNumber,
  subscribeBusiness,
  unblockUsers,
  unsubscribeBusiness,
  updateProfile,
  uploadMedia,
} from '../../../core/providers/whatsapp-cloud';
import { hasOpenApi, requestSchemaOf, schemaOf } from '../../support/metaOpenApi';
import { rejectionOf } from '../http/support/clients';
import { sendJson } from '../http/support/localServer';
import { startGraphServer, type GraphServer } from '../meta/support/graphServer';
import {
  APP_SECRET,
  BUSINESS_ID,
  NUMBER_ID,
  PERSON,
  PROOF,
  TOKEN,
  connectionTo,
} from './support/accounts';

let graph: GraphServer;

beforeAll(async () => {
  graph = await startGraphServer();
});
afterAll(() => graph.close());

const connection = () => connectionTo(graph.server.url);
const answer = (...answers: unknown[]) => {
  const queue = [...answers];
  graph.answerWith((_request, response) => {
    sendJson(response, queue.length > 1 ? queue.shift() : queue[0]);
  });
};
const seen = () => graph.server.requests;
const lastBody = () => JSON.parse(seen().at(-1)?.body ?? '{}') as Record<string, unknown>;
const itFitsTheFile = hasOpenApi ? it : it.skip;

describe('a call', () => {
  it('carries the token in the header and the proof of the app secret', async () => {
    answer({ data: [] });
    await listNumbers(graph.http, connectionTo(graph.server.url, { appSecret: APP_SECRET }), {
      limit: 500,
      cursor: 'c1',
    });
    const [request] = seen();
    const url = new URL(request?.url ?? '', graph.server.url);
    expect(url.pathname).toBe(`/v25.0/${BUSINESS_ID}/phone_numbers`);
    expect(request?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(request?.url).not.toContain(TOKEN);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      appsecret_proof: PROOF,
      limit: '100',
      after: 'c1',
      fields: expect.stringContaining('whatsapp_business_manager_messaging_limit'),
    });
  });

  it('asks an older version for the limit by its older name', async () => {
    answer({ data: [] });
    const old = connectionTo(graph.server.url, { apiVersion: 'v23.0' });
    await listNumbers(graph.http, old, { limit: 1, cursor: null });
    expect(seen()[0]?.url).toContain('messaging_limit_tier');
  });

  it('reports the usage headers, and a pause only where messages are held up', async () => {
    const heard: Array<number | null> = [];
    const whatsApp = createWhatsAppProvider({
      http: graph.http,
      onUsage: (_usage, _access, throttledForMs) => heard.push(throttledForMs),
    });
    const send = () =>
      rejectionOf(
        whatsApp.send(connection(), {
          recipientExternalId: PERSON,
          content: { type: 'text', text: 'oi' },
          messageId: 'M',
        }),
      );
    graph.answerError({ code: 130429 });
    await send();
    graph.answerError({ code: 131056 });
    await send();
    expect(heard).toEqual([2_000, null]);
    const client = createCloudClient({
      http: graph.http,
      onUsage: (_usage, _access, throttledForMs) => heard.push(throttledForMs),
    });
    graph.answerError({ code: 80007 });
    const access: CloudAccess = { baseUrl: graph.server.url, version: 'v25.0', accessToken: 't' };
    await rejectionOf(client.call(access, { method: 'GET', path: ['1'], subject: 'x' }));
    expect(heard.at(-1)).toBeNull();
  });

  it('without a token is not made', async () => {
    answer({});
    const error = await rejectionOf(
      getProfile(graph.http, connectionTo(graph.server.url, { accessToken: '' })),
    );
    expect(error).toMatchObject({ reason: 'token_expired' });
    expect(seen()).toHaveLength(0);
  });
});

describe('a send', () => {
  const send = () =>
    createWhatsAppProvider({ http: graph.http }).send(connection(), {
      recipientExternalId: PERSON,
      content: { type: 'text', text: 'oi' },
      messageId: '01J0000000000000000000MSG0',
    });

  it('learns how WhatsApp names the recipient', async () => {
    answer({
      messaging_product: 'whatsapp',
      contacts: [{ input: PERSON, wa_id: '551188887777', user_id: 'BR.1' }],
      messages: [{ id: 'wamid.X', message_status: 'accepted' }],
    });
    await expect(send()).resolves.toEqual({
      providerMessageId: 'wamid.X',
      recipientAliases: ['551188887777', 'BR.1'],
    });
    expect(seen()[0]).toMatchObject({ method: 'POST', url: `/v25.0/${NUMBER_ID}/messages` });
    expect(lastBody()).toMatchObject({ biz_opaque_callback_data: '01J0000000000000000000MSG0' });
  });

  it('learns nothing where the name is the same or left out', async () => {
    answer({ contacts: [{ input: PERSON, wa_id: PERSON }], messages: [{ id: 'wamid.X' }] });
    await expect(send()).resolves.toMatchObject({ recipientAliases: [] });
    answer({ contacts: [{ input: PERSON }], messages: [{ id: 'wamid.X' }] });
    await expect(send()).resolves.toMatchObject({ recipientAliases: [] });
  });

  it('refuses content beyond its limits before any call', async () => {
    answer({});
    const error = await rejectionOf(
      createWhatsAppProvider({ http: graph.http }).send(connection(), {
        recipientExternalId: PERSON,
        content: { type: 'text', text: 'x'.repeat(4097) },
        messageId: 'M',
      }),
    );
    expect(error).toMatchObject({ reason: 'invalid_content', field: 'Text' });
    expect(seen()).toHaveLength(0);
  });

  it('marks a message as read, with the typing sign on request', async () => {
    answer({ success: true });
    await markRead(graph.http, connection(), { providerMessageId: 'wamid.1', typing: true });
    expect(lastBody()).toEqual({
      messaging_product: 'whatsapp',
      status: 'read',
      message_id: 'wamid.1',
      typing_indicator: { type: 'text' },
    });
    await markRead(graph.http, connection(), { providerMessageId: 'wamid.1', typing: false });
    expect(lastBody()).not.toHaveProperty('typing_indicator');
    if (hasOpenApi) expect(schemaOf('MarkMessageRequestPayload')(lastBody())).toBe(true);
  });
});

describe('files', () => {
  it('are uploaded as a form with their type', async () => {
    answer({ id: '900' });
    const bytes = Buffer.from([0, 255, 13, 10, 45, 45]);
    const file = { name: 'raio "x".pdf', mimeType: 'application/pdf', bytes };
    await expect(uploadMedia(graph.http, connection(), file)).resolves.toBe('900');
    const [request] = seen();
    expect(request?.url).toBe(`/v25.0/${NUMBER_ID}/media`);
    const form = await new Response(Buffer.from(request?.body ?? '', 'utf8'), {
      headers: { 'content-type': request?.headers['content-type'] ?? '' },
    }).formData();
    expect(form.get('messaging_product')).toBe('whatsapp');
    expect(form.get('type')).toBe('application/pdf');
    const sent = form.get('file') as File;
    expect(sent.type).toBe('application/pdf');
    expect(sent.name).toBe('raio "x".pdf');
  });

  it('are downloaded over an address that is asked for, and once more where it has ended', async () => {
    let addresses = 0;
    graph.answerWith((request, response) => {
      if (request.url.startsWith('/v25.0/77')) {
        addresses += 1;
        return sendJson(response, {
          url: `${graph.server.url}/file/${addresses}`,
          mime_type: 'image/jpeg; x=y',
          sha256: 'ab',
          file_size: 3,
          id: '77',
        });
      }
      response.writeHead(request.url === '/file/1' ? 404 : 200);
      response.end('abc');
    });
    const media = await downloadMedia(graph.http, connection(), '77');
    expect(media).toMatchObject({ id: '77', mimeType: 'image/jpeg', sha256: 'ab', fileSize: 3 });
    expect(media.bytes.toString()).toBe('abc');
    expect(seen().map(({ url }) => url)).toEqual([
      `/v25.0/77?phone_number_id=${NUMBER_ID}`,
      '/file/1',
      `/v25.0/77?phone_number_id=${NUMBER_ID}`,
      '/file/2',
    ]);
    expect(seen().every(({ headers }) => headers.authorization === `Bearer ${TOKEN}`)).toBe(true);
  });

  it.each([
    'https://evil.example/file',
    'http://lookaside.fbsbx.com/x',
    'https://fbsbx.com.evil.example/x',
    '',
  ])('at %p do not get the token', async (url) => {
    answer({ url, id: '77' });
    const error = await rejectionOf(downloadMedia(graph.http, connection(), '77'));
    expect(error).toMatchObject({ code: 'invalid_input', field: 'Media ID' });
    expect(seen()).toHaveLength(1);
  });

  it('are forgotten on request', async () => {
    answer({ success: true });
    await deleteMedia(graph.http, connection(), '77');
    expect(seen()[0]).toMatchObject({
      method: 'DELETE',
      url: `/v25.0/77?phone_number_id=${NUMBER_ID}`,
    });
  });
});

describe('the subscription of a business account', () => {
  it('says which apps hear of it, and where their calls go', async () => {
    answer({
      data: [
        { whatsapp_business_api_data: { id: '555', name: 'Ours', link: 'x' } },
        {
          whatsapp_business_api_data: { id: '777', name: 'Theirs' },
          override_callback_uri: 'https://theirs.example/hook',
        },
      ],
    });
    await expect(getSubscribedApps(graph.http, connection())).resolves.toEqual([
      { id: '555', name: 'Ours', overrideCallbackUrl: null },
      { id: '777', name: 'Theirs', overrideCallbackUrl: 'https://theirs.example/hook' },
    ]);
  });

  it('is made with an address of its own, and without one takes the override away', async () => {
    answer({ success: true });
    const override = { url: 'https://n8n.example/webhook/1/whatsapp', verifyToken: 'v' };
    await subscribeBusiness(graph.http, connection(), override);
    expect(seen()[0]).toMatchObject({
      method: 'POST',
      url: `/v25.0/${BUSINESS_ID}/subscribed_apps`,
    });
    expect(lastBody()).toEqual({ override_callback_uri: override.url, verify_token: 'v' });
    if (hasOpenApi) expect(schemaOf('SubscriptionRequest')(lastBody())).toBe(true);
    await subscribeBusiness(graph.http, connection(), null);
    expect(seen().at(-1)?.body).toBe('');
    await unsubscribeBusiness(graph.http, connection());
    expect(seen().at(-1)).toMatchObject({ method: 'DELETE' });
  });

  it.each([
    [{ url: 'http://n8n.example/x', verifyToken: 'v' }, 'Callback URL'],
    [{ url: `https://n8n.example/${'x'.repeat(200)}`, verifyToken: 'v' }, 'Callback URL'],
    [{ url: 'https://n8n.example/x', verifyToken: '' }, 'Verify Token'],
  ])('is not asked for with what Meta refuses', async (override, field) => {
    answer({ success: true });
    const error = await rejectionOf(subscribeBusiness(graph.http, connection(), override));
    expect(error).toMatchObject({ code: 'invalid_input', field });
    expect(seen()).toHaveLength(0);
  });

  it('needs the business account', async () => {
    const alone = connectionTo(graph.server.url, {}, { parentExternalId: null });
    const error = await rejectionOf(getSubscribedApps(graph.http, alone));
    expect(error).toMatchObject({ field: 'WhatsApp Business Account ID' });
  });
});

describe('people, profile and numbers', () => {
  it('are blocked and unblocked, each with what became of it', async () => {
    answer({
      messaging_product: 'whatsapp',
      block_users: {
        added_users: [{ input: '+5511988887777', wa_id: PERSON }],
        failed_users: [{ input: '+5511977770000', errors: [{ code: 131047, message: 'old' }] }],
      },
    });
    await expect(
      blockUsers(graph.http, connection(), ['+5511988887777', '+5511977770000']),
    ).resolves.toEqual([
      { user: '+5511988887777', externalId: PERSON, done: true, detail: null },
      {
        user: '+5511977770000',
        externalId: null,
        done: false,
        detail: expect.stringContaining('24 hours'),
      },
    ]);
    expect(lastBody()).toEqual({
      messaging_product: 'whatsapp',
      block_users: [{ user: '+5511988887777' }, { user: '+5511977770000' }],
    });
    if (hasOpenApi) {
      const place = '/{Version}/{Phone-Number-ID}/block_users';
      expect(requestSchemaOf(place, 'post')(lastBody())).toBe(true);
    }
    answer({ block_users: { removed_users: [{ input: PERSON, wa_id: PERSON }] } });
    await expect(unblockUsers(graph.http, connection(), [PERSON])).resolves.toMatchObject([
      { done: true },
    ]);
    expect(seen()[0]).toMatchObject({ method: 'DELETE' });
  });

  it('read and change the profile, flat as the servers do', async () => {
    answer({
      data: [
        {
          about: 'Sorria',
          websites: ['https://a.example'],
          vertical: 'HEALTH',
          messaging_product: 'whatsapp',
        },
      ],
    });
    await expect(getProfile(graph.http, connection())).resolves.toEqual({
      about: 'Sorria',
      address: null,
      description: null,
      email: null,
      pictureUrl: null,
      websites: ['https://a.example'],
      vertical: 'HEALTH',
    });
    answer({ success: true });
    await updateProfile(graph.http, connection(), {
      about: 'Oi',
      websites: ['https://b.example'],
      vertical: 'HEALTH',
      pictureHandle: '4:x',
    });
    expect(lastBody()).toEqual({
      messaging_product: 'whatsapp',
      about: 'Oi',
      websites: ['https://b.example'],
      vertical: 'HEALTH',
      profile_picture_handle: '4:x',
    });
  });

  itFitsTheFile('send what the OpenAPI file knows', async () => {
    answer({ success: true });
    await updateProfile(graph.http, connection(), { about: 'Oi', email: 'a@b.example' });
    expect(schemaOf('WhatsAppBusinessProfileUpdateRequest')(lastBody())).toBe(true);
    await registerPhoneNumber(graph.http, connection(), {
      pin: '123456',
      dataLocalizationRegion: 'BR',
    });
    expect(seen().at(-1)?.url).toBe(`/v25.0/${NUMBER_ID}/register`);
    expect(schemaOf('WhatsAppBusinessPhoneNumberRegistrationRequest')(lastBody())).toBe(true);
  });
});
