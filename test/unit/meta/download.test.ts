import type { HttpClient } from '../../../core/http';
import type { Attachment } from '../../../core/model';
import { downloadAttachment, hasFile } from '../../../core/providers/meta';
import { rejectionOf, testClient } from '../http/support/clients';
import { startLocalServer } from '../http/support/localServer';
import type { Answer, LocalServer } from '../http/support/localServer';
import { messengerConnection } from './support/accounts';

/** The Graph API of the credential, and a content host elsewhere. */
let graph: LocalServer;
let host: LocalServer;
let answer: Answer;
let http: HttpClient;

beforeAll(async () => {
  const current: Answer = (request, response) => answer(request, response);
  graph = await startLocalServer(current);
  host = await startLocalServer(current);
  const egress = { allowedHosts: ['127.0.0.1'], allowedRanges: [], blockedRanges: [] };
  http = testClient({ egress });
});
beforeEach(() => {
  graph.requests.length = 0;
  host.requests.length = 0;
});
afterAll(async () => {
  await http.close();
  await graph.close();
  await host.close();
});

const connection = () => messengerConnection(graph.url);
const download = (attachment: Partial<Attachment>, client = http) =>
  downloadAttachment(client, connection(), { type: 'image', ...attachment });

const file =
  (body: string | Buffer, headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response.writeHead(200, headers);
    response.end(body);
  };

describe('the file of a received message', () => {
  it('comes with the name and type that Meta tells', async () => {
    answer = file('PDF', { 'content-type': 'application/octet-stream' });
    const told = { mimeType: 'application/pdf', fileName: 'Exame de sangue.pdf' };
    expect(await download({ type: 'file', url: `${host.url}/x?oh=1`, ...told })).toEqual({
      bytes: Buffer.from('PDF'),
      ...told,
    });
  });

  it('else takes them from the content host and the address', async () => {
    answer = file('JPG', { 'content-type': 'image/jpeg; charset=binary' });
    expect(await download({ url: `${host.url}/v/t1/minha%20foto.jpg?oh=1` })).toMatchObject({
      mimeType: 'image/jpeg',
      fileName: 'minha foto.jpg',
    });
    answer = file('?', { 'content-type': 'application/octet-stream' });
    expect(await download({ url: `${host.url}/ig_messaging_cdn/?asset_id=1` })).toMatchObject({
      mimeType: null,
      fileName: null,
    });
  });

  it('never names a path', async () => {
    answer = file('x');
    const named = async (fileName: string) =>
      (await download({ url: `${host.url}/`, fileName })).fileName;
    expect(await named('../../etc/passwd')).toBe('passwd');
    expect(await named('..\\a\r\nb.png')).toBe('ab.png');
    expect(await named('..')).toBeNull();
    expect((await download({ url: `${host.url}/%2e%2e%2fpasswd.txt` })).fileName).toBe(
      'passwd.txt',
    );
  });

  it('is asked for without any token, also behind a redirect', async () => {
    answer = (request, response) => {
      const isFirst = request.url.startsWith('/first');
      response.writeHead(isFirst ? 302 : 200, isFirst ? { location: `${host.url}/second` } : {});
      response.end('bytes');
    };
    expect((await download({ url: `${graph.url}/first` })).bytes.toString()).toBe('bytes');
    const seen = [...graph.requests, ...host.requests];
    expect(seen.map(({ url }) => url)).toEqual(['/first', '/second']);
    const { accessToken } = connection().secrets;
    expect(accessToken).toEqual(expect.any(String));
    for (const { headers, url } of seen) {
      expect(headers.authorization).toBeUndefined();
      expect(url + JSON.stringify(headers)).not.toContain(accessToken);
    }
  });

  it('is not followed in a circle', async () => {
    answer = (_request, response) => {
      response.writeHead(302, { location: '/again' });
      response.end();
    };
    expect(await rejectionOf(download({ url: `${host.url}/` }))).toMatchObject({
      code: 'file_unavailable',
    });
    expect(host.requests).toHaveLength(4);
  });

  it('is refused in words when it is gone or too large', async () => {
    answer = (_request, response) => {
      response.writeHead(403);
      response.end();
    };
    expect(await rejectionOf(download({ url: `${host.url}/old.jpg` }))).toMatchObject({
      code: 'file_unavailable',
      message: expect.stringMatching(/HTTP 403/) as unknown,
    });
    answer = file(Buffer.alloc(25 * 1024 * 1024 + 1));
    expect(await rejectionOf(download({ url: `${host.url}/film.mp4` }))).toMatchObject({
      code: 'file_too_large',
      message: 'The file is larger than 25 MB, so it was not downloaded.',
    });
    answer = file(Buffer.alloc(25 * 1024 * 1024));
    expect((await download({ url: `${host.url}/film.mp4` })).bytes).toHaveLength(25 * 1024 * 1024);
  });

  it('is never fetched from inside the network, nor behind a redirect into it', async () => {
    const guarded = testClient();
    try {
      answer = (_request, response) => {
        response.writeHead(302, { location: `${host.url}/inside` });
        response.end();
      };
      for (const url of [`${host.url}/inside`, `${graph.url}/leads-inside`]) {
        expect(await rejectionOf(download({ url }, guarded))).toMatchObject({ kind: 'blocked' });
      }
      expect(host.requests).toEqual([]);
    } finally {
      await guarded.close();
    }
  });
});

describe('an attachment', () => {
  it('has a file when it is one, and has an address', () => {
    const url = 'https://cdn.example/x';
    for (const type of ['image', 'video', 'audio', 'file', 'sticker'] as const) {
      expect([type, hasFile({ type, url }), hasFile({ type })]).toEqual([type, true, false]);
    }
    for (const type of ['share', 'story', 'template', 'fallback', 'location'] as const) {
      expect([type, hasFile({ type, url })]).toEqual([type, false]);
    }
  });
});
