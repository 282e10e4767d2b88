import {
  createTemplate,
  deleteTemplate,
  fillTemplate,
  forgetTemplates,
  listTemplates,
  previewOf,
  templatesOf,
  variablesOf,
} from '../../../core/providers/whatsapp-cloud';
import {
  readTemplate,
  type MessageTemplate,
} from '../../../core/providers/whatsapp-cloud/templates/definition';
import { rejectionOf } from '../http/support/clients';
import { sendJson } from '../http/support/localServer';
import { startGraphServer, type GraphServer } from '../meta/support/graphServer';
import { BUSINESS_ID, connectionTo } from './support/accounts';

let graph: GraphServer;
beforeAll(async () => {
  graph = await startGraphServer();
});
afterAll(() => graph.close());
beforeEach(() => forgetTemplates(graph.http));
const connection = () => connectionTo(graph.server.url);

const REMINDER = {
  id: '1',
  name: 'lembrete_consulta',
  language: 'pt_BR',
  status: 'APPROVED',
  category: 'UTILITY',
  quality_score: { score: 'GREEN' },
  rejected_reason: 'NONE',
  components: [
    { type: 'HEADER', format: 'TEXT', text: 'Olá {{1}}', example: { header_text: ['Ana'] } },
    {
      type: 'BODY',
      text: 'Sua consulta é {{1}} às {{2}}. Confirma, {{1}}?',
      example: { body_text: [['amanhã', '15h']] },
    },
    { type: 'FOOTER', text: 'Clínica Sol' },
    {
      type: 'BUTTONS',
      buttons: [
        { type: 'QUICK_REPLY', text: 'Confirmar' },
        {
          type: 'URL',
          text: 'Ver',
          url: 'https://x.example/{{1}}',
          example: ['https://x.example/9'],
        },
        { type: 'URL', text: 'Site', url: 'https://x.example' },
        { type: 'PHONE_NUMBER', text: 'Ligar', phone_number: '+5511900000001' },
        { type: 'COPY_CODE', text: 'Copiar', example: ['NATAL25'] },
        { type: 'FLOW', text: 'Avaliar', flow_id: '9' },
        { type: 'CATALOG', text: 'Loja' },
        { type: 'MPM', text: 'Itens' },
      ],
    },
  ],
};
const NAMED = {
  id: '2',
  name: 'documentos',
  language: 'pt_BR',
  status: 'APPROVED',
  category: 'UTILITY',
  components: [
    { type: 'HEADER', format: 'DOCUMENT', example: { header_handle: ['4:x'] } },
    {
      type: 'BODY',
      text: 'Oi {{nome}}, segue {{documento}}.',
      example: {
        body_text_named_params: [
          { param_name: 'nome', example: 'Ana' },
          { param_name: 'documento', example: 'exame' },
        ],
      },
    },
  ],
};
const CAROUSEL = {
  id: '3',
  name: 'ofertas',
  language: 'pt_BR',
  status: 'PAUSED',
  category: 'MARKETING',
  components: [
    { type: 'BODY', text: 'Veja {{1}}' },
    { type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Só hoje', has_expiration: true } },
    {
      type: 'CAROUSEL',
      cards: [0, 1].map(() => ({
        components: [
          { type: 'HEADER', format: 'IMAGE' },
          { type: 'BODY', text: 'Item {{1}}' },
          { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Quero' }] },
        ],
      })),
    },
  ],
};
const read = (value: object) => readTemplate(value) as MessageTemplate;
const slots = (value: object) => variablesOf(read(value)).map(({ slot }) => slot);
const serve = (...templates: object[]) =>
  graph.answerWith((_request, response) => sendJson(response, { data: templates }));

describe('the variables of a template', () => {
  it('are its own: each place once, with the example of the template', () => {
    expect(variablesOf(read(REMINDER))).toMatchObject([
      { slot: 'header:1', label: 'Header 1', required: true, example: 'Ana' },
      { slot: 'body:1', example: 'amanhã', kind: 'text' },
      { slot: 'body:2', example: '15h' },
      { slot: 'button:0:payload', required: false },
      { slot: 'button:1:url', required: true, example: 'https://x.example/9' },
      { slot: 'button:4:code', required: true, example: 'NATAL25' },
      { slot: 'button:5:flowToken', required: false },
      { slot: 'button:5:flowData', required: false, kind: 'json' },
      { slot: 'button:6:productId', required: false },
      { slot: 'button:7:productId', required: true },
      { slot: 'button:7:sections', required: true },
    ]);
  });

  it('may have names', () => {
    expect(slots(NAMED)).toEqual([
      'header:document',
      'header:fileName',
      'body:nome',
      'body:documento',
    ]);
  });

  it('are those of each card of a carousel too', () => {
    expect(slots(CAROUSEL)).toEqual([
      'body:1',
      'offer:expiresAt',
      'card:0:header:image',
      'card:0:body:1',
      'card:0:button:0:payload',
      'card:1:header:image',
      'card:1:body:1',
      'card:1:button:0:payload',
    ]);
  });

  it.each([
    ['IMAGE', ['header:image']],
    ['VIDEO', ['header:video']],
    ['LOCATION', ['header:latitude', 'header:longitude', 'header:placeName', 'header:address']],
  ])('of a header of format %s', (format, expected) => {
    expect(slots({ ...NAMED, components: [{ type: 'HEADER', format }] })).toEqual(expected);
  });
});

describe('the preview of a template', () => {
  it('shows its text with the examples left open', () => {
    expect(previewOf(read(REMINDER), { 'body:1': 'hoje', 'header:1': 'Bia' })).toBe(
      'Olá Bia\nSua consulta é hoje às {{2}}. Confirma, hoje?\nClínica Sol\n[Confirmar]\n[Ver]\n[Site]\n[Ligar]\n[Copiar]\n[Avaliar]\n[Loja]\n[Itens]',
    );
    expect(previewOf(read(CAROUSEL))).toBe(
      'Veja {{1}}\n[Só hoje]\n--- 1 ---\n[image]\nItem {{1}}\n[Quero]\n--- 2 ---\n[image]\nItem {{1}}\n[Quero]',
    );
  });
});

describe('a filled template', () => {
  const fill = (name: string, values: Record<string, string>, language = 'pt_BR') =>
    fillTemplate(graph.http, connection(), { name, language, values });

  it('puts each value into its place, and says what it reads like', async () => {
    serve(REMINDER);
    await expect(
      fill('lembrete_consulta', {
        'header:1': 'Ana',
        'body:2': '15h',
        'body:1': 'amanhã',
        'button:0:payload': 'CONFIRM:9',
        'button:1:url': '9',
        'button:4:code': 'NATAL25',
        'button:5:flowData': '{"id":9}',
        'button:7:productId': 'SKU-1',
        'button:7:sections': '[{"title":"Loja","productIds":["SKU-1",2]}]',
        'button:6:productId': '  ',
      }),
    ).resolves.toEqual({
      name: 'lembrete_consulta',
      language: 'pt_BR',
      category: 'utility',
      header: { kind: 'text', text: 'Ana' },
      body: [
        { kind: 'text', text: 'amanhã' },
        { kind: 'text', text: '15h' },
      ],
      buttons: [
        { index: 0, kind: 'quickReply', payload: 'CONFIRM:9' },
        { index: 1, kind: 'url', text: '9' },
        { index: 4, kind: 'copyCode', code: 'NATAL25' },
        { index: 5, kind: 'flow', data: { id: 9 } },
        {
          index: 7,
          kind: 'products',
          productId: 'SKU-1',
          sections: [{ title: 'Loja', productIds: ['SKU-1', '2'] }],
        },
      ],
      cards: [],
      preview: 'Olá Ana\nSua consulta é amanhã às 15h. Confirma, amanhã?\nClínica Sol',
    });
  });

  it('takes a file by its address or by the id of an upload', async () => {
    serve(NAMED);
    const names = { 'body:nome': 'Ana', 'body:documento': 'exame' };
    await expect(
      fill('documentos', {
        ...names,
        'header:document': 'https://a.example/x.pdf',
        'header:fileName': 'x.pdf',
      }),
    ).resolves.toMatchObject({
      header: { kind: 'document', media: { url: 'https://a.example/x.pdf' }, fileName: 'x.pdf' },
      body: [
        { text: 'Ana', name: 'nome' },
        { text: 'exame', name: 'documento' },
      ],
    });
    await expect(fill('documentos', { ...names, 'header:document': '900' })).resolves.toMatchObject(
      {
        header: { media: { attachmentId: '900' } },
      },
    );
  });

  it('keeps cards in their order and ends an offer at an instant', async () => {
    serve(CAROUSEL);
    const filled = await fill('ofertas', {
      'body:1': 'já',
      'offer:expiresAt': '2026-11-30T23:59:00-03:00',
      'card:1:header:image': '2',
      'card:1:body:1': 'B',
      'card:0:header:image': '1',
      'card:0:body:1': 'A',
    });
    expect(filled).toMatchObject({
      offerEndsAt: Date.parse('2026-12-01T02:59:00Z'),
      cards: [
        { header: { kind: 'image', media: { attachmentId: '1' } }, body: [{ text: 'A' }] },
        { body: [{ text: 'B' }] },
      ],
    });
  });

  it('names what is missing before any message is sent', async () => {
    serve(REMINDER);
    expect(
      await rejectionOf(fill('lembrete_consulta', { 'body:1': 'x', 'body:2': ' ' })),
    ).toMatchObject({
      reason: 'invalid_content',
      field: 'Variables',
      message: expect.stringContaining('Header 1, Body 2, Button "Ver"'),
    });
  });

  it('is made without the template where Meta cannot be asked', async () => {
    graph.answerError({ code: 80008 });
    const filled = await fill('lembrete_consulta', { 'body:1': 'x' });
    expect(filled).toMatchObject({ body: [{ text: 'x' }] });
    expect(filled).not.toHaveProperty('preview');
  });

  it.each([
    [{ 'button:7:sections': '{', 'button:7:productId': '1' }, 'Sections'],
    [{ 'button:7:sections': '[1]', 'button:7:productId': '1' }, 'Sections'],
    [{ 'button:5:flowData': 'x' }, 'Flow Data'],
    [{ 'header:latitude': 'norte' }, 'Header Latitude'],
    [{ 'offer:expiresAt': 'logo' }, 'Offer Ends At'],
  ] as Array<[Record<string, string>, string]>)('refuses %p by its name', async (values, what) => {
    graph.answerError({ code: 80008 });
    expect(await rejectionOf(fill('x', values))).toMatchObject({
      message: expect.stringContaining(`"${what}"`),
    });
  });
});

describe('templates are', () => {
  it('read once in five minutes, however often they are asked for', async () => {
    serve(REMINDER, NAMED);
    await Promise.all([
      templatesOf(graph.http, connection()),
      templatesOf(graph.http, connection()),
    ]);
    await templatesOf(graph.http, connection());
    expect(graph.server.requests).toHaveLength(1);
    await templatesOf(graph.http, connection(), 0);
    expect(graph.server.requests).toHaveLength(2);
  });

  it('kept apart by tenant and token', async () => {
    serve(REMINDER);
    await templatesOf(graph.http, connection());
    await templatesOf(graph.http, connectionTo(graph.server.url, { accessToken: 'other' }));
    await templatesOf(graph.http, connectionTo(graph.server.url, {}, { tenantId: 'clinic-b' }));
    expect(graph.server.requests).toHaveLength(3);
  });

  it('asked for again after a failure', async () => {
    graph.answerError({ code: 2 });
    await rejectionOf(templatesOf(graph.http, connection()));
    serve(REMINDER);
    await expect(templatesOf(graph.http, connection())).resolves.toHaveLength(1);
  });

  it('listed by what is asked for, page by page', async () => {
    graph.answerWith((_request, response) =>
      sendJson(response, {
        data: [REMINDER, { id: 1 }],
        paging: { next: 'x', cursors: { after: 'c1' } },
      }),
    );
    const page = await listTemplates(
      graph.http,
      connection(),
      { status: 'APPROVED', name: 'lem' },
      { limit: 5, cursor: null },
    );
    expect(page).toMatchObject({
      items: [{ name: 'lembrete_consulta', quality: 'GREEN' }],
      nextCursor: 'c1',
    });
    expect(graph.server.requests[0]?.url).toMatch(
      /message_templates\?fields=.*&name=lem&status=APPROVED&limit=5$/,
    );
  });

  it('created as Meta wants them, and deleted by name or by language', async () => {
    graph.answerWith((_request, response) =>
      sendJson(response, { id: '9', status: 'PENDING', category: 'MARKETING' }),
    );
    const template = {
      name: 'lembrete',
      language: 'pt_BR',
      category: 'UTILITY',
      parameterFormat: 'NAMED',
      components: [{ type: 'BODY', text: 'Oi {{nome}}' }],
    } as const;
    await expect(createTemplate(graph.http, connection(), template)).resolves.toEqual({
      id: '9',
      status: 'PENDING',
      category: 'MARKETING',
    });
    expect(JSON.parse(graph.server.requests[0]?.body ?? '')).toEqual({
      name: 'lembrete',
      language: 'pt_BR',
      category: 'UTILITY',
      parameter_format: 'NAMED',
      components: [{ type: 'BODY', text: 'Oi {{nome}}' }],
    });
    await deleteTemplate(graph.http, connection(), { name: 'lembrete', id: '9' });
    expect(graph.server.requests[1]).toMatchObject({
      method: 'DELETE',
      url: `/v25.0/${BUSINESS_ID}/message_templates?name=lembrete&hsm_id=9`,
    });
    const error = await rejectionOf(
      createTemplate(graph.http, connection(), { ...template, name: 'Olá!' }),
    );
    expect(error).toMatchObject({ code: 'invalid_input', field: 'Name' });
  });
});
