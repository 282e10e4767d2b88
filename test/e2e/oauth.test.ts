import type { Browser, Page } from 'playwright-core';
import type { Execution } from '../../playground/n8nApi.ts';
import type { DialogRequest, Token } from '../../sandbox/loginModel.ts';
import { SEED } from '../../sandbox/seed.ts';
import { launchBrowser } from '../support/browser.ts';
import { control, newCustomer, receivedBy, untilReceived, write } from '../support/customers.ts';
import { part, signInToEditor } from '../support/editor.ts';
import { passLoginDialog } from '../support/loginDialog.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';
import { savePicture } from '../support/pictures.ts';
import { untilQuiet } from '../support/quiet.ts';
import { readEmbeddedStore } from '../support/storeReader.ts';
import { waitFor } from '../support/waitFor.ts';

const WEBHOOK_ID = '3b0f2c52-8f0e-4f57-9b1a-2d1c9c7b5e11';
const TYPE = 'n8n-nodes-omnichannel';
/** Of a token that has to be renewed while the test runs. */
const LIFE_SECONDS = 40;

let playground: TestPlayground;
let browser: Browser;
let page: Page;
let credentialId: string;
/** An admin's draft, a door with an answer behind it, and a workflow that starts when an account expires. */
let draft: string;
let answering: string;
let alarm: string;

beforeAll(async () => {
  playground = await startTestPlayground({ name: 'oauth' });
  browser = await launchBrowser();
  page = await signInToEditor(browser, playground);
  const { api, sandbox, setup } = playground;
  // The bundled door belongs to the pasted token.
  for (const id of Object.values(setup.workflowIds)) await api.unpublish(id);
  credentialId = await api.createCredential('Clínica Sorriso (login)', 'metaOAuth2Api', {
    login: 'facebook',
    clientId: SEED.appId,
    clientSecret: SEED.appSecret,
    verifyToken: SEED.verifyToken,
    graphVersion: 'v25.0',
    graphBaseUrl: sandbox.seed.graphBaseUrl,
    dialogBaseUrl: sandbox.seed.dialogBaseUrl,
  });
});

afterAll(async () => {
  await browser?.close();
  await playground?.remove();
});

const test = testWith(() => playground);

const node = (name: string, type: string, parameters: object, more: object = {}) => ({
  id: `id-of-${name}`,
  name,
  type: `${TYPE}.${type}`,
  typeVersion: 1,
  position: [0, 0] as [number, number],
  parameters: parameters as Record<string, unknown>,
  ...more,
});

const withLogin = () => ({
  credentials: { metaOAuth2Api: { id: credentialId, name: 'Clínica Sorriso (login)' } },
});

/** What the sandbox saw of login dialogs. */
async function dialogs(): Promise<DialogRequest[]> {
  const path = '/dialogs?login=facebook';
  return (await control<{ data: DialogRequest[] }>(playground.sandbox, 'GET', path)).data;
}

/** The long-lived user tokens of the person who logs in, oldest first. */
async function lastingTokens(): Promise<Token[]> {
  const { data } = await control<{ data: Token[] }>(
    playground.sandbox,
    'GET',
    `/tokens?type=USER&user=${SEED.userId}`,
  );
  return data.filter((token) => token.isLongLived);
}

const accountRows = (columns: string) =>
  readEmbeddedStore(playground.dataDir).rows(
    `select ${columns} from accounts where credential_id = '${credentialId}' order by created_at, id`,
  );

/** The admin clicks n8n's own button and goes through Meta's dialog. */
async function logIn(button: string): Promise<void> {
  await page.goto(`${playground.n8n.baseUrl}/home/credentials/${credentialId}`);
  const popupOpens = page.waitForEvent('popup');
  await page.getByRole('button', { name: button, exact: true }).click();
  const popup = await popupOpens;
  const closed = popup.waitForEvent('close');
  await passLoginDialog(popup);
  await closed;
  await page.getByText('Account connected').waitFor();
}

/** The admin opens the node and loads its list of accounts. */
async function loadAccounts(): Promise<string[]> {
  await page.goto(`${playground.n8n.baseUrl}/workflow/${draft}`);
  await part(page, 'canvas-node').dblclick();
  await part(page, 'rlc-input').click();
  const items = page.locator('[data-test-id="rlc-item"]');
  await items.first().waitFor();
  return (await items.allInnerTexts()).map((text) => text.trim());
}

async function allExecutions(): Promise<Execution[]> {
  const lists = [answering, alarm].map((id) => playground.api.listExecutions(id, true));
  return (await Promise.all(lists)).flat();
}

describe('n8n’s own connect button', () => {
  test('leads through Meta’s dialog and back to n8n', async ({ n8n }) => {
    const before = (await dialogs()).length;
    await logIn('Connect');
    await savePicture(page, 'credential-meta-login');
    const [seen, ...more] = (await dialogs()).slice(before);
    expect(more).toEqual([]);
    expect(seen).toMatchObject({
      outcome: 'granted',
      redirectUri: `${n8n.baseUrl}/rest/oauth2-credential/callback`,
      scopes: expect.arrayContaining(['pages_messaging', 'instagram_manage_messages']) as unknown,
    });
  });

  test('brings Pages and accounts into the node’s list', async ({ api }) => {
    const account = { __rl: true, mode: 'list', value: '' };
    draft = await api.createWorkflow({
      name: 'A draft',
      nodes: [node('Answer', 'metaMessaging', { authentication: 'oAuth2', account }, withLogin())],
      connections: {},
      settings: {},
    });
    const names = await loadAccounts();
    await savePicture(page, 'node-accounts-of-login');
    expect(names).toEqual([
      '@clinica.sorriso · Instagram',
      '@clinica.sorriso.sul · Instagram',
      'Clínica Sorriso – Unidade Sul · Messenger',
      'Clínica Sorriso · Messenger',
      'Sorriso Solidário · Messenger',
    ]);
    expect(await lastingTokens()).not.toEqual([]);
  });

  test('is all it takes for a message to come in and an answer to go out', async (running) => {
    const { api, sandbox, n8n } = running;
    const parameters = { authentication: 'oAuth2', text: 'Respondido' };
    const door = { webhookId: WEBHOOK_ID, ...withLogin() };
    answering = await api.createWorkflow({
      name: 'Answer with a login',
      nodes: [
        node('Door', 'metaMessagingTrigger', { authentication: 'oAuth2' }, door),
        node('Answer', 'metaMessaging', parameters, withLogin()),
      ],
      connections: { Door: { main: [[{ node: 'Answer', type: 'main', index: 0 }]] } },
      settings: {},
    });
    await api.publish(answering);
    await control(sandbox, 'POST', '/subscriptions', {
      callbackUrl: `${n8n.baseUrl}/webhook/${WEBHOOK_ID}/meta`,
      verifyToken: SEED.verifyToken,
    });
    for (const channel of ['instagram', 'messenger'] as const) {
      const customer = await newCustomer(sandbox, channel);
      await write(sandbox, customer, 'Oi');
      await untilReceived(sandbox, customer);
      expect(receivedBy(sandbox, customer).map(({ text }) => text)).toEqual(['Respondido']);
    }
  });
});

describe('the token of the login', () => {
  test('that soon ends is renewed, with no workflow executing', async (running) => {
    const { api, sandbox } = running;
    alarm = await api.createWorkflow({
      name: 'Tell of an expired account',
      nodes: [
        node('Expired', 'omnichannelTrigger', { events: ['connection.expired'] }),
        { ...node('Note', '', {}), type: 'n8n-nodes-base.noOp' },
      ],
      connections: { Expired: { main: [[{ node: 'Note', type: 'main', index: 0 }]] } },
      settings: {},
    });
    await api.publish(alarm);
    await control(sandbox, 'PATCH', '/settings', { longTokenSeconds: LIFE_SECONDS });
    await logIn('Switch account');
    await loadAccounts();
    await untilQuiet(running);
    const executions = (await allExecutions()).length;
    const made = (await lastingTokens()).length;
    const [before] = await accountRows('expires_at, sealed_secrets');
    expect(Number(before?.expires_at) - Date.now()).toBeLessThan(LIFE_SECONDS * 1_000);

    await waitFor(async () => (await lastingTokens()).length > made, {
      what: `the renewal of a token that lives ${LIFE_SECONDS} s`,
      timeoutMs: 85_000,
    });
    await waitFor(
      async () => {
        const [now] = await accountRows('expires_at, sealed_secrets');
        return (
          Number(now?.expires_at) > Number(before?.expires_at) &&
          now?.sealed_secrets !== before?.sealed_secrets
        );
      },
      { what: 'the account to have the new token and end' },
    );
    expect(await allExecutions()).toHaveLength(executions);
    expect(await api.countUnfinishedExecutions()).toBe(0);
  });

  test('that was revoked shows its accounts as expired, with the reason', async ({ sandbox }) => {
    await control(sandbox, 'POST', `/users/${SEED.userId}/revoke`, { subcode: 460 });
    await waitFor(
      async () => (await accountRows('status')).every(({ status }) => status === 'expired'),
      { what: 'the accounts to expire' },
    );
    const told = await waitFor(
      async () => (await allExecutions()).find(({ workflowId }) => workflowId === alarm),
      { what: 'the workflow that starts on it' },
    );
    expect(JSON.stringify(told.data)).toContain('has changed their password (code 190/460)');
    const names = await loadAccounts();
    await savePicture(page, 'node-accounts-expired');
    expect(names.filter((name) => !/expired: .*changed their password/.test(name))).toEqual([]);
    expect(names.length).toBeGreaterThan(3);
  });
});
