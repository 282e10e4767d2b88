import type { WorkflowDefinition, WorkflowNode } from '../../playground/n8nApi.ts';
import type { Playground } from '../../playground/playground.ts';
import { readBundledWorkflow } from '../../playground/workflows.ts';

const OWN = 'n8n-nodes-omnichannel.';
const settings = { executionOrder: 'v1' };
const follows = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });

/** The bundled workflow *broadcast* in a real n8n, set off by a call in place of a click. */
export interface BroadcastWorkflows {
  /** Of the bundled workflow. */
  workflowId: string;
  /** A client with the tag of the campaign, who has agreed to marketing. */
  agree(phone: string, name: string): Promise<void>;
  /** Runs the bundled workflow. @returns what its last node gives */
  run(choice: { startNow: boolean; ownNumber: string }): Promise<Record<string, unknown>>;
}

const TAG = 'campanha';

export async function setUpBroadcastWorkflows(
  { api, n8n }: Playground,
  accountId: string,
): Promise<BroadcastWorkflows> {
  await api.publish(await api.createWorkflow(agreeing()));
  const bundle = await api.createWorkflow(setOffByCall(accountId));
  await api.publish(bundle);
  const call = async (path: string, body: object) => {
    const response = await fetch(`${n8n.baseUrl}/webhook/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`The workflow failed: ${JSON.stringify(answer)}`);
    return (answer as Array<Record<string, unknown>>)[0] ?? {};
  };
  return {
    workflowId: bundle,
    async agree(phone, name) {
      await call('broadcast-agree', { phone, name });
    },
    run: (choice) => call('broadcast-run', choice),
  };
}

function calledBy(path: string): WorkflowNode {
  return {
    id: `call-${path}`,
    name: 'Called by',
    type: 'n8n-nodes-base.webhook',
    typeVersion: 2,
    position: [0, 0],
    webhookId: path,
    parameters: {
      httpMethod: 'POST',
      path,
      responseMode: 'lastNode',
      responseData: 'allEntries',
      options: {},
    },
  };
}

/** Disconnects an account, as a person does it with the node. */
export async function disconnect({ api, n8n }: Playground, accountId: string): Promise<void> {
  const definition: WorkflowDefinition = {
    name: 'Disconnect',
    nodes: [
      calledBy('disconnect'),
      {
        id: 'disconnect-1',
        name: 'Disconnect',
        type: `${OWN}omnichannel`,
        typeVersion: 1,
        position: [200, 0],
        parameters: {
          resource: 'connection',
          operation: 'disconnect',
          account: { __rl: true, mode: 'id', value: accountId },
          options: {},
        },
      },
    ],
    connections: { 'Called by': follows('Disconnect') },
    settings,
  };
  await api.publish(await api.createWorkflow(definition));
  const response = await fetch(`${n8n.baseUrl}/webhook/disconnect`, { method: 'POST' });
  if (!response.ok) throw new Error(`It was not disconnected: ${await response.text()}`);
}

/** The hours of marketing are the whole day here: a test runs at any hour. */
function agreeing(): WorkflowDefinition {
  const omnichannel = (name: string, x: number, parameters: object): WorkflowNode =>
    ({
      id: `agree-${x}`,
      name,
      type: `${OWN}omnichannel`,
      typeVersion: 1,
      position: [x, 0],
      parameters,
    }) as WorkflowNode;
  const allDay = { from: '00:00', to: '24:00', days: [1, 2, 3, 4, 5, 6, 7] };
  return {
    name: 'A client agrees',
    nodes: [
      calledBy('broadcast-agree'),
      omnichannel('Open all day', 200, {
        resource: 'tenant',
        operation: 'updateSettings',
        settings: { marketingHours: { hours: allDay }, utilityHours: { hours: allDay } },
        options: {},
      }),
      omnichannel('Know them', 400, {
        resource: 'contact',
        operation: 'upsert',
        phone: "={{ $('Called by').item.json.body.phone }}",
        name: "={{ $('Called by').item.json.body.name }}",
        details: { addTags: TAG },
        options: {},
      }),
      omnichannel('They agree', 600, {
        resource: 'contact',
        operation: 'optIn',
        contact: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
        purpose: 'marketing',
        source: 'form of the test',
        text: 'Aceito receber novidades.',
        options: {},
      }),
    ],
    connections: {
      'Called by': follows('Open all day'),
      'Open all day': follows('Know them'),
      'Know them': follows('They agree'),
    },
    settings,
  };
}

/** As a person sets it up: account, template and variables chosen, the texts of Settings left. */
function setOffByCall(accountId: string): WorkflowDefinition {
  const bundled = readBundledWorkflow('broadcast');
  const nodes = bundled.nodes.map((node) => {
    if (node.name === 'Execute workflow') {
      return { ...calledBy('broadcast-run'), name: node.name, position: node.position };
    }
    if (node.name === 'Settings') return withChoices(node);
    if (node.name !== 'Create draft') return node;
    return {
      ...node,
      parameters: {
        ...node.parameters,
        account: { __rl: true, mode: 'id', value: accountId },
        template: { __rl: true, mode: 'name', value: 'lembrete_consulta|pt_BR' },
        variables: {
          mappingMode: 'defineBelow',
          value: { 'body:1': '={{ $json.name }}', 'body:2': '27/11', 'body:3': '15:00' },
          matchingColumns: [],
          schema: [],
        },
      },
    };
  });
  return { ...bundled, nodes };
}

function withChoices(node: WorkflowNode): WorkflowNode {
  const chosen: Record<string, unknown> = {
    startNow: '={{ $json.body.startNow }}',
    ownNumber: '={{ $json.body.ownNumber }}',
  };
  const { assignments } = node.parameters.assignments as {
    assignments: Array<{ name: string; value: unknown }>;
  };
  return {
    ...node,
    parameters: {
      ...node.parameters,
      assignments: {
        assignments: assignments.map((one) => ({ ...one, value: chosen[one.name] ?? one.value })),
      },
    },
  };
}
