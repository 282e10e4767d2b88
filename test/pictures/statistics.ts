import type { Browser } from 'playwright-core';
import type { WorkflowDefinition } from '../../playground/n8nApi.ts';
import type { Playground } from '../../playground/playground.ts';
import { part, signInToEditor } from '../support/editor.ts';
import { savePicture } from '../support/pictures.ts';

const NAME = 'Results of the week';

const WORKFLOW: WorkflowDefinition = {
  name: 'Figures for the owner',
  nodes: [
    {
      id: '7d2f4b6a-6a3d-4c41-8e57-9d2f4b6a8c11',
      name: 'Every Monday',
      type: 'n8n-nodes-base.manualTrigger',
      typeVersion: 1,
      position: [0, 0],
      parameters: {},
    },
    {
      id: '7d2f4b6a-6a3d-4c41-8e57-9d2f4b6a8c12',
      name: NAME,
      type: 'n8n-nodes-omnichannel.omnichannel',
      typeVersion: 1,
      position: [260, 0],
      parameters: {
        resource: 'statistics',
        operation: 'get',
        period: 'last7Days',
        splitInto: 'journeys',
      },
    },
  ],
  connections: { 'Every Monday': { main: [[{ node: NAME, type: 'main', index: 0 }]] } },
  settings: { executionOrder: 'v1' },
};

/** Takes the picture of statistics as rows: the panel, and beside it what the welcomes of the playground came to. */
export async function takeStatisticsPicture(
  browser: Browser,
  playground: Playground,
): Promise<void> {
  const page = await signInToEditor(browser, playground);
  const id = await playground.api.createWorkflow(WORKFLOW);
  await page.goto(`${playground.n8n.baseUrl}/workflow/${id}`);
  await part(page, 'canvas-node').first().waitFor();
  await part(page, 'execute-workflow-button').click();
  await part(page, 'canvas-node-status-success').nth(1).waitFor();
  const notice = 'Workflow executed successfully';
  await page.waitForFunction((text) => document.body.innerText.includes(text), notice);
  await page.waitForFunction((text) => !document.body.innerText.includes(text), notice);
  await part(page, 'canvas-node').filter({ hasText: NAME }).first().dblclick();
  await part(page, 'ndv').waitFor();
  await page.getByText('skippedBy').first().waitFor();
  await page.mouse.move(640, 45);
  await savePicture(page, 'node-statistics');
  await page.close();
}
