import type { IDataObject, ILoadOptionsFunctions, INodeType } from 'n8n-workflow';
import { core } from '../../nodes/shared/loadCore';
import { Omnichannel } from '../../nodes/Omnichannel/Omnichannel.node';
import { WHATSAPP_PEOPLE } from '../../sandbox/whatsapp/seed.ts';
import { hookContext } from './support/contexts.ts';
import { probeNodes } from './support/probeNodes.ts';
import { WhatsAppNode } from './support/whatsApp.ts';
import { PACKAGE, runWorkflow } from './support/workflow.ts';

const NODE = `${PACKAGE}.omnichannel`;
const omnichannel = new Omnichannel();
const [ana, bruno] = WHATSAPP_PEOPLE.map(({ id }) => id);
const locator = (value: string) => ({ __rl: true, mode: 'list', value });
let whatsApp: WhatsAppNode;

beforeAll(async () => {
  whatsApp = await WhatsAppNode.start();
  await whatsApp.account();
  await whatsApp.receive();
  const allDay = { from: '00:00', to: '24:00', days: [1, 2, 3, 4, 5, 6, 7] };
  await core.tenants.saveSettings(await whatsApp.app(), 'default', {
    quietHours: { utility: allDay, marketing: allDay },
  });
  // They know the clinic: a utility template may go to them.
  for (const persona of [ana, bruno]) await whatsApp.customerWrites(persona ?? '', { text: 'Oi' });
});
afterAll(() => whatsApp.close());

async function run(
  operation: string,
  parameters: IDataObject,
  items: IDataObject[] = [{}],
  type = NODE,
) {
  const nodeTypes: Record<string, INodeType> = { ...probeNodes, [type]: omnichannel };
  const finished = await runWorkflow(
    {
      nodes: [
        { name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
        {
          name: 'Act',
          type,
          parameters: { resource: 'broadcast', operation, ...parameters } as never,
        },
      ],
      connections: [['Start', 'Act']],
    },
    { nodeTypes, items: items.map((json) => ({ json })), credentials: {} },
  );
  const output = finished.output('Act')[0] ?? [];
  return { error: finished.error, items: output.map(({ json }) => json) };
}

const LIST = [
  { phone: ana, name: 'Ana' },
  { phone: bruno, name: 'Bruno' },
  { phone: ana, name: 'Ana again' },
  { phone: 'not a number', name: 'Nobody' },
];

const draft = async (name: string, parameters: IDataObject = {}, items: IDataObject[] = LIST) => {
  const { error, items: made } = await run(
    'create',
    {
      ...(await whatsApp.chosen()),
      name,
      recipient: '={{ $json.phone }}',
      category: 'utility',
      sendAs: 'template',
      template: locator('lembrete_consulta|pt_BR'),
      variables: {
        mappingMode: 'defineBelow',
        value: { 'body:1': '={{ $json.name }}', 'body:2': '25/11', 'body:3': '14h' },
      },
      options: {},
      ...parameters,
    },
    items,
  );
  if (error) throw new Error(error);
  return made[0] ?? {};
};

const named = (id: unknown) => ({ broadcast: { __rl: true, mode: 'id', value: id }, options: {} });

async function work(): Promise<void> {
  const app = await whatsApp.app();
  const { signal } = new AbortController();
  await core.broadcasts.runDueBroadcasts(app, { fence: 1, signal });
}

const templatesTo = (calls: ReturnType<WhatsAppNode['callsSince']>, phone: string | undefined) =>
  calls()
    .filter(({ path }) => path.endsWith('/messages'))
    .flatMap(({ params }) => (params?.to === phone ? [params.template as IDataObject] : []));

describe('Omnichannel: Broadcast', () => {
  it('makes one draft of all items, with their variables, and says who is left out', async () => {
    const made = await draft('Lembretes');
    expect(made).toMatchObject({
      state: 'draft',
      name: 'Lembretes',
      category: 'utility',
      total: 2,
      duplicates: 1,
      leftOut: [{ item: 3, recipient: 'not a number' }],
      counts: { waiting: 2 },
    });
  });

  it('shows the real words before it starts, and tests one of them', async () => {
    const { broadcastId } = await draft('Prévia');
    const { items } = await run('preview', { ...named(broadcastId), show: 2, look: 100 });
    expect(items[0]).toMatchObject({ total: 2, looked: 2, wouldSend: 2, wouldSkip: {} });
    const messages = items[0]?.messages as Array<{ text: string }>;
    expect(messages.map(({ text }) => text).join('\n')).toContain('Ana');
    const calls = whatsApp.callsSince();
    const tested = await run('test', { ...named(broadcastId), recipient: bruno, position: 1 });
    expect(tested.items[0]).toMatchObject({ status: 'sent' });
    expect(JSON.stringify(templatesTo(calls, bruno))).toContain('Ana');
  });

  it('sends everybody theirs, and shows how far it is', async () => {
    const { broadcastId } = await draft('Envio');
    const calls = whatsApp.callsSince();
    const started = await run('start', named(broadcastId));
    expect(started.items[0]).toMatchObject({ state: 'running' });
    await work();
    expect(JSON.stringify(templatesTo(calls, ana))).toContain('Ana');
    expect(JSON.stringify(templatesTo(calls, bruno))).toContain('Bruno');
    const { items } = await run('get', named(broadcastId));
    expect(items[0]).toMatchObject({ state: 'completed', progress: 100, counts: { sent: 2 } });
    const again = await run('retryFailed', named(broadcastId));
    expect(again.items[0]).toMatchObject({ retried: 0 });
  });

  it('pauses, resumes and cancels', async () => {
    const { broadcastId } = await draft('Pausa');
    await run('start', named(broadcastId));
    expect((await run('pause', named(broadcastId))).items[0]).toMatchObject({ state: 'paused' });
    expect((await run('resume', named(broadcastId))).items[0]).toMatchObject({ state: 'running' });
    const ended = await run('cancel', named(broadcastId));
    expect(ended.items[0]).toMatchObject({ state: 'cancelled' });
    const late = await run('start', named(broadcastId));
    expect(late.error).toContain('is cancelled');
  });

  it('sends any content to people whose window is open', async () => {
    const { broadcastId } = await draft('Texto', {
      sendAs: 'message',
      contentType: 'text',
      text: '=Oi, {{ $json.name }}!',
    });
    const calls = whatsApp.callsSince();
    await run('start', named(broadcastId));
    await work();
    const bodies = calls().flatMap(({ params }) => (params?.text ? [params.text] : []));
    expect(bodies).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ body: 'Oi, Ana!' }),
        expect.objectContaining({ body: 'Oi, Bruno!' }),
      ]),
    );
  });

  it('counts on an opt-in of somebody whom the account has never met', async () => {
    const stranger = '5511955554444';
    const list = [{ phone: stranger, name: 'Carla' }];
    const { broadcastId } = await draft('Oferta', { category: 'marketing' }, list);
    const look = async () =>
      (await run('preview', { ...named(broadcastId), show: 1, look: 1 })).items[0] ?? {};
    expect(await look()).toMatchObject({ wouldSend: 0, wouldSkip: { no_opt_in: 1 } });
    const app = await whatsApp.app();
    const { id } = await core.contacts.upsertContact(
      app,
      { tenantId: 'default', phone: stranger },
      'the test',
    );
    await core.contacts.optIn(
      app,
      { tenantId: 'default', contact: id, purpose: 'marketing', source: 'form' },
      'the test',
    );
    expect(await look()).toMatchObject({ wouldSend: 1, wouldSkip: {} });
    const calls = whatsApp.callsSince();
    await run('start', named(broadcastId));
    await work();
    expect(JSON.stringify(templatesTo(calls, stranger))).toContain('Carla');
  });

  it('names the field that is missing', async () => {
    const { error } = await run('create', {
      ...(await whatsApp.chosen()),
      name: ' ',
      recipient: ana ?? '',
      category: 'utility',
      sendAs: 'message',
      contentType: 'text',
      text: 'Oi',
      options: {},
    });
    expect(error).toContain('"Name" is empty');
    const nobody = await run('create', {
      ...(await whatsApp.chosen()),
      name: 'Ninguém',
      recipient: 'not a number',
      category: 'utility',
      sendAs: 'message',
      contentType: 'text',
      text: 'Oi',
      options: {},
    });
    expect(nobody.error).toContain('Nobody of the 1 items');
    expect(nobody.error).toContain('is no phone number');
    const unknown = await run('get', named('01JD3Z8Q4T6W8Y0A2C4E6G8J0M'));
    expect(unknown.error).toContain('does not exist here');
  });

  it('is not offered to agents', async () => {
    const { error } = await run('get', named('x'), [{}], `${NODE}Tool`);
    expect(error).toContain('not offered to AI agents');
  });

  it('offers broadcasts and templates to choose from', async () => {
    const { account } = await whatsApp.chosen();
    const values: IDataObject = { account, template: locator('lembrete_consulta|pt_BR') };
    const context = {
      ...hookContext({ node: omnichannel, credentials: {} }),
      getCurrentNodeParameter: (name: string) => values[name],
    } as unknown as ILoadOptionsFunctions;
    const { listSearch, resourceMapping } = omnichannel.methods;
    const found = await listSearch.searchBroadcasts.call(context, 'lembr');
    expect(found.results[0]?.name).toBe('Lembretes (draft, 2)');
    const templates = await listSearch.searchTemplates.call(context, 'lembrete');
    expect(templates.results.map(({ value }) => value)).toContain('lembrete_consulta|pt_BR');
    const { fields } = await resourceMapping.getTemplateVariables.call(context);
    expect(fields.map(({ id }) => id)).toEqual(expect.arrayContaining(['body:1', 'body:2']));
  });
});
