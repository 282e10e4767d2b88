import type { Browser, Page } from 'playwright-core';
import type { WorkflowDefinition } from '../../playground/n8nApi.ts';
import type { Playground } from '../../playground/playground.ts';
import { HUB_SEED } from '../../sandbox/notificame/seed.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { loginWindow, openAsVisitor } from '../support/connectPage.ts';
import { openWorkflow, part, signInToEditor } from '../support/editor.ts';
import { hubConnectPage, newHubLink } from '../support/notificaMeWorkflows.ts';
import { savePicture } from '../support/pictures.ts';

/** Takes the pictures of NotificaMe: its customers' page, the panels, and the page on which a customer connects. */
export async function takeNotificaMePictures(
  browser: Browser,
  playground: Playground,
): Promise<void> {
  await takePhone(browser, playground.sandbox);
  const page = await signInToEditor(browser, playground);
  await takeTrigger(page, playground);
  await takeNode(page, playground);
  await takeCredential(page, playground);
  await page.close();
  await takeConnectPage(browser, playground);
}

/** The page on which a person plays the customers of NotificaMe's channels. */
async function takePhone(browser: Browser, { seed }: Sandbox): Promise<void> {
  const { baseUrl, apiToken, phoneUrl } = seed.notificaMe;
  const page = await browser.newPage({ viewport: { width: 1160, height: 640 } });
  await page.goto(phoneUrl);
  await page.getByRole('button', { name: /Davi Rocha/ }).click();
  await page.getByLabel('Message').fill('Oi! Vocês atendem no sábado?');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('Oi! Vocês atendem no sábado?').waitFor();
  // The welcome of the bundled workflow comes first.
  await page.getByText('clinic · DELIVERED').waitFor();
  const answer = 'Olá, Davi! Sim, das 8h às 12h.';
  await fetch(`${baseUrl}/v1/channels/telegram/messages`, {
    method: 'POST',
    headers: { 'x-api-token': apiToken, 'content-type': 'application/json' },
    body: JSON.stringify({
      from: HUB_SEED.telegramChannelId,
      to: HUB_SEED.telegramPersonId,
      contents: [{ type: 'text', text: answer }],
    }),
  });
  await page.getByText(answer).waitFor();
  await page.getByText('clinic · DELIVERED').nth(1).waitFor();
  await savePicture(page, 'phone-notificame');
  await page.close();
}

async function openNode(page: Page): Promise<void> {
  const title = page.getByText('NotificaMe', { exact: true });
  await part(page, 'canvas-node').filter({ has: title }).first().dblclick();
  await part(page, 'node-parameters').waitFor();
}

async function takeTrigger(page: Page, playground: Playground): Promise<void> {
  await openWorkflow(page, playground, 'inbound-channels');
  await openNode(page);
  await page.getByText('Webhooks at NotificaMe').first().waitFor();
  await savePicture(page, 'node-notificame-trigger');
  await part(page, 'ndv-close-button').click();
}

/** One node behind a manual trigger. */
function priceList({ notificaMeCredential }: Playground['setup']): WorkflowDefinition {
  const { type, id, name } = notificaMeCredential;
  return {
    name: 'A price list through NotificaMe',
    nodes: [
      {
        id: '7b1e4a3c-2f5d-4c8e-9a60-3d2c1b0a9f01',
        name: 'Start',
        type: 'n8n-nodes-base.manualTrigger',
        typeVersion: 1,
        position: [0, 0],
        parameters: {},
      },
      {
        id: '7b1e4a3c-2f5d-4c8e-9a60-3d2c1b0a9f02',
        name: 'NotificaMe',
        type: 'n8n-nodes-omnichannel.notificaMe',
        typeVersion: 1,
        position: [260, 0],
        credentials: { [type]: { id, name } },
        parameters: {
          operation: 'sendMedia',
          account: { __rl: true, mode: 'list', value: '' },
          recipient: '+55 11 98888-7777',
          contentType: 'file',
          source: 'binary',
          binaryField: 'data',
        },
      },
    ],
    connections: { Start: { main: [[{ node: 'NotificaMe', type: 'main', index: 0 }]] } },
    settings: { executionOrder: 'v1' },
  };
}

async function takeNode(page: Page, { n8n, api, setup }: Playground): Promise<void> {
  const id = await api.createWorkflow(priceList(setup));
  await page.goto(`${n8n.baseUrl}/workflow/${id}`);
  await part(page, 'canvas-node').first().waitFor();
  await openNode(page);
  await part(page, 'resource-locator-account').locator('input').last().click();
  await part(page, 'rlc-item').filter({ hasText: 'Clínica Sorriso' }).first().waitFor();
  await savePicture(page, 'node-notificame-channels');
  await part(page, 'rlc-item').filter({ hasText: 'Clínica Sorriso' }).first().click();
  await page.mouse.move(640, 45);
  await savePicture(page, 'node-notificame');
  await part(page, 'ndv-close-button').click();
}

async function takeCredential(page: Page, { n8n, setup }: Playground): Promise<void> {
  await page.goto(`${n8n.baseUrl}/home/credentials/${setup.notificaMeCredential.id}`);
  await part(page, 'credentials-config-container-test-success').waitFor();
  await savePicture(page, 'credential-notificame');
}

/** A customer with the page in Portuguese, right after the hub's window. */
async function takeConnectPage(browser: Browser, playground: Playground): Promise<void> {
  const { api } = playground;
  await api.publish(await api.createWorkflow(hubConnectPage(playground)));
  const link = await newHubLink(playground);
  const viewport = { width: 1120, height: 900 };
  const { visitor, page } = await openAsVisitor(browser, link, { locale: 'pt-BR', viewport });
  await page.getByTestId('card').first().waitFor();
  const window = await loginWindow(page, () =>
    page.getByTestId('connect-notificame-whatsapp').click(),
  );
  await window.locator('input[name="name"]').fill('Clínica Sorriso – Unidade Norte');
  await window.locator('button').click();
  await page.getByTestId('said').getByText('Unidade Norte').waitFor();
  await savePicture(page, 'connect-page-notificame');
  await visitor.close();
}
