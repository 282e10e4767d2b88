import type { Browser, Page } from 'playwright-core';
import type { WorkflowDefinition } from '../../playground/n8nApi.ts';
import type { Playground } from '../../playground/playground.ts';
import { openWorkflow, part, signInToEditor } from '../support/editor.ts';
import { savePicture } from '../support/pictures.ts';

/**
 * Takes the pictures of n8n's editor. The log must hold a first message already: test runs show the
 * newest event.
 */
export async function takeEditorPictures(browser: Browser, playground: Playground): Promise<void> {
  const page = await signInToEditor(browser, playground);
  // n8n's one-time hint about pinned data would lie over the first output.
  await page.evaluate(() => localStorage.setItem('N8N_PIN_DATA_DISCOVERY_NDV', 'true'));
  await takeWelcomeWorkflow(page, playground);
  await takeExecutions(page, playground);
  await takeDoor(page, playground);
  await takeSendingNode(page, playground);
  await takeMetaCredential(page, playground);
  await takeStoreCredential(page, playground);
  await page.close();
}

/** Opens a node of the workflow on the canvas. */
async function openNode(page: Page, name: string): Promise<void> {
  await part(page, 'canvas-node').filter({ hasText: name }).first().dblclick();
  await part(page, 'ndv').waitFor();
  await part(page, 'node-parameters').waitFor();
}

async function closeNode(page: Page): Promise<void> {
  await part(page, 'ndv-close-button').click();
  await part(page, 'ndv').waitFor({ state: 'hidden' });
}

/** Items as JSON: a table hides most of an event. */
async function showOutputAsJson(page: Page): Promise<void> {
  await part(page, 'output-panel').locator('[data-test-id="radio-button-json"]').click();
  await part(page, 'output-panel')
    .getByText('"tenantId"')
    .or(page.getByText('"status"'))
    .first()
    .waitFor();
  // Away from everything that shows a tip under the mouse.
  await page.mouse.move(640, 45);
}

/** Runs the workflow as the editor's button does, until so many nodes have succeeded and n8n no longer says so. */
async function testRun(page: Page, nodes: number): Promise<void> {
  const notice = 'Workflow executed successfully';
  await part(page, 'execute-workflow-button').click();
  await part(page, 'canvas-node-status-success')
    .nth(nodes - 1)
    .waitFor();
  await page.waitForFunction((text) => document.body.innerText.includes(text), notice);
  await page.waitForFunction((text) => !document.body.innerText.includes(text), notice);
}

async function takeWelcomeWorkflow(page: Page, playground: Playground): Promise<void> {
  await openWorkflow(page, playground, 'welcome-new-lead');
  await page.getByText('Send welcome', { exact: true }).waitFor();
  await savePicture(page, 'editor-welcome-new-lead');

  await part(page, 'node-creator-plus-button').click();
  await part(page, 'node-creator-search-bar').fill('instagram');
  await part(page, 'item-iterator-item').filter({ hasText: 'Omnichannel' }).first().waitFor();
  await savePicture(page, 'editor-nodes');
  await page.keyboard.press('Escape');

  await openNode(page, 'Omnichannel Trigger');
  await part(page, 'parameter-input-events').click();
  await page.getByText('Message: Edited').first().waitFor();
  await savePicture(page, 'event-types');
  await page.keyboard.press('Escape');
  await closeNode(page);

  await testRun(page, 5);
  await openNode(page, 'Omnichannel Trigger');
  await showOutputAsJson(page);
  await savePicture(page, 'node-omnichannel-trigger');
  await closeNode(page);
  await openNode(page, 'Send welcome');
  await showOutputAsJson(page);
  await savePicture(page, 'node-omnichannel');
  await closeNode(page);
}

async function takeExecutions(page: Page, { n8n, api, setup }: Playground): Promise<void> {
  const id = setup.workflowIds['welcome-new-lead'] ?? '';
  const run = (await api.listExecutions(id)).find(({ mode }) => mode === 'trigger');
  if (run === undefined) throw new Error('The welcome workflow has not run yet.');
  await page.goto(`${n8n.baseUrl}/workflow/${id}/executions/${run.id}`);
  await part(page, 'canvas-node-status-success').nth(4).waitFor();
  await savePicture(page, 'execution-welcome');
}

async function takeDoor(page: Page, playground: Playground): Promise<void> {
  await openWorkflow(page, playground, 'inbound-channels');
  await openNode(page, 'Instagram and Messenger');
  await page.getByText('Webhook URLs').click();
  await part(page, 'radio-button-production').click();
  await page.getByText('/webhook/').first().waitFor();
  await savePicture(page, 'node-instagram-and-messenger-trigger');
  await closeNode(page);
  await openNode(page, 'WhatsApp');
  await page.getByText('Webhook Address').first().waitFor();
  await savePicture(page, 'node-whatsapp-cloud-trigger');
  await closeNode(page);
}

/** Answers the newest message with buttons, on the account that it came in on. */
function answerWithButtons({ credential }: Playground['setup']): WorkflowDefinition {
  return {
    name: 'Answer with buttons',
    nodes: [
      {
        id: '0f3c2a10-5d7e-4b86-9a0c-1e2d3f4a5b01',
        name: 'Omnichannel Trigger',
        type: 'n8n-nodes-omnichannel.omnichannelTrigger',
        typeVersion: 1,
        position: [0, 0],
        parameters: {},
      },
      {
        id: '0f3c2a10-5d7e-4b86-9a0c-1e2d3f4a5b02',
        name: 'Instagram and Messenger',
        type: 'n8n-nodes-omnichannel.metaMessaging',
        typeVersion: 1,
        position: [260, 0],
        credentials: { [credential.type]: { id: credential.id, name: credential.name } },
        parameters: {
          contentType: 'buttons',
          text: 'Como podemos ajudar?',
          buttons: {
            button: [
              { type: 'postback', title: 'Agendar consulta', payload: 'BOOK' },
              { type: 'url', title: 'Como chegar', url: 'https://example.com/mapa' },
            ],
          },
        },
      },
    ],
    connections: {
      'Omnichannel Trigger': {
        main: [[{ node: 'Instagram and Messenger', type: 'main', index: 0 }]],
      },
    },
    settings: { executionOrder: 'v1' },
  };
}

async function takeSendingNode(page: Page, { n8n, api, setup }: Playground): Promise<void> {
  const id = await api.createWorkflow(answerWithButtons(setup));
  await page.goto(`${n8n.baseUrl}/workflow/${id}`);
  await part(page, 'canvas-node').first().waitFor();
  await testRun(page, 2);
  await openNode(page, 'Instagram and Messenger');
  await showOutputAsJson(page);
  await savePicture(page, 'node-instagram-and-messenger');
  await closeNode(page);
}

async function takeMetaCredential(page: Page, { n8n, setup }: Playground): Promise<void> {
  await page.goto(`${n8n.baseUrl}/home/credentials/${setup.credential.id}`);
  await part(page, 'credentials-config-container-test-success').waitFor();
  await savePicture(page, 'credential-meta');
}

/** A new one, as the panel offers it: nothing of it is saved. */
async function takeStoreCredential(page: Page, { n8n }: Playground): Promise<void> {
  await page.goto(`${n8n.baseUrl}/home/credentials`);
  await page.getByRole('button', { name: 'Create credential' }).first().click();
  await page.getByText('Add new credential').waitFor();
  await page.keyboard.type('Omnichannel Store');
  await page.getByText('Omnichannel Store API', { exact: true }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await part(page, 'parameter-input-host').waitFor();
  await page.mouse.move(640, 45);
  await savePicture(page, 'credential-store');
}
