import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { core } from '../../nodes/shared/loadCore';
import { WhatsAppCloud } from '../../nodes/WhatsAppCloud/WhatsAppCloud.node';
import { CLINIC_WHATSAPP, WHATSAPP_PEOPLE } from '../../sandbox/whatsapp/seed.ts';
import { waitFor } from '../support/waitFor.ts';
import { hookContext } from './support/contexts.ts';
import { WhatsAppNode } from './support/whatsApp.ts';

const ana = WHATSAPP_PEOPLE[0]?.id ?? '';
let whatsApp: WhatsAppNode;

beforeAll(async () => {
  whatsApp = await WhatsAppNode.start();
  await whatsApp.account();
});
afterAll(() => whatsApp.close());

/** The node's panel while somebody fills it in. */
async function panel(parameters: IDataObject = {}, credential: IDataObject = {}) {
  const setup = {
    node: whatsApp.node,
    credentials: { whatsAppCloudApi: { ...whatsApp.instance.whatsApp, ...credential } },
  };
  const values: IDataObject = { ...(await whatsApp.chosen()), ...parameters };
  return {
    ...hookContext(setup),
    getCurrentNodeParameter: (name: string) => values[name],
  } as never;
}

const { listSearch, resourceMapping } = new WhatsAppCloud().methods;
const locator = (value: string) => ({ __rl: true, mode: 'list', value });

async function fieldsOf(template: string) {
  const context = await panel({ template: locator(template) });
  return (await resourceMapping.getTemplateVariables.call(context)).fields;
}

async function send(
  template: string,
  value: IDataObject,
  item: INodeExecutionData = { json: {} },
  more: IDataObject = {},
) {
  const calls = whatsApp.callsSince();
  const { json, error, hint } = await whatsApp.run(
    'message',
    'send',
    {
      ...(await whatsApp.chosen()),
      recipient: ana,
      contentType: 'template',
      template: locator(template),
      variables: { mappingMode: 'defineBelow', value },
      options: { sendAgain: 'everyRun' },
      ...more,
    },
    { items: [item] },
  );
  const body = calls().find(({ path }) => path.endsWith('/messages'))?.params ?? null;
  return { json, error, hint, template: body?.template as IDataObject | undefined, calls: calls() };
}

describe('choosing a template', () => {
  it('offers the approved ones alone, each with its language, category and text', async () => {
    const { results } = await listSearch.searchTemplates.call(await panel());
    expect(results.map(({ value }) => value)).toEqual(
      expect.arrayContaining(['lembrete_consulta|pt_BR', 'boas_vindas|pt_BR', 'boas_vindas|en_US']),
    );
    const names = results.map(({ name }) => name).join(' ');
    expect(names).toContain('lembrete_consulta · pt_BR · utility');
    expect(names).not.toMatch(/oferta_relampago|promo_junho|novo_aviso/);
    const reminder = results.find(({ value }) => value === 'lembrete_consulta|pt_BR') as {
      description?: string;
    };
    expect(reminder.description).toContain('lembrete da sua consulta em {{2}}');
  });

  it('searches names and texts', async () => {
    const search = async (text: string) => {
      const { results } = await listSearch.searchTemplates.call(await panel(), text);
      return results.map(({ value }) => value);
    };
    expect(await search('ANIVERS')).toEqual(['feliz_aniversario|pt_BR']);
    expect(await search('um dia cheio de sorrisos')).toEqual(['feliz_aniversario|pt_BR']);
    expect(await search('nothing of the kind')).toEqual([]);
  });

  it('works before an account is chosen, and while the account is an expression', async () => {
    for (const account of [undefined, { __rl: true, mode: 'id', value: '={{ $json.id }}' }]) {
      const { results } = await listSearch.searchTemplates.call(await panel({ account }));
      expect(results.length).toBeGreaterThan(5);
    }
  });

  it('says what is wrong with the credential', async () => {
    const context = await panel({}, { accessToken: '' });
    await expect(listSearch.searchTemplates.call(context)).rejects.toThrow(/no access token/);
  });
});

describe('the fields of a template', () => {
  it.each<[string, Array<[string, string, boolean]>]>([
    [
      'lembrete_consulta|pt_BR',
      [
        ['body:1', 'Body 1 (Ana)', true],
        ['body:2', 'Body 2 (12/03)', true],
        ['body:3', 'Body 3 (15:00)', true],
        ['button:0:payload', 'Button "Confirmar": Payload', false],
        ['button:1:payload', 'Button "Remarcar": Payload', false],
      ],
    ],
    [
      'pesquisa_opiniao|pt_BR',
      [
        ['header:nome', 'Header nome (Ana)', true],
        ['body:procedimento', 'Body procedimento (limpeza)', true],
        ['button:0:payload', 'Button "Ótimo": Payload', false],
        ['button:1:payload', 'Button "Bom": Payload', false],
        ['button:2:payload', 'Button "Pode melhorar": Payload', false],
      ],
    ],
    [
      'tratamentos_do_mes|pt_BR',
      [
        ['body:1', 'Body 1 (Ana)', true],
        ['card:0:header:image', 'Card 1: Header Image (URL or Media ID)', true],
        ['card:0:body:1', 'Card 1: Body 1 (10%)', true],
        ['card:0:button:0:payload', 'Card 1: Button "Quero saber mais": Payload', false],
        ['card:1:header:image', 'Card 2: Header Image (URL or Media ID)', true],
        ['card:1:body:1', 'Card 2: Body 1 (10%)', true],
        ['card:1:button:0:payload', 'Card 2: Button "Quero saber mais": Payload', false],
      ],
    ],
    ['boas_vindas|en_US', []],
  ])('of %s are its text and its own variables', async (key, expected) => {
    const [preview, ...fields] = await fieldsOf(key);
    expect(preview).toMatchObject({ id: 'preview', readOnly: true, required: false });
    expect(preview?.defaultValue).not.toBe('');
    expect(fields.map(({ id, displayName, required }) => [id, displayName, required])).toEqual(
      expected,
    );
  });

  it('are none while no template is chosen', async () => {
    expect(await fieldsOf('')).toEqual([]);
  });

  it('say that a template does not exist', async () => {
    await expect(fieldsOf('inventado|pt_BR')).rejects.toThrow(
      'There is no template "inventado" in the language "pt_BR".',
    );
  });
});

describe('sending a template', () => {
  it('fills body and buttons, also to somebody who never wrote', async () => {
    const { json, error, template } = await send('lembrete_consulta|pt_BR', {
      preview: 'Olá {{1}}',
      'body:1': 'Ana',
      'body:2': '27/11',
      'body:3': '15:00',
      'button:0:payload': 'CONFIRM:apt_9',
    });
    expect(error).toBeUndefined();
    expect(json).toMatchObject([{ status: 'sent' }]);
    expect(template).toEqual({
      name: 'lembrete_consulta',
      language: { code: 'pt_BR' },
      components: [
        {
          type: 'body',
          parameters: ['Ana', '27/11', '15:00'].map((text) => ({ type: 'text', text })),
        },
        {
          type: 'button',
          sub_type: 'quick_reply',
          index: '0',
          parameters: [{ type: 'payload', payload: 'CONFIRM:apt_9' }],
        },
      ],
    });
  });

  it('fills named variables of header and body', async () => {
    const { json, template } = await send('pesquisa_opiniao|pt_BR', {
      'header:nome': 'Ana',
      'body:procedimento': 'limpeza',
    });
    expect(json).toMatchObject([{ status: 'sent' }]);
    expect(template?.components).toEqual([
      { type: 'header', parameters: [{ type: 'text', parameter_name: 'nome', text: 'Ana' }] },
      {
        type: 'body',
        parameters: [{ type: 'text', parameter_name: 'procedimento', text: 'limpeza' }],
      },
    ]);
  });

  it('fills a place, the end of an address, a coupon and a code', async () => {
    const place = await send('confirmacao_com_local|pt_BR', {
      'header:latitude': -23.55,
      'header:longitude': -46.63,
      'header:placeName': 'Clínica Sorriso',
      'header:address': 'Av. Paulista, 1000',
      'body:1': 'Ana',
      'body:2': 'Dra. Prado',
      'body:3': '27/11',
      'button:1:url': 'abc',
    });
    expect([place.error, place.json]).toMatchObject([undefined, [{ status: 'sent' }]]);
    const coupon = await send('feliz_aniversario|pt_BR', {
      'header:image': 'https://example.com/a.jpg',
      'body:1': 'Ana',
      'button:0:code': 'SORRISO10',
    });
    expect([coupon.error, coupon.json]).toMatchObject([undefined, [{ status: 'sent' }]]);
    const code = await send('codigo_acesso|pt_BR', {
      'body:1': '123456',
      'button:0:url': '123456',
    });
    expect([code.error, code.json]).toMatchObject([undefined, [{ status: 'sent' }]]);
  });

  it('fills a carousel', async () => {
    const { json, error, template } = await send('tratamentos_do_mes|pt_BR', {
      'body:1': 'Ana',
      'card:0:header:image': 'https://example.com/0.jpg',
      'card:0:body:1': '10%',
      'card:1:header:image': 'https://example.com/1.jpg',
      'card:1:body:1': '15%',
      'card:1:button:0:payload': 'CLEAN',
    });
    expect([error, json]).toMatchObject([undefined, [{ status: 'sent' }]]);
    const carousel = (template?.components as IDataObject[]).at(-1);
    expect(carousel).toMatchObject({
      type: 'carousel',
      cards: [{ card_index: 0 }, { card_index: 1 }],
    });
  });

  it('takes a file of the item for a header, by the name of its field', async () => {
    const bytes = Buffer.from('%PDF-1.4 orçamento');
    const item = {
      json: {},
      binary: {
        recibo: {
          data: bytes.toString('base64'),
          mimeType: 'application/pdf',
          fileName: 'recibo.pdf',
        },
      },
    };
    const { json, error, template } = await send(
      'documentos_atendimento|pt_BR',
      { 'header:document': 'recibo', 'header:fileName': 'recibo.pdf', 'body:1': 'Ana' },
      item,
    );
    expect([error, json]).toMatchObject([undefined, [{ status: 'sent' }]]);
    expect(template?.components).toMatchObject([
      {
        type: 'header',
        parameters: [
          {
            type: 'document',
            document: { id: expect.stringMatching(/^\d+$/) as unknown, filename: 'recibo.pdf' },
          },
        ],
      },
      { type: 'body' },
    ]);
  });

  it('keeps what it said for the history of the conversation', async () => {
    const { json } = await send('convite_avaliacao|pt_BR', {
      'body:1': 'Ana',
      'body:2': 'o canal',
    });
    const { items } = await core.events.listEvents(await whatsApp.app(), 'default', {
      filter: { types: ['message.sent'] },
      limit: 10,
    });
    const stored = items.find(({ message }) => message?.id === json[0]?.messageId);
    expect(stored?.message?.text).toContain('Oi Ana, ainda podemos ajudar com o canal?');
  });

  it('names the variables that are missing, before the call', async () => {
    const { error, hint, template } = await send('lembrete_consulta|pt_BR', { 'body:1': 'Ana' });
    expect(error).toContain('also needs: Body 2, Body 3');
    expect(hint).toContain('Fill in every variable');
    expect(template).toBeUndefined();
  });

  it('says that a template is paused, unknown, or has no language', async () => {
    const paused = await send('promo_junho|pt_BR', { 'body:1': 'Ana' });
    expect(paused.error).toContain('the template is paused');
    const unknown = await send('inventado|pt_BR', {});
    expect(unknown.error).toContain('there is no approved template of this name');
    const template = { __rl: true, mode: 'name', value: '={{ "lembrete_consulta" }}' };
    const { error } = await send('', {}, { json: {} }, { template });
    expect(error).toBe('"lembrete_consulta" does not say in which language.');
  });
});

describe('while the window is closed', () => {
  const text = { contentType: 'text', text: 'Oi, Larissa', recipient: '+55 11 97777-0000' };

  it('a free text is refused before the call, and the templates that could go are named', async () => {
    const { json, error, calls } = await whatsApp.send({ ...(await whatsApp.chosen()), ...text });
    expect(error).toBeUndefined();
    expect(json).toMatchObject([{ status: 'skipped', reason: 'window_closed' }]);
    expect(json[0]?.detail).toContain('lembrete_consulta');
    expect(calls.filter(({ path }) => path.endsWith('/messages'))).toEqual([]);
  });

  it('the template that was given for it goes in its place, filled, and the result says so', async () => {
    const { json, error, body } = await whatsApp.send({
      ...(await whatsApp.chosen()),
      ...text,
      whenWindowClosed: 'template',
      fallbackTemplate: locator('convite_avaliacao|pt_BR'),
      fallbackVariables: {
        mappingMode: 'defineBelow',
        value: { 'body:1': 'Larissa', 'body:2': 'a avaliação' },
      },
    });
    expect(error).toBeUndefined();
    expect(json).toMatchObject([
      { status: 'sent', fallback: { reason: 'window_closed', template: 'convite_avaliacao' } },
    ]);
    expect(body).toMatchObject({ type: 'template', template: { name: 'convite_avaliacao' } });
  });

  it('the fields of that template are loaded like those of any other', async () => {
    const context = await panel({ fallbackTemplate: locator('convite_avaliacao|pt_BR') });
    const { fields } = await resourceMapping.getFallbackVariables.call(context);
    expect(fields.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['preview', 'body:1', 'body:2']),
    );
  });
});

describe('WhatsApp Cloud: Template', () => {
  const draft = {
    name: 'lembrete_retorno',
    body: 'Olá {{nome}}, é hora do seu retorno com {{dentista}} na clínica.',
    examples: {
      example: [
        { variable: 'nome', text: 'Ana' },
        { variable: '{{dentista}}', text: 'Dra. Prado' },
      ],
    },
    templateHeader: 'text',
    headerText: 'Retorno',
    footer: 'Clínica Sorriso',
    templateButtons: {
      button: [
        { kind: 'quickReply', text: 'Marcar' },
        {
          kind: 'url',
          text: 'Ver',
          url: 'https://example.com/{{1}}',
          example: 'https://example.com/a',
        },
        { kind: 'phone', text: 'Ligar', phone: '+551130001000' },
      ],
    },
  };

  it('creates one out of fields, which is approved and can be chosen', async () => {
    await whatsApp.instance.control('PATCH', '/settings', { templateReviewMs: 0 });
    const chosen = await whatsApp.chosen();
    const { json, error } = await whatsApp.run('template', 'create', { ...chosen, ...draft });
    expect(error).toBeUndefined();
    expect(json).toMatchObject([
      {
        success: true,
        template: { key: 'lembrete_retorno|pt_BR', id: expect.any(String) as unknown },
      },
    ]);
    const get = () =>
      whatsApp.run('template', 'get', { ...chosen, template: locator('lembrete_retorno|pt_BR') });
    await waitFor(
      async () => {
        const [item] = (await get()).json;
        return (item?.template as IDataObject | undefined)?.status === 'APPROVED';
      },
      { what: 'the approval' },
    );
    const [item] = (await get()).json;
    expect(item?.template).toMatchObject({
      category: 'UTILITY',
      preview: expect.stringContaining('é hora do seu retorno com {{dentista}}') as unknown,
      variables: [
        { slot: 'body:nome', example: 'Ana' },
        { slot: 'body:dentista', example: 'Dra. Prado' },
        { slot: 'button:0:payload' },
        { slot: 'button:1:url' },
      ],
    });
    const { results } = await listSearch.searchTemplates.call(await panel(), 'retorno');
    expect(results.map(({ value }) => value)).toEqual(['lembrete_retorno|pt_BR']);
  });

  it('creates one out of JSON', async () => {
    const { json, error } = await whatsApp.run('template', 'create', {
      ...(await whatsApp.chosen()),
      name: 'aviso_json',
      category: 'MARKETING',
      componentsAs: 'json',
      componentsJson: JSON.stringify([{ type: 'BODY', text: 'Um aviso da clínica.' }]),
    });
    expect([error, json]).toMatchObject([undefined, [{ template: { category: 'MARKETING' } }]]);
  });

  it('says what Meta would not review, and what it refuses', async () => {
    const create = async (changes: IDataObject) =>
      whatsApp.run('template', 'create', { ...(await whatsApp.chosen()), ...draft, ...changes });
    expect((await create({ name: 'Lembrete!' })).error).toContain('cannot be the name');
    expect((await create({ name: 'outro', examples: {} })).error).toBe(
      'There is no example for: {{nome}}, {{dentista}}.',
    );
    const edge = { name: 'outro', body: '{{nome}} e {{dentista}} estão na clínica hoje à tarde' };
    expect((await create(edge)).error).toContain('2388299');
    const json = { name: 'outro', componentsAs: 'json', componentsJson: '{}' };
    expect((await create(json)).error).toContain('is no list of objects');
  });

  it('gets many, by status, page by page', async () => {
    const chosen = await whatsApp.chosen();
    const all = await whatsApp.run('template', 'getMany', { ...chosen, returnAll: true });
    expect(all.json.length).toBeGreaterThan(10);
    const paused = await whatsApp.run('template', 'getMany', {
      ...chosen,
      filters: { status: 'PAUSED' },
    });
    expect(paused.json.map(({ template }) => (template as IDataObject).name)).toEqual([
      'promo_junho',
    ]);
    const first = await whatsApp.run('template', 'getMany', { ...chosen, limit: 2 });
    const rest = await whatsApp.run('template', 'getMany', {
      ...chosen,
      limit: 2,
      options: { cursor: first.json.at(-1)?.nextCursor },
    });
    const ids = [...first.json, ...rest.json].map(({ template }) => (template as IDataObject).id);
    expect(new Set(ids).size).toBe(4);
  });

  it('deletes one language, then all', async () => {
    const chosen = await whatsApp.chosen();
    const remove = (template: string, more: IDataObject = {}) =>
      whatsApp.run('template', 'delete', { ...chosen, template: locator(template), ...more });
    const names = async () => {
      const { results } = await listSearch.searchTemplates.call(await panel(), 'boas_vindas');
      return results.map(({ value }) => value);
    };
    expect((await remove('boas_vindas|en_US')).json).toMatchObject([{ success: true }]);
    expect(await names()).toEqual(['boas_vindas|pt_BR']);
    expect((await remove('boas_vindas|en_US')).error).toContain('does not exist here');
    await remove('boas_vindas|pt_BR', { allLanguages: true });
    expect(await names()).toEqual([]);
  });

  it('are those of the business account of the number', async () => {
    const { json } = await whatsApp.run('template', 'getMany', {
      ...(await whatsApp.chosen()),
      limit: 1,
    });
    expect(json[0]?.connection).toMatchObject({ externalId: CLINIC_WHATSAPP.numberId });
  });
});
