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

async function run(parameters: TestNode['parameters'], items = [eventItem(EVENT_ID)]) {
  const finished = await runWorkflow(
    {
      nodes: [
        { name: 'Trigger', type: `${PACKAGE}.omnichannelTrigger` },
        {
          name: 'Event',
          type: `${PACKAGE}.omnichannel`,
          parameters: { resource: 'event', ...parameters },
        },
      ],
      connections: [['Trigger', 'Event']],
    },
    { nodeTypes, items },
  );
  return { error: finished.error, run: finished.run, items: finished.output('Event').flat() };
}

const emit = (parameters: IDataObject, tenant: string) =>
  run({ operation: 'emit', ...parameters, options: { tenant } } as TestNode['parameters']);
const list = (parameters: IDataObject, tenant: string) =>
  run({
    operation: 'getMany',
    ...parameters,
    options: { tenant, ...(parameters.options as IDataObject) },
  } as TestNode['parameters']);

const moved = { event: 'deal.moved', dealId: '4711', toStage: 'won' };

describe('Omnichannel: emit an event', () => {
  it('records what the panel says and returns it as triggers will emit it', async () => {
    const { error, items } = await emit({ ...moved, data: '{ "value": 900 }' }, 'emit-1');
    expect(error).toBeUndefined();
    expect(items).toEqual([
      {
        json: expect.objectContaining({
          event: 'deal.moved',
          tenantId: 'emit-1',
          data: { dealId: '4711', fromStage: null, toStage: 'won', value: 900 },
        }) as unknown,
        pairedItem: { item: 0 },
      },
    ]);
  });

  it('records once per event of the trigger, however often the node runs', async () => {
    const first = await emit(moved, 'emit-2');
    const again = await emit(moved, 'emit-2');
    expect(again.items[0]?.json).toEqual({ ...first.items[0]?.json, duplicate: true });
    expect((await list({}, 'emit-2')).items).toHaveLength(1);
  });

  it('stops with the name of the field that is missing', async () => {
    const { error, run: finished } = await emit(
      { ...moved, dealId: '={{ $json.nothing }}' },
      'emit-3',
    );
    expect(error).toMatch(/dealId is missing/);
    expect(finished.data.resultData.error).toMatchObject({ name: 'NodeOperationError' });
    expect((await list({}, 'emit-3')).items).toEqual([]);
  });

  it('stops when the additional data is no JSON object', async () => {
    expect((await emit({ ...moved, data: '{ value: 9' }, 'emit-4')).error).toMatch(
      /"Additional Data" is no valid JSON/,
    );
    expect((await emit({ ...moved, data: '[1]' }, 'emit-4')).error).toMatch(
      /"Additional Data" is not a JSON object/,
    );
  });

  it('asks for the contact of an event that is about a contact', async () => {
    const { error } = await emit({ event: 'contact.updated' }, 'emit-5');
    expect(error).toMatch(/"Contact ID" is missing/);
  });

  it('keeps the rating of a tapped button, and tells the second tap from a repeat', async () => {
    const tenant = 'emit-7';
    const upserted = await runWorkflow(
      {
        nodes: [
          { name: 'Trigger', type: `${PACKAGE}.omnichannelTrigger` },
          {
            name: 'Contact',
            type: `${PACKAGE}.omnichannel`,
            parameters: {
              resource: 'contact',
              operation: 'upsert',
              phone: '+55 11 98888-7777',
              options: { tenant },
            },
          },
        ],
        connections: [['Trigger', 'Contact']],
      },
      { nodeTypes, items: [eventItem(EVENT_ID)] },
    );
    expect(upserted.error).toBeUndefined();
    const contact = upserted.output('Contact').flat()[0]?.json ?? {};
    const tap = async (eventId: string, rating: number) => {
      const item = eventItem(eventId);
      const json: IDataObject = {
        ...item.json,
        contact: { id: contact.id },
        conversation: null,
        message: { buttonPayload: `FEEDBACK:a1:${rating}` },
      };
      const parameters = { operation: 'emit', event: 'feedback.received', options: { tenant } };
      const { items, error } = await run(parameters, [{ ...item, json }]);
      expect(error).toBeUndefined();
      return items[0]?.json;
    };
    const first = await tap(EVENT_ID, 5);
    expect(first).toMatchObject({
      event: 'feedback.received',
      contact: { id: contact.id },
      data: { rating: 5, comment: null, appointmentId: 'a1' },
    });
    const second = await tap('01JD3Z8Q4T6W8Y0A2C4E6G8J0N', 5);
    expect(second).toEqual({ ...first, duplicate: true });
    const third = await tap('01JD3Z8Q4T6W8Y0A2C4E6G8J0P', 3);
    expect(third).toMatchObject({ data: { rating: 3, previous: { rating: 5 } } });
    expect((await list({ filters: { events: ['feedback.received'] } }, tenant)).items).toHaveLength(
      2,
    );
  });

  it('says that there is no rating where nothing was tapped', async () => {
    const { error } = await emit({ event: 'feedback.received', contact: 'c1' }, 'emit-8');
    expect(error).toMatch(/rating is no whole number from 1 to 5/);
  });

  it('takes the time that is given, as UTC where it has no zone', async () => {
    const options = { tenant: 'emit-6', happenedAt: '2026-01-02T03:04:05' };
    const { items } = await run({ operation: 'emit', ...moved, options });
    expect(items[0]?.json.timestamp).toBe('2026-01-02T03:04:05.000Z');
  });
});

describe('Omnichannel: get many events', () => {
  const tenant = 'read-1';
  beforeAll(async () => {
    for (let n = 1; n <= 5; n += 1) {
      const options = { tenant, idempotencyKey: `deal-${n}` };
      await run({ operation: 'emit', ...moved, dealId: String(n), options });
    }
    const options = { tenant, idempotencyKey: 'done' };
    await run({ operation: 'emit', event: 'workflow.completed', options });
  });

  const dealIds = (items: Array<{ json: IDataObject }>) =>
    items.map(({ json }) => (json.data as { dealId?: string }).dealId);

  it('gives the newest first, up to the limit, each as an item', async () => {
    const { items } = await list({ limit: 2, filters: { events: ['deal.moved'] } }, tenant);
    expect(dealIds(items)).toEqual(['5', '4']);
    expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 0 }]);
  });

  it('goes on with the cursor of the last item, until there is none', async () => {
    const filters = { events: ['deal.moved'] };
    const pages: Array<Array<string | undefined>> = [];
    for (let cursor = ''; ; ) {
      const { items } = await list({ limit: 2, filters, options: { cursor } }, tenant);
      pages.push(dealIds(items));
      const next = items.at(-1)?.json.nextCursor;
      if (typeof next !== 'string') break;
      cursor = next;
    }
    expect(pages).toEqual([['5', '4'], ['3', '2'], ['1']]);
  });

  it('returns all, oldest first where that is wanted', async () => {
    const { items } = await list({ returnAll: true, options: { order: 'asc' } }, tenant);
    expect(dealIds(items)).toEqual(['1', '2', '3', '4', '5', undefined]);
    expect(items.at(-1)?.json).not.toHaveProperty('nextCursor');
  });

  it('gives no items, and no error, when nothing matches', async () => {
    const { items, error } = await list({ filters: { from: '2999-01-01' } }, tenant);
    expect([items, error]).toEqual([[], undefined]);
  });

  it('says which field holds no date', async () => {
    expect((await list({ filters: { from: 'tomorrow' } }, tenant)).error).toMatch(/"From"/);
  });

  it('refuses a cursor of its own invention', async () => {
    expect((await list({ options: { cursor: 'abc' } }, tenant)).error).toMatch(/cursor/);
  });
});
