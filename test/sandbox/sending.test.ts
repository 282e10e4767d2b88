import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { appSecretProof } from '../../sandbox/webhooks/sign.ts';
import { Harness } from './support/harness.ts';

describe('sending', () => {
  let harness: Harness;
  let messenger: string;
  let instagram: string;
  beforeAll(async () => {
    harness = await Harness.start();
  });
  afterAll(() => harness.close());
  beforeEach(async () => {
    await harness.control('POST', '/reset');
    [messenger, instagram] = [harness.person('messenger'), harness.person('instagram')];
    await harness.inject({ persona: messenger, text: 'Oi' });
    await harness.inject({ persona: instagram, text: 'Oi' });
  });

  const sendMessage = (person: string, message: unknown, more = {}) =>
    harness.sendText(person, '', { message, ...more });

  test('takes a form with JSON values as well as JSON', async () => {
    const body = new URLSearchParams({
      recipient: JSON.stringify({ id: messenger }),
      messaging_type: 'RESPONSE',
      message: JSON.stringify({ text: 'Olá do formulário' }),
      access_token: harness.seed.pageAccessToken,
    });
    const response = await fetch(`${harness.sandbox.url}/v25.0/me/messages`, {
      method: 'POST',
      body,
    });
    expect(response.status).toBe(200);
    expect((await harness.messages(messenger))[0]?.text).toBe('Olá do formulário');
  });

  test('takes the token as a Bearer header, with a right proof', async () => {
    await harness.control('PATCH', `/apps/${harness.seed.app.id}`, { requireAppSecret: true });
    const token = harness.seed.pageAccessToken;
    const answer = await harness.sendText(messenger, 'Olá', {
      access_token: undefined,
      appsecret_proof: appSecretProof(harness.seed.app.secret, token),
    });
    expect(answer.code).toBe(2500);
    const proof = appSecretProof(harness.seed.app.secret, token);
    const url = `${harness.sandbox.url}/v25.0/me?appsecret_proof=${proof}`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    expect(await response.json()).toEqual({ name: 'Clínica Sorriso', id: harness.seed.page.id });
  });

  test('answers with the version that served it and with usage headers of percentages', async () => {
    const { headers } = await harness.sendText(messenger, 'Olá');
    expect(headers.get('facebook-api-version')).toBe('v25.0');
    expect(JSON.parse(headers.get('x-app-usage') ?? '')).toMatchObject({ call_count: 1 });
    const usage = JSON.parse(headers.get('x-business-use-case-usage') ?? '') as Record<
      string,
      unknown
    >;
    expect(usage[harness.seed.page.id]).toMatchObject([
      { type: 'messenger', call_count: 1, estimated_time_to_regain_access: 0 },
    ]);
  });

  test.each(['messenger', 'instagram'] as const)(
    'accepts every documented form on %s',
    async (channel) => {
      const person = channel === 'messenger' ? messenger : instagram;
      const button = { type: 'postback', title: 'Sim', payload: 'YES' };
      const element = {
        title: 'Limpeza',
        subtitle: 'R$ 180',
        image_url: 'https://cdn.example/a.jpg',
        default_action: { type: 'web_url', url: 'https://example.org' },
        buttons: [button, { type: 'web_url', title: 'Site', url: 'https://example.org' }],
      };
      const forms: unknown[] = [
        {
          text: 'Escolha',
          quick_replies: [
            {
              content_type: 'text',
              title: 'A',
              payload: 'A',
              image_url: 'https://cdn.example/i.png',
            },
            { content_type: 'user_phone_number' },
            { content_type: 'user_email' },
          ],
        },
        { attachment: { type: 'image', payload: { url: 'https://cdn.example/a.png' } } },
        { attachment: { type: 'file', payload: { url: 'https://cdn.example/exame.pdf' } } },
        {
          attachments: [
            { type: 'image', payload: { url: 'https://cdn.example/a.png' } },
            { type: 'image', payload: { url: 'https://cdn.example/b.png' } },
          ],
        },
        {
          attachment: {
            type: 'template',
            payload: { template_type: 'generic', elements: [element] },
          },
        },
        {
          attachment: {
            type: 'template',
            payload: { template_type: 'button', text: 'Confirma?', buttons: [button] },
          },
        },
        {
          attachment: {
            type: 'template',
            payload: { template_type: 'product', elements: [{ id: '77' }] },
          },
        },
        ...(channel === 'instagram'
          ? [
              { attachment: { type: 'like_heart' } },
              { attachment: { type: 'MEDIA_SHARE', payload: { id: '18000000000000004' } } },
            ]
          : [
              {
                attachment: {
                  type: 'template',
                  payload: {
                    template_type: 'media',
                    elements: [
                      {
                        media_type: 'image',
                        url: 'https://www.facebook.com/photo/1',
                        buttons: [button],
                      },
                    ],
                  },
                },
              },
            ]),
      ];
      for (const form of forms)
        expect((await sendMessage(person, form)).body).toMatchObject({ recipient_id: person });
      expect(await harness.messages(person)).toHaveLength(forms.length);
    },
  );

  test('keeps a reusable file and sends it again by its id, on its own channel only', async () => {
    const url = 'https://cdn.example/a.png';
    const upload = await harness.graph('POST', `/${harness.seed.page.id}/message_attachments`, {
      platform: 'instagram',
      message: { attachment: { type: 'image', payload: { url, is_reusable: true } } },
    });
    const { attachment_id } = upload.body;
    const byId = { attachment: { type: 'image', payload: { attachment_id } } };
    expect((await sendMessage(instagram, byId)).status).toBe(200);
    expect(await sendMessage(messenger, byId)).toMatchObject({ code: 100, subcode: 2018074 });

    const reusable = { attachment: { type: 'image', payload: { url, is_reusable: true } } };
    const sent = await sendMessage(messenger, reusable);
    expect(sent.body.attachment_id).toMatch(/^\d+$/);
  });

  test('fetches local media, keeps a copy and judges type and size', async () => {
    const files: Record<string, [string, Buffer]> = {
      '/ok': ['image/png', Buffer.alloc(10)],
      '/big': ['image/png', Buffer.alloc(8 * 1024 * 1024 + 1)],
      '/html': ['text/html', Buffer.from('<h1>')],
    };
    const server = http.createServer((request, response) => {
      const [type, bytes] = files[request.url ?? ''] ?? ['', undefined];
      response.writeHead(bytes === undefined ? 404 : 200, { 'content-type': type }).end(bytes);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const image = (path: string) =>
      sendMessage(instagram, { attachment: { type: 'image', payload: { url: base + path } } });
    expect((await image('/ok')).status).toBe(200);
    expect(await image('/big')).toMatchObject({ code: 100, subcode: 2018109 });
    expect(await image('/html')).toMatchObject({ code: 100, subcode: 2018047 });
    expect(await image('/gone')).toMatchObject({ code: 100, subcode: 2018008 });
    const [stored] = await harness.messages(instagram);
    const copy = await fetch(
      `${harness.sandbox.url}/_sandbox/media/${stored?.attachments[0]?.mediaId}`,
    );
    expect(copy.headers.get('content-type')).toBe('image/png');
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test('gives each message of a conversation a time of its own, in the order of acceptance', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => harness.sendText(messenger, `${index}`)),
    );
    const times = (await harness.messages(messenger)).map((message) => message.createdAt);
    expect(new Set(times).size).toBe(20);
  });

  test('replies to a message of the conversation', async () => {
    const [incoming] = await harness.messages(messenger, 'in');
    await harness.sendText(messenger, 'Sobre isso:', { reply_to: { mid: incoming?.mid } });
    expect((await harness.messages(messenger))[0]?.replyTo).toEqual({ mid: incoming?.mid });
  });

  test('shows typing and seen, and reacts with love on Instagram', async () => {
    const act = (person: string, sender_action: string, more = {}) =>
      harness.graph('POST', '/me/messages', { recipient: { id: person }, sender_action, ...more });
    expect((await act(instagram, 'typing_on')).body).toEqual({ recipient_id: instagram });
    const conversation = async () =>
      (
        await harness.control<{
          data: Array<{ personaId: string; typing: boolean; businessReadAt?: number }>;
        }>('GET', '/conversations')
      ).data.find((item) => item.personaId === instagram);
    expect((await conversation())?.typing).toBe(true);
    await harness.sendText(instagram, 'Olá');
    expect((await conversation())?.typing).toBe(false);
    await act(instagram, 'mark_seen');
    expect((await conversation())?.businessReadAt).toBeGreaterThan(0);

    const [incoming] = await harness.messages(instagram, 'in');
    const payload = { message_id: incoming?.mid, reaction: 'love' };
    await act(instagram, 'react', { payload });
    const reactions = async () => (await harness.messages(instagram, 'in'))[0]?.reactions;
    expect(await reactions()).toMatchObject([{ by: 'business', reaction: 'love' }]);
    await act(instagram, 'unreact', { payload: { message_id: incoming?.mid } });
    expect(await reactions()).toEqual([]);
  });

  test('reaches a person by the reference of a plugin, without naming the person', async () => {
    const third = harness.person('messenger', 2);
    await harness.inject({
      kind: 'optin',
      persona: third,
      optin: { ref: 'lp', user_ref: 'ref-1' },
    });
    const answer = await harness.sendText(third, 'Olá', { recipient: { user_ref: 'ref-1' } });
    expect(Object.keys(answer.body)).toEqual(['message_id']);
    expect(await harness.messages(third)).toHaveLength(1);
  });

  test('above 10 audio messages a second Instagram throttles', async () => {
    const audio = { attachment: { type: 'audio', payload: { url: 'https://cdn.example/a.m4a' } } };
    const answers = await Promise.all(
      Array.from({ length: 11 }, () => sendMessage(instagram, audio)),
    );
    expect(answers.filter((item) => item.code === 613 && item.subcode === 2534040)).toHaveLength(1);
  });
});
