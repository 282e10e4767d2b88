import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { detailsOf, WhatsAppHarness } from '../support/whatsapp.ts';

type Json = Record<string, unknown>;

const long = (length: number): string => 'a'.repeat(length);
const body = { text: 'Qual horário?' };
const row = (id: string) => ({ id, title: `Linha ${id}` });
const interactive = (type: string, action: Json, more: Json = {}): Json => ({
  type: 'interactive',
  interactive: { type, body, action, ...more },
});
const buttons = (...replies: Json[]): Json =>
  interactive('button', { buttons: replies.map((reply) => ({ type: 'reply', reply })) });
const list = (sections: Json[]): Json => interactive('list', { button: 'Abrir', sections });
const template = (name: string, components?: unknown, code = 'pt_BR'): Json => ({
  type: 'template',
  template: { name, language: { code }, components },
});
const words = (...texts: string[]): Json => ({
  type: 'body',
  parameters: texts.map((text) => ({ type: 'text', text })),
});

/** Sends that must be refused, with the code and the words that name the place. */
const REFUSED: Array<[string, Json, number, RegExp]> = [
  ['no product', { messaging_product: undefined }, 100, /messaging_product/],
  ['no recipient', { to: undefined }, 131008, /to is required/],
  ['a recipient that is no number', { to: 'ana' }, 131009, /phone number/],
  ['a user id of another form', { to: undefined, recipient: '55119' }, 131009, /user id/],
  ['the clinic itself', { to: '5511900000001' }, 131021, /same number/],
  ['an unknown field', { priority: 1 }, 100, /priority is not a documented field/],
  ['an unknown type', { type: 'poll', poll: {}, text: undefined }, 131051, /poll/],
  ['no text', { text: undefined }, 131008, /text is required/],
  ['an empty text', { text: { body: '' } }, 131008, /text\.body/],
  ['a long text', { text: { body: long(4097) } }, 100, /4096/],
  ['an unknown answered message', { context: { message_id: 'wamid.none' } }, 131009, /context/],
  ['long data of the caller', { biz_opaque_callback_data: long(513) }, 100, /512/],
  [
    'a file by id and link',
    { type: 'image', image: { id: '1', link: 'https://a.example' } },
    131009,
    /exactly one/,
  ],
  ['a file of nobody', { type: 'image', image: { id: '1' } }, 131009, /not a file/],
  ['a file by http', { type: 'image', image: { link: 'http://a.example/a.png' } }, 100, /https/],
  [
    'a long caption',
    { type: 'image', image: { link: 'https://a.example/a', caption: long(1025) } },
    100,
    /1024/,
  ],
  [
    'a caption of a sound',
    { type: 'audio', audio: { link: 'https://a.example/a', caption: 'x' } },
    100,
    /caption/,
  ],
  [
    'a place off the earth',
    { type: 'location', location: { latitude: 91, longitude: 0 } },
    131009,
    /latitude/,
  ],
  [
    'a place without longitude',
    { type: 'location', location: { latitude: 1 } },
    131008,
    /longitude/,
  ],
  [
    'a card without a name',
    { type: 'contacts', contacts: [{ name: { first_name: 'A' } }] },
    131008,
    /formatted_name/,
  ],
  [
    'a birthday in words',
    { type: 'contacts', contacts: [{ name: { formatted_name: 'A' }, birthday: 'maio' }] },
    131009,
    /birthday/,
  ],
  [
    'a reaction to nothing',
    { type: 'reaction', reaction: { message_id: 'wamid.none', emoji: '👍' } },
    131009,
    /reacted/,
  ],
  [
    'four buttons',
    buttons(...['a', 'b', 'c', 'd'].map((id) => ({ id, title: id }))),
    100,
    /1 and 3/,
  ],
  ['a long button', buttons({ id: 'a', title: long(21) }), 100, /20/],
  [
    'two buttons of one id',
    buttons({ id: 'a', title: 'x' }, { id: 'a', title: 'y' }),
    131009,
    /unique/,
  ],
  [
    'two buttons of one title',
    buttons({ id: 'a', title: 'x' }, { id: 'b', title: 'x' }),
    131009,
    /unique/,
  ],
  [
    'eleven rows',
    list([
      { title: 'A', rows: [1, 2, 3, 4, 5, 6].map((i) => row(`a${i}`)) },
      { title: 'B', rows: [1, 2, 3, 4, 5].map((i) => row(`b${i}`)) },
    ]),
    131009,
    /10 rows/,
  ],
  ['sections without titles', list([{ rows: [row('a')] }, { rows: [row('b')] }]), 131008, /title/],
  ['a long row title', list([{ rows: [{ id: 'a', title: long(25) }] }]), 100, /24/],
  ['a long row description', list([{ rows: [{ ...row('a'), description: long(73) }] }]), 100, /72/],
  [
    'a picture above a list',
    interactive(
      'list',
      { button: 'x', sections: [{ rows: [row('a')] }] },
      { header: { type: 'image', image: { link: 'https://a.example' } } },
    ),
    100,
    /header\.type/,
  ],
  [
    'a long footer',
    interactive(
      'button',
      { buttons: [{ type: 'reply', reply: { id: 'a', title: 'x' } }] },
      { footer: { text: long(61) } },
    ),
    131009,
    /60/,
  ],
  [
    'a long body of buttons',
    {
      type: 'interactive',
      interactive: {
        type: 'button',
        body: { text: long(1025) },
        action: { buttons: [{ type: 'reply', reply: { id: 'a', title: 'x' } }] },
      },
    },
    131009,
    /1024/,
  ],
  [
    'no body',
    { type: 'interactive', interactive: { type: 'button', action: { buttons: [] } } },
    131008,
    /body/,
  ],
  [
    'a long link button',
    interactive('cta_url', {
      name: 'cta_url',
      parameters: { display_text: long(21), url: 'https://a.example' },
    }),
    100,
    /20/,
  ],
  [
    'a form of an old version',
    interactive('flow', {
      name: 'flow',
      parameters: { flow_message_version: '2', flow_cta: 'x', flow_id: '1' },
    }),
    100,
    /flow_message_version/,
  ],
  [
    'a form without id',
    interactive('flow', { name: 'flow', parameters: { flow_message_version: '3', flow_cta: 'x' } }),
    131009,
    /flow_id/,
  ],
  [
    'products without a header',
    interactive('product_list', {
      catalog_id: '1',
      sections: [{ product_items: [{ product_retailer_id: 'A' }] }],
    }),
    131009,
    /header/,
  ],
  ['a template nobody made', template('nenhum'), 132001, /nenhum/],
  [
    'a template in another language',
    template('lembrete_consulta', [words('a', 'b', 'c')], 'en_US'),
    132001,
    /en_US/,
  ],
  ['a rejected template', template('oferta_relampago', [words('a')]), 132001, /oferta_relampago/],
  ['a template under review', template('novo_aviso', [words('a')]), 132001, /novo_aviso/],
  ['a paused template', template('promo_junho', [words('a')]), 132015, /paused/],
  ['too few variables', template('lembrete_consulta', [words('a', 'b')]), 132000, /\(2\).*\(3\)/],
  ['variables where there are none', template('boas_vindas', [words('a')]), 132000, /\(1\).*\(0\)/],
  [
    'a line break in a variable',
    template('lembrete_consulta', [words('a\nb', 'b', 'c')]),
    132012,
    /new-line/,
  ],
  [
    'five spaces in a variable',
    template('lembrete_consulta', [words('a     b', 'b', 'c')]),
    132012,
    /spaces/,
  ],
  [
    'a filled text that is too long',
    template('lembrete_consulta', [words(long(1000), 'b', 'c')]),
    132005,
    /characters/,
  ],
  ['no header file', template('documentos_atendimento', [words('a')]), 132012, /DOCUMENT/],
  [
    'a header of another format',
    template('documentos_atendimento', [
      { type: 'header', parameters: [{ type: 'image', image: { link: 'https://a.example' } }] },
      words('a'),
    ]),
    132012,
    /IMAGE/,
  ],
  [
    'names that are not those of the template',
    template('pesquisa_opiniao', [
      { type: 'header', parameters: [{ type: 'text', text: 'A', parameter_name: 'name' }] },
      { type: 'body', parameters: [{ type: 'text', text: 'b', parameter_name: 'procedimento' }] },
    ]),
    132012,
    /nome/,
  ],
  [
    'no code to copy',
    template('feliz_aniversario', [
      { type: 'header', parameters: [{ type: 'image', image: { link: 'https://a.example' } }] },
      words('a'),
    ]),
    131008,
    /copy code/,
  ],
  [
    'a button of another kind',
    template('lembrete_consulta', [
      words('a', 'b', 'c'),
      { type: 'button', sub_type: 'url', index: '0', parameters: [{ type: 'text', text: 'x' }] },
    ]),
    132012,
    /QUICK_REPLY/,
  ],
  [
    'a button that is not there',
    template('lembrete_consulta', [
      words('a', 'b', 'c'),
      {
        type: 'button',
        sub_type: 'quick_reply',
        index: '5',
        parameters: [{ type: 'payload', payload: 'x' }],
      },
    ]),
    132012,
    /index 5/,
  ],
  [
    'too few cards',
    template('tratamentos_do_mes', [words('a'), { type: 'carousel', cards: [] }]),
    132012,
    /2 cards/,
  ],
];

describe('WhatsApp refuses', () => {
  let whatsapp: WhatsAppHarness;
  beforeAll(async () => {
    whatsapp = await WhatsAppHarness.start();
    await whatsapp.inject({ text: 'Oi' });
    await whatsapp.harness.control('PATCH', '/settings', { enforceRates: false });
  });
  afterAll(() => whatsapp.harness.close());

  test.each(REFUSED)('%s', async (_, change, code, words) => {
    const isText = change.type === undefined;
    const answer = await whatsapp.send({
      type: 'text',
      ...(isText ? { text: { body: 'Olá' } } : {}),
      ...change,
    });
    expect({ code: answer.code, details: detailsOf(answer) }).toEqual({
      code,
      details: expect.stringMatching(words),
    });
    expect(await whatsapp.harness.messages(whatsapp.person())).toEqual([]);
  });

  test('a token without the permission, one of another account, and a number without service', async () => {
    const { accessToken } = whatsapp.harness.seed.whatsApp;
    await whatsapp.harness.control('PATCH', `/tokens/${accessToken}`, {
      scopes: ['whatsapp_business_management'],
    });
    expect((await whatsapp.sendText('Olá')).code).toBe(10);
    await whatsapp.harness.control('PATCH', `/tokens/${accessToken}`, {
      scopes: ['whatsapp_business_management', 'whatsapp_business_messaging'],
    });
    const foreign = await whatsapp.graph('GET', '/410000000000099');
    expect(foreign).toMatchObject({ code: 100, subcode: 33 });
    const path = `/whatsapp/numbers/${whatsapp.numberId}`;
    await whatsapp.harness.control('PATCH', path, { isRegistered: false });
    expect((await whatsapp.sendText('Olá')).code).toBe(133010);
    await whatsapp.harness.control('PATCH', path, {
      isRegistered: true,
      allowedRecipients: ['5511900000000'],
    });
    expect((await whatsapp.sendText('Olá')).code).toBe(131030);
  });
});
