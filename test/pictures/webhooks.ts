import type { Browser, Page } from 'playwright-core';
import type { Playground } from '../../playground/playground.ts';
import { part, signInToEditor } from '../support/editor.ts';
import { savePicture } from '../support/pictures.ts';
import { untilDealArrived, type WebhookWorkflows } from '../support/webhookWorkflows.ts';

/** Takes the pictures of webhooks: the call that a workflow received, and the log of what was delivered. */
export async function takeWebhookPictures(
  browser: Browser,
  playground: Playground,
  workflows: WebhookWorkflows,
): Promise<void> {
  const { ids } = workflows;
  await workflows.moveDeal('4720', 'won');
  const received = await untilDealArrived(playground, workflows, '4720');
  await workflows.readLog();
  const page = await signInToEditor(browser, playground);
  // n8n's one-time hint about pinned data would lie over the output.
  await page.evaluate(() => localStorage.setItem('N8N_PIN_DATA_DISCOVERY_NDV', 'true'));

  await openExecution(page, playground, ids.receive, received.id);
  await openOutput(page, 'Signed Webhook Trigger', '"webhook.received"');
  await savePicture(page, 'signed-webhook-received');

  const [log] = await playground.api.listExecutions(ids.log);
  if (log === undefined) throw new Error('Nobody has read the log yet.');
  await openExecution(page, playground, ids.log, log.id);
  await openOutput(page, 'Webhook Delivery', '"deal.moved"');
  await savePicture(page, 'webhook-delivery-log');
  await page.close();
}

async function openExecution(
  page: Page,
  { n8n }: Playground,
  workflowId: string,
  executionId: string,
): Promise<void> {
  await page.goto(`${n8n.baseUrl}/workflow/${workflowId}/executions/${executionId}`);
  await part(page, 'canvas-node-status-success').nth(1).waitFor();
}

/** Opens a node of the execution, with its output as JSON. */
async function openOutput(page: Page, name: string, shown: string): Promise<void> {
  await part(page, 'canvas-node').filter({ hasText: name }).first().dblclick();
  await part(page, 'ndv').waitFor();
  await part(page, 'output-panel').locator('[data-test-id="radio-button-json"]').click();
  await part(page, 'output-panel').getByText(shown).first().waitFor();
  await page.mouse.move(640, 45);
}
