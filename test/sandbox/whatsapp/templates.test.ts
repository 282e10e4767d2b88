import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { detailsOf, WhatsAppHarness } from '../support/whatsapp.ts';
import { SEED_TEMPLATES } from '../../../sandbox/whatsapp/seedTemplates.ts';
import { checkComponents } from '../../../sandbox/whatsapp/templateRules.ts';

type Json = Record<string, unknown>;

const MINUTES = 60_000;
const body = (text: string, examples: string[] = ['Ana']): Json => ({
  type: 'BODY',
  text,
  example: { body_text: [examples] },
});

describe('templates of WhatsApp', () => {
  let whatsapp: WhatsAppHarness;
  beforeAll(async () => {
    whatsapp = await WhatsAppHarness.start();
  });
  afterAll(() => whatsapp.harness.close());
  beforeEach(() => whatsapp.reset());

  const path = (): string => `/${whatsapp.businessId}/message_templates`;
  const create = (more: Json = {}) =>
    whatsapp.graph('POST', path(), {
      name: 'novo_lembrete',
      language: 'pt_BR',
      category: 'UTILITY',
      components: [body('Olá {{1}}, até amanhã.')],
      ...more,
    });
  const list = async (query: Json = {}): Promise<Json[]> =>
    (await whatsapp.graph('GET', path(), query)).body.data as Json[];
  const advance = (ms: number) => whatsapp.harness.control('POST', '/clock', { advanceMs: ms });
  const eventsOf = async (field: string): Promise<Json[]> =>
    (await whatsapp.changes()).filter((item) => item.field === field).map(({ value }) => value);

  test('of the seed follow the rules that a new one has to follow', () => {
    for (const template of SEED_TEMPLATES) {
      // The texts of authentication templates are the vendor's own.
      if (template.category === 'AUTHENTICATION') continue;
      expect(() => checkComponents(template.components, template.parameterFormat)).not.toThrow();
    }
  });

  test('are approved after minutes, and say so by webhook', async () => {
    const { body: made } = await create();
    expect(made).toEqual({ id: expect.any(String), status: 'PENDING', category: 'UTILITY' });
    expect(await list({ name: 'novo_lembrete' })).toMatchObject([{ status: 'PENDING' }]);
    await advance(2 * MINUTES);
    expect(await list({ name: 'novo_lembrete' })).toMatchObject([{ status: 'PENDING' }]);
    await advance(2 * MINUTES);
    expect(await eventsOf('message_template_status_update')).toEqual([
      {
        event: 'APPROVED',
        message_template_id: Number(made.id),
        message_template_name: 'novo_lembrete',
        message_template_language: 'pt_BR',
        reason: 'NONE',
        message_template_category: 'UTILITY',
      },
    ]);
    expect(await list({ name: 'novo_lembrete' })).toMatchObject([{ status: 'APPROVED' }]);
  });

  test('are rejected when the setting says so, with a reason', async () => {
    await whatsapp.harness.control('PATCH', '/settings', { templateReview: 'reject' });
    await create();
    await advance(4 * MINUTES);
    expect(await eventsOf('message_template_status_update')).toMatchObject([
      {
        event: 'REJECTED',
        reason: 'INVALID_FORMAT',
        rejection_info: { reason: expect.any(String) },
      },
    ]);
  });

  test('are listed by name, status, category and language, page by page', async () => {
    expect(await list({ status: 'PAUSED' })).toMatchObject([{ name: 'promo_junho' }]);
    expect(await list({ category: 'AUTHENTICATION' })).toMatchObject([{ name: 'codigo_acesso' }]);
    expect(await list({ language: 'en_US' })).toMatchObject([{ name: 'boas_vindas' }]);
    const first = await whatsapp.graph('GET', path(), { limit: 5, fields: 'name' });
    const paging = first.body.paging as { cursors: { after: string }; next: string };
    const second = await list({ limit: 50, fields: 'name', after: paging.cursors.after });
    expect((first.body.data as Json[]).length + second.length).toBe(SEED_TEMPLATES.length);
    expect(Object.keys(second[0] ?? {}).sort()).toEqual(['id', 'name']);
  });

  test('are changed once in 24 hours, and reviewed anew', async () => {
    const [template] = await list({ name: 'lembrete_consulta' });
    const change = () =>
      whatsapp.graph('POST', `/${String(template?.id)}`, {
        components: [body('Olá {{1}}, mudamos o texto.')],
      });
    expect((await change()).body).toEqual({ success: true });
    expect((await change()).code).toBe(2388039);
    await advance(4 * MINUTES);
    expect((await change()).code).toBe(2388039);
    await advance(24 * 60 * MINUTES);
    expect((await change()).body).toEqual({ success: true });
  });

  test('are deleted in all languages or in one, and their name rests for 30 days', async () => {
    const [english] = await list({ language: 'en_US' });
    await whatsapp.graph('DELETE', path(), { name: 'boas_vindas', hsm_id: english?.id });
    expect(await list({ name: 'boas_vindas' })).toHaveLength(1);
    await whatsapp.graph('DELETE', path(), { name: 'boas_vindas' });
    expect(await list({ name: 'boas_vindas' })).toEqual([]);
    expect(detailsOf(await create({ name: 'boas_vindas' }))).toMatch(/30 days/);
    await advance(31 * 24 * 60 * MINUTES);
    expect((await create({ name: 'boas_vindas' })).status).toBe(200);
  });

  test('change at the vendor: paused, disabled, of another category, of another quality', async () => {
    const patch = (change: Json) =>
      whatsapp.harness.control('PATCH', '/whatsapp/templates/boas_vindas', change);
    await patch({ status: 'PAUSED' });
    expect((await whatsapp.sendTemplate('boas_vindas', undefined)).code).toBe(132015);
    await patch({ status: 'DISABLED' });
    expect((await whatsapp.sendTemplate('boas_vindas', undefined)).code).toBe(132016);
    await patch({ status: 'APPROVED', category: 'UTILITY', quality: 'YELLOW' });
    expect((await eventsOf('message_template_status_update')).map(({ event }) => event)).toEqual([
      'PAUSED',
      'DISABLED',
      'APPROVED',
    ]);
    expect(await eventsOf('template_category_update')).toMatchObject([
      { previous_category: 'MARKETING', new_category: 'UTILITY' },
    ]);
    expect(await eventsOf('message_template_quality_update')).toMatchObject([
      { previous_quality_score: 'GREEN', new_quality_score: 'YELLOW' },
    ]);
  });

  const REFUSED: Array<[string, Json, number]> = [
    ['a name with capitals', { name: 'Novo' }, 100],
    ['a language in words', { language: 'português' }, 100],
    ['an unknown category', { category: 'SERVICE' }, 100],
    ['no body', { components: [{ type: 'FOOTER', text: 'x' }] }, 2388072],
    ['a long body', { components: [body('a'.repeat(1025), [])] }, 2388040],
    ['a variable at the start', { components: [body('{{1}}, até amanhã.')] }, 2388299],
    ['a variable at the end', { components: [body('Até amanhã, {{1}}')] }, 2388299],
    [
      'variables side by side',
      { components: [body('Olá {{1}} {{2}} tudo bem?', ['a', 'b'])] },
      2388072,
    ],
    ['numbers with a gap', { components: [body('Olá {{2}}, até amanhã.')] }, 2388072],
    [
      'more variables than words',
      { components: [body('Oi {{1}} e {{2}} e {{3}} sim', ['a', 'b', 'c'])] },
      2388293,
    ],
    ['no examples', { components: [{ type: 'BODY', text: 'Olá {{1}}, até.' }] }, 2388072],
    [
      'two header variables',
      {
        components: [
          { type: 'HEADER', format: 'TEXT', text: '{{1}} {{2}}' },
          body('Olá {{1}}, até amanhã.'),
        ],
      },
      2388047,
    ],
    [
      'a header without its sample',
      { components: [{ type: 'HEADER', format: 'IMAGE' }, body('Olá {{1}}, até amanhã.')] },
      2388047,
    ],
    [
      'a footer with a variable',
      { components: [body('Olá {{1}}, até amanhã.'), { type: 'FOOTER', text: '{{1}}' }] },
      2388073,
    ],
    [
      'a long button',
      {
        components: [
          body('Olá {{1}}, até amanhã.'),
          { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'a'.repeat(26) }] },
        ],
      },
      2388040,
    ],
    [
      'quick replies among others',
      {
        components: [
          body('Olá {{1}}, até amanhã.'),
          {
            type: 'BUTTONS',
            buttons: [
              { type: 'QUICK_REPLY', text: 'a' },
              { type: 'PHONE_NUMBER', text: 'b', phone_number: '+55' },
              { type: 'QUICK_REPLY', text: 'c' },
            ],
          },
        ],
      },
      100,
    ],
    ['a name that is there', { name: 'lembrete_consulta' }, 100],
  ];
  test.each(REFUSED)('are refused with %s', async (_, change, code) => {
    expect((await create(change)).code).toBe(code);
  });

  test('are at most 250', async () => {
    const components = [{ type: 'BODY', text: 'Olá.' }];
    const free = 250 - SEED_TEMPLATES.length;
    for (let index = 0; index < free; index += 1) {
      await whatsapp.harness.control('POST', '/whatsapp/templates', {
        name: `modelo_${index}`,
        components,
      });
    }
    expect((await create()).code).toBe(2388019);
  });
});
