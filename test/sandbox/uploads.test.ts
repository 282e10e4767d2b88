import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Harness, type GraphAnswer } from './support/harness.ts';
import type { Channel } from '../../sandbox/model.ts';

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

const PDF = new Blob(['%PDF-1.7 exame'], { type: 'application/pdf' });
const WEBP = new Blob(['webp'], { type: 'image/webp' });

/** A multipart call to an edge of the Page; values that are objects travel as JSON. */
async function multipart(
  edge: string,
  fields: Record<string, unknown>,
  file?: { blob: Blob; name?: string; key?: string },
): Promise<GraphAnswer> {
  const form = new FormData();
  form.set('access_token', harness.seed.pageAccessToken);
  for (const [key, value] of Object.entries(fields)) {
    form.set(key, typeof value === 'string' ? value : JSON.stringify(value));
  }
  if (file !== undefined) form.set(file.key ?? 'filedata', file.blob, file.name ?? 'exame.pdf');
  const url = `${harness.sandbox.url}/v25.0/${harness.seed.page.id}/${edge}`;
  const response = await fetch(url, { method: 'POST', body: form });
  const body = (await response.json()) as Record<string, unknown>;
  const error = body.error as { code: number; error_subcode?: number; message: string } | undefined;
  return {
    status: response.status,
    headers: response.headers,
    body,
    ...(error === undefined
      ? {}
      : { code: error.code, subcode: error.error_subcode, message: error.message }),
  };
}

const attachment = (
  type: string,
  payload: Record<string, unknown> = {},
): Record<string, unknown> => ({
  attachment: { type, payload },
});
const sendUploaded = (person: string, type: string, id: unknown): Promise<GraphAnswer> =>
  harness.sendText(person, '', { message: attachment(type, { attachment_id: id }) });

test.each<[Channel, Record<string, string>]>([
  ['messenger', {}],
  ['instagram', { platform: 'instagram' }],
])('a file is uploaded once for %s and sent by its id, more than once', async (channel, extra) => {
  const fields = { ...extra, message: attachment('file', { is_reusable: true }) };
  const upload = await multipart('message_attachments', fields, { blob: PDF });
  expect(upload.body).toEqual({ attachment_id: expect.stringMatching(/^\d+$/) });
  const person = harness.person(channel);
  for (let time = 0; time < 2; time += 1) {
    expect((await sendUploaded(person, 'file', upload.body.attachment_id)).status).toBe(200);
  }
  const [message] = await harness.messages(person);
  const { url } = message?.attachments[0] ?? {};
  expect(await (await fetch(url ?? '')).text()).toBe('%PDF-1.7 exame');
  const other = channel === 'messenger' ? instagram : messenger;
  expect(await sendUploaded(other, 'file', upload.body.attachment_id)).toMatchObject({
    code: 100,
    subcode: 2018074,
  });
});

test('a file goes directly with the message, and is kept when it is to be reusable', async () => {
  const answer = await multipart(
    'messages',
    {
      recipient: { id: messenger },
      messaging_type: 'RESPONSE',
      message: attachment('file', { is_reusable: true }),
    },
    { blob: PDF },
  );
  expect(answer.body).toMatchObject({
    recipient_id: messenger,
    message_id: expect.stringMatching(/^m_/),
    attachment_id: expect.any(String),
  });
});

test.each<[string, Record<string, unknown>, Parameters<typeof multipart>[2], number | undefined]>([
  ['a name outside ASCII', attachment('file'), { blob: PDF, name: 'exáme.pdf' }, 2018294],
  ['an empty file', attachment('file'), { blob: new Blob([]) }, 2018294],
  ['a file of another type', attachment('image'), { blob: PDF }, 2018047],
  ['a webp picture on Instagram', attachment('image'), { blob: WEBP }, 2018047],
  ['a file under another key', attachment('file'), { blob: PDF, key: 'file' }, undefined],
  [
    'an address and a file at once',
    attachment('file', { url: 'https://cdn.example/a.pdf' }),
    { blob: PDF },
    undefined,
  ],
])('%s is refused', async (_name, message, file, subcode) => {
  const fields = { platform: 'instagram', message };
  const answer = await multipart('message_attachments', fields, file);
  expect(answer).toMatchObject({ status: 400, code: 100 });
  expect(answer.subcode).toBe(subcode);
});

test('a file that comes with a text is refused', async () => {
  const fields = { recipient: { id: messenger }, messaging_type: 'RESPONSE' };
  const answer = await multipart(
    'messages',
    { ...fields, message: { text: 'Segue' } },
    { blob: PDF },
  );
  expect(answer).toMatchObject({ code: 100, message: expect.stringContaining('filedata') });
});

test('an uploaded Instagram file goes with its type, as MEDIA_SHARE, or with one of them alone', async () => {
  const fields = { platform: 'instagram', message: attachment('file') };
  const id = (await multipart('message_attachments', fields, { blob: PDF })).body.attachment_id;
  expect((await sendUploaded(instagram, 'MEDIA_SHARE', id)).status).toBe(200);
  expect((await sendUploaded(instagram, 'file', id)).status).toBe(200);
  await harness.control('PATCH', '/settings', { sendsUploadedAs: 'type' });
  expect(await sendUploaded(instagram, 'MEDIA_SHARE', id)).toMatchObject({ code: 100 });
  await harness.control('PATCH', '/settings', { sendsUploadedAs: 'mediaShare' });
  expect(await sendUploaded(instagram, 'file', id)).toMatchObject({ code: 100, subcode: 2018074 });
});

test('a feedback request goes with its template, once in seven days and up to seven days', async () => {
  const feedback = {
    messaging_type: 'MESSAGE_TAG',
    tag: 'CUSTOMER_FEEDBACK',
    message: attachment('template', { template_type: 'customer_feedback', title: 'Avalie' }),
  };
  const days = (count: number): Promise<unknown> =>
    harness.control('POST', '/clock', { advanceMs: count * 86_400_000 });
  await days(6);
  const plain = { ...feedback, message: { text: 'Avalie' } };
  expect(await harness.sendText(messenger, '', plain)).toMatchObject({ code: 100 });
  expect((await harness.sendText(messenger, '', feedback)).status).toBe(200);
  expect(await harness.sendText(messenger, '', feedback)).toMatchObject({ code: 100 });
  await days(7);
  expect(await harness.sendText(messenger, '', feedback)).toMatchObject({
    code: 10,
    subcode: 2018278,
  });
});

test('a request that nobody touched for thirty days is listed no more', async () => {
  const { id } = await harness.control<{ id: string }>('POST', '/personas', {
    channel: 'instagram',
    firstName: 'Nova',
    followsBusiness: false,
  });
  await harness.inject({ persona: id, text: 'Oi' });
  const path = `/${harness.seed.page.id}/conversations`;
  const listed = async (): Promise<number> => {
    const { body } = await harness.graph('GET', path, { platform: 'instagram', user_id: id });
    return (body.data as unknown[]).length;
  };
  expect(await listed()).toBe(1);
  await harness.control('POST', '/clock', { advanceMs: 31 * 86_400_000 });
  expect(await listed()).toBe(0);
});
