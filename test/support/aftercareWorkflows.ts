import { readyDraft } from '../../core/providers/whatsapp-cloud/templates/ready';
import { HUB_SEED } from '../../sandbox/notificame/seed.ts';
import type { N8nApi, WorkflowDefinition, WorkflowNode } from '../../playground/n8nApi.ts';
import type { Playground } from '../../playground/playground.ts';
import { readBundledWorkflow, SETTINGS_NODE } from '../../playground/workflows.ts';
import { control } from './customers.ts';

const OWN = 'n8n-nodes-omnichannel.';

/** A workflow that a call starts, and that answers with what its node returns. */
function afterCall(path: string, parameters: Record<string, unknown>): WorkflowDefinition {
  const nodes: WorkflowNode[] = [
    {
      id: `aftercare-call-${path}`,
      name: 'Called by',
      type: 'n8n-nodes-base.webhook',
      typeVersion: 2,
      position: [0, 0],
      webhookId: `aftercare-${path}`,
      parameters: {
        httpMethod: 'POST',
        path: `aftercare-${path}`,
        responseMode: 'lastNode',
        responseData: 'allEntries',
        options: {},
      },
    },
    {
      id: `aftercare-act-${path}`,
      name: 'Act',
      type: `${OWN}omnichannel`,
      typeVersion: 1,
      position: [240, 0],
      parameters,
    },
  ];
  return {
    name: `Aftercare: ${path}`,
    nodes,
    connections: { 'Called by': { main: [[{ node: 'Act', type: 'main', index: 0 }]] } },
    settings: { executionOrder: 'v1' },
  };
}

const CALLS: Record<string, Record<string, unknown>> = {
  /** What a person does once, in the editor. */
  settings: {
    resource: 'tenant',
    operation: 'updateSettings',
    settings: {
      procedures: {
        procedure: [
          {
            name: 'Limpeza',
            code: '',
            documents: {
              document: [
                { url: 'https://clinica.example/guia.pdf', fileName: 'guia.pdf', title: '' },
                { url: 'https://clinica.example/recibo.docx', fileName: '', title: '' },
              ],
            },
          },
        ],
      },
      utilityHours: { hours: { from: '00:00', to: '24:00', days: [1, 2, 3, 4, 5, 6, 7] } },
    },
  },
  visit: {
    resource: 'appointment',
    operation: 'upsert',
    externalId: '={{ $json.body.row }}',
    title: '={{ $json.body.title }}',
    start: '={{ $json.body.start }}',
    phone: '',
    details: { contactId: '={{ $json.body.contactId }}', end: '={{ $json.body.end }}' },
  },
  cancel: {
    resource: 'appointment',
    operation: 'cancel',
    by: 'externalId',
    id: '={{ $json.body.row }}',
  },
  optOut: {
    resource: 'contact',
    operation: 'optOut',
    contact: { __rl: true, mode: 'id', value: '={{ $json.body.contactId }}' },
    purpose: 'messages',
  },
};

type Call = 'settings' | 'visit' | 'cancel' | 'optOut';

const TEMPLATES = ['documentos_pos_procedimento', 'pesquisa_atendimento', 'aviso_equipe'] as const;

/** The templates of both workflows, as Meta has approved them: for the clinic's own number and for that of the hub. */
export async function approveTemplates({ sandbox }: Playground): Promise<void> {
  const { notificaMe } = sandbox.context.store.state;
  for (const name of TEMPLATES) {
    const draft = readyDraft(
      { name, language: 'pt_BR' },
      { businessName: 'Clínica Sorriso', handle: '4:ZXhlbXBsbw==' },
    );
    await control(sandbox, 'POST', '/whatsapp/templates', draft);
    notificaMe.templates.push({
      id: `hub-${name}`,
      channelId: HUB_SEED.whatsAppChannelId,
      name,
      language: 'pt_BR',
      category: draft.category,
      components: [...draft.components],
      status: 'APPROVED',
    });
  }
}

/** Publishes the workflows that the calls below start. */
export async function publishCalls(api: N8nApi): Promise<void> {
  for (const [path, parameters] of Object.entries(CALLS)) {
    await api.publish(await api.createWorkflow(afterCall(path, parameters)));
  }
}

/** @returns the first item that the workflow answers with */
export async function call(
  { n8n }: Playground,
  path: Call,
  body: object = {},
): Promise<Record<string, unknown>> {
  const response = await fetch(`${n8n.baseUrl}/webhook/aftercare-${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`The workflow behind ${path} failed: ${text}`);
  const [first] = JSON.parse(text) as Array<Record<string, unknown>>;
  return first ?? {};
}

/**
 * A bundled workflow as a person sets it up: with their own values in its Settings node, and published. One that the
 * playground has already is changed.
 * @returns n8n's id of it
 */
export async function publishBundled(
  { api, setup }: Playground,
  name: string,
  values: Record<string, unknown>,
): Promise<string> {
  const bundled = readBundledWorkflow(name);
  const nodes = bundled.nodes.map((node) =>
    node.name === SETTINGS_NODE ? withValues(node) : node,
  );
  const definition = { ...bundled, nodes };
  const present = setup.workflowIds[name];
  const id = present ?? (await api.createWorkflow(definition));
  if (present !== undefined) await api.updateWorkflow(present, definition);
  await api.publish(id);
  return id;

  function withValues(node: WorkflowNode): WorkflowNode {
    const { assignments } = node.parameters.assignments as {
      assignments: Array<{ name: string; value: unknown }>;
    };
    const set = assignments.map((one) =>
      one.name in values ? { ...one, value: values[one.name] } : one,
    );
    return { ...node, parameters: { ...node.parameters, assignments: { assignments: set } } };
  }
}
