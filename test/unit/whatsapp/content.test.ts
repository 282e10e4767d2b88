import type { OutboundContent, SendSettings } from '../../../core/model';
import { checkWhatsAppContent } from '../../../core/providers/whatsapp-cloud/content/check';
import { messageBody } from '../../../core/providers/whatsapp-cloud/content/message';
import { CORRECTIONS, hasOpenApi, schemaOf } from '../../support/metaOpenApi';
import { PERSON, USER_ID } from './support/accounts';

const frame = { text: 'Qual horário?' };
const url = 'https://files.example.org/a.jpg';

/** One of each kind, with what the documentation's own examples carry. */
const CONTENTS: Array<[string, OutboundContent, object]> = [
  ['text', { type: 'text', text: 'oi' }, { type: 'text', text: { body: 'oi' } }],
  [
    'image with caption',
    { type: 'image', media: { url }, caption: 'exame' },
    { type: 'image', image: { link: url, caption: 'exame' } },
  ],
  ['video', { type: 'video', media: { attachmentId: '1' } }, { video: { id: '1' } }],
  [
    'voice',
    { type: 'audio', media: { attachmentId: '1' }, voice: true },
    { audio: { voice: true } },
  ],
  [
    'document',
    { type: 'file', media: { url }, caption: 'c', fileName: 'exame.pdf' },
    { type: 'document', document: { link: url, caption: 'c', filename: 'exame.pdf' } },
  ],
  ['sticker', { type: 'stickerFile', media: { attachmentId: '5' } }, { sticker: { id: '5' } }],
  [
    'location',
    { type: 'location', latitude: -23.5, longitude: -46.6, name: 'Clínica', address: 'Av. 1' },
    { location: { latitude: '-23.5', longitude: '-46.6', name: 'Clínica', address: 'Av. 1' } },
  ],
  [
    'contacts',
    {
      type: 'contacts',
      contacts: [
        {
          name: { formatted: 'Bia Teste', first: 'Bia' },
          phones: [{ phone: '+55 11 97777-0000', kind: 'WORK', externalId: '5511977770000' }],
          emails: [{ email: 'bia@example.org', kind: 'HOME' }],
          urls: [{ url: 'https://example.org' }],
          organization: { company: 'Clínica' },
          birthday: '1990-05-31',
        },
      ],
    },
    {
      contacts: [
        {
          name: { formatted_name: 'Bia Teste', first_name: 'Bia' },
          phones: [{ phone: '+55 11 97777-0000', type: 'WORK', wa_id: '5511977770000' }],
          emails: [{ email: 'bia@example.org', type: 'HOME' }],
          urls: [{ url: 'https://example.org' }],
          org: { company: 'Clínica' },
          birthday: '1990-05-31',
        },
      ],
    },
  ],
  [
    'reaction',
    { type: 'reaction', targetProviderId: 'wamid.1', emoji: '👍' },
    { type: 'reaction', reaction: { message_id: 'wamid.1', emoji: '👍' } },
  ],
  [
    'reaction taken back',
    { type: 'reaction', targetProviderId: 'wamid.1', emoji: '' },
    { reaction: { emoji: '' } },
  ],
  [
    'buttons of every channel',
    {
      type: 'buttons',
      text: 'Confirma?',
      buttons: [
        { type: 'postback', title: 'Sim', payload: 'YES' },
        { type: 'postback', title: 'Não', payload: 'NO' },
      ],
    },
    {
      interactive: {
        type: 'button',
        body: { text: 'Confirma?' },
        action: {
          buttons: [
            { type: 'reply', reply: { id: 'YES', title: 'Sim' } },
            { type: 'reply', reply: { id: 'NO', title: 'Não' } },
          ],
        },
      },
    },
  ],
  [
    'a button that opens a page',
    { type: 'buttons', text: 'Veja', buttons: [{ type: 'url', title: 'Abrir', url }] },
    { interactive: { type: 'cta_url', action: { parameters: { display_text: 'Abrir', url } } } },
  ],
  [
    'three quick replies as buttons',
    {
      type: 'quickReplies',
      text: 'Turno?',
      quickReplies: ['A', 'B', 'C'].map((title) => ({ title, payload: title })),
    },
    { interactive: { type: 'button' } },
  ],
  [
    'more quick replies as a list',
    {
      type: 'quickReplies',
      text: 'Turno?',
      quickReplies: ['A', 'B', 'C', 'D'].map((title) => ({ title, payload: title })),
    },
    { interactive: { type: 'list', action: { sections: [{ rows: { length: 4 } }] } } },
  ],
  [
    'reply buttons with header and footer',
    {
      type: 'replyButtons',
      frame: { ...frame, header: { kind: 'image', media: { url } }, footer: 'Clínica' },
      buttons: [{ id: '1', title: '15:00' }],
    },
    {
      interactive: {
        type: 'button',
        header: { type: 'image', image: { link: url } },
        footer: { text: 'Clínica' },
      },
    },
  ],
  [
    'reply buttons under a document',
    {
      type: 'replyButtons',
      frame: {
        ...frame,
        header: { kind: 'document', media: { attachmentId: '7' }, fileName: 'a.pdf' },
      },
      buttons: [{ id: '1', title: 'Ok' }],
    },
    { interactive: { header: { type: 'document', document: { id: '7', filename: 'a.pdf' } } } },
  ],
  [
    'list',
    {
      type: 'list',
      frame: { ...frame, header: { kind: 'text', text: 'Agenda' } },
      title: 'Ver horários',
      sections: [
        { title: 'Manhã', rows: [{ id: 's1', title: '09:00', description: 'Dra. Sol' }] },
        { title: 'Tarde', rows: [{ id: 's2', title: '15:00' }] },
      ],
    },
    { interactive: { type: 'list', action: { button: 'Ver horários', sections: { length: 2 } } } },
  ],
  [
    'link button',
    { type: 'linkButton', frame, title: 'Abrir', url },
    { interactive: { type: 'cta_url' } },
  ],
  [
    'flow',
    {
      type: 'flow',
      frame,
      flow: {
        flowId: '9',
        title: 'Avaliar',
        token: 'ft_1',
        action: 'navigate',
        screen: 'NOTA',
        data: { nome: 'Ana' },
        mode: 'draft',
      },
    },
    {
      interactive: {
        type: 'flow',
        action: {
          name: 'flow',
          parameters: {
            flow_message_version: '3',
            flow_id: '9',
            flow_cta: 'Avaliar',
            flow_token: 'ft_1',
            flow_action: 'navigate',
            flow_action_payload: { screen: 'NOTA', data: { nome: 'Ana' } },
            mode: 'draft',
          },
        },
      },
    },
  ],
  [
    'flow by name with its own endpoint',
    {
      type: 'flow',
      frame,
      flow: { flowName: 'nota', title: 'Avaliar', token: 'ft_1', action: 'dataExchange' },
    },
    {
      interactive: { action: { parameters: { flow_name: 'nota', flow_action: 'data_exchange' } } },
    },
  ],
  [
    'product',
    { type: 'product', frame, catalogId: '7', productId: 'SKU-1' },
    { interactive: { action: { catalog_id: '7', product_retailer_id: 'SKU-1' } } },
  ],
  [
    'product list',
    {
      type: 'productList',
      frame: { ...frame, header: { kind: 'text', text: 'Loja' } },
      catalogId: '7',
      sections: [{ title: 'Mais vendidos', productIds: ['SKU-1', 'SKU-2'] }],
    },
    {
      interactive: {
        type: 'product_list',
        action: { sections: [{ product_items: { length: 2 } }] },
      },
    },
  ],
  ['catalogue', { type: 'catalog', frame }, { interactive: { type: 'catalog_message' } }],
  [
    'catalogue with a picture',
    { type: 'catalog', frame, productId: 'SKU-1' },
    { interactive: { action: { parameters: { thumbnail_product_retailer_id: 'SKU-1' } } } },
  ],
  [
    'location request',
    { type: 'locationRequest', text: 'Onde você está?' },
    { interactive: { type: 'location_request_message', action: { name: 'send_location' } } },
  ],
  [
    'an interactive message in Meta’s own form',
    {
      type: 'interactive',
      interactive: {
        type: 'cta_url',
        body: { text: 'x' },
        action: { name: 'cta_url', parameters: { display_text: 'A', url } },
      },
    },
    { interactive: { type: 'cta_url' } },
  ],
  [
    'template with every kind of place',
    {
      type: 'template',
      template: {
        name: 'lembrete_consulta',
        language: 'pt_BR',
        header: { kind: 'document', media: { url }, fileName: 'preparo.pdf' },
        body: [
          { kind: 'text', text: 'Ana', name: 'nome' },
          { kind: 'text', text: '15h', name: 'hora' },
        ],
        buttons: [
          { index: 0, kind: 'url', text: 'apt_9' },
          { index: 1, kind: 'quickReply', payload: 'CONFIRM:apt_9' },
          { index: 2, kind: 'copyCode', code: 'NATAL25' },
          { index: 3, kind: 'flow', token: 'ft_1', data: { id: '9' } },
          { index: 4, kind: 'catalog', productId: 'SKU-1' },
          {
            index: 5,
            kind: 'products',
            productId: 'SKU-1',
            sections: [{ title: 'Loja', productIds: ['SKU-1'] }],
          },
        ],
        offerEndsAt: 1_795_000_000_000,
        cards: [
          {
            header: { kind: 'image', media: { attachmentId: '1' } },
            body: [{ kind: 'text', text: 'Limpeza' }],
            buttons: [{ index: 0, kind: 'quickReply', payload: 'C1' }],
          },
          { header: { kind: 'video', media: { url } }, body: [], buttons: [] },
        ],
      },
    },
    {
      template: {
        name: 'lembrete_consulta',
        language: { code: 'pt_BR' },
        components: [
          {
            type: 'header',
            parameters: [{ type: 'document', document: { link: url, filename: 'preparo.pdf' } }],
          },
          {
            type: 'body',
            parameters: [
              { type: 'text', parameter_name: 'nome', text: 'Ana' },
              { type: 'text', parameter_name: 'hora', text: '15h' },
            ],
          },
          {
            type: 'button',
            sub_type: 'url',
            index: '0',
            parameters: [{ type: 'text', text: 'apt_9' }],
          },
          {
            type: 'button',
            sub_type: 'quick_reply',
            index: '1',
            parameters: [{ type: 'payload', payload: 'CONFIRM:apt_9' }],
          },
          {
            type: 'button',
            sub_type: 'copy_code',
            index: '2',
            parameters: [{ type: 'coupon_code', coupon_code: 'NATAL25' }],
          },
          {
            type: 'button',
            sub_type: 'flow',
            index: '3',
            parameters: [
              { type: 'action', action: { flow_token: 'ft_1', flow_action_data: { id: '9' } } },
            ],
          },
          {
            type: 'button',
            sub_type: 'catalog',
            index: '4',
            parameters: [{ type: 'action', action: { thumbnail_product_retailer_id: 'SKU-1' } }],
          },
          {
            type: 'button',
            sub_type: 'mpm',
            index: '5',
            parameters: [
              {
                type: 'action',
                action: {
                  thumbnail_product_retailer_id: 'SKU-1',
                  sections: [{ title: 'Loja', product_items: [{ product_retailer_id: 'SKU-1' }] }],
                },
              },
            ],
          },
          {
            type: 'limited_time_offer',
            parameters: [
              {
                type: 'limited_time_offer',
                limited_time_offer: { expiration_time_ms: 1_795_000_000_000 },
              },
            ],
          },
          {
            type: 'carousel',
            cards: [
              {
                card_index: 0,
                components: [
                  { type: 'header', parameters: [{ type: 'image', image: { id: '1' } }] },
                  { type: 'body', parameters: [{ type: 'text', text: 'Limpeza' }] },
                  {
                    type: 'button',
                    sub_type: 'quick_reply',
                    index: '0',
                    parameters: [{ type: 'payload', payload: 'C1' }],
                  },
                ],
              },
              {
                card_index: 1,
                components: [
                  { type: 'header', parameters: [{ type: 'video', video: { link: url } }] },
                ],
              },
            ],
          },
        ],
      },
    },
  ],
  [
    'template without places',
    {
      type: 'template',
      template: { name: 'hello_world', language: 'en_US', body: [], buttons: [], cards: [] },
    },
    { template: { name: 'hello_world', language: { code: 'en_US' } } },
  ],
  [
    'template with a place on the map',
    {
      type: 'template',
      template: {
        name: 'endereco',
        language: 'pt_BR',
        header: {
          kind: 'location',
          latitude: -23.5,
          longitude: -46.6,
          name: 'Clínica',
          address: 'Av. 1',
        },
        body: [],
        buttons: [],
        cards: [],
      },
    },
    {
      template: {
        components: [
          { type: 'header', parameters: [{ type: 'location', location: { latitude: '-23.5' } }] },
        ],
      },
    },
  ],
];

const bodyOf = (content: OutboundContent, settings?: SendSettings) =>
  messageBody({
    recipientExternalId: PERSON,
    content,
    settings,
    marker: '01J0000000000000000000MSG0',
  });

describe('the body of a message', () => {
  it.each(CONTENTS)('%s', (_name, content, expected) => {
    checkWhatsAppContent('whatsapp', content);
    expect(bodyOf(content)).toMatchObject({
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: PERSON,
      biz_opaque_callback_data: '01J0000000000000000000MSG0',
      ...expected,
    });
  });

  it('carries the message that it answers, and whether links are shown', () => {
    const body = bodyOf(
      { type: 'text', text: 'https://example.org' },
      { replyTo: 'wamid.1', linkPreview: true },
    );
    expect(body).toMatchObject({ context: { message_id: 'wamid.1' }, text: { preview_url: true } });
  });

  it('names a person without a number by the user id', () => {
    const body = messageBody({
      recipientExternalId: USER_ID,
      content: { type: 'text', text: 'oi' },
    });
    expect(body).toMatchObject({ recipient: USER_ID });
    expect(body).not.toHaveProperty('to');
  });
});

if (!hasOpenApi) {
  it("Meta's OpenAPI file is not beside the project: its cases are left out", () => {
    expect(hasOpenApi).toBe(false);
  });
}

(hasOpenApi ? describe : describe.skip)("Meta's OpenAPI file", () => {
  const isMessage = hasOpenApi ? schemaOf('Message') : undefined;
  const faultsOf = (body: object) => (isMessage?.(body) ? null : isMessage?.errors);

  it.each(CONTENTS)('knows the body of %s', (_name, content) => {
    expect(faultsOf(bodyOf(content))).toBeNull();
    expect(faultsOf(bodyOf(content, { replyTo: 'wamid.1' }))).toBeNull();
  });

  it('refuses what is misspelt', () => {
    expect(faultsOf({ ...bodyOf({ type: 'text', text: 'oi' }), txt: 1 })).not.toBeNull();
    expect(
      faultsOf({ ...bodyOf({ type: 'text', text: 'oi' }), text: { bodi: 'oi' } }),
    ).not.toBeNull();
  });

  it.each(CORRECTIONS.map((correction) => [correction.why, correction] as const))(
    'needs the correction that %s',
    (_why, correction) => {
      const { schema, body } = correction.example;
      expect(schemaOf(schema, correction)(body)).toBe(false);
      const corrected = schemaOf(schema);
      expect(corrected(body) ? null : corrected.errors).toBeNull();
    },
  );
});
