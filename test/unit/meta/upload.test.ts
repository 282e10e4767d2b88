import { createHash } from 'node:crypto';
import { systemClock } from '../../../core/model';
import type { MediaFile } from '../../../core/model';
import { createMetaProvider } from '../../../core/providers/meta';
import type { Provider } from '../../../core/providers/provider';
import { rejectionOf } from '../http/support/clients';
import { sendJson } from '../http/support/localServer';
import { PAGE_ID, PROOF, instagramConnection, messengerConnection } from './support/accounts';
import { startGraphServer } from './support/graphServer';
import type { GraphServer } from './support/graphServer';

let graph: GraphServer;
let meta: Provider;

beforeAll(async () => {
  graph = await startGraphServer();
  meta = createMetaProvider({ http: graph.http, clock: systemClock });
});
afterAll(() => graph.close());
beforeEach(() =>
  graph.answerWith((_request, response) => sendJson(response, { attachment_id: 98 })),
);

const file = (parts: Partial<MediaFile> = {}): MediaFile => ({
  sha256: createHash('sha256').update('bytes').digest('hex'),
  size: 5,
  mimeType: 'image/png',
  fileName: 'mapa.png',
  read: async () => Buffer.from('bytes'),
  ...parts,
});
const upload = async (connection: ReturnType<typeof messengerConnection>, one = file()) =>
  await meta.upload?.(connection, 'image', one);

describe('a file that Meta is to keep', () => {
  it('travels to the Page as a form, with what it is', async () => {
    expect(await upload(messengerConnection(graph.server.url))).toBe('98');
    const [request] = graph.server.requests;
    expect(request?.url).toBe(`/v25.0/${PAGE_ID}/message_attachments?appsecret_proof=${PROOF}`);
    const type = request?.headers['content-type'] ?? '';
    const form = await new Response(request?.body, {
      headers: { 'content-type': type },
    }).formData();
    expect([...form.keys()]).toEqual(['message', 'filedata']);
    expect(JSON.parse(form.get('message') as string)).toEqual({
      attachment: { type: 'image', payload: { is_reusable: true } },
    });
    const sent = form.get('filedata') as File;
    expect([sent.name, sent.type, await sent.text()]).toEqual(['mapa.png', 'image/png', 'bytes']);
  });

  it('says the platform for Instagram, and travels through the Page', async () => {
    await upload(instagramConnection(graph.server.url));
    expect(graph.server.requests[0]?.url).toContain(`/${PAGE_ID}/message_attachments`);
    expect(graph.server.requests[0]?.body).toMatch(/name="platform"\r\n\r\ninstagram\r\n/);
  });

  it.each([
    ['Avaliação “nova”.png', 'Avaliacao nova.png'],
    ['日本.png', 'image.png'],
    ['a"b\r\nc.png', 'a%22bc.png'],
    [null, 'image'],
  ])('has a plain name: %j', async (fileName, plain) => {
    await upload(messengerConnection(graph.server.url), file({ fileName }));
    expect(graph.server.requests[0]?.body).toContain(`filename="${plain}"`);
  });

  it('is measured before it is read', async () => {
    const read = () => Promise.reject(new Error('It was read.'));
    const large = file({ size: 9 * 1024 ** 2, read });
    expect(await rejectionOf(upload(instagramConnection(graph.server.url), large))).toMatchObject({
      reason: 'invalid_content',
      message: 'The picture has 9 MB; Instagram allows 8 MB.',
    });
    const odd = file({ mimeType: 'image/webp', read });
    expect(await rejectionOf(upload(instagramConnection(graph.server.url), odd))).toMatchObject({
      reason: 'invalid_content',
    });
    expect(graph.server.requests).toHaveLength(0);
  });

  it('cannot be taken after Instagram Login, and the sentence says the way on', async () => {
    const own = instagramConnection(graph.server.url, { login: 'instagram' });
    expect(await rejectionOf(upload(own))).toMatchObject({
      reason: 'invalid_content',
      field: 'Input Binary Field',
      hint: expect.stringContaining('public address') as unknown,
    });
    expect(graph.server.requests).toHaveLength(0);
  });

  it('may be handed over again when the connection breaks: no customer sees anything of it', async () => {
    graph.answerWith((_request, response) => response.destroy());
    expect(await rejectionOf(upload(messengerConnection(graph.server.url)))).toMatchObject({
      reason: 'provider_unavailable',
      retryable: true,
    });
  });
});
