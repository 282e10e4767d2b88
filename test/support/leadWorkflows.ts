import type { WorkflowDefinition, WorkflowNode } from '../../playground/n8nApi.ts';
import type { Playground } from '../../playground/playground.ts';
import { readBundledWorkflow } from '../../playground/workflows.ts';

const OWN = 'n8n-nodes-omnichannel.';
const BUNDLED = [
  'whatsapp-templates',
  'welcome-form-lead',
  'birthday-greeting',
  'lead-follow-up',
] as const;
export type BundledLeads = (typeof BUNDLED)[number];

/** The bundled workflows of leads and birthdays in a real n8n, and what the clinic does around them. */
export interface LeadWorkflows {
  /** n8n's ids. */
  ids: Record<BundledLeads, string>;
  /** Presses *Execute workflow* of *whatsapp-templates*; resolves with its last items. */
  createTemplates(): Promise<Item[]>;
  /** Somebody of the clinic saves a person who agreed to marketing. */
  agree(phone: string, name: string): Promise<void>;
  /** Who has stopped marketing, newest first, as the log has it. */
  optOuts(): Promise<Item[]>;
  /** Who has agreed, or taken an opt-out back, the same way. */
  optIns(): Promise<Item[]>;
  /** Saves the birthday, `YYYY-MM-DD`, of somebody with a number. */
  birthday(phone: string, date: string): Promise<void>;
}

export type Item = Record<string, unknown>;

const ALL_DAY = { from: '00:00', to: '24:00', days: [1, 2, 3, 4, 5, 6, 7] };
/** Takes the place of the button in the editor. */
const EXECUTE = 'execute-whatsapp-templates';

/** Publishes them, and opens the hours of the tenant all day. */
export async function setUpLeadWorkflows(playground: Playground): Promise<LeadWorkflows> {
  const { api, n8n, setup } = playground;
  const call = async (path: string, body: object = {}): Promise<Item[]> => {
    const response = await fetch(`${n8n.baseUrl}/webhook/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`The workflow behind /${path} failed: ${text}`);
    return JSON.parse(text) as Item[];
  };
  for (const definition of helpers()) {
    await api.publish(await api.createWorkflow(definition));
  }
  await call('lead-settings');
  const ids: Partial<Record<BundledLeads, string>> = {};
  for (const name of BUNDLED) {
    // What npm start has installed already must not congratulate a second time.
    const present = setup.workflowIds[name];
    if (present !== undefined) await api.unpublish(present);
    const id = await api.createWorkflow(prepared(name, playground));
    await api.publish(id);
    ids[name] = id;
    setup.workflowIds[name] = id;
  }
  return {
    ids: ids as Record<BundledLeads, string>,
    createTemplates: () => call(EXECUTE),
    agree: async (phone, name) => void (await call('lead-agree', { phone, name })),
    // Without an item n8n answers with a sentence of its own.
    optOuts: () => call('lead-opt-outs').catch(() => []),
    optIns: () => call('lead-opt-ins').catch(() => []),
    birthday: async (phone, date) => void (await call('lead-birthday', { phone, date })),
  };
}

/** As the file has it, with the button reachable from outside. */
function prepared(name: BundledLeads, playground: Playground): WorkflowDefinition {
  const definition = withWhatsApp(name, playground);
  const nodes = definition.nodes.map((node): WorkflowNode => {
    if (node.type !== 'n8n-nodes-base.manualTrigger') return node;
    return {
      ...node,
      type: 'n8n-nodes-base.webhook',
      typeVersion: 2,
      webhookId: EXECUTE,
      parameters: {
        httpMethod: 'POST',
        path: EXECUTE,
        responseMode: 'lastNode',
        responseData: 'allEntries',
        options: {},
      },
    };
  });
  return { ...definition, nodes };
}

/** A bundled workflow as a person has it who chose the playground's credential of WhatsApp in its nodes. */
export function withWhatsApp(name: string, { setup }: Playground): WorkflowDefinition {
  const definition = readBundledWorkflow(name);
  const { type, id, name: label } = setup.whatsAppCredential;
  const nodes = definition.nodes.map((node) =>
    node.type === `${OWN}whatsAppCloud`
      ? { ...node, credentials: { [type]: { id, name: label } } }
      : node,
  );
  return { ...definition, nodes };
}

function helpers(): WorkflowDefinition[] {
  const contact = { __rl: true, mode: 'id', value: '={{ $json.id }}' };
  return [
    afterCall('lead-settings', {
      resource: 'tenant',
      operation: 'updateSettings',
      settings: { utilityHours: { hours: ALL_DAY }, marketingHours: { hours: ALL_DAY } },
    }),
    afterCall(
      'lead-agree',
      {
        resource: 'contact',
        operation: 'upsert',
        phone: '={{ $json.body.phone }}',
        name: '={{ $json.body.name }}',
      },
      { resource: 'contact', operation: 'optIn', contact, purpose: 'marketing' },
    ),
    afterCall('lead-opt-outs', {
      resource: 'event',
      operation: 'getMany',
      filters: { events: ['contact.optedOut'] },
    }),
    afterCall('lead-opt-ins', {
      resource: 'event',
      operation: 'getMany',
      filters: { events: ['contact.optedIn'] },
    }),
    afterCall('lead-birthday', {
      resource: 'contact',
      operation: 'upsert',
      phone: '={{ $json.body.phone }}',
      details: { birthday: '={{ $json.body.date }}' },
    }),
    // Whoever writes "nasci 1990-12-24" on any channel has told their birthday.
    {
      name: 'Keeps birthdays',
      nodes: [
        placed('Omnichannel Trigger', 0, {
          type: `${OWN}omnichannelTrigger`,
          parameters: { keyword: 'nasci' },
        }),
        placed('Keep', 1, {
          type: `${OWN}omnichannel`,
          parameters: {
            resource: 'contact',
            operation: 'upsert',
            details: {
              contactId: '={{ $json.contact.id }}',
              birthday: "={{ $json.message.text.split(' ')[1] }}",
            },
          },
        }),
      ],
      connections: {
        'Omnichannel Trigger': { main: [[{ node: 'Keep', type: 'main', index: 0 }]] },
      },
      settings: { executionOrder: 'v1' },
    },
  ];
}

type Step = Pick<WorkflowNode, 'type' | 'parameters'>;

function placed(name: string, index: number, step: Step): WorkflowNode {
  const id = `id-${name.toLowerCase().replaceAll(/\W+/g, '-')}`;
  return { ...step, id, name, typeVersion: 1, position: [index * 240, 0] };
}

/** A workflow that a call starts, and that answers with what its last node returns. */
function afterCall(path: string, ...steps: Array<Record<string, unknown>>): WorkflowDefinition {
  const nodes: WorkflowNode[] = [
    {
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
    },
    ...steps.map((parameters, index) =>
      placed(`Step ${index + 1}`, index + 1, { type: `${OWN}omnichannel`, parameters }),
    ),
  ];
  const pairs = nodes.slice(1).map(({ name }, index) => [nodes[index]?.name ?? '', name] as const);
  const connections = Object.fromEntries(
    pairs.map(([from, to]) => [from, { main: [[{ node: to, type: 'main', index: 0 }]] }]),
  );
  return {
    name: `After a call to ${path}`,
    nodes,
    connections,
    settings: { executionOrder: 'v1' },
  };
}
