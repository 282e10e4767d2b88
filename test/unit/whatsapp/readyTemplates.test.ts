import { ProviderError, RateLimitedError, SendError, TokenExpiredError } from '../../../core/model';
import {
  READY_LANGUAGES,
  READY_NAMES,
  READY_TEMPLATES,
  createReadyTemplates,
  readyDraft,
  type ReadyName,
  type ReadyRequest,
  type TemplateShelf,
} from '../../../core/providers/whatsapp-cloud/templates/ready';
import { readTemplate } from '../../../core/providers/whatsapp-cloud/templates/definition';
import type { NewTemplate } from '../../../core/providers/whatsapp-cloud/templates/manage';
import { checkComponents } from '../../../sandbox/whatsapp/templateRules.ts';

const BUSINESS = { businessName: 'Clínica Sorriso', handle: '4:ZmFrZQ==' };
const ALL = READY_NAMES.flatMap((name) =>
  READY_LANGUAGES.map((language) => ({ name, language, key: `${name} in ${language}` })),
);
const draftOf = (name: ReadyName, language: 'pt_BR' | 'en' = 'pt_BR') =>
  readyDraft({ name, language }, BUSINESS);

describe('the ready-made templates', () => {
  it.each(ALL)('$key follows the rules of Meta for new templates', ({ name, language }) => {
    const { components } = readyDraft({ name, language }, BUSINESS);
    expect(() => checkComponents([...components], 'POSITIONAL')).not.toThrow();
  });

  it.each(ALL)('$key has an example for each variable, the business among them', (one) => {
    const draft = readTemplate({ id: '1', ...readyDraft(one, BUSINESS) });
    const examples = Object.values(draft?.bodyExamples ?? {});
    expect(examples.length).toBe(new Set(draft?.body?.match(/\{\{\d\}\}/g)).size);
    expect(examples).toContain('Clínica Sorriso');
    expect(examples).not.toContain('');
  });

  it.each(ALL)('$key neither begins nor ends with a variable', ({ name, language }) => {
    const { body } = READY_TEMPLATES[name].wording[language];
    expect(body).toMatch(/^[^{]{3}/);
    expect(body).toMatch(/\p{L}{3}[.!?]$/u);
  });

  it('promote nothing where the category is utility', () => {
    const promotes = /aproveit|desconto|promo|oferta|grátis|imperd|offer|discount|free|deal|sale/i;
    const utility = ALL.filter(({ name }) => READY_TEMPLATES[name].category === 'UTILITY');
    const texts = utility.map(({ name, language }) =>
      JSON.stringify(READY_TEMPLATES[name].wording[language]),
    );
    expect(texts).toHaveLength(10);
    expect(texts.filter((text) => promotes.test(text))).toEqual([]);
  });

  it('name the day and the time of the appointment where there is one', () => {
    for (const name of ['confirmacao_consulta', 'lembrete_consulta_24h'] as const) {
      for (const language of READY_LANGUAGES) {
        const { body, buttons } = READY_TEMPLATES[name].wording[language];
        expect(body).toMatch(/\{\{1\}\}.*\{\{2\}\}.*\{\{3\}\}.*\{\{4\}\}/);
        expect(buttons).toHaveLength(3);
      }
    }
  });

  it('have a document above the text of one alone', () => {
    const headers = READY_NAMES.filter((name) => READY_TEMPLATES[name].hasDocument);
    expect(headers).toEqual(['documentos_pos_procedimento']);
    expect(draftOf('documentos_pos_procedimento').components[0]).toEqual({
      type: 'HEADER',
      format: 'DOCUMENT',
      example: { header_handle: ['4:ZmFrZQ=='] },
    });
  });
});

/** A business account in memory; what goes wrong is put in front of its `create`. */
class Shelf implements TemplateShelf {
  readonly templates: Array<NewTemplate & { id: string; status: string; reason?: string }> = [];
  readonly tried: string[] = [];
  lists = 0;
  documents = 0;
  /** By key; each is raised once, in order. */
  readonly faults = new Map<string, Error[]>();
  /** Raised after the template was made. */
  readonly lost = new Set<string>();
  /** Runs before each list. */
  before: (lists: number) => void = () => undefined;

  async list() {
    this.lists += 1;
    this.before(this.lists);
    return this.templates.flatMap(
      ({ reason, ...template }) => readTemplate({ ...template, rejected_reason: reason }) ?? [],
    );
  }

  async create(template: NewTemplate) {
    const key = `${template.name}|${template.language}`;
    this.tried.push(key);
    const fault = this.faults.get(key)?.shift();
    if (fault) throw fault;
    const id = String(this.templates.length + 1);
    this.templates.push({ ...template, id, status: 'PENDING' });
    if (this.lost.has(key)) throw unavailable();
    return { id, status: 'PENDING', category: template.category };
  }

  async exampleDocument() {
    this.documents += 1;
    return '4:ZmFrZQ==';
  }
}

const unavailable = () =>
  new ProviderError('provider_unavailable', 'No answer came.', 'unavailable', null, null);
const refusal = (message: string, hint?: string) =>
  new ProviderError('provider_rejected', message, 'invalid', 100, null, hint ? { hint } : {});

async function run(shelf: Shelf, request: Partial<ReadyRequest> = {}) {
  return await createReadyTemplates(shelf, {
    names: READY_NAMES,
    languages: READY_LANGUAGES,
    businessName: 'Clínica Sorriso',
    followMs: 0,
    ...request,
  });
}

describe('creating the ready-made templates', () => {
  it('creates every one in every language, and says that they are in review', async () => {
    const shelf = new Shelf();
    const outcomes = await run(shelf);
    expect(outcomes).toHaveLength(ALL.length);
    expect(shelf.templates).toHaveLength(ALL.length);
    expect(
      outcomes.every(({ outcome, status }) => outcome === 'created' && status === 'PENDING'),
    ).toBe(true);
    expect(outcomes[0]?.detail).toContain('Meta is reviewing it');
    expect(shelf.documents).toBe(1);
  });

  it('creates nothing twice: a second run finds them all', async () => {
    const shelf = new Shelf();
    await run(shelf);
    const outcomes = await run(shelf);
    expect(shelf.tried).toHaveLength(ALL.length);
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['existing']));
    expect(outcomes.flatMap(({ differences }) => differences)).toEqual([]);
  });

  it('leaves what is there, and says in what it differs', async () => {
    const shelf = new Shelf();
    const own = draftOf('retomada_contato');
    const components = [{ type: 'BODY', text: 'Oi {{1}}, podemos ajudar com {{2}} ainda?' }];
    shelf.templates.push({ ...own, components, id: '1', status: 'APPROVED' });
    const outcomes = await run(shelf, { names: ['retomada_contato'], languages: ['pt_BR'] });
    expect(shelf.tried).toEqual([]);
    expect(outcomes).toMatchObject([
      { outcome: 'existing', status: 'APPROVED', differences: ['body', 'buttons'] },
    ]);
    expect(outcomes[0]?.detail).toMatch(/^Approved: it can be sent\. .*differs .* body, buttons/);
  });

  it('lets one that Meta refuses not keep the others from being created', async () => {
    const shelf = new Shelf();
    shelf.faults.set('pesquisa_atendimento|en', [refusal('Meta refused it.', 'Do this.')]);
    const outcomes = await run(shelf);
    expect(shelf.templates).toHaveLength(ALL.length - 1);
    const bad = outcomes.filter(({ outcome }) => outcome === 'failed');
    expect(bad).toMatchObject([
      {
        name: 'pesquisa_atendimento',
        language: 'en',
        status: null,
        retryable: false,
        detail: 'Not created. Meta refused it. Do this.',
      },
    ]);
  });

  it('waits out a short pause, and goes on with the same template', async () => {
    const shelf = new Shelf();
    shelf.faults.set('boas_vindas_lead|en', [new RateLimitedError('Too many calls.', 1, 0)]);
    const outcomes = await run(shelf);
    expect(outcomes.filter(({ outcome }) => outcome === 'created')).toHaveLength(ALL.length);
    expect(shelf.tried.filter((key) => key === 'boas_vindas_lead|en')).toHaveLength(2);
  });

  it('leaves what a long pause keeps from being created to the next run', async () => {
    const shelf = new Shelf();
    const limit = new RateLimitedError('Too many.', 3_600_000, 0, { hint: 'In an hour.' });
    shelf.faults.set('lembrete_consulta_24h|pt_BR', [limit]);
    const outcomes = await run(shelf);
    expect(shelf.templates).toHaveLength(4);
    const left = outcomes.filter(({ outcome }) => outcome === 'failed');
    expect(left).toHaveLength(ALL.length - 4);
    expect(left.every(({ retryable }) => retryable)).toBe(true);
    expect(shelf.tried).toHaveLength(5);
    expect(await run(shelf)).toHaveLength(ALL.length);
    expect(shelf.templates).toHaveLength(ALL.length);
  });

  it('stops at a token that is refused, without asking for each of the rest', async () => {
    const shelf = new Shelf();
    shelf.faults.set('boas_vindas_lead|pt_BR', [new TokenExpiredError('The token is dead.')]);
    const outcomes = await run(shelf);
    expect(shelf.tried).toHaveLength(1);
    expect(outcomes.every(({ outcome }) => outcome === 'failed')).toBe(true);
  });

  it('finds the template whose answer was lost', async () => {
    const shelf = new Shelf();
    shelf.lost.add('aniversario_cliente|pt_BR');
    const outcomes = await run(shelf, { names: ['aniversario_cliente'], languages: ['pt_BR'] });
    expect(outcomes).toMatchObject([{ outcome: 'created', status: 'PENDING', id: '1' }]);
  });

  it('counts a duplicate that somebody else made meanwhile as there', async () => {
    const shelf = new Shelf();
    const double = draftOf('aniversario_cliente');
    shelf.faults.set('aniversario_cliente|pt_BR', [refusal('It is there already.')]);
    shelf.before = (lists) => {
      if (lists === 2) shelf.templates.push({ ...double, id: '9', status: 'APPROVED' });
    };
    const outcomes = await run(shelf, { names: ['aniversario_cliente'], languages: ['pt_BR'] });
    expect(outcomes).toMatchObject([{ outcome: 'existing', status: 'APPROVED', id: '9' }]);
  });

  it('follows the review until each is approved or rejected, and names the reason', async () => {
    const shelf = new Shelf();
    shelf.before = (lists) => {
      if (lists < 2) return;
      for (const template of shelf.templates) template.status = 'APPROVED';
      const bad = shelf.templates[0];
      if (bad) Object.assign(bad, { status: 'REJECTED', reason: 'PROMOTIONAL' });
    };
    const outcomes = await run(shelf, { languages: ['pt_BR'], followMs: 60_000 });
    expect(outcomes.map(({ status }) => status)).toEqual([
      'REJECTED',
      ...Array.from({ length: READY_NAMES.length - 1 }, () => 'APPROVED'),
    ]);
    expect(outcomes[0]).toMatchObject({
      rejectedReason: 'PROMOTIONAL',
      detail: expect.stringContaining('Take everything that promotes out of it') as unknown,
    });
  });

  it('ends the waiting when the run is cancelled, and tells how they stand', async () => {
    const shelf = new Shelf();
    const cancel = new AbortController();
    shelf.before = (lists) => {
      if (lists > 1) cancel.abort();
    };
    const outcomes = await run(shelf, { followMs: 3_600_000, signal: cancel.signal });
    expect(outcomes.every(({ status }) => status === 'PENDING')).toBe(true);
  });

  it('asks for a name of the business, at least one template and one language', async () => {
    const wrong = async (request: Partial<ReadyRequest>) => {
      const error: unknown = await run(new Shelf(), request).catch((caught: unknown) => caught);
      return error instanceof Error && 'field' in error ? error.field : error;
    };
    expect(await wrong({ businessName: ' ' })).toBe('Business Name');
    expect(await wrong({ businessName: 'Clínica {{1}}' })).toBe('Business Name');
    expect(await wrong({ names: [] })).toBe('Templates');
    expect(await wrong({ languages: [] })).toBe('Languages');
  });

  it('raises what keeps everything from being read', async () => {
    const shelf = new Shelf();
    shelf.before = () => {
      throw unavailable();
    };
    await expect(run(shelf)).rejects.toBeInstanceOf(SendError);
  });
});
