import type { IDataObject } from 'n8n-workflow';
import { Omnichannel } from '../../nodes/Omnichannel/Omnichannel.node';
import { startInstance, type Instance } from './support/instance.ts';
import { probeNodes } from './support/probeNodes.ts';
import { eventItem, PACKAGE, runWorkflow, type TestNode } from './support/workflow.ts';

const nodeTypes = { ...probeNodes, [`${PACKAGE}.omnichannel`]: new Omnichannel() };
const EVENT_ID = '01JD3Z8Q4T6W8Y0A2C4E6G8J0M';
let instance: Instance;

beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance.close());

async function run(resource: string, operation: string, parameters: IDataObject) {
  const finished = await runWorkflow(
    {
      nodes: [
        { name: 'Trigger', type: `${PACKAGE}.omnichannelTrigger` },
        {
          name: 'Node',
          type: `${PACKAGE}.omnichannel`,
          parameters: { resource, operation, ...parameters } as TestNode['parameters'],
        },
      ],
      connections: [['Trigger', 'Node']],
    },
    { nodeTypes, items: [eventItem(EVENT_ID)] },
  );
  return { error: finished.error, items: finished.output('Node').flat() };
}

const get = (parameters: IDataObject, tenant: string, options: IDataObject = {}) =>
  run('statistics', 'get', { ...parameters, options: { tenant, ...options } });

async function rated(tenant: string) {
  const options = { tenant };
  const { items } = await run('contact', 'upsert', {
    phone: '+55 11 98888-7777',
    details: { stage: 'lead', source: 'ad' },
    options,
  });
  const contact = items[0]?.json.id;
  await run('contact', 'upsert', {
    phone: '+55 11 98888-7777',
    details: { stage: 'client' },
    options,
  });
  const { error } = await run('event', 'emit', {
    event: 'feedback.received',
    contact,
    rating: '4',
    appointmentId: 'a1',
    options,
  });
  expect(error).toBeUndefined();
}

describe('Omnichannel: get statistics', () => {
  it('gives one item with everything, for the node behind it', async () => {
    await rated('statistics-1');
    const { error, items } = await get({}, 'statistics-1');
    expect(error).toBeUndefined();
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      pairedItem: { item: 0 },
      json: {
        period: { timeZone: 'America/Sao_Paulo' },
        messages: { received: 0, sent: 0 },
        answers: { turns: 0, answerRate: null },
        ratings: { count: 1, mean: 4 },
        journeys: [],
        attendants: [],
        webhooks: { attempts: 0, successRate: null },
      },
    });
    expect(items[0]?.json.byDay).toHaveLength(7);
  });

  it('gives a part of it as rows, each with its period', async () => {
    await rated('statistics-2');
    const { items } = await get({ splitInto: 'ratings', period: 'today' }, 'statistics-2');
    expect(items.map(({ json }) => [json.rating, json.count])).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 1],
      [5, 0],
    ]);
    expect(items[0]?.json.period).toMatchObject({ timeZone: 'America/Sao_Paulo' });
    const days = await get({ splitInto: 'days', period: 'last30Days' }, 'statistics-2');
    expect(days.items).toHaveLength(30);
    const sources = await get({ splitInto: 'sources' }, 'statistics-2');
    expect(sources.items.map(({ json }) => json)).toMatchObject([
      { source: 'ad', newContacts: 1, converted: 1 },
    ]);
  });

  it('counts from a day to another, and says which end is missing', async () => {
    await rated('statistics-3');
    const past = { period: 'custom', from: '2026-01-01T00:00:00Z', to: '2026-01-03T00:00:00Z' };
    const { items } = await get(past, 'statistics-3');
    expect(items[0]?.json).toMatchObject({ ratings: { count: 0 }, conversions: { converted: 0 } });
    expect(items[0]?.json.period).toMatchObject({ to: '2026-01-03T00:00:00.000Z' });
    const nothing = { period: 'custom', from: '={{ $json.nothing }}' };
    expect((await get(nothing, 'statistics-3')).error).toMatch(/no beginning/);
    expect((await get({ period: 'custom', from: 'soon' }, 'statistics-3')).error).toMatch(/"From"/);
  });

  it('takes the stage that is meant, and refuses hours that are none', async () => {
    await rated('statistics-4');
    const { items } = await get({}, 'statistics-4', { convertedStage: 'lead' });
    expect(items[0]?.json).toMatchObject({ conversions: { stage: 'lead', converted: 0 } });
    const { error } = await get({}, 'statistics-4', { answeredWithinHours: 9_000 });
    expect(error).toMatch(/1 to 720 hours/);
  });
});
