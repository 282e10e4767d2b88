import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';
import { Omnichannel } from '../../nodes/Omnichannel/Omnichannel.node';
import { startInstance, type Instance } from './support/instance.ts';
import { probeNodes } from './support/probeNodes.ts';
import { PACKAGE, runWorkflow } from './support/workflow.ts';

let instance: Instance;
const node = new Omnichannel();

beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance.close());

async function run(operation: string, parameters: IDataObject = {}, type = 'omnichannel') {
  const { output, error } = await runWorkflow(
    {
      nodes: [
        { name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
        {
          name: 'Tenant',
          type: `${PACKAGE}.${type}`,
          parameters: { resource: 'tenant', operation, ...parameters } as never,
        },
      ],
      connections: [['Start', 'Tenant']],
    },
    { nodeTypes: { ...probeNodes, [`${PACKAGE}.${type}`]: node }, items: [{ json: {} }] },
  );
  return { items: (output('Tenant')[0] ?? []).map(({ json }) => json), error };
}

describe('Omnichannel: Tenant', () => {
  it('creates a tenant with its name, language and time zone, and knows it afterwards', async () => {
    const made = await run('upsert', {
      tenantId: 'sol',
      name: 'Clínica Sol',
      additionalFields: { language: 'en', timeZone: 'Europe/Lisbon' },
    });
    expect(made.error).toBeUndefined();
    expect(made.items).toMatchObject([
      { id: 'sol', name: 'Clínica Sol', language: 'en', timeZone: 'Europe/Lisbon', isNew: true },
    ]);
    const again = await run('upsert', { tenantId: 'sol', name: 'Sol' });
    expect(again.items).toMatchObject([
      { id: 'sol', name: 'Sol', timeZone: 'Europe/Lisbon', isNew: false },
    ]);
  });

  it('changes what is filled in, and leaves the rest as it was', async () => {
    const { items, error } = await run('updateSettings', {
      settings: {
        marketingHours: { hours: { days: [1, 2], from: '10:00', to: '16:00' } },
        capCount: 2,
        safeMode: true,
        safeModeRecipients: '+55 11 98888-7777,\n900100200300400',
        optOutWords: 'parar, chega',
        messagesDays: 90,
        rawDays: 0,
        custom: '{ "price": "R$ 200" }',
      },
    });
    expect(error).toBeUndefined();
    expect(items).toMatchObject([
      {
        id: 'default',
        quietHours: {
          utility: { from: '08:00', to: '20:00', days: [1, 2, 3, 4, 5, 6, 7] },
          marketing: { from: '10:00', to: '16:00', days: [1, 2] },
        },
        caps: { marketing: { count: 2, days: 7 } },
        safeMode: { on: true, recipients: ['+55 11 98888-7777', '900100200300400'] },
        optOut: { words: ['parar', 'chega'], optInWords: expect.arrayContaining(['voltar']) },
        retention: { messagesDays: 90, rawDays: null, eventsDays: null },
        custom: { price: 'R$ 200' },
      },
    ]);
  });

  it('keeps the procedures of the panel beside the other custom values, the whole list at once', async () => {
    const documents = (url: string) => ({ document: [{ url, fileName: '', title: 'Guia' }] });
    const set = (names: string[]) =>
      run('updateSettings', {
        tenantId: 'sol',
        settings: {
          custom: '{ "price": "R$ 200" }',
          procedures: {
            procedure: names.map((name) => ({
              name,
              code: '',
              documents: documents('https://clinica.example/a.pdf'),
            })),
          },
        },
      });
    await set(['Limpeza', 'Clareamento']);
    const { items, error } = await set([' Clareamento']);
    expect(error).toBeUndefined();
    expect(items[0]?.custom).toEqual({
      price: 'R$ 200',
      procedures: [
        {
          name: 'Clareamento',
          documents: [{ url: 'https://clinica.example/a.pdf', title: 'Guia' }],
        },
      ],
    });
    const { items: removed } = await set([]);
    expect(removed[0]?.custom).toEqual({ price: 'R$ 200' });
    const { error: problem } = await set(['Limpeza', 'limpeza']);
    expect(problem).toContain('Two procedures are called "limpeza"');
  });

  it('goes back to the defaults of what it is told', async () => {
    const { items } = await run('updateSettings', {
      settings: { capDays: 14 },
      reset: ['safeMode', 'quietHours', 'caps'],
    });
    expect(items).toMatchObject([
      {
        quietHours: { marketing: { from: '09:00', to: '19:00', days: [1, 2, 3, 4, 5, 6] } },
        caps: { marketing: { count: 1, days: 14 } },
        safeMode: { on: false, recipients: [] },
        optOut: { words: ['parar', 'chega'] },
      },
    ]);
  });

  it.each([
    [{ timeZone: 'Brasília' }, /There is no time zone "Brasília"/],
    [{ utilityHours: { hours: { from: '8h', to: '20:00', days: [1] } } }, /no hours of a day/],
    [{ optInWords: 'PARAR' }, /"PARAR" is among "Opt-Out Words" as well/],
    [{ custom: 'price' }, /"Custom Values" is no valid JSON/],
    [{ capDays: 0 }, /"Marketing Period \(Days\)" is a whole number from 1 to 366/],
  ])('says which setting is wrong: %j', async (settings, problem) => {
    const { items, error } = await run('updateSettings', { settings });
    expect(items).toEqual([]);
    expect(error).toMatch(problem);
  });

  it('switches features on, off and back to their defaults', async () => {
    await run('setFeature', { feature: 'whatsAppSession', state: 'on' });
    const off = await run('setFeature', { feature: 'reports', state: 'off' });
    expect(off.items).toMatchObject([{ features: { whatsAppSession: true, reports: false } }]);
    const { items } = await run('setFeature', { feature: 'whatsAppSession', state: 'default' });
    expect(items[0]?.features).toEqual({ reports: false });
    expect((await run('setFeature', { feature: '={{ "" }}' })).error).toMatch(/is no feature/);
  });

  it('gets one, and many with a cursor', async () => {
    expect((await run('get', { tenantId: 'sol' })).items).toMatchObject([{ name: 'Sol' }]);
    expect((await run('get', { tenantId: 'nobody' })).error).toMatch(
      /The tenant "nobody" does not exist/,
    );
    const first = await run('getMany', { limit: 1 });
    expect(first.items).toMatchObject([{ id: 'default', nextCursor: 'default' }]);
    const rest = await run('getMany', { returnAll: true, options: { cursor: 'default' } });
    expect(rest.items.map(({ id }) => id)).toEqual(['sol']);
  });

  it('is not offered to AI agents, and refused where a workflow names it all the same', async () => {
    const all = node.description.properties.filter(({ name }) => name === 'resource');
    const offered = all.map(({ displayOptions, options }) => ({
      toTools: displayOptions?.show?.['@tool'],
      hasTenant: (options as INodePropertyOptions[]).some(({ value }) => value === 'tenant'),
    }));
    expect(offered).toEqual([
      { toTools: [false], hasTenant: true },
      { toTools: [true], hasTenant: false },
    ]);
    const { error } = await run('updateSettings', { settings: { capCount: 9 } }, 'omnichannelTool');
    expect(error).toMatch(/is not offered to AI agents/);
  });
});
