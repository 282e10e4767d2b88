import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { detailsOf, midOf, WhatsAppHarness } from '../support/whatsapp.ts';

const text = (body: string) => ({ type: 'body', parameters: [{ type: 'text', text: body }] });
const reminder = [
  {
    type: 'body',
    parameters: ['Ana', '12/03', '15:00'].map((value) => ({ type: 'text', text: value })),
  },
];

describe('sending by WhatsApp', () => {
  let whatsapp: WhatsAppHarness;
  beforeAll(async () => {
    whatsapp = await WhatsAppHarness.start();
  });
  afterAll(() => whatsapp.harness.close());
  beforeEach(() => whatsapp.reset());

  const body = { text: 'Qual horário?' };
  const FORMS: Array<[string, Record<string, unknown>]> = [
    ['text with preview', { type: 'text', text: { body: 'https://a.example', preview_url: true } }],
    [
      'picture by link',
      { type: 'image', image: { link: 'https://a.example/a.jpg', caption: 'x' } },
    ],
    ['video by link', { type: 'video', video: { link: 'https://a.example/a.mp4' } }],
    ['voice note', { type: 'audio', audio: { link: 'https://a.example/a.ogg', voice: true } }],
    [
      'document',
      { type: 'document', document: { link: 'https://a.example/a.pdf', filename: 'a.pdf' } },
    ],
    ['sticker', { type: 'sticker', sticker: { link: 'https://a.example/a.webp' } }],
    [
      'place',
      { type: 'location', location: { latitude: '-23.5', longitude: -46.6, name: 'Clínica' } },
    ],
    [
      'contact card',
      {
        type: 'contacts',
        contacts: [
          {
            name: { formatted_name: 'Bia Teste', first_name: 'Bia' },
            phones: [{ phone: '+55 11 97777-0000', type: 'CELL', wa_id: '5511977770000' }],
            emails: [{ email: 'bia@example.org', type: 'WORK' }],
            org: { company: 'Clínica' },
            birthday: '1990-01-31',
          },
        ],
      },
    ],
    [
      'reply buttons',
      {
        type: 'interactive',
        interactive: {
          type: 'button',
          header: { type: 'image', image: { link: 'https://a.example/a.png' } },
          body,
          footer: { text: 'Clínica' },
          action: { buttons: [{ type: 'reply', reply: { id: 'a', title: '15:00' } }] },
        },
      },
    ],
    [
      'list',
      {
        type: 'interactive',
        interactive: {
          type: 'list',
          header: { type: 'text', text: 'Agenda' },
          body,
          action: {
            button: 'Horários',
            sections: [{ rows: [{ id: 'a', title: '15:00', description: 'Dra. Prado' }] }],
          },
        },
      },
    ],
    [
      'link button',
      {
        type: 'interactive',
        interactive: {
          type: 'cta_url',
          body,
          action: {
            name: 'cta_url',
            parameters: { display_text: 'Abrir', url: 'https://a.example' },
          },
        },
      },
    ],
    [
      'form',
      {
        type: 'interactive',
        interactive: {
          type: 'flow',
          body,
          action: {
            name: 'flow',
            parameters: {
              flow_message_version: '3',
              flow_token: 't',
              flow_id: '1',
              flow_cta: 'Preencher',
              flow_action: 'navigate',
              flow_action_payload: { screen: 'A' },
            },
          },
        },
      },
    ],
    [
      'product list',
      {
        type: 'interactive',
        interactive: {
          type: 'product_list',
          header: { type: 'text', text: 'Produtos' },
          body,
          action: {
            catalog_id: '1',
            sections: [{ title: 'Kits', product_items: [{ product_retailer_id: 'A' }] }],
          },
        },
      },
    ],
    [
      'request for the place',
      {
        type: 'interactive',
        interactive: { type: 'location_request_message', body, action: { name: 'send_location' } },
      },
    ],
  ];

  test.each(FORMS)('takes a %s', async (_, form) => {
    await whatsapp.inject({ text: 'Oi' });
    const answer = await whatsapp.send(form);
    expect(answer.body).toMatchObject({
      messaging_product: 'whatsapp',
      contacts: [{ input: whatsapp.person(), wa_id: whatsapp.person() }],
      messages: [{ id: expect.stringMatching(/^wamid\./) }],
    });
    expect(await whatsapp.harness.messages(whatsapp.person())).toHaveLength(1);
  });

  test('tells sent, delivered and read, each with the price and with the data of the caller', async () => {
    await whatsapp.inject({ text: 'Oi' });
    whatsapp.harness.received.length = 0;
    const mid = midOf(await whatsapp.sendText('Olá', { biz_opaque_callback_data: 'wf42:item3' }));
    await whatsapp.harness.idle();
    await whatsapp.harness.control('POST', `/personas/${whatsapp.person()}/view`);
    const statuses = await whatsapp.statuses();
    expect(statuses.map(({ status }) => status)).toEqual(['sent', 'delivered', 'read']);
    for (const status of statuses) {
      expect(status).toMatchObject({
        id: mid,
        recipient_id: whatsapp.person(),
        biz_opaque_callback_data: 'wf42:item3',
        pricing: { billable: false, type: 'free_customer_service', category: 'service' },
      });
    }
  });

  test('leaves a message at "sent" while the phone is off, and delivers it when it is on again', async () => {
    await whatsapp.inject({ text: 'Oi' });
    const person = `/personas/${whatsapp.person()}`;
    await whatsapp.harness.control('PATCH', person, { whatsApp: { isOffline: true } });
    await whatsapp.sendText('Olá');
    const names = async () => (await whatsapp.statuses()).map(({ status }) => status);
    expect(await names()).toEqual(['sent']);
    await whatsapp.harness.control('PATCH', person, { whatsApp: { isOffline: false } });
    expect(await names()).toEqual(['sent', 'delivered']);
  });

  test.each([
    ['131047, outside the window', {}, {}, 131047],
    ['131026, no such phone', {}, { to: '5511900009999' }, 131026],
    ['131026, not on WhatsApp', { isOnWhatsApp: false }, {}, 131026],
  ])('accepts and then fails with %s', async (_, change, more, code) => {
    if (Object.keys(change).length > 0) await whatsapp.inject({ text: 'Oi' });
    const person = `/personas/${whatsapp.person()}`;
    await whatsapp.harness.control('PATCH', person, { whatsApp: change });
    const mid = midOf(await whatsapp.sendText('Olá', more));
    const [status] = await whatsapp.statuses();
    expect(status).toMatchObject({ id: mid, status: 'failed', errors: [{ code }] });
    expect(status).not.toHaveProperty('pricing');
  });

  test.each([
    ['131050 when the person stopped marketing', { stoppedMarketing: true }, 131050],
    ['131049 at the marketing cap', { atMarketingCap: true }, 131049],
  ])('fails a marketing template with %s, and no utility template', async (_, change, code) => {
    const person = `/personas/${whatsapp.person()}`;
    await whatsapp.harness.control('PATCH', person, { whatsApp: change });
    await whatsapp.sendTemplate('boas_vindas', undefined);
    await whatsapp.sendTemplate('lembrete_consulta', reminder);
    const failed = (await whatsapp.statuses()).filter(({ status }) => status === 'failed');
    expect(failed).toMatchObject([{ errors: [{ code }] }]);
  });

  test('answers with the failure itself when the setting says so', async () => {
    await whatsapp.harness.control('PATCH', '/settings', { whatsAppRefusals: 'call' });
    expect(await whatsapp.sendText('Olá')).toMatchObject({ code: 131047, status: 400 });
    expect(await whatsapp.harness.messages(whatsapp.person())).toEqual([]);
  });

  test('bills templates by category, and gives utility templates free inside the window', async () => {
    await whatsapp.sendTemplate('lembrete_consulta', reminder);
    await whatsapp.sendTemplate('convite_avaliacao', [
      { type: 'body', parameters: ['Ana', 'isso'].map((value) => ({ type: 'text', text: value })) },
    ]);
    await whatsapp.inject({ text: 'Oi' });
    await whatsapp.sendTemplate('lembrete_consulta', reminder);
    const sent = (await whatsapp.statuses()).filter(({ status }) => status === 'sent');
    expect(sent.map(({ pricing }) => pricing)).toMatchObject([
      { billable: true, type: 'regular', category: 'utility' },
      { billable: true, type: 'regular', category: 'marketing' },
      { billable: false, type: 'free_customer_service', category: 'utility' },
    ]);
  });

  test('gives 72 free hours when an advertisement is answered within a day', async () => {
    await whatsapp.harness.control('POST', '/arrive', { persona: whatsapp.person(), via: 'ad' });
    await whatsapp.inject({ text: 'Quero saber mais' });
    await whatsapp.sendText('Olá');
    await whatsapp.harness.control('POST', '/clock', { advanceMs: 70 * 3_600_000 });
    await whatsapp.sendTemplate('boas_vindas', undefined);
    await whatsapp.harness.control('POST', '/clock', { advanceMs: 3 * 3_600_000 });
    await whatsapp.sendTemplate('boas_vindas', undefined);
    const sent = (await whatsapp.statuses()).filter(({ status }) => status === 'sent');
    expect(sent.map(({ pricing }) => (pricing as { type: string }).type)).toEqual([
      'free_entry_point',
      'free_entry_point',
      'regular',
    ]);
  });

  test('knows Brazilian numbers with and without the ninth digit, and answers with the one it has', async () => {
    const marcos = whatsapp.person(1);
    expect(marcos).toMatch(/^5511\d{8}$/);
    await whatsapp.inject({ persona: marcos, text: 'Oi' });
    const withNinth = marcos.replace(/^5511/, '55119');
    const answer = await whatsapp.sendText('Olá', { to: `+${withNinth}` });
    expect(answer.body.contacts).toMatchObject([{ input: `+${withNinth}`, wa_id: marcos }]);
    expect(await whatsapp.harness.messages(marcos)).toHaveLength(1);
  });

  test('sends to a business-scoped user id, except authentication templates', async () => {
    const sofia = whatsapp.person(2);
    const { userId } = await personOf(whatsapp, sofia);
    await whatsapp.inject({ persona: sofia, text: 'Oi' });
    const answer = await whatsapp.sendText('Olá', { to: undefined, recipient: userId });
    expect(answer.body.contacts).toEqual([{ input: userId, user_id: userId }]);
    const [status] = await whatsapp.statuses();
    expect(status).toMatchObject({ recipient_user_id: userId });
    expect(status).not.toHaveProperty('recipient_id');
    const code = await whatsapp.sendTemplate('codigo_acesso', [text('123456')], {
      to: undefined,
      recipient: userId,
    });
    expect(code.code).toBe(131062);
  });

  test('gives a person a conversation for each number of the clinic', async () => {
    await whatsapp.inject({ text: 'Oi' });
    const [, south] = whatsapp.harness.seed.whatsApp.numbers;
    const answer = await whatsapp.graph('POST', `/${south?.id ?? ''}/messages`, {
      messaging_product: 'whatsapp',
      to: whatsapp.person(),
      type: 'template',
      template: { name: 'boas_vindas', language: { code: 'pt_BR' } },
    });
    expect(answer.body.contacts).toMatchObject([{ wa_id: whatsapp.person() }]);
    expect(await whatsapp.harness.messages(whatsapp.person())).toEqual([]);
    const { data } = await whatsapp.harness.control<{ data: Array<{ accountId: string }> }>(
      'GET',
      '/messages?channel=whatsapp&direction=out',
    );
    expect(data).toMatchObject([{ accountId: south?.id }]);
  });

  test('reacts to a message, and takes the reaction back', async () => {
    const { mid } = await whatsapp.inject({ text: 'Oi' });
    const react = (emoji: string) =>
      whatsapp.send({ type: 'reaction', reaction: { message_id: mid, emoji } });
    await react('👍');
    const read = async () => (await whatsapp.harness.messages(whatsapp.person(), 'in'))[0];
    expect((await read())?.reactions).toMatchObject([{ by: 'business', emoji: '👍' }]);
    await react('');
    expect((await read())?.reactions).toEqual([]);
    const statuses = await whatsapp.statuses();
    expect(statuses.map(({ status }) => status)).toEqual(['sent', 'sent']);
  });

  test('marks as read with "typing…", which ends with the answer', async () => {
    const { mid } = await whatsapp.inject({ text: 'Oi' });
    const mark = await whatsapp.graph('POST', `/${whatsapp.numberId}/messages`, {
      messaging_product: 'whatsapp',
      status: 'read',
      message_id: mid,
      typing_indicator: { type: 'text' },
    });
    expect(mark.body).toEqual({ success: true });
    const conversation = async () => {
      const { data } = await whatsapp.harness.control<{
        data: Array<{ typing: boolean; businessReadAt?: number }>;
      }>('GET', '/conversations');
      return data[0];
    };
    expect(await conversation()).toMatchObject({
      typing: true,
      businessReadAt: expect.any(Number),
    });
    await whatsapp.sendText('Olá');
    expect(await conversation()).toMatchObject({ typing: false });
  });

  test('shows a template with its places filled', async () => {
    await whatsapp.sendTemplate('confirmacao_com_local', [
      {
        type: 'header',
        parameters: [
          {
            type: 'location',
            location: { latitude: '-23.5', longitude: '-46.6', name: 'Clínica' },
          },
        ],
      },
      {
        type: 'body',
        parameters: ['Ana', 'Dra. Prado', '12/03'].map((value) => ({ type: 'text', text: value })),
      },
      {
        type: 'button',
        sub_type: 'quick_reply',
        index: '0',
        parameters: [{ type: 'payload', payload: 'CONFIRM:9' }],
      },
      {
        type: 'button',
        sub_type: 'url',
        index: '1',
        parameters: [{ type: 'text', text: 'abc' }],
      },
    ]);
    const [message] = await whatsapp.harness.messages(whatsapp.person());
    expect(message?.whatsApp?.rendered).toMatchObject({
      name: 'confirmacao_com_local',
      header: { format: 'LOCATION', location: { name: 'Clínica' } },
      body: 'Olá Ana, sua consulta com Dra. Prado foi marcada para 12/03, até lá!',
      buttons: [
        { text: 'Confirmar', payload: 'CONFIRM:9' },
        { text: 'Ver detalhes', url: 'https://clinicasorriso.example/c/abc' },
        { text: 'Ligar', phone: '+5511900000001' },
      ],
    });
  });

  test('holds the pair limit: 45 at once to one person, then one per 6 seconds', async () => {
    await whatsapp.inject({ text: 'Oi' });
    for (let count = 0; count < 45; count += 1) {
      expect((await whatsapp.sendText(`${count}`)).status).toBe(200);
    }
    expect(await whatsapp.sendText('46')).toMatchObject({ code: 131056, status: 400 });
    await whatsapp.harness.control('POST', '/clock', { advanceMs: 6000 });
    expect((await whatsapp.sendText('46')).status).toBe(200);
    expect((await whatsapp.sendText('47')).code).toBe(131056);
  });

  test('holds the throughput of the number: 80 a second, 1,000 when it is high', async () => {
    await whatsapp.harness.control('PATCH', '/settings', { duplicateEvery: 0 });
    const burst = async (): Promise<number[]> => {
      const answers = await Promise.all(
        Array.from({ length: 90 }, (_, index) =>
          whatsapp.sendText('Olá', { to: String(5511900100000 + index) }),
        ),
      );
      return answers.flatMap(({ code }) => code ?? []);
    };
    const refused = await burst();
    expect(refused.length).toBeGreaterThan(0);
    expect(new Set(refused)).toEqual(new Set([130429]));
    const path = `/whatsapp/numbers/${whatsapp.numberId}`;
    await whatsapp.harness.control('PATCH', path, { throughput: 'HIGH' });
    expect(await burst()).toEqual([]);
  });

  test('fails a file that its address does not give, after the message was accepted', async () => {
    await whatsapp.inject({ text: 'Oi' });
    const link = `${whatsapp.harness.sandbox.url}/_sandbox/media/none`;
    const answer = await whatsapp.send({ type: 'image', image: { link } });
    expect(detailsOf(answer)).toBe('');
    const [status] = await whatsapp.statuses();
    expect(status).toMatchObject({ status: 'failed', errors: [{ code: 131053 }] });
  });
});

async function personOf({ harness }: WhatsAppHarness, id: string): Promise<{ userId: string }> {
  const { data } = await harness.control<{
    data: Array<{ id: string; whatsApp?: { userId: string } }>;
  }>('GET', '/personas');
  const person = data.find((item) => item.id === id)?.whatsApp;
  if (person === undefined) throw new Error(`There is no ${id}.`);
  return person;
}
