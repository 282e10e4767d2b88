import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { WHATSAPP_PEOPLE } from '../../sandbox/whatsapp/seed.ts';
import { WhatsAppNode, binaryOf } from './support/whatsApp.ts';

const ana = WHATSAPP_PEOPLE[0]?.id ?? '';
let whatsApp: WhatsAppNode;
/** What Ana wrote: with it her window is open. */
let fromAna: INodeExecutionData;

beforeAll(async () => {
  whatsApp = await WhatsAppNode.start();
  await whatsApp.receive();
  fromAna = await whatsApp.customerWrites(ana, { text: 'Oi' });
});
afterAll(() => whatsApp.close());

const send: WhatsAppNode['send'] = (parameters, choice) =>
  whatsApp.send(parameters, { item: fromAna, ...choice });

const sent = { status: 'sent', channel: 'whatsapp', provider: 'whatsapp_cloud' };

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
    const item = { ...fromAna, binary: binaryOf('image/png', 'sala.png') };
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
