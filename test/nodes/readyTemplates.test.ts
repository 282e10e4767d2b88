/** The ready-made templates as a user of the nodes creates them, straight at Meta and through NotificaMe. */
import type { ValidateFunction } from 'ajv/dist/2020';
import type { IDataObject } from 'n8n-workflow';
import { HUB_SEED } from '../../sandbox/notificame/seed.ts';
import { hasOpenApi, requestSchemaOf } from '../support/metaOpenApi.ts';
import { Hub } from './support/notificaMe.ts';
import { WhatsAppNode } from './support/whatsApp.ts';

const READY = { source: 'ready', businessName: 'Clínica Sorriso' };
const templateOf = (item: IDataObject | undefined) => item?.template as IDataObject;
const statusesOf = (items: readonly IDataObject[]) => [
  ...new Set(items.map((item) => templateOf(item).status)),
];

describe('WhatsApp Cloud: Template: Create, ready-made', () => {
  let whatsApp: WhatsAppNode;
  const create = async (more: IDataObject = {}) =>
    whatsApp.run('template', 'create', { ...(await whatsApp.chosen()), ...READY, ...more });

  beforeAll(async () => {
    whatsApp = await WhatsAppNode.start();
    await whatsApp.receive();
  });
  afterAll(() => whatsApp.close());

  it('hands in all eight in both languages, in the form of Meta’s file', async () => {
    const calls = whatsApp.callsSince();
    const { json, error } = await create();
    expect(error).toBeUndefined();
    expect(json).toHaveLength(16);
    expect(json.map(({ outcome }) => outcome)).toEqual(Array(16).fill('created'));
    expect(templateOf(json[0])).toMatchObject({ key: 'boas_vindas_lead|pt_BR', status: 'PENDING' });
    const made = calls().filter(
      ({ method, path }) => method === 'POST' && path.endsWith('/message_templates'),
    );
    expect(made).toHaveLength(16);
    const faults = made.flatMap(({ params }) => faultsOf(params));
    expect(faults).toEqual([]);
  });

  it('uploads one example document for the templates that have one', () => {
    const all = whatsApp.instance.sandbox.context.calls.list(0);
    const sessions = all.filter(({ path }) => path.endsWith('/uploads'));
    expect(sessions).toHaveLength(1);
    expect(sessions[0]).toMatchObject({ status: 200, params: { file_type: 'application/pdf' } });
    expect(all.filter(({ path }) => path.includes('/upload:'))).toMatchObject([{ status: 200 }]);
  });

  it('creates nothing a second time, and says how each stands', async () => {
    const calls = whatsApp.callsSince();
    const { json } = await create();
    expect(json.map(({ outcome }) => outcome)).toEqual(Array(16).fill('existing'));
    expect(calls().filter(({ method }) => method === 'POST')).toEqual([]);
    expect(json[0]?.detail).toContain('Meta is reviewing it');
  });

  it('waits until Meta has approved them', async () => {
    const waiting = create({ followMinutes: 5 });
    // Meta's review takes three minutes in the sandbox.
    await whatsApp.instance.control('POST', '/clock', { advanceMs: 4 * 60_000 });
    const { json, error } = await waiting;
    expect(error).toBeUndefined();
    expect(statusesOf(json)).toEqual(['APPROVED']);
    expect(json[3]?.detail).toBe('Approved: it can be sent.');
  });

  it('names the reason of a rejection and what to do', async () => {
    const chosen = await whatsApp.chosen();
    const template = { __rl: true, mode: 'name', value: 'retomada_contato|en' };
    const { templates } = whatsApp.instance.sandbox.context.store.state.whatsApp;
    const own = Object.values(templates).find(
      ({ name, language }) => name === 'retomada_contato' && language === 'en',
    );
    const change = { status: 'REJECTED', rejectedReason: 'PROMOTIONAL' };
    await whatsApp.instance.control('PATCH', `/whatsapp/templates/${own?.id}`, change);
    const { json } = await create({ readyTemplates: ['retomada_contato'], readyLanguages: ['en'] });
    expect(json).toMatchObject([
      {
        success: true,
        outcome: 'existing',
        detail: expect.stringContaining('Take everything that promotes out') as unknown,
        template: { status: 'REJECTED', rejectedReason: 'PROMOTIONAL' },
      },
    ]);
    const got = await whatsApp.run('template', 'get', { ...chosen, template });
    expect(templateOf(got.json[0]).status).toBe('REJECTED');
  });

  it('lets the others through when no app is known for the example document', async () => {
    await whatsApp.instance.control('POST', '/reset');
    const { json, error } = await create({ readyLanguages: ['en'] });
    expect(error).toBeUndefined();
    expect(json.filter(({ success }) => success)).toHaveLength(7);
    expect(json.filter(({ success }) => !success)).toMatchObject([
      { template: { name: 'documentos_pos_procedimento' }, outcome: 'failed' },
    ]);
    const [bad] = json.filter(({ success }) => !success);
    expect(bad?.detail).toContain('App ID');
    const { appId } = whatsApp.instance.credential;
    const again = await create({ readyLanguages: ['en'], options: { appId } });
    expect(again.json.filter(({ success }) => !success)).toEqual([]);
  });

  it('refuses what is no name of a business', async () => {
    const { error } = await create({ businessName: 'Clínica {{1}}' });
    expect(error).toBe('"Clínica {{1}}" is no name for a business here.');
  });
});

let validate: ValidateFunction | undefined;

/** What Meta's file has against a template; empty = nothing. */
function faultsOf({ appsecret_proof: _, ...body }: Record<string, unknown>): string[] {
  if (!hasOpenApi) return [];
  validate ??= requestSchemaOf('/{Version}/{WABA-ID}/message_templates', 'post');
  return validate(body) ? [] : [JSON.stringify(validate.errors?.[0])];
}

describe('NotificaMe: Template: Create, ready-made', () => {
  let hub: Hub;
  const create = async (more: IDataObject = {}) => {
    const account = { __rl: true, mode: 'id', value: (await hub.account()).id };
    return hub.run('template', 'create', { account, ...READY, ...more });
  };

  beforeAll(async () => {
    hub = await Hub.start();
    await hub.run('channel', 'getMany', {});
  });
  afterAll(() => hub.instance.close());

  it('hands in those without a document, and says what the one with it needs', async () => {
    const { json, error } = await create({ readyLanguages: ['pt_BR'] });
    expect(error).toBeUndefined();
    expect(json.filter(({ outcome }) => outcome === 'created')).toHaveLength(7);
    expect(json.filter(({ outcome }) => outcome === 'failed')).toMatchObject([
      {
        template: { name: 'documentos_pos_procedimento' },
        detail: expect.stringContaining('Document Example Handle') as unknown,
      },
    ]);
    const { templates } = await hub.state();
    expect(templates.filter(({ status }) => status === 'PENDING')).toHaveLength(7);
  });

  it('follows them until they are approved, with the handle of an example', async () => {
    await hub.instance.control('PATCH', '/settings', { templateReviewMs: 0 });
    const options = { documentHandle: '4:ZmFrZQ==' };
    const { json } = await create({ readyLanguages: ['pt_BR'], options, followMinutes: 1 });
    expect(statusesOf(json)).toEqual(['APPROVED']);
    expect(json.filter(({ outcome }) => outcome === 'existing')).toHaveLength(7);
    expect(json.flatMap((item) => templateOf(item).differences)).toEqual([]);
  });

  it('refuses a channel that has no templates', async () => {
    const { id } = await hub.account(HUB_SEED.instagramChannelId);
    const { error } = await create({ account: { __rl: true, mode: 'id', value: id } });
    expect(error).toContain('is no WhatsApp channel');
  });
});
