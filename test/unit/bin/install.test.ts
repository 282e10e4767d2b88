import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { run } from '../../../bin/command/run';
import type { Credential, StoredWorkflow, WorkflowDefinition } from '../../../bin/n8n/types';
import { fromAnOlderFile, installed, nodeCalled } from './support';

/** n8n's public API as the installer meets it, over real HTTP; what it was asked to write is kept. */
let server: Server;
let url: string;
let workflows: StoredWorkflow[];
let credentials: Credential[];
let hasPackage: boolean;
let refusesToPublish: string | undefined;
let written: Array<{ call: string; body: WorkflowDefinition }>;
/** Answers every call in place of the API. */
let instead: { status: number; body: string } | undefined;

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const { status, body } = instead ?? answer(request.method ?? '', request.url ?? '', text);
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

beforeEach(() => {
  workflows = [];
  credentials = [];
  hasPackage = true;
  refusesToPublish = undefined;
  written = [];
  instead = undefined;
});

function answer(method: string, address: string, text: string): { status: number; body: string } {
  const path = address.replace(/^\/api\/v1/, '').replace(/\?.*$/, '');
  const give = (status: number, body: unknown) => ({ status, body: JSON.stringify(body) });
  if (method === 'GET' && path === '/workflows') return give(200, { data: workflows });
  if (method === 'GET' && path === '/credentials') return give(200, { data: credentials });
  if (path.startsWith('/credentials/schema/')) return give(hasPackage ? 200 : 404, {});
  if (path === '/community-packages') return give(403, { message: 'Forbidden' });
  const body = JSON.parse(text) as WorkflowDefinition;
  written.push({ call: `${method} ${path}`, body });
  if (refusesToPublish !== undefined && path.endsWith('/publish')) {
    return give(400, { message: refusesToPublish });
  }
  return give(200, { ...body, id: 'new-1' });
}

async function type(...args: string[]): Promise<{ code: number; out: string }> {
  const lines: string[] = [];
  const take = (line: string) => void lines.push(line);
  const env = { N8N_API_KEY: 'secret-key-1', N8N_URL: url };
  const code = await run(['workflows', ...args], { env, out: take, err: take });
  const out = lines.join('\n');
  expect(out).not.toContain('secret-key-1');
  return { code, out };
}

describe('workflows install', () => {
  it('creates a workflow with webhook addresses of its own, without credentials that there are not', async () => {
    const { code, out } = await type('install', 'inbound-channels', '--publish');
    expect(code).toBe(0);
    const [create] = written;
    const door = nodeCalled(create?.body.nodes ?? [], 'Instagram and Messenger');
    expect(door.webhookId).toMatch(/^[0-9a-f-]{36}$/);
    expect(door.webhookId).not.toBe('6f1f3c52-8f0e-4f57-9b1a-2d1c9c7b5e10');
    expect(out).toContain('"Instagram and Messenger" needs a credential (metaAccessTokenApi or');
    // Without it n8n could not start the door.
    expect(written.map(({ call }) => call)).toEqual(['POST /workflows']);
    expect(out).toContain('not published');
  });

  it('takes the only credential of a type, and switches on what the file has off', async () => {
    credentials = [
      { id: 'c1', name: 'Meta', type: 'metaAccessTokenApi' },
      { id: 'c2', name: 'Zap', type: 'whatsAppCloudApi' },
    ];
    await type('install', 'inbound-channels', '--publish');
    const nodes = written[0]?.body.nodes ?? [];
    expect(nodeCalled(nodes, 'WhatsApp')).toMatchObject({
      credentials: { whatsAppCloudApi: { id: 'c2', name: 'Zap' } },
    });
    expect(nodeCalled(nodes, 'WhatsApp').disabled).toBeUndefined();
    expect(nodeCalled(nodes, 'NotificaMe').disabled).toBe(true);
    expect(written.map(({ call }) => call)).toEqual([
      'POST /workflows',
      'POST /workflows/new-1/publish',
    ]);
  });

  it('creates what n8n does not publish yet, and says what is missing', async () => {
    refusesToPublish = 'Cannot publish workflow: Node "Create draft": Missing parameters: account';
    const { code, out } = await type('install', 'broadcast', 'welcome-new-lead', '--publish');
    expect(code).toBe(0);
    expect(out).toContain(`not published: ${refusesToPublish}`);
    expect(written.map(({ call }) => call)).toEqual([
      'POST /workflows',
      'POST /workflows/new-1/publish',
      'POST /workflows',
      'POST /workflows/new-1/publish',
    ]);
  });

  it('asks which of several credentials, and takes the one that is named', async () => {
    credentials = [
      { id: 'c1', name: 'Meta', type: 'metaAccessTokenApi' },
      { id: 'c2', name: 'Centro', type: 'metaAccessTokenApi' },
    ];
    expect((await type('install', 'inbound-channels')).out).toContain(
      'could take "Meta", "Centro"',
    );
    const named = ['--credential', 'metaAccessTokenApi=Centro'];
    await type('install', 'inbound-channels', ...named);
    const door = nodeCalled(written[1]?.body.nodes ?? [], 'Instagram and Messenger');
    expect(door.credentials).toEqual({ metaAccessTokenApi: { id: 'c2', name: 'Centro' } });
    const wrong = await type('install', 'all', '--credential', 'metaAccessTokenApi=Sul');
    expect([wrong.code, wrong.out]).toEqual([
      1,
      'n8n has no credential "Sul" of type metaAccessTokenApi; it has "Meta", "Centro".',
    ]);
  });

  it('leaves a workflow alone whose file is the same, whatever was written into it', async () => {
    const { stored } = installed({ name: 'Minhas boas-vindas' });
    workflows = [stored];
    expect((await type('install', 'welcome-new-lead')).out).toMatch(/^unchanged/);
    expect(written).toEqual([]);
  });

  it('brings a newer file and keeps Settings, triggers, name, credentials and addresses', async () => {
    const { stored } = installed({ name: 'Minhas boas-vindas' });
    const nodes = stored.nodes.map((node) => {
      if (node.name === 'Omnichannel Trigger') {
        return { ...node, parameters: { ...node.parameters, keyword: 'oi' }, disabled: true };
      }
      if (node.name !== 'Settings') return { ...node, parameters: { changed: 'by hand' } };
      const text = JSON.stringify(node.parameters).replace(/"Olá! Que bom[^"]*"/, '"Meu texto"');
      return { ...node, parameters: JSON.parse(text) as typeof node.parameters };
    });
    workflows = [fromAnOlderFile({ ...stored, nodes })];
    const { out } = await type('install', 'welcome-new-lead');
    expect(out).toMatch(/^updated +welcome-new-lead \(w1\), published/);
    expect(out).toContain('kept your settings of "Omnichannel Trigger"');
    const [update] = written;
    expect([update?.call, update?.body.name]).toEqual(['PUT /workflows/w1', 'Minhas boas-vindas']);
    const sent = update?.body.nodes ?? [];
    expect(nodeCalled(sent, 'Omnichannel Trigger')).toMatchObject({
      disabled: true,
      parameters: { keyword: 'oi' },
    });
    expect(JSON.stringify(nodeCalled(sent, 'Settings'))).toContain('"Meu texto"');
    expect(nodeCalled(sent, 'Send welcome').parameters).not.toHaveProperty('changed');
  });

  it('leaves a workflow with nodes of its own as it is, unless --force is given', async () => {
    const { stored } = installed();
    const [first] = stored.nodes;
    if (!first) throw new Error('The welcome has no nodes.');
    const own = { ...first, id: 'own', name: 'Mine', type: 'n8n-nodes-base.noOp' };
    workflows = [fromAnOlderFile({ ...stored, nodes: [...stored.nodes, own] })];
    expect((await type('install', 'welcome-new-lead')).out).toContain('of your own: left as it is');
    expect(written).toEqual([]);
    await type('install', 'welcome-new-lead', '--force');
    expect(written.map(({ call }) => call)).toEqual(['PUT /workflows/w1']);
  });

  it('takes over a workflow that was imported by hand, by its name', async () => {
    const { bundled } = installed();
    workflows = [{ ...bundled.definition, id: 'by-hand', active: false }];
    expect((await type('install', 'welcome-new-lead')).out).toMatch(/^updated .*\(by-hand\)/);
    expect(written.map(({ call }) => call)).toEqual(['PUT /workflows/by-hand']);
  });

  it('does not guess between two copies, and does not count archived ones', async () => {
    const { stored } = installed();
    workflows = [stored, { ...stored, id: 'w2' }];
    const two = await type('install', 'welcome-new-lead');
    expect([two.code, two.out]).toEqual([1, expect.stringContaining('2 times')]);
    workflows = [stored, { ...stored, id: 'w2', isArchived: true }];
    expect((await type('install', 'welcome-new-lead')).code).toBe(0);
  });

  it('sets the language of the texts', async () => {
    await type('install', 'welcome-new-lead', '--language', 'en');
    const { parameters } = nodeCalled(written[0]?.body.nodes ?? [], 'Settings');
    expect(JSON.stringify(parameters)).toContain('"name":"language","type":"string","value":"en"');
  });
});

describe('what can go wrong', () => {
  it.each([
    [401, '{"message":"unauthorized"}', /refuses the API key \(401\)\. Make a new one/],
    [
      403,
      '{"message":"Forbidden"}',
      /may not do GET \/workflows.* needs the scopes workflow:create/,
    ],
    [404, '<html>', /has no public API of n8n/],
    [200, '<html>', /has no public API of n8n/],
    [400, '{"message":"no such field"}', /2\.40 or later: is yours older/],
  ])('n8n answers %i with %s', async (status, body, sentence) => {
    instead = { status, body };
    const { code, out } = await type('install', 'all');
    expect([code, out]).toEqual([1, expect.stringMatching(sentence)]);
  });

  it('nothing answers', async () => {
    const { code, out } = await type('install', 'all', '--url', 'http://127.0.0.1:9');
    expect([code, out]).toEqual([1, expect.stringContaining('No n8n answers at')]);
  });

  it('the package is not installed in that n8n', async () => {
    hasPackage = false;
    const { code, out } = await type('install', 'all');
    expect([code, out]).toEqual([1, expect.stringContaining('Settings, Community nodes, Install')]);
    expect(written).toEqual([]);
  });

  it.each([
    [['instal'], 'There is no command "workflows instal".'],
    [['install'], 'Say which workflows, or all.'],
    [['install', 'welcome'], 'There is no workflow "welcome".'],
    [['install', 'all', '--language', 'fr'], '--language must be pt-BR or en'],
    [['install', 'all', '--url', 'n8n'], '--url must be like'],
    [['install', 'all', '--credential', 'x'], '--credential must be like'],
    [['install', 'all', '--keys', 'x'], "Unknown option '--keys'"],
  ])('what was typed is wrong: %j', async (args, sentence) => {
    const { code, out } = await type(...args);
    expect([code, out]).toEqual([2, expect.stringContaining(sentence)]);
  });
});
