import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { N8nApi } from '../../playground/n8nApi.ts';
import { findFreePort } from '../../playground/ports.ts';
import type { PlaygroundState } from '../../playground/state.ts';
import { bundledWorkflows, runsHere } from '../../playground/workflows.ts';
import { runCommand, type RunningCommand } from '../support/command.ts';
import { createTestFolder, type TestFolder } from '../support/tempFolder.ts';
import { waitFor } from '../support/waitFor.ts';

const MAIN = 'playground/main.ts';

let folder: TestFolder;
let sandboxPort: number;
let n8nPort: number;
let running: RunningCommand | undefined;

beforeAll(async () => {
  folder = createTestFolder('omnichannel-playground-');
  n8nPort = await findFreePort();
  sandboxPort = await findFreePort();
});

afterAll(async () => {
  if (running?.child.exitCode === null) {
    running.child.kill('SIGTERM');
    await running.exited;
  }
  folder.remove();
});

function start(): RunningCommand {
  const ports = ['--port', String(n8nPort), '--sandbox-port', String(sandboxPort)];
  running = runCommand(MAIN, [...ports, '--data-dir', folder.path, '--no-open']);
  return running;
}

async function connect(): Promise<N8nApi> {
  const state = readState();
  const api = new N8nApi(`http://127.0.0.1:${n8nPort}`);
  await api.login(state.owner);
  api.useApiKey(state.apiKey ?? '');
  return api;
}

function readState(): PlaygroundState {
  const file = path.join(folder.path, 'playground.json');
  return JSON.parse(fs.readFileSync(file, 'utf8')) as PlaygroundState;
}

interface Seen {
  workflows: Array<{ id: string; name: string; active: boolean }>;
  credentials: Array<{ id: string; name: string }>;
}

async function look(api: N8nApi): Promise<Seen> {
  const workflows = (await api.listWorkflows()).map(({ id, name, active }) => ({
    id,
    name,
    active,
  }));
  const credentials = (await api.listCredentials()).map(({ id, name }) => ({ id, name }));
  return { workflows, credentials };
}

const READY = 'Ctrl-C stops everything';
/** n8n, its owner, and every workflow published. */
const START_MS = 5 * 60_000;

describe('npm start', () => {
  it(
    'prints addresses and login, stops on Ctrl-C with code 0, and a second start doubles nothing',
    async () => {
      const first = start();
      await first.untilPrinted(READY, START_MS);
      const { owner } = readState();
      expect(first.output()).toContain(`http://127.0.0.1:${n8nPort}`);
      expect(first.output()).toContain(owner.email);
      expect(first.output()).toContain(owner.password);

      const api = await connect();
      const seen = await look(api);
      expect(seen.workflows).toEqual(
        expect.arrayContaining(
          [
            'Boas-vindas / Welcome a new lead',
            'Canais de entrada / Inbound channels',
            'Customer connect page (playground)',
            "The clinic's own system (playground)",
          ].map((name) => expect.objectContaining({ name, active: true })),
        ),
      );
      const bundled = bundledWorkflows().filter((name) => runsHere(name));
      expect(seen.workflows).toHaveLength(bundled.length + 2);
      expect(seen.credentials).toHaveLength(5);
      expect(first.output()).toMatch(/Connect page {3}http:\S+\/connect#c1\./);
      // The person writes their own text, and the next version of the file brings a change.
      await changeWelcome(api, 'Olá! Aqui é a minha clínica.');
      forgetDigest('welcome-new-lead');
      first.child.kill('SIGINT');
      expect(await first.exited).toBe(0);

      // Another sandbox port: the credential is changed, and the published door must notice by itself.
      sandboxPort = await findFreePort();
      const second = start();
      await second.untilPrinted(READY, START_MS);
      const again = await connect();
      expect(await look(again)).toEqual(seen);
      expect(await readWelcome(again)).toBe('Olá! Aqui é a minha clínica.');
      expect(await welcomeTo('Juliana')).toBe('Olá! Aqui é a minha clínica.');
      second.child.kill('SIGTERM');
      expect(await second.exited).toBe(0);
    },
    3 * START_MS,
  );

  it('names the option when a port is busy', async () => {
    const other = net.createServer();
    await new Promise<void>((resolve) => other.listen(n8nPort, '127.0.0.1', resolve));
    try {
      const refused = start();
      expect(await refused.exited).toBe(2);
      expect(refused.output()).toBe(
        `Port ${n8nPort} is in use by another program. Stop that program, or choose another port with --port.\n`,
      );
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });

  it('can be stopped with Ctrl-C while n8n is starting', async () => {
    const interrupted = start();
    await interrupted.untilPrinted('Starting n8n');
    interrupted.child.kill('SIGINT');
    expect(await interrupted.exited).toBe(0);
    expect(interrupted.output()).not.toContain('Ready');
  });
});

/** Writes "Oi" as a person of the sandbox and returns what the clinic answers. */
async function welcomeTo(persona: string): Promise<string> {
  const control = `http://127.0.0.1:${sandboxPort}/_sandbox`;
  await fetch(`${control}/inject`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ persona, text: 'Oi' }),
  });
  return waitFor(
    async () => {
      const answer = await fetch(`${control}/messages?persona=${persona}&direction=out`);
      const { data } = (await answer.json()) as { data: Array<{ text: string }> };
      return data[0]?.text;
    },
    { what: `an answer to ${persona}` },
  );
}

async function changeWelcome(api: N8nApi, text: string): Promise<void> {
  const id = readState().workflows['welcome-new-lead']?.id ?? '';
  const workflow = await api.findWorkflow(id);
  if (workflow === undefined) throw new Error('the welcome workflow is missing');
  const { name, nodes, connections, settings } = workflow;
  const changed = JSON.parse(JSON.stringify(nodes)) as typeof nodes;
  welcomeOf(changed).value = text;
  await api.updateWorkflow(id, { name, nodes: changed, connections, settings });
}

async function readWelcome(api: N8nApi): Promise<string> {
  const workflow = await api.findWorkflow(readState().workflows['welcome-new-lead']?.id ?? '');
  return welcomeOf(workflow?.nodes ?? []).value;
}

function welcomeOf(nodes: Array<{ name: string; parameters: Record<string, unknown> }>) {
  const settings = nodes.find((node) => node.name === 'Settings')?.parameters.assignments as {
    assignments: Array<{ name: string; value: string }>;
  };
  const found = settings.assignments.find((item) => item.name === 'welcomePortuguese');
  if (found === undefined) throw new Error('the Settings node has no welcomePortuguese');
  return found;
}

/** As if the file in workflows/ had been another one at the start before. */
function forgetDigest(name: string): void {
  const state = readState();
  const known = state.workflows[name];
  if (known) known.bundleDigest = 'of another version';
  fs.writeFileSync(path.join(folder.path, 'playground.json'), JSON.stringify(state));
}
