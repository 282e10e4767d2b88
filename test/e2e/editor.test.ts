import type { Browser, Locator, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { newCustomer, receivedBy, untilReceived, write } from '../support/customers.ts';
import {
  iconsOf,
  openNewCredential,
  openNodeDetails,
  openWorkflow,
  part,
  signInToEditor,
} from '../support/editor.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';
import { savePicture } from '../support/pictures.ts';
import { untilQuiet } from '../support/quiet.ts';
import { countRows, readEmbeddedStore } from '../support/storeReader.ts';
import { waitFor } from '../support/waitFor.ts';

let playground: TestPlayground;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  playground = await startTestPlayground({ name: 'editor' });
  browser = await launchBrowser();
  page = await signInToEditor(browser, playground);
});

afterAll(async () => {
  await browser?.close();
  await playground?.remove();
});

const test = testWith(() => playground);

const OWN_ICONS = '/icons/n8n-nodes-omnichannel/dist/';

/** What the panel lists of a node; without resources or a twin it offers the node itself instead. */
const NODES = [
  { name: 'Omnichannel', icon: 'Omnichannel/omnichannel', lists: ['Actions', 'Triggers'] },
  {
    name: 'Instagram and Messenger',
    icon: 'MetaMessaging/metaMessaging',
    lists: ['Actions', 'Triggers'],
  },
  {
    name: 'WhatsApp Cloud',
    icon: 'WhatsAppCloud/whatsAppCloud',
    lists: ['Actions', 'Triggers'],
  },
  { name: 'Rate Limiter', icon: 'RateLimiter/rateLimiter', lists: [] },
  { name: 'Webhook Delivery', icon: 'WebhookDelivery/webhookDelivery', lists: ['Actions'] },
  { name: 'Signed Webhook Trigger', icon: 'SignedWebhook/signedWebhook', lists: [] },
];

const CREDENTIAL_TYPES = [
  { name: 'Meta Access Token API', icon: 'metaAccessToken', field: 'Access Token' },
  { name: 'Meta OAuth2 API', icon: 'metaOAuth2', field: 'Client ID' },
  { name: 'Omnichannel Store API', icon: 'omnichannelStore', field: 'Storage' },
  { name: 'Signed Webhook API', icon: 'signedWebhook', field: 'Secret' },
  { name: 'WhatsApp Cloud API', icon: 'whatsAppCloud', field: 'Access Token' },
];

describe("n8n's editor", () => {
  for (const { name, icon, lists } of NODES) {
    const offer = lists.length === 0 ? 'to be added' : `with its ${lists.join(' and ')}`;
    test(`shows ${name} in the nodes panel with its icon, ${offer}`, async () => {
      await openWorkflow(page, playground, 'welcome-new-lead');
      const panel = await openNodeDetails(page, name);
      if (lists.length === 0) await panel.getByText('Add to workflow').waitFor();
      for (const list of lists) {
        await panel.getByText(new RegExp(`^${list} \\([1-9]\\d*\\)$`)).waitFor();
      }
      await savePicture(page, `editor-node-${name.toLowerCase().replaceAll(' ', '-')}`);
      await expectIcons(panel, `${OWN_ICONS}nodes/${icon}.svg`);
    });
  }

  for (const { name, icon, field } of CREDENTIAL_TYPES) {
    test(`offers ${name} as a new credential with its icon and its fields`, async () => {
      const dialog = await openNewCredential(page, playground, name);
      await dialog.getByText(name, { exact: true }).first().waitFor();
      // n8n writes a star behind the name of a required field.
      await dialog
        .getByText(new RegExp(`^${field}\\s*\\*?$`))
        .first()
        .waitFor();
      await savePicture(page, `editor-new-credential-${icon}`);
      await expectIcons(dialog, `${OWN_ICONS}credentials/${icon}.svg`);
    });
  }

  test('shows the bundled welcome workflow with the icons of its nodes', async () => {
    await openWorkflow(page, playground, 'welcome-new-lead');
    await page.getByText('Send welcome', { exact: true }).waitFor();
    await savePicture(page, 'editor-welcome-new-lead');
    await expectIcons(page.locator('body'), `${OWN_ICONS}nodes/`);
  });

  test('lists the account of the playground with its icon', async () => {
    await page.goto(`${playground.n8n.baseUrl}/home/credentials`);
    await page.getByText(playground.setup.credential.name).waitFor();
    await savePicture(page, 'editor-credentials');
    await expectIcons(page.locator('body'), `${OWN_ICONS}credentials/`);
  });

  test('says that the credential works when it is tested', async () => {
    const { api, setup } = playground;
    expect(await api.testCredential(setup.credential.id)).toMatchObject({ status: 'OK' });
  });
});

describe('a test run in the editor', () => {
  test('of the door shows a copy of what comes in, and production goes on', async () => {
    const { sandbox, api, setup } = playground;
    await openWorkflow(page, playground, 'inbound-channels');
    await part(page, 'execute-workflow-button').click();
    await page
      .getByText(/Waiting for you to|Waiting for trigger event/)
      .first()
      .waitFor();

    const customer = await newCustomer(sandbox, 'instagram');
    await write(sandbox, customer, 'Oi, isto é um teste');
    await untilReceived(sandbox, customer);
    const id = setup.workflowIds['inbound-channels'] ?? '';
    const manual = await waitFor(
      async () => (await api.listExecutions(id, true)).find((run) => run.mode === 'manual'),
      { what: 'the execution of the test run' },
    );
    expect(JSON.stringify(manual.data)).toContain('Oi, isto é um teste');

    await untilQuiet(playground);
    expect(receivedBy(sandbox, customer)).toHaveLength(1);
  });

  test('of the door loses no customer who writes before, while it listens, or after', async () => {
    const { sandbox } = playground;
    await openWorkflow(page, playground, 'inbound-channels');
    const customers = await Promise.all(
      Array.from({ length: 6 }, () => newCustomer(sandbox, 'instagram')),
    );
    const [before, click, during, again, stop, after] = customers;
    const writes = (customer: (typeof customers)[number] | undefined) =>
      customer === undefined
        ? Promise.reject(new Error('no customer'))
        : write(sandbox, customer, 'Oi');
    await writes(before);
    await Promise.all([part(page, 'execute-workflow-button').click(), writes(click)]);
    await page
      .getByText(/Waiting for you to|Waiting for trigger event/)
      .first()
      .waitFor()
      // The message of the click may have ended the test already.
      .catch(() => undefined);
    await Promise.all([writes(during), writes(again)]);
    // Leaving the page in the middle ends a test that still listens.
    await Promise.all([page.goto(`${playground.n8n.baseUrl}/home/workflows`), writes(stop)]);
    await writes(after);
    for (const customer of customers) await untilReceived(sandbox, customer);
    await untilQuiet(playground);
    expect(customers.map((customer) => receivedBy(sandbox, customer).length)).toEqual(
      customers.map(() => 1),
    );
  });

  test('of the Omnichannel Trigger shows the newest event, sends nothing and moves nothing', async () => {
    const { sandbox, api, setup, dataDir } = playground;
    const customer = await newCustomer(sandbox, 'instagram');
    await write(sandbox, customer, 'A mais nova de todas');
    await untilReceived(sandbox, customer);
    await untilQuiet(playground);
    const store = readEmbeddedStore(dataDir);
    const before = await countRows(store);

    await openWorkflow(page, playground, 'welcome-new-lead');
    const trigger = part(page, 'canvas-node').filter({ hasText: 'Omnichannel Trigger' });
    await trigger.hover();
    await trigger.locator('[data-test-id="execute-node-button"]').click();
    const id = setup.workflowIds['welcome-new-lead'] ?? '';
    const manual = await waitFor(
      async () =>
        (await api.listExecutions(id, true)).find(
          (run) => run.mode === 'manual' && run.status === 'success',
        ),
      { what: 'the execution of the test run' },
    );
    expect(JSON.stringify(manual.data)).toContain('A mais nova de todas');

    await untilQuiet(playground);
    expect(await countRows(store)).toEqual(before);
    expect(receivedBy(sandbox, customer)).toHaveLength(1);
  });

  test('leaves the door open for the next customer when it has ended', async () => {
    const { sandbox } = playground;
    const customer = await newCustomer(sandbox, 'messenger');
    await write(sandbox, customer, 'Oi');
    await untilReceived(sandbox, customer);
    await untilQuiet(playground);
    expect(receivedBy(sandbox, customer)).toHaveLength(1);
  });
});

/** At least one picture with that address, and none that the browser could not load. */
async function expectIcons(within: Locator, address: string): Promise<void> {
  const icons = await iconsOf(within, address);
  expect(icons.length).toBeGreaterThan(0);
  expect(icons.filter((icon) => icon.naturalWidth === 0)).toEqual([]);
}
