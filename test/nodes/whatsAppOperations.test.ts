import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { core } from '../../nodes/shared/loadCore';
import { CLINIC_WHATSAPP, WHATSAPP_PEOPLE } from '../../sandbox/whatsapp/seed.ts';
import { WhatsAppNode } from './support/whatsApp.ts';

const { numberId } = CLINIC_WHATSAPP;
const [ana = '', marcos = ''] = WHATSAPP_PEOPLE.map(({ id }) => id);
let whatsApp: WhatsAppNode;

beforeAll(async () => {
  whatsApp = await WhatsAppNode.start();
  await whatsApp.receive();
  await whatsApp.account();
});
afterAll(() => whatsApp.close());

const run = async (
  resource: string,
  operation: string,
  parameters: IDataObject = {},
  items: INodeExecutionData[] = [{ json: {} }],
  node = {},
) =>
  whatsApp.run(
    resource,
    operation,
    { ...(await whatsApp.chosen()), ...parameters },
    { items, node },
  );

async function pictureOnThePhone(): Promise<string> {
  const response = await fetch(`${whatsApp.instance.sandbox.url}/_sandbox/media`, {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: new Uint8Array(Buffer.from('a picture of a tooth')),
  });
  return ((await response.json()) as { mediaId: string }).mediaId;
}

describe('WhatsApp Cloud: Media', () => {
  const bytes = Buffer.from('%PDF-1.4 um documento da clínica');
  const item = {
    json: {},
    binary: {
      data: { data: bytes.toString('base64'), mimeType: 'application/pdf', fileName: 'a.pdf' },
    },
  };

  it('uploads a file of the item, downloads it into the binary data, and deletes it', async () => {
    const up = await run('media', 'upload', {}, [item]);
    expect(up.error).toBeUndefined();
    expect(up.json).toMatchObject([
      {
        success: true,
        media: { mimeType: 'application/pdf', fileName: 'a.pdf', fileSize: bytes.length },
        connection: { externalId: numberId },
      },
    ]);
    const mediaId = (up.json[0]?.media as IDataObject).id as string;
    const down = await run('media', 'download', { mediaId, binaryField: 'documento' });
    expect(down.error).toBeUndefined();
    expect(down.json).toMatchObject([
      { media: { id: mediaId, mimeType: 'application/pdf', binaryField: 'documento' } },
    ]);
    const file = down.items[0]?.binary?.documento;
    expect(file).toMatchObject({ mimeType: 'application/pdf', fileName: `${mediaId}.pdf` });
    expect(Buffer.from(file?.data ?? '', 'base64')).toEqual(bytes);
    const gone = await run('media', 'delete', { mediaId });
    expect(gone.json).toMatchObject([{ success: true, media: { id: mediaId } }]);
    const { error } = await run('media', 'download', { mediaId });
    expect(error).toContain('WhatsApp refused the file');
  });

  it('downloads the file of a received message, by the default of its field', async () => {
    const received = await whatsApp.customerWrites(ana, {
      attachments: [{ type: 'image', mediaId: await pictureOnThePhone() }],
    });
    const { items, error } = await run('media', 'download', {}, [received]);
    expect(error).toBeUndefined();
    expect(items[0]?.binary?.data).toMatchObject({ fileType: 'image' });
  });

  it('says that the item has no file', async () => {
    const { error, hint } = await run('media', 'upload', { binaryField: 'foto' }, [item]);
    expect(error).toBe('The item has no file in the field "foto".');
    expect(hint).toContain('Binary tab');
  });

  it('continues after a file that cannot be had', async () => {
    const up = await run('media', 'upload', {}, [item]);
    const { id } = up.json[0]?.media as IDataObject;
    const ids = ['999', id].map((mediaId) => ({ json: { mediaId } as IDataObject }));
    const { items, error } = await run(
      'media',
      'download',
      { mediaId: '={{ $json.mediaId }}' },
      ids,
      {
        onError: 'continueRegularOutput',
      },
    );
    expect(error).toBeUndefined();
    expect(items.map(({ json, pairedItem }) => [typeof json.error, pairedItem])).toEqual([
      ['string', { item: 0 }],
      ['undefined', { item: 1 }],
    ]);
  });
});

describe('WhatsApp Cloud: Profile', () => {
  it('gets and updates what customers see, and leaves the rest as it is', async () => {
    const before = await run('profile', 'get');
    expect(before.json).toMatchObject([
      { profile: { about: 'Cuidamos do seu sorriso', vertical: 'HEALTH' } },
    ]);
    const { json, error } = await run('profile', 'update', {
      changes: { about: 'Sorria!', websites: 'https://a.example, https://b.example' },
    });
    expect(error).toBeUndefined();
    expect(json).toMatchObject([
      {
        success: true,
        profile: {
          about: 'Sorria!',
          websites: ['https://a.example', 'https://b.example'],
          email: 'contato@clinicasorriso.example',
        },
      },
    ]);
  });

  it('says that nothing was to be changed', async () => {
    expect((await run('profile', 'update')).error).toBe('"Changes" is empty.');
  });
});

describe('WhatsApp Cloud: Contact', () => {
  it('blocks who wrote, lists them, and lets them write again', async () => {
    const written = await whatsApp.customerWrites(ana, { text: 'Oi' });
    const blocked = await run('contact', 'block', {}, [written]);
    expect([blocked.error, blocked.json]).toMatchObject([
      undefined,
      [{ success: true, blocked: true, contact: { externalId: ana } }],
    ]);
    const list = await run('contact', 'getBlocked', { returnAll: true });
    expect(list.json.map(({ contact }) => contact)).toEqual([{ externalId: ana }]);
    const free = await run('contact', 'unblock', { person: '+55 11 98888-7777' });
    expect(free.json).toMatchObject([{ success: true, blocked: false }]);
    expect((await run('contact', 'getBlocked', { returnAll: true })).json).toEqual([]);
  });

  it('says why somebody cannot be blocked', async () => {
    const { error, hint } = await run('contact', 'block', { person: marcos });
    expect(error).toContain('WhatsApp refused the block list');
    expect(hint).toContain('24 hours');
  });
});

describe('WhatsApp Cloud: Webhook', () => {
  const callbackUrl = () => `${whatsApp.instance.server.url}/webhook/webhook-id/whatsapp`;

  it('subscribes the business account to an address, and says who hears of it', async () => {
    const set = await run('webhook', 'subscribe', { address: 'own', callbackUrl: callbackUrl() });
    expect([set.error, set.json]).toMatchObject([
      undefined,
      [{ success: true, callbackUrl: callbackUrl() }],
    ]);
    const { json } = await run('webhook', 'get');
    expect(json).toMatchObject([
      { subscribed: true, apps: [{ overrideCallbackUrl: callbackUrl() }] },
    ]);
  });

  it('goes back to the address of the dashboard, and off', async () => {
    await run('webhook', 'subscribe', { address: 'dashboard' });
    const back = await run('webhook', 'get');
    expect(back.json).toMatchObject([{ subscribed: true, apps: [{ overrideCallbackUrl: null }] }]);
    await run('webhook', 'unsubscribe');
    expect((await run('webhook', 'get')).json).toMatchObject([{ subscribed: false, apps: [] }]);
  });

  it('finds the published trigger of the credential by itself', async () => {
    const missing = await run('webhook', 'subscribe');
    expect(missing.error).toBe('"Address" is empty.');
    expect(missing.hint).toContain('Publish a workflow with a WhatsApp Cloud Trigger');
    await core.accounts.registerDoor(await whatsApp.app(), {
      tenantId: 'default',
      doorId: 'workflow-1/trigger',
      provider: 'whatsapp_cloud',
      credentialId: 'credential-3',
      url: callbackUrl(),
    });
    const { json } = await run('webhook', 'subscribe');
    expect(json).toMatchObject([{ success: true, callbackUrl: callbackUrl() }]);
  });

  it('refuses an address that Meta would not call', async () => {
    const own = { address: 'own', callbackUrl: 'http://clinic.example/webhook' };
    const { error, hint } = await run('webhook', 'subscribe', own);
    expect(error).toContain('Meta calls addresses with https:// alone');
    expect(hint).toContain('TLS');
  });
});
