import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { core } from '../../nodes/shared/loadCore';
import { CLINIC_WHATSAPP, WHATSAPP_PEOPLE } from '../../sandbox/whatsapp/seed.ts';
import { WhatsAppNode } from './support/whatsApp.ts';

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

const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const binary = (mimeType: string, fileName: string, bytes: Uint8Array = PICTURE) => ({
  data: { data: Buffer.from(bytes).toString('base64'), mimeType, fileName },
});

/** Sends behind what Ana wrote; by default the answer goes to her, on the number that she wrote to. */
async function send(
  parameters: IDataObject,
  { item = fromAna, ...more }: { item?: INodeExecutionData } & Record<string, unknown> = {},
) {
  const calls = whatsApp.callsSince();
  const options = { sendAgain: 'everyRun', ...(parameters.options as IDataObject | undefined) };
  const { json, error, hint } = await whatsApp.run(
    'message',
    'send',
    { ...parameters, options },
    { items: [item], ...more },
  );
  const bodies = calls()
    .filter(({ path, method }) => method === 'POST' && path.endsWith('/messages'))
    .map(({ params }) => params);
  return { json, error, hint, bodies, body: bodies[0] ?? {}, calls: calls() };
}

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
      phones: { phone: [{ number: '+55 11 98888-7777', kind: 'CELL', waId: '+55 11 98888-7777' }] },
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
        phones: [{ phone: '+55 11 98888-7777', type: 'CELL', wa_id: '5511988887777' }],
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
      const item = { ...fromAna, binary: binary(mimeType, fileName, bytes) };
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
    const item = { ...fromAna, binary: binary('application/pdf', 'orçamento.pdf') };
    const { body } = await send({ contentType: 'file', source: 'binary' }, { item });
    expect(body.document).toMatchObject({ filename: 'orçamento.pdf' });
  });

  it('refuses a file that WhatsApp does not take before it is uploaded', async () => {
    const item = { ...fromAna, binary: binary('image/gif', 'a.gif') };
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

describe('what can be tapped', () => {
  const image = { kind: 'image', image: { link: 'https://example.com/a.jpg' } };

  it.each<[string, IDataObject, IDataObject]>([
    [
      'buttons under a picture, with a footer',
      {
        contentType: 'buttons',
        text: 'Posso confirmar?',
        headerKind: 'image',
        headerUrl: 'https://example.com/a.jpg',
        footer: 'Clínica Sorriso',
        buttons: { button: [{ title: 'Confirmar', payload: 'YES' }, { title: 'Remarcar' }] },
      },
      {
        type: 'button',
        header: { type: 'image', image: image.image },
        body: { text: 'Posso confirmar?' },
        footer: { text: 'Clínica Sorriso' },
        action: {
          buttons: [
            { type: 'reply', reply: { id: 'YES', title: 'Confirmar' } },
            { type: 'reply', reply: { id: 'Remarcar', title: 'Remarcar' } },
          ],
        },
      },
    ],
    [
      'a list with sections',
      {
        contentType: 'list',
        text: 'Qual horário?',
        headerText: 'Horários',
        listButton: 'Ver',
        sections: {
          section: [
            { title: 'Manhã', rows: { row: [{ title: '9:00', payload: 'SLOT_9' }] } },
            { title: 'Tarde', rows: { row: [{ title: '15:00', description: 'Dr. Lima' }] } },
          ],
        },
      },
      {
        type: 'list',
        header: { type: 'text', text: 'Horários' },
        body: { text: 'Qual horário?' },
        action: {
          button: 'Ver',
          sections: [
            { title: 'Manhã', rows: [{ id: 'SLOT_9', title: '9:00' }] },
            { title: 'Tarde', rows: [{ id: '15:00', title: '15:00', description: 'Dr. Lima' }] },
          ],
        },
      },
    ],
    [
      'a button that opens a page',
      {
        contentType: 'linkButton',
        text: 'Nossos preços',
        headerKind: 'text',
        headerText: 'Preços',
        buttonLabel: 'Abrir',
        buttonUrl: 'https://example.com/precos',
      },
      {
        type: 'cta_url',
        header: { type: 'text', text: 'Preços' },
        body: { text: 'Nossos preços' },
        action: {
          name: 'cta_url',
          parameters: { display_text: 'Abrir', url: 'https://example.com/precos' },
        },
      },
    ],
    [
      'a flow by its id, at a screen',
      {
        contentType: 'flow',
        text: 'Preencha a ficha',
        flow: '1123456789012345',
        flowReference: 'ficha-1',
        buttonLabel: 'Começar',
        flowScreen: 'WELCOME',
        flowData: '{ "name": "Ana" }',
      },
      {
        type: 'flow',
        action: {
          name: 'flow',
          parameters: {
            flow_message_version: '3',
            flow_token: 'ficha-1',
            flow_id: '1123456789012345',
            flow_cta: 'Começar',
            flow_action: 'navigate',
            flow_action_payload: { screen: 'WELCOME', data: { name: 'Ana' } },
          },
        },
      },
    ],
    [
      'a request for a location',
      { contentType: 'locationRequest', text: 'Onde você está?' },
      {
        type: 'location_request_message',
        body: { text: 'Onde você está?' },
        action: { name: 'send_location' },
      },
    ],
    [
      'a product',
      { contentType: 'product', catalogId: '194836987003835', productId: 'SKU-1' },
      {
        type: 'product',
        action: { catalog_id: '194836987003835', product_retailer_id: 'SKU-1' },
      },
    ],
    [
      'a list of products',
      {
        contentType: 'productList',
        text: 'Veja',
        headerText: 'Produtos',
        catalogId: '194836987003835',
        productSections: { section: [{ title: 'Populares', productIds: 'SKU-1, SKU-2' }] },
      },
      {
        type: 'product_list',
        header: { type: 'text', text: 'Produtos' },
        action: {
          catalog_id: '194836987003835',
          sections: [
            {
              title: 'Populares',
              product_items: [{ product_retailer_id: 'SKU-1' }, { product_retailer_id: 'SKU-2' }],
            },
          ],
        },
      },
    ],
    [
      'the catalogue',
      { contentType: 'catalog', text: 'Tudo aqui', thumbnailProductId: 'SKU-1' },
      {
        type: 'catalog_message',
        action: {
          name: 'catalog_message',
          parameters: { thumbnail_product_retailer_id: 'SKU-1' },
        },
      },
    ],
    [
      "what has no fields, in Meta's own form",
      {
        contentType: 'interactive',
        interactiveJson: JSON.stringify({
          type: 'cta_url',
          body: { text: 'Oi' },
          action: {
            name: 'cta_url',
            parameters: { display_text: 'Abrir', url: 'https://a.example' },
          },
        }),
      },
      { type: 'cta_url', body: { text: 'Oi' } },
    ],
  ])('is sent: %s', async (_what, parameters, interactive) => {
    const { json, body, error } = await send(parameters);
    expect(error).toBeUndefined();
    expect(json).toMatchObject([sent]);
    expect(body).toMatchObject({ type: 'interactive', interactive });
  });

  it('has a picture of the item above it', async () => {
    const item = { ...fromAna, binary: binary('image/png', 'sala.png') };
    const { json, body } = await send(
      {
        contentType: 'buttons',
        text: 'Gostou?',
        headerKind: 'image',
        headerSource: 'binary',
        buttons: { button: [{ title: 'Sim' }] },
      },
      { item },
    );
    expect(json).toMatchObject([sent]);
    expect(body.interactive).toMatchObject({
      header: { type: 'image', image: { id: expect.stringMatching(/^\d+$/) as unknown } },
    });
  });

  it('is refused before the call where Meta would refuse it, naming the field', async () => {
    const twice = { button: [{ title: 'Sim' }, { title: 'Sim' }] };
    const { error, bodies } = await send({ contentType: 'buttons', text: 'Oi', buttons: twice });
    expect(error).toContain('Two of them have the same label, "Sim".');
    expect(bodies).toEqual([]);
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
