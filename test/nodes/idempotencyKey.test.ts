import type { IRunExecutionData } from 'n8n-workflow';
import { probeNodes } from './support/probeNodes.ts';
import {
  eventItem,
  PACKAGE,
  runWorkflow,
  type RunOptions,
  type TestWorkflow,
} from './support/workflow.ts';

const A = '01JD3Z8Q4T6W8Y0A2C4E6G8J0A';
const B = '01JD3Z8Q4T6W8Y0A2C4E6G8J0B';
const C = '01JD3Z8Q4T6W8Y0A2C4E6G8J0C';

const trigger = { name: 'Omnichannel Trigger', type: `${PACKAGE}.omnichannelTrigger` };
const probe = { name: 'Send', type: `${PACKAGE}.keyProbe` };

const straight: TestWorkflow = {
  nodes: [trigger, probe],
  connections: [['Omnichannel Trigger', 'Send']],
};
const looped: TestWorkflow = {
  nodes: [trigger, { name: 'Loop', type: 'test.loop' }, probe],
  connections: [
    ['Omnichannel Trigger', 'Loop'],
    ['Loop', 'Send', 1],
    ['Send', 'Loop'],
  ],
};
const through = (type: string): TestWorkflow => ({
  nodes: [trigger, { name: 'Between', type }, probe],
  connections: [
    ['Omnichannel Trigger', 'Between'],
    ['Between', 'Send'],
  ],
});

async function keysOf(workflow: TestWorkflow, options: Omit<RunOptions, 'nodeTypes'>) {
  const finished = await runWorkflow(workflow, { nodeTypes: probeNodes, ...options });
  if (finished.error) throw new Error(finished.error);
  return finished
    .output('Send')
    .flat()
    .map(({ json }) => json.key as string);
}

describe('the idempotency key', () => {
  it('names workflow, node and event, and is the same in another execution', async () => {
    const first = await keysOf(straight, { items: [eventItem(A)], executionId: '1' });
    const again = await keysOf(straight, { items: [eventItem(A)], executionId: '2' });
    expect(first).toEqual([`workflow-1/id-of-Send/0/${A}/0`]);
    expect(again).toEqual(first);
  });

  it('differs between two workflows and between two nodes of one', async () => {
    const twin = { name: 'Send Twice', type: probe.type };
    const two: TestWorkflow = {
      nodes: [trigger, probe, twin],
      connections: [
        ['Omnichannel Trigger', 'Send'],
        ['Send', 'Send Twice'],
      ],
    };
    const run = await runWorkflow(two, { nodeTypes: probeNodes, items: [eventItem(A)] });
    const other = await keysOf({ ...straight, id: 'workflow-2' }, { items: [eventItem(A)] });
    const keys = [...run.output('Send'), ...run.output('Send Twice')]
      .flat()
      .map(({ json }) => json.key);
    expect(new Set([...keys, ...other]).size).toBe(3);
  });

  it('is the same for an event whether it comes alone or in a batch', async () => {
    const batch = await keysOf(straight, { items: [eventItem(A), eventItem(B)] });
    const alone = await keysOf(straight, { items: [eventItem(B)] });
    expect(batch[1]).toBe(alone[0]);
    expect(batch[0]).not.toBe(batch[1]);
  });

  it('counts the items that go back to one event', async () => {
    const keys = await keysOf(through('test.triple'), { items: [eventItem(A), eventItem(B)] });
    expect(keys.map((key) => key.split('/').slice(-2).join('/'))).toEqual([
      `${A}/0`,
      `${A}/1`,
      `${A}/2`,
      `${B}/0`,
      `${B}/1`,
      `${B}/2`,
    ]);
  });

  it('survives a loop over a batch that comes again in another company', async () => {
    const first = await keysOf(looped, { items: [eventItem(A), eventItem(B), eventItem(C)] });
    const again = await keysOf(looped, { items: [eventItem(C), eventItem(A)] });
    expect(first).toHaveLength(3);
    expect(new Set(first).size).toBe(3);
    expect(again).toEqual([first[2], first[0]]);
  });

  it('differs between the rounds of a loop that sends for the same event', async () => {
    const workflow: TestWorkflow = {
      nodes: [
        trigger,
        { name: 'Triple', type: 'test.triple' },
        { name: 'Loop', type: 'test.loop' },
        probe,
      ],
      connections: [
        ['Omnichannel Trigger', 'Triple'],
        ['Triple', 'Loop'],
        ['Loop', 'Send', 1],
        ['Send', 'Loop'],
      ],
    };
    const keys = await keysOf(workflow, { items: [eventItem(A)] });
    const again = await keysOf(workflow, { items: [eventItem(A)] });
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(3);
    expect(again).toEqual(keys);
  });

  it('finds the only event of the execution when a node between has lost the pairing', async () => {
    const keys = await keysOf(through('test.forgetPairs'), { items: [eventItem(A)] });
    expect(keys).toEqual([`workflow-1/id-of-Send/0/${A}/0`, `workflow-1/id-of-Send/0/${A}/1`]);
  });

  it('goes through a Merge of two branches that began at the same event', async () => {
    const branch = (name: string) => ({ name, type: 'n8n-nodes-base.manualTrigger' });
    const workflow: TestWorkflow = {
      nodes: [
        trigger,
        branch('Left'),
        branch('Right'),
        { name: 'Merge', type: 'test.merge' },
        probe,
      ],
      connections: [
        ['Omnichannel Trigger', 'Left'],
        ['Omnichannel Trigger', 'Right'],
        ['Left', 'Merge'],
        ['Right', 'Merge', 0, 1],
        ['Merge', 'Send'],
      ],
    };
    const keys = await keysOf(workflow, { items: [eventItem(A), eventItem(B)] });
    expect(keys).toEqual([A, B].map((id) => `workflow-1/id-of-Send/0/${id}/0`));
  });

  it('falls back to execution and item when the pairing is lost among several events', async () => {
    const options = { items: [eventItem(A), eventItem(B)], executionId: '77' };
    const keys = await keysOf(through('test.forgetPairs'), options);
    expect(keys).toEqual([
      'workflow-1/id-of-Send/0/execution-77/0',
      'workflow-1/id-of-Send/0/execution-77/1',
      'workflow-1/id-of-Send/0/execution-77/2',
    ]);
  });

  it('tells the rounds of a loop apart in the fallback, too', async () => {
    const workflow: TestWorkflow = {
      nodes: [{ name: 'Start', type: 'n8n-nodes-base.manualTrigger' }, ...looped.nodes.slice(1)],
      connections: [['Start', 'Loop'], ...looped.connections.slice(1)],
    };
    const keys = await keysOf(workflow, { items: [{ json: {} }, { json: {} }], executionId: '5' });
    expect(keys).toEqual([
      'workflow-1/id-of-Send/0/execution-5/0',
      'workflow-1/id-of-Send/1/execution-5/0',
    ]);
  });

  it('prefers the journey key of what was due', async () => {
    const item = eventItem(A, { journeyKey: 'appointment-9/24h' });
    expect(await keysOf(straight, { items: [item] })).toEqual([
      'workflow-1/id-of-Send/0/appointment-9/24h/0',
    ]);
  });

  it('goes on with the first execution when n8n retries a failed one', async () => {
    const workflow: TestWorkflow = {
      nodes: [{ name: 'Start', type: 'n8n-nodes-base.manualTrigger' }, probe],
      connections: [['Start', 'Send']],
    };
    const first = await runWorkflow(workflow, {
      nodeTypes: probeNodes,
      items: [{ json: {} }],
      executionId: '10',
    });
    const retry = await runWorkflow(workflow, {
      nodeTypes: probeNodes,
      items: [],
      executionId: '11',
      mode: 'retry',
      previous: retryOf(first.run.data, workflow),
    });
    expect([first.error, retry.error]).toEqual([undefined, undefined]);
    const [before] = first.output('Send').flat();
    const [after] = retry.output('Send').flat();
    expect(before?.json.key).toBe('workflow-1/id-of-Send/0/execution-10/0');
    expect(after?.json.key).toBe(before?.json.key);
  });

  it('takes the event through a sub-workflow and tells two different texts for it apart', async () => {
    const workflow: TestWorkflow = {
      nodes: [{ name: 'Called', type: 'n8n-nodes-base.executeWorkflowTrigger' }, probe],
      connections: [['Called', 'Send']],
    };
    const call = (executionId: string, text: string) =>
      keysOf(workflow, { items: [eventItem(A, { text })], executionId, mode: 'integrated' });
    const [first] = await call('1', 'Oi');
    const [again] = await call('2', 'Oi');
    const [other] = await call('3', 'Tchau');
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    const [foreign] = await keysOf(workflow, {
      items: [{ json: { id: 'order-7' } }],
      executionId: '4',
      mode: 'integrated',
    });
    expect(foreign).toContain('execution-4');
  });

  it('is new for every test run in the editor', async () => {
    const options = { items: [eventItem(A)], mode: 'manual' as const };
    const first = await keysOf(straight, { ...options, executionId: '1' });
    const again = await keysOf(straight, { ...options, executionId: '2' });
    expect(again).not.toEqual(first);
    expect(first[0]).not.toContain(A);
  });

  it('is new for every execution when the admin chose to send every time', async () => {
    const every = withChoice({ sendAgain: 'everyRun' });
    const first = await keysOf(every, { items: [eventItem(A)], executionId: '1' });
    const again = await keysOf(every, { items: [eventItem(A)], executionId: '2' });
    expect(again).not.toEqual(first);
  });

  it("is the admin's own text where one is given", async () => {
    const own = withChoice({ idempotencyKey: '={{ "order-" + $json.id }}' });
    expect(await keysOf(own, { items: [eventItem('4711')] })).toEqual(['own/order-4711']);
  });
});

function withChoice(choice: Record<string, string>): TestWorkflow {
  return { ...straight, nodes: [trigger, { ...probe, parameters: choice }] };
}

/** What n8n keeps of a failed execution and starts again: everything but the run of the last node. */
function retryOf(data: IRunExecutionData, workflow: TestWorkflow): IRunExecutionData {
  const copy = structuredClone(data);
  const send = workflow.nodes[1];
  delete copy.resultData.runData.Send;
  delete copy.resultData.lastNodeExecuted;
  if (!copy.executionData || !send) throw new Error('The execution kept no data.');
  copy.executionData.nodeExecutionStack = [
    {
      node: {
        parameters: { sendAgain: '', idempotencyKey: '' },
        ...send,
        id: 'id-of-Send',
        typeVersion: 1,
        position: [0, 0],
      },
      data: { main: [[{ json: {}, pairedItem: { item: 0 } }]] },
      source: { main: [{ previousNode: 'Start', previousNodeOutput: 0, previousNodeRun: 0 }] },
    },
  ];
  return copy;
}
