import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { detailsOf, WhatsAppHarness } from '../support/whatsapp.ts';

const bytes = Buffer.from('%PDF-1.4 exame');

describe('files of WhatsApp', () => {
  let whatsapp: WhatsAppHarness;
  beforeAll(async () => {
    whatsapp = await WhatsAppHarness.start();
  });
  afterAll(() => whatsapp.harness.close());
  beforeEach(() => whatsapp.reset());

  const upload = async (type = 'application/pdf', content: Uint8Array = bytes): Promise<string> => {
    const { body } = await whatsapp.upload(content, type, 'exame médico.pdf');
    return String(body.id);
  };
  const download = (url: string, token?: string): Promise<Response> =>
    fetch(url, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });

  test('are uploaded, read and downloaded with the token', async () => {
    const id = await upload();
    const { body } = await whatsapp.graph('GET', `/${id}`, { phone_number_id: whatsapp.numberId });
    expect(body).toMatchObject({
      id,
      messaging_product: 'whatsapp',
      mime_type: 'application/pdf',
      sha256: createHash('sha256').update(bytes).digest('hex'),
      file_size: String(bytes.length),
    });
    const url = String(body.url);
    const { accessToken } = whatsapp.harness.seed.whatsApp;
    expect((await download(url)).status).toBe(401);
    expect((await download(url, 'EAAGnone')).status).toBe(401);
    const response = await download(url, accessToken);
    expect(response.headers.get('content-type')).toBe('application/pdf');
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
  });

  test('have an address for five minutes, and live for 30 days', async () => {
    const id = await upload();
    const { accessToken } = whatsapp.harness.seed.whatsApp;
    const { body } = await whatsapp.graph('GET', `/${id}`);
    await whatsapp.harness.control('POST', '/clock', { advanceMs: 5 * 60_000 + 1000 });
    expect((await download(String(body.url), accessToken)).status).toBe(404);
    const again = await whatsapp.graph('GET', `/${id}`);
    expect((await download(String(again.body.url), accessToken)).status).toBe(200);
    await whatsapp.harness.control('POST', '/clock', { advanceMs: 30 * 86_400_000 });
    expect(await whatsapp.graph('GET', `/${id}`)).toMatchObject({ code: 100, subcode: 33 });
  });

  test('are sent by their id, to the phone as the same bytes', async () => {
    await whatsapp.inject({ text: 'Oi' });
    const id = await upload();
    await whatsapp.send({ type: 'document', document: { id, filename: 'exame.pdf' } });
    const [message] = await whatsapp.harness.messages(whatsapp.person());
    const [attachment] = message?.attachments ?? [];
    expect(attachment).toMatchObject({ type: 'file', title: 'exame.pdf' });
    const { url } = whatsapp.harness.sandbox;
    const shown = await fetch(`${url}/_sandbox/media/${attachment?.mediaId ?? ''}`);
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(bytes);
  });

  test('are forgotten on request', async () => {
    const id = await upload();
    const path = `/${id}?phone_number_id=${whatsapp.numberId}`;
    expect((await whatsapp.graph('DELETE', path)).body).toEqual({ success: true });
    expect((await whatsapp.graph('GET', `/${id}`)).subcode).toBe(33);
  });

  test.each([
    ['a type that is not documented', 'image/gif', 10, 100, /documented types/],
    ['a picture above 5 MB', 'image/png', 5 * 1024 * 1024 + 1, 131053, /bytes/],
    ['a sticker above 500 KB', 'image/webp', 500 * 1024 + 1, 131053, /bytes/],
  ])('are refused: %s', async (_, type, size, code, words) => {
    const answer = await whatsapp.upload(Buffer.alloc(size, 1), type);
    expect(answer.code).toBe(code);
    expect(detailsOf(answer)).toMatch(words);
  });

  test('are refused under the part name of Messenger, and Messenger refuses theirs', async () => {
    const { url } = whatsapp.harness.sandbox;
    const post = async (path: string, part: string, token: string, fields: object) => {
      const form = new FormData();
      for (const [key, value] of Object.entries(fields)) form.set(key, String(value));
      form.set(part, new Blob([bytes], { type: 'application/pdf' }), 'a.pdf');
      const headers = { authorization: `Bearer ${token}` };
      const response = await fetch(`${url}/v25.0${path}`, { method: 'POST', headers, body: form });
      return ((await response.json()) as { error?: { message: string } }).error?.message;
    };
    const { seed } = whatsapp.harness;
    const own = { messaging_product: 'whatsapp', type: 'application/pdf' };
    const media = `/${whatsapp.numberId}/media`;
    expect(await post(media, 'filedata', seed.whatsApp.accessToken, own)).toMatch(/#100/);
    const page = `/${seed.page.id}/message_attachments`;
    const message = JSON.stringify({ attachment: { type: 'file', payload: {} } });
    expect(await post(page, 'file', seed.pageAccessToken, { message })).toMatch(/filedata/);
  });
});

describe('numbers of WhatsApp', () => {
  let whatsapp: WhatsAppHarness;
  beforeAll(async () => {
    whatsapp = await WhatsAppHarness.start();
  });
  afterAll(() => whatsapp.harness.close());
  beforeEach(() => whatsapp.reset());

  const own = (more: Record<string, unknown>) => ({ messaging_product: 'whatsapp', ...more });

  test('are listed with what each version calls the messaging limit', async () => {
    const fields = 'id,display_phone_number,quality_rating,throughput,status,';
    const limit = 'whatsapp_business_manager_messaging_limit';
    const path = `/${whatsapp.businessId}/phone_numbers`;
    const { body } = await whatsapp.graph('GET', path, { fields: fields + limit });
    expect(body.data).toMatchObject([
      {
        id: whatsapp.numberId,
        display_phone_number: '+55 11 90000-0001',
        quality_rating: 'GREEN',
        throughput: { level: 'STANDARD' },
        [limit]: 'TIER_2K',
      },
      { quality_rating: 'YELLOW' },
    ]);
    const old = await whatsapp.graph('GET', path, { fields: 'messaging_limit_tier' });
    expect(old.message).toMatch(/nonexisting field \(messaging_limit_tier\)/);
  });

  test('say what keeps them from sending', async () => {
    const health = async () => {
      const answer = await whatsapp.graph('GET', `/${whatsapp.numberId}`, {
        fields: 'health_status',
      });
      return answer.body.health_status as { can_send_message: string };
    };
    expect((await health()).can_send_message).toBe('AVAILABLE');
    await whatsapp.harness.control('PATCH', `/whatsapp/numbers/${whatsapp.numberId}`, {
      isRegistered: false,
    });
    expect(await health()).toMatchObject({
      can_send_message: 'BLOCKED',
      entities: [{ errors: [{ possible_solution: 'Register the phone number.' }] }, {}],
    });
  });

  test('are registered with their PIN, at most ten times in 72 hours', async () => {
    const register = (pin: string) =>
      whatsapp.graph('POST', `/${whatsapp.numberId}/register`, own({ pin }));
    expect((await register('12345')).code).toBe(100);
    expect((await register('000000')).code).toBe(133005);
    expect((await register('123456')).body).toEqual({ success: true });
    for (let count = 0; count < 7; count += 1) await register('123456');
    expect((await register('123456')).code).toBe(133016);
    await whatsapp.harness.control('POST', '/clock', { advanceMs: 72 * 3_600_000 });
    expect((await register('123456')).status).toBe(200);
  });

  test('need their code first', async () => {
    const path = `/whatsapp/numbers/${whatsapp.numberId}`;
    await whatsapp.harness.control('PATCH', path, { codeVerificationStatus: 'NOT_VERIFIED' });
    const register = () =>
      whatsapp.graph('POST', `/${whatsapp.numberId}/register`, own({ pin: '123456' }));
    expect((await register()).code).toBe(133006);
    const request = { code_method: 'SMS', language: 'pt_BR' };
    await whatsapp.graph('POST', `/${whatsapp.numberId}/request_code`, request);
    await whatsapp.graph('POST', `/${whatsapp.numberId}/verify_code`, { code: '123456' });
    expect((await register()).status).toBe(200);
  });

  test('show and change their profile', async () => {
    const path = `/${whatsapp.numberId}/whatsapp_business_profile`;
    const change = own({ about: 'Sorria', websites: ['https://a.example'] });
    expect((await whatsapp.graph('POST', path, change)).body).toEqual({ success: true });
    const { body } = await whatsapp.graph('GET', path, { fields: 'about,websites,email' });
    expect(body.data).toEqual([
      {
        messaging_product: 'whatsapp',
        about: 'Sorria',
        websites: ['https://a.example'],
        email: 'contato@clinicasorriso.example',
      },
    ]);
    const three = own({ websites: ['a', 'b', 'c'] });
    expect((await whatsapp.graph('POST', path, three)).message).toMatch(/websites/);
  });

  test('block who wrote in the last 24 hours, and nobody else', async () => {
    const path = `/${whatsapp.numberId}/block_users`;
    const block_users = [{ user: `+${whatsapp.person()}` }, { user: whatsapp.person(1) }];
    await whatsapp.inject({ text: 'Oi' });
    const { body } = await whatsapp.graph('POST', path, own({ block_users }));
    expect(body.block_users).toMatchObject({
      added_users: [{ input: `+${whatsapp.person()}`, wa_id: whatsapp.person() }],
      failed_users: [{ input: whatsapp.person(1), errors: [{ code: 131047 }] }],
    });
    expect((await whatsapp.graph('GET', path)).body.data).toMatchObject([
      { wa_id: whatsapp.person() },
    ]);
    expect((await whatsapp.sendText('Olá')).code).toBe(130403);
    const { accessToken } = whatsapp.harness.seed.whatsApp;
    const response = await fetch(`${whatsapp.harness.sandbox.url}/v25.0${path}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(own({ block_users: [{ user: whatsapp.person() }] })),
    });
    expect(await response.json()).toMatchObject({ block_users: { removed_users: [{}] } });
    expect((await whatsapp.sendText('Olá')).status).toBe(200);
  });
});
