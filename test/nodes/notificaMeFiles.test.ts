import type { INodeExecutionData } from 'n8n-workflow';
import { Hub } from './support/notificaMe.ts';
import { waitFor } from '../support/waitFor.ts';

const PDF = Buffer.from('%PDF-1.7 guia da clínica');

let hub: Hub;
let withFile: INodeExecutionData;

beforeAll(async () => {
  hub = await Hub.start();
  await hub.publish();
  const { json } = await hub.customerWrites('Pode mandar a guia?');
  const file = { mimeType: 'application/pdf', fileName: 'guia "nova" é.pdf' };
  withFile = { json, binary: { data: { data: PDF.toString('base64'), ...file } } };
});
afterAll(() => hub.close());

const send = () =>
  hub.send(withFile, { contentType: 'file', source: 'binary', binaryField: 'data' }, 'sendMedia');

/** Where the newest message says that its file is. */
const addressOf = ({ last }: Awaited<ReturnType<typeof send>>) =>
  String(last?.contents[0]?.fileUrl);

describe('a file of the item through NotificaMe', () => {
  it('is handed over by an address beside the door, which serves its bytes', async () => {
    const sent = await send();
    const { error, json, last } = sent;
    expect([error, json]).toMatchObject([undefined, [{ status: 'sent' }]]);
    const [content] = last?.contents ?? [];
    expect(content).toMatchObject({ type: 'file', fileName: withFile.binary?.data?.fileName });
    const url = addressOf(sent);
    expect(url.startsWith(`${hub.instance.server.url}/webhook/webhook-id/file/f2.`)).toBe(true);

    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(PDF.length),
      'content-disposition': `attachment; filename="guia _nova_ _.pdf"; filename*=UTF-8''guia%20%22nova%22%20%C3%A9.pdf`,
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
    });
    expect(Buffer.from(await answer.arrayBuffer()).equals(PDF)).toBe(true);
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(PDF.length)]);
  });

  it('arrives at the hub, which fetches it', async () => {
    const { last } = await send();
    const fetched = await waitFor(
      async () =>
        (await hub.state()).messages.find(({ id }) => id === last?.id)?.files?.find(Boolean),
      { what: 'the file at the hub' },
    );
    expect(fetched).toMatchObject({ status: 200, type: 'application/pdf', size: PDF.length });
  });

  it('is not served with a token that was changed', async () => {
    const answer = await fetch(`${addressOf(await send()).slice(0, -2)}xx`);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toBe('There is no such file here, or not any more.');
  });

  it('says what to do where no door serves it and n8n has no address for it', async () => {
    await hub.unpublish();
    await waitFor(
      async () => {
        const { error } = await send();
        return /there is none for this file\. Publish a trigger of the same credential/.test(
          error ?? '',
        );
      },
      { what: 'the sentence' },
    );
  });
});
