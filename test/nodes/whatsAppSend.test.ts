import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { core } from '../../nodes/shared/loadCore';
import { CLINIC_WHATSAPP, WHATSAPP_PEOPLE } from '../../sandbox/whatsapp/seed.ts';
import { PICTURE, WhatsAppNode, binaryOf } from './support/whatsApp.ts';

const { numberId } = CLINIC_WHATSAPP;
const [ana, marcos, sofia] = WHATSAPP_PEOPLE.map(({ id }) => id) as [string, string, string];
const SOFIA_USER_ID = WHATSAPP_PEOPLE[2]?.whatsApp.userId ?? '';
let whatsApp: WhatsAppNode;
/** What Ana wrote: with it her window is open. */
let fromAna: INodeExecutionData;

beforeAll(async () => {
  whatsApp = await WhatsAppNode.start();
  await whatsApp.receive();
  await whatsApp.account();
  fromAna = await whatsApp.customerWrites(ana, { text: 'Oi, quero marcar uma consulta' });
});
afterAll(() => whatsApp.close());

const send: WhatsAppNode['send'] = (parameters, choice) =>
  whatsApp.send(parameters, { item: fromAna, ...choice });

const sent = { status: 'sent', channel: 'whatsapp', provider: 'whatsapp_cloud' };

describe('WhatsApp Cloud: Message: Send', () => {
  it('answers on the number and to the person of the trigger item', async () => {
    const { json, body } = await send({ text: 'Olá, Ana!' });
    expect(json).toMatchObject([
      {
        ...sent,
        connectionId: (await whatsApp.account()).id,
        conversationId: (fromAna.json.conversation as IDataObject).id,
        providerMessageId: expect.stringMatching(/^wamid\./) as unknown,
      },
    ]);
    expect(body).toMatchObject({
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: ana,
      type: 'text',
      text: { body: 'Olá, Ana!' },
      biz_opaque_callback_data: json[0]?.messageId,
    });
  });

  it('shows a preview of links or none, and quotes a message', async () => {
    const replyTo = (fromAna.json.message as IDataObject).providerId as string;
    const { body } = await send({
      text: 'Veja https://example.com',
      options: { linkPreview: true, replyTo },
    });
    expect(body).toMatchObject({
      text: { preview_url: true },
      context: { message_id: replyTo },
    });
    const none = await send({ text: 'Veja https://example.com', options: { linkPreview: false } });
    expect(none.body.text).toMatchObject({ preview_url: false });
  });

  it.each<[string, IDataObject, string, IDataObject]>([
    [
      'a picture by its address',
      { contentType: 'image', url: 'https://example.com/a.jpg', caption: 'A sala' },
      'image',
      { link: 'https://example.com/a.jpg', caption: 'A sala' },
    ],
    [
      'a video by its address',
      { contentType: 'video', url: 'https://example.com/a.mp4', caption: 'O vídeo' },
      'video',
      { link: 'https://example.com/a.mp4', caption: 'O vídeo' },
    ],
    [
      'a recording as a voice message',
      { contentType: 'audio', url: 'https://example.com/a.ogg', voice: true },
      'audio',
      { link: 'https://example.com/a.ogg', voice: true },
    ],
    [
      'a document with its name',
      {
        contentType: 'file',
        url: 'https://example.com/a.pdf',
        fileName: 'preços.pdf',
        caption: 'Tabela',
      },
      'document',
      { link: 'https://example.com/a.pdf', filename: 'preços.pdf', caption: 'Tabela' },
    ],
    [
      'a sticker by its address',
      { contentType: 'sticker', url: 'https://example.com/a.webp' },
      'sticker',
      { link: 'https://example.com/a.webp' },
    ],
    [
      'a place',
      {
        contentType: 'location',
        latitude: -23.5505,
        longitude: -46.6333,
        placeName: 'Clínica',
        address: 'Av. Paulista, 1000',
      },
      'location',
      {
        latitude: '-23.5505',
        longitude: '-46.6333',
        name: 'Clínica',
        address: 'Av. Paulista, 1000',
      },
    ],
  ])('sends %s', async (_what, parameters, type, object) => {
    const { json, body, error } = await send(parameters);
    expect(error).toBeUndefined();
    expect(json).toMatchObject([sent]);
    expect(body).toMatchObject({ type, [type]: object });
  });

  it('sends contacts, and a reaction that is taken back by an empty one', async () => {
    const contact = {
      firstName: 'Ana',
      lastName: 'Lima',
      phones: { phone: [{ number: '+55 11 98888-7777', kind: 'HOME', waId: '+55 11 98888-7777' }] },
      emails: { email: [{ address: 'ana@example.com', kind: 'WORK' }] },
      websites: { website: [{ url: 'https://example.com', kind: 'WORK' }] },
      company: 'Clínica Sorriso',
      jobTitle: 'Dentista',
      birthday: '1990-05-31',
    };
    const cards = await send({ contentType: 'contacts', contacts: { contact: [contact] } });
    expect(cards.json).toMatchObject([sent]);
    expect(cards.body.contacts).toEqual([
      {
        name: { formatted_name: 'Ana Lima', first_name: 'Ana', last_name: 'Lima' },
        phones: [{ phone: '+55 11 98888-7777', type: 'HOME', wa_id: '5511988887777' }],
        emails: [{ email: 'ana@example.com', type: 'WORK' }],
        urls: [{ url: 'https://example.com', type: 'WORK' }],
        org: { company: 'Clínica Sorriso', title: 'Dentista' },
        birthday: '1990-05-31',
      },
    ]);
    const target = (fromAna.json.message as IDataObject).providerId;
    const liked = await send({ contentType: 'reaction' });
    expect(liked.body.reaction).toEqual({ message_id: target, emoji: '👍' });
    const taken = await send({ contentType: 'reaction', emoji: '' });
    expect(taken.body.reaction).toEqual({ message_id: target, emoji: '' });
  });

  it('uploads a file of the item once, whatever its kind, and sends its id', async () => {
    for (const [contentType, mimeType, fileName, type] of [
      ['image', 'image/png', 'sala.png', 'image'],
      ['file', 'application/pdf', 'preços.pdf', 'document'],
      ['sticker', 'image/webp', 'dente.webp', 'sticker'],
    ] as const) {
      const bytes = Buffer.concat([PICTURE, Buffer.from(contentType)]);
      const item = { ...fromAna, binary: binaryOf(mimeType, fileName, bytes) };
      const first = await send({ contentType, source: 'binary' }, { item });
      expect([first.error, first.json]).toMatchObject([undefined, [sent]]);
      const { id } = first.body[type] as IDataObject;
      expect(id).toMatch(/^\d+$/);
      const second = await send({ contentType, source: 'binary' }, { item });
      expect(second.calls.filter(({ path }) => path.endsWith('/media'))).toEqual([]);
      expect(second.body[type]).toMatchObject({ id });
    }
  });

  it('names the document of the item at the other end', async () => {
    const item = { ...fromAna, binary: binaryOf('application/pdf', 'orçamento.pdf') };
    const { body } = await send({ contentType: 'file', source: 'binary' }, { item });
    expect(body.document).toMatchObject({ filename: 'orçamento.pdf' });
  });

  it('refuses a file that WhatsApp does not take before it is uploaded', async () => {
    const item = { ...fromAna, binary: binaryOf('image/gif', 'a.gif') };
    const { error, calls, hint } = await send({ contentType: 'image', source: 'binary' }, { item });
    expect(error).toContain('WhatsApp does not take "image/gif" as a picture.');
    expect(error).toContain('JPEG and PNG');
    expect(hint).toContain('invalid_content');
    expect(calls.filter(({ path }) => path.endsWith('/media'))).toEqual([]);
  });

  it('says which field is empty, and that an item has no file', async () => {
    const nothing = '={{ "" }}';
    const text = 'Oi';
    expect((await send({ text, recipient: nothing })).error).toBe('"Recipient" is empty.');
    const account = { __rl: true, mode: 'id', value: nothing };
    expect((await send({ text, account })).error).toBe('"Account" is empty.');
    const { error } = await send({ contentType: 'image', source: 'binary' });
    expect(error).toContain('The item has no file in the field "data".');
  });
});

describe('whom a message reaches', () => {
  const template = { __rl: true, mode: 'name', value: 'boas_vindas|pt_BR' };
  const welcome = { contentType: 'template', template };
  const elsewhere = { json: {} };

  it.each(['+55 (11) 98888-7777', '11 98888-7777', '5511988887777'])(
    'is Ana, written like "%s"',
    async (recipient) => {
      const chosen = await whatsApp.chosen();
      const { json } = await send({ ...chosen, recipient, ...welcome }, { item: elsewhere });
      expect(json).toMatchObject([
        { ...sent, contactId: (fromAna.json.contact as IDataObject).id },
      ]);
    },
  );

  it('is one contact with and without the ninth digit', async () => {
    const chosen = await whatsApp.chosen();
    const contacts: unknown[] = [];
    for (const recipient of ['+55 11 98888-6666', '+55 11 8888-6666', marcos]) {
      const { json } = await send({ ...chosen, recipient, ...welcome }, { item: elsewhere });
      expect(json).toMatchObject([sent]);
      contacts.push(json[0]?.contactId);
    }
    expect(new Set(contacts).size).toBe(1);
  });

  it('is somebody whose number WhatsApp does not tell', async () => {
    const item = await whatsApp.customerWrites(sofia, { text: 'Oi' });
    expect(item.json.contact).toMatchObject({ externalId: SOFIA_USER_ID, phone: null });
    const { json, body } = await send({ text: 'Oi, Sofia!' }, { item });
    expect(json).toMatchObject([sent]);
    expect(body).toMatchObject({ recipient: SOFIA_USER_ID });
    expect(body).not.toHaveProperty('to');
  });

  it('is nobody where it is no number', async () => {
    const { error, hint } = await send({ recipient: 'Ana', text: 'Oi' });
    expect(error).toBe('"Ana" is no phone number.');
    expect(hint).toContain('+55 11 98888-7777');
  });
});

describe('many at once', () => {
  it('continue after a failure with its error, and keep their order and pairs', async () => {
    const items = ['um', 'dois', 'três'].map((text) => ({ json: { ...fromAna.json, text } }));
    (items[1] as INodeExecutionData).json.contact = { externalId: 'ninguém' };
    const { items: found, error } = await whatsApp.run(
      'message',
      'send',
      { text: '={{ $json.text }}', options: { sendAgain: 'everyRun' } },
      { items, node: { onError: 'continueRegularOutput' } },
    );
    expect(error).toBeUndefined();
    expect(found.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2].map((item) => ({ item })));
    expect(found.map(({ json }) => json.status ?? json.error)).toEqual([
      'sent',
      '"ninguém" is no phone number.',
      'sent',
    ]);
  });

  it('send once for an event, however often the node runs', async () => {
    const again = { options: { sendAgain: 'oncePerEvent' } };
    const first = await send({ text: 'Uma vez', ...again });
    const second = await send({ text: 'Uma vez', ...again });
    expect([first.bodies.length, second.bodies.length]).toEqual([1, 0]);
    expect(second.json).toMatchObject([{ duplicate: true, messageId: first.json[0]?.messageId }]);
  });
});

describe('WhatsApp Cloud: Message: Mark as Read', () => {
  it('marks what the customer wrote, and shows that somebody types', async () => {
    const calls = whatsApp.callsSince();
    const { json, error } = await whatsApp.run('message', 'markAsRead', {}, { items: [fromAna] });
    expect(error).toBeUndefined();
    const { providerId } = fromAna.json.message as IDataObject;
    expect(json).toMatchObject([
      {
        success: true,
        typing: true,
        connection: { externalId: numberId },
        message: { providerId },
      },
    ]);
    expect(calls().at(-1)?.params).toMatchObject({
      status: 'read',
      message_id: providerId,
      typing_indicator: { type: 'text' },
    });
  });

  it('refuses a message that is none, with what to do', async () => {
    const { error } = await whatsApp.run(
      'message',
      'markAsRead',
      { messageId: 'wamid.invented', typing: false },
      { items: [fromAna] },
    );
    expect(error).toContain('WhatsApp refused the read mark');
  });
});

describe('statuses', () => {
  it('find the message that the node sent', async () => {
    const { json } = await send({ text: 'Chegou?' });
    const messageId = json[0]?.messageId;
    await whatsApp.until('message.delivered', messageId as string);
    const app = await whatsApp.app();
    const { items } = await core.events.listEvents(app, 'default', {
      filter: { types: ['message.delivered'] },
      limit: 100,
    });
    expect(items.map(({ message }) => message?.id)).toContain(messageId);
  });
});
