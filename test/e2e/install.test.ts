import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { N8nApi, type StoredWorkflow } from '../../playground/n8nApi.ts';
import { N8nProcess } from '../../playground/n8nProcess.ts';
import { findFreePort } from '../../playground/ports.ts';
import { startSandbox, type Sandbox } from '../../sandbox/server.ts';
import { launchBrowser } from '../support/browser.ts';
import { control, newCustomer, untilReceived, write } from '../support/customers.ts';
import { part } from '../support/editor.ts';
import { installPacked } from '../support/packedPackage.ts';
import { savePicture } from '../support/pictures.ts';
import { createTestFolder, type TestFolder } from '../support/tempFolder.ts';

/** An n8n as a new user has it: nothing in it but the package that was packed, and an owner. */
const OWNER = { email: 'admin@clinica-sorriso.example', password: 'Sorriso-2026' };

let folder: TestFolder;
let sandbox: Sandbox;
let n8n: N8nProcess;
let api: N8nApi;
let apiKey: string;
let packageFolder: string;
let browser: Browser;

beforeAll(async () => {
  folder = createTestFolder('omnichannel-install-');
  packageFolder = installPacked(folder.path);
  sandbox = await startSandbox({ port: await findFreePort() });
  n8n = new N8nProcess({
    port: await findFreePort(),
    userFolder: folder.path,
    encryptionKey: 'a-key-of-the-install-test',
    logFile: path.join('reports', 'n8n-install.log'),
  });
  await n8n.start();
  api = new N8nApi(n8n.baseUrl);
  await api.createOwner(OWNER);
  apiKey = await api.createApiKey('The command line');
  api.useApiKey(apiKey);
  await api.createCredential('Clínica Sorriso', 'metaAccessTokenApi', {
    accessToken: sandbox.seed.pageAccessToken,
    appId: sandbox.seed.app.id,
    appSecret: sandbox.seed.app.secret,
    instagramAppSecret: '',
    pageId: sandbox.seed.page.id,
    verifyToken: sandbox.seed.verifyToken,
    graphVersion: sandbox.seed.graphVersion,
    graphBaseUrl: sandbox.url,
  });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await n8n?.stop();
  await sandbox?.close();
  folder?.remove();
});

interface Ended {
  code: number;
  output: string;
}

/** The command as `npx` starts it, from the packed files. */
function command(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const { bin } = JSON.parse(fs.readFileSync(path.join(packageFolder, 'package.json'), 'utf8')) as {
    bin: Record<string, string>;
  };
  const file = path.join(packageFolder, bin['n8n-nodes-omnichannel'] ?? '');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [file, 'workflows', ...args, '--url', n8n.baseUrl],
      { env: { PATH: process.env.PATH, N8N_API_KEY: apiKey, ...env } },
      (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });
}

async function stored(displayName: string): Promise<StoredWorkflow[]> {
  return (await api.listWorkflows()).filter(({ name }) => name === displayName);
}

const WELCOME = 'Boas-vindas / Welcome a new lead';
const DOOR = 'Canais de entrada / Inbound channels';

describe('the command that installs workflows, from the packed package', () => {
  it('says what it would do with --dry-run, and does nothing', async () => {
    const { code, output } = await command(['install', 'all', '--publish', '--dry-run']);
    expect([code, output]).toEqual([0, expect.stringMatching(/^created +welcome-new-lead/m)]);
    expect(await api.listWorkflows()).toEqual([]);
  });

  it('creates and publishes, and a customer who writes to the door is welcomed', async () => {
    const names = ['inbound-channels', 'welcome-new-lead'];
    const { code, output } = await command(['install', ...names, '--publish']);
    expect([code, output]).toEqual([0, expect.stringMatching(/welcome-new-lead .*published/)]);
    expect(output).not.toContain(apiKey);
    const [door] = await stored(DOOR);
    await api.untilPublished(door?.id ?? '');
    const { webhookId } = door?.nodes.find(({ name }) => name === 'Instagram and Messenger') ?? {};
    // An address of its own, and the one that the command tells.
    expect(webhookId).not.toBe('6f1f3c52-8f0e-4f57-9b1a-2d1c9c7b5e10');
    expect(output).toContain(`/webhook/${webhookId}/meta`);
    await control(sandbox, 'POST', '/subscriptions', {
      callbackUrl: `${n8n.baseUrl}/webhook/${webhookId}/meta`,
      verifyToken: sandbox.seed.verifyToken,
    });
    const [welcome] = await stored(WELCOME);
    await api.untilPublished(welcome?.id ?? '');
    const customer = await newCustomer(sandbox, 'instagram');
    await write(sandbox, customer, 'Oi');
    const [first] = await untilReceived(sandbox, customer);
    expect(first?.text).toContain('Clínica Sorriso');
  });

  it('doubles nothing the second time, and keeps what the person wrote through an update', async () => {
    const [welcome] = await stored(WELCOME);
    if (!welcome) throw new Error('The welcome is not installed.');
    const text = 'Olá! Aqui é a minha clínica.';
    const nodes = JSON.parse(
      JSON.stringify(welcome.nodes).replace(/"Olá! Que bom[^"]*"/, JSON.stringify(text)),
    ) as typeof welcome.nodes;
    const { connections } = welcome;
    const mine = { name: 'As minhas boas-vindas', nodes, connections, settings: {} };
    await api.updateWorkflow(welcome.id, mine);

    expect((await command(['install', 'welcome-new-lead'])).output).toMatch(/^unchanged/m);
    expect((await command(['install', 'welcome-new-lead', '--force'])).output).toMatch(/^updated/m);
    const after = await api.listWorkflows();
    expect(after.map(({ name }) => name).sort()).toEqual([mine.name, DOOR].sort());
    const kept = after.find(({ id }) => id === welcome.id);
    expect([kept?.active, JSON.stringify(kept?.nodes)]).toEqual([
      true,
      expect.stringContaining(text),
    ]);
    const { output } = await command(['list']);
    expect(output).toContain(`[${welcome.id}, published]`);
  });

  it('says how to put a wrong key right', async () => {
    const { code, output } = await command(['install', 'all'], { N8N_API_KEY: 'wrong-key' });
    expect([code, output]).toEqual([1, expect.stringContaining('refuses the API key (401)')]);
  });
});

describe('without the command', () => {
  it('a file is imported, and its text pasted, on the canvas of a new workflow', async () => {
    const file = path.join(packageFolder, 'dist', 'workflows', 'comment-to-direct.json');
    const text = fs.readFileSync(file, 'utf8');
    const { nodes } = JSON.parse(text) as { nodes: unknown[] };
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const page = await context.newPage();
    await page.goto(`${n8n.baseUrl}/signin`);
    await page.locator('input[name=emailOrLdapLoginId]').fill(OWNER.email);
    await page.locator('input[type=password]').fill(OWNER.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(/\/(home|workflow)/);

    await page.goto(`${n8n.baseUrl}/workflow/new`);
    await part(page, 'canvas-add-button').waitFor();
    await page.evaluate((json) => navigator.clipboard.writeText(json), text);
    await page.keyboard.press('Control+V');
    await part(page, 'canvas-node')
      .nth(nodes.length - 2)
      .waitFor();
    await page.getByText('Private reply', { exact: true }).first().waitFor();
    await savePicture(page, 'pasted-workflow');

    await page.goto(`${n8n.baseUrl}/workflow/new`);
    await part(page, 'canvas-add-button').waitFor();
    const chooser = page.waitForEvent('filechooser');
    await part(page, 'workflow-menu').click();
    await page.getByText('Import', { exact: true }).hover();
    await page.getByText('From file', { exact: true }).click();
    await (await chooser).setFiles(file);
    await part(page, 'canvas-node')
      .nth(nodes.length - 2)
      .waitFor();
    await page.getByText('Private reply', { exact: true }).first().waitFor();
    await context.close();
  });
});
