import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../../scripts/lib/paths.mjs';

interface FileNode {
  id: string;
  name: string;
  type: string;
  typeVersion: number;
  position: [number, number];
  parameters: Record<string, unknown>;
  webhookId?: string;
  credentials?: unknown;
}

interface WorkflowFile {
  name: string;
  nodes: FileNode[];
  connections: Record<string, Record<string, Array<Array<{ node: string }>>>>;
  settings: Record<string, unknown>;
  [more: string]: unknown;
}

interface NodeProperty {
  name: string;
}

interface NodeDescription {
  name: string;
  version: number | number[];
  webhooks?: Array<{ restartWebhook?: boolean }>;
  properties: NodeProperty[];
}

const FOLDER = path.join(ROOT, 'workflows');
const OWN_PREFIX = 'n8n-nodes-omnichannel.';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const STICKY = 'n8n-nodes-base.stickyNote';
/** Its address is to be the same wherever the file is imported. */
const FORM = 'n8n-nodes-base.formTrigger';

const names = fs
  .readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => path.basename(file, '.json'));

const read = (name: string): WorkflowFile =>
  JSON.parse(fs.readFileSync(path.join(FOLDER, `${name}.json`), 'utf8')) as WorkflowFile;

/** Descriptions of the compiled nodes of this package, by their full type. */
function ownDescriptions(): Map<string, NodeDescription> {
  const manifest = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    n8n: { nodes: string[] };
  };
  return new Map(
    manifest.n8n.nodes.map((file) => {
      const exported = jest.requireActual<Record<string, new () => unknown>>(path.join(ROOT, file));
      const className = path.basename(file, '.node.js');
      const NodeClass = exported[className];
      if (NodeClass === undefined) throw new Error(`${file} does not export ${className}`);
      const { description } = new NodeClass() as { description: NodeDescription };
      return [OWN_PREFIX + description.name, description];
    }),
  );
}

const own = ownDescriptions();

/** What n8n makes of a node for an agent: the same fields, and what the model is told of it. */
function toolOf(type: string): NodeDescription | undefined {
  const description = own.get(type.replace(/Tool$/, ''));
  if (!description) return undefined;
  const added = [{ name: 'descriptionType' }, { name: 'toolDescription' }];
  return { ...description, properties: [...description.properties, ...added] };
}

it('finds the workflows that this version promises', () => {
  expect(names).toEqual(
    expect.arrayContaining([
      'ai-assistant-reply',
      'birthday-greeting',
      'appointment-answers',
      'appointment-confirmation',
      'appointment-reminder-24h',
      'broadcast',
      'comment-to-direct',
      'connection-watch',
      'feedback-request',
      'inbound-channels',
      'lead-follow-up',
      'post-procedure-documents',
      'webhook-alerts',
      'welcome-form-lead',
      'welcome-new-lead',
      'whatsapp-templates',
    ]),
  );
});

describe.each(names)('workflow %s', (name) => {
  const workflow = read(name);

  it('holds nothing of the instance it was made on', () => {
    expect(Object.keys(workflow).sort()).toEqual(['connections', 'name', 'nodes', 'settings']);
    expect(workflow.nodes.filter((node) => node.credentials !== undefined)).toEqual([]);
    expect(JSON.stringify(workflow)).not.toMatch(/pinData|instanceId|cachedResultName/);
  });

  it('says its time zone, its order of execution and that it has no error workflow', () => {
    expect(workflow.settings).toEqual({
      executionOrder: 'v1',
      timezone: 'America/Sao_Paulo',
      errorWorkflow: '',
    });
  });

  it('lists the steps to go live in Portuguese and in English', () => {
    const notes = workflow.nodes
      .filter((node) => node.type === STICKY)
      .map((node) => String(node.parameters.content));
    const readMe = notes.find((note) => note.includes('Para entrar no ar'));
    expect(readMe).toMatch(/\*\*Para entrar no ar\*\*\n1\. /);
    expect(readMe).toMatch(/\*\*Steps to go live\*\*\n1\. /);
  });

  it('gives every node an id and a name of its own', () => {
    for (const field of ['id', 'name'] as const) {
      const values = workflow.nodes.map((node) => node[field]);
      expect(new Set(values).size).toBe(values.length);
    }
  });

  it('connects only nodes that exist', () => {
    const known = new Set(workflow.nodes.map((node) => node.name));
    const used = Object.entries(workflow.connections).flatMap(([from, kinds]) => [
      from,
      ...Object.values(kinds)
        .flat(2)
        .map((target) => target.node),
    ]);
    expect(used.filter((node) => !known.has(node))).toEqual([]);
  });

  it('uses nodes of this package as they are declared', () => {
    const ours = workflow.nodes.filter((node) => node.type.startsWith(OWN_PREFIX));
    expect(ours.length).toBeGreaterThan(0);
    for (const node of ours) {
      const description = own.get(node.type) ?? toolOf(node.type);
      expect(description).toBeDefined();
      expect([description?.version].flat()).toContain(node.typeVersion);
      const declared = description?.properties.map((property) => property.name);
      expect(declared).toEqual(expect.arrayContaining(Object.keys(node.parameters)));
    }
  });

  it('carries a fixed webhookId on each node that has a webhook', () => {
    for (const node of workflow.nodes) {
      // One that resumes a waiting execution has its path from the execution.
      const webhooks = own.get(node.type)?.webhooks ?? [];
      const hasWebhook =
        node.type === FORM || webhooks.some(({ restartWebhook }) => restartWebhook !== true);
      if (hasWebhook) expect(node.webhookId).toMatch(UUID);
      else expect(node.webhookId).toBeUndefined();
    }
  });

  it('keeps its texts in a Settings node right behind the trigger, where it has texts', () => {
    const settings = workflow.nodes.find((node) => node.name === 'Settings');
    const actions = workflow.nodes.filter((node) => node.type === `${OWN_PREFIX}omnichannel`);
    if (settings === undefined) {
      expect(actions).toEqual([]);
      return;
    }
    const feeding = Object.entries(workflow.connections)
      .filter(([, { main = [] }]) => main.flat().some((target) => target.node === 'Settings'))
      .map(([from]) => workflow.nodes.find((node) => node.name === from)?.type);
    expect(feeding.length).toBeGreaterThan(0);
    expect(feeding.filter((type) => !/Trigger$/.test(type ?? ''))).toEqual([]);
  });

  it('does not lay one node over another', () => {
    const boxes = workflow.nodes.map((node) => ({
      name: node.name,
      left: node.position[0],
      top: node.position[1],
      right: node.position[0] + Number(node.parameters.width ?? 100),
      bottom: node.position[1] + Number(node.parameters.height ?? 100),
    }));
    const overlaps = boxes.flatMap((a, index) =>
      boxes
        .slice(index + 1)
        .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
        .map((b) => `${a.name} / ${b.name}`),
    );
    expect(overlaps).toEqual([]);
  });
});

describe('feedback-request', () => {
  const { nodes } = read('feedback-request');
  const ask = nodes.find(({ name }) => name === 'Ask for a rating');
  const ratings = [5, 4, 3, 2, 1].map(
    (rating) => `=FEEDBACK:{{ $json.journey.appointment.appointmentId }}:${rating}`,
  );

  it('offers the five ratings with the same payloads as buttons and in the template', () => {
    const { quickReply } = ask?.parameters.quickReplies as {
      quickReply: Array<{ payload: string }>;
    };
    expect(quickReply.map(({ payload }) => payload)).toEqual(ratings);
    const { value } = ask?.parameters.fallbackVariables as { value: Record<string, string> };
    expect([0, 1, 2, 3, 4].map((index) => value[`button:${index}:payload`])).toEqual(ratings);
  });

  it('has five labels in each language that fit the buttons of every channel', () => {
    const { assignments } = nodes.find(({ name }) => name === 'Settings')?.parameters
      .assignments as { assignments: Array<{ name: string; value: unknown }> };
    const scales = assignments.filter(({ name }) => name.startsWith('scale'));
    expect(scales).toHaveLength(2);
    for (const { value } of scales) {
      const labels = String(value).split(',');
      expect(labels).toHaveLength(5);
      for (const label of labels) expect(`5 - ${label.trim()}`.length).toBeLessThanOrEqual(20);
    }
  });
});

describe('welcome-new-lead', () => {
  const settings = read('welcome-new-lead').nodes.find((node) => node.name === 'Settings');
  const texts = new Map(
    (
      settings?.parameters.assignments as {
        assignments: Array<{ name: string; value: string }>;
      }
    ).assignments.map(({ name, value }) => [name, value]),
  );

  it('speaks Portuguese unless told otherwise', () => {
    expect(texts.get('language')).toBe('pt-BR');
  });

  it('tells the customer in both languages that the answer is automated', () => {
    expect(texts.get('welcomePortuguese')).toMatch(/resposta automática/);
    expect(texts.get('welcomeEnglish')).toMatch(/automated reply/);
  });

  it('offers quick replies that fit the 20 characters both channels show', () => {
    const buttons = [...texts].filter(([name]) => name.includes('Button'));
    expect(buttons).toHaveLength(6);
    for (const [, title] of buttons) expect(title.length).toBeLessThanOrEqual(20);
  });
});

const ALERTS = [
  {
    name: 'webhook-alerts',
    starts: ['webhook.disabled', 'webhook.exhausted', 'webhook.failed'],
    words: 6,
  },
  {
    name: 'connection-watch',
    starts: [
      'connection.disconnected',
      'connection.error',
      'connection.expired',
      'connection.expiring',
      'connection.qualityChanged',
      'connection.silent',
    ],
    words: 7,
  },
];

describe.each(ALERTS)('$name', ({ name: file, starts, words: count }) => {
  const { nodes } = read(file);
  const trigger = nodes.find((node) => node.type.endsWith('omnichannelTrigger'));
  const assignmentsOf = (name: string) =>
    (
      nodes.find((node) => node.name === name)?.parameters.assignments as {
        assignments: Array<{ name: string; value: unknown }>;
      }
    ).assignments;
  const events = trigger?.parameters.events as string[];

  it('starts on everything that somebody should hear of', () => {
    expect([...events].sort()).toEqual(starts);
  });

  it.each(['English', 'Portuguese'])('has a text in %s for each event it starts on', (language) => {
    const texts = assignmentsOf('Settings').map(({ name }) => name);
    for (const event of events) expect(texts).toContain(event.split('.')[1] + language);
  });

  it('fills in every word in braces that its texts use', () => {
    const [{ value: expression } = { value: '' }] = assignmentsOf('Write the alert');
    const texts = assignmentsOf('Settings').map(({ value }) => String(value));
    const words = new Set(texts.flatMap((text) => text.match(/\{\w+\}/g) ?? []));
    expect(words.size).toBe(count);
    for (const word of words) expect(String(expression)).toContain(`'${word}'`);
  });
});
