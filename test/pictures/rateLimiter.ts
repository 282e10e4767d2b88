import type { Browser } from 'playwright-core';
import type { WorkflowDefinition } from '../../playground/n8nApi.ts';
import type { Playground } from '../../playground/playground.ts';
import { part, signInToEditor } from '../support/editor.ts';
import { savePicture } from '../support/pictures.ts';

/** Asks before it answers: what is allowed goes on by the first output, the rest by the second. */
const WORKFLOW: WorkflowDefinition = {
  name: 'Count before sending',
  nodes: [
    {
      id: '5b1c7f20-6a3d-4c41-8e57-9d2f4b6a8c01',
      name: 'Omnichannel Trigger',
      type: 'n8n-nodes-omnichannel.omnichannelTrigger',
      typeVersion: 1,
      position: [0, 0],
      parameters: {},
    },
    {
      id: '5b1c7f20-6a3d-4c41-8e57-9d2f4b6a8c02',
      name: 'Rate Limiter',
      type: 'n8n-nodes-omnichannel.rateLimiter',
      typeVersion: 1,
      position: [260, 0],
      parameters: {},
    },
    {
      id: '5b1c7f20-6a3d-4c41-8e57-9d2f4b6a8c03',
      name: 'Answer',
      type: 'n8n-nodes-base.noOp',
      typeVersion: 1,
      position: [520, -100],
      parameters: {},
    },
    {
      id: '5b1c7f20-6a3d-4c41-8e57-9d2f4b6a8c04',
      name: 'Tell the staff',
      type: 'n8n-nodes-base.noOp',
      typeVersion: 1,
      position: [520, 100],
      parameters: {},
    },
  ],
  connections: {
    'Omnichannel Trigger': { main: [[{ node: 'Rate Limiter', type: 'main', index: 0 }]] },
    'Rate Limiter': {
      main: [
        [{ node: 'Answer', type: 'main', index: 0 }],
        [{ node: 'Tell the staff', type: 'main', index: 0 }],
      ],
    },
  },
  settings: { executionOrder: 'v1' },
};

/** Takes the picture of the Rate Limiter on its canvas, after a run on the newest event of the log. */
export async function takeRateLimiterPicture(
  browser: Browser,
  playground: Playground,
): Promise<void> {
  const page = await signInToEditor(browser, playground);
  const id = await playground.api.createWorkflow(WORKFLOW);
  await page.goto(`${playground.n8n.baseUrl}/workflow/${id}`);
  await part(page, 'canvas-node').first().waitFor();
  await part(page, 'execute-workflow-button').click();
  await part(page, 'canvas-node-status-success').nth(2).waitFor();
  const notice = 'Workflow executed successfully';
  await page.waitForFunction((text) => document.body.innerText.includes(text), notice);
  await page.waitForFunction((text) => !document.body.innerText.includes(text), notice);
  await savePicture(page, 'editor-rate-limiter');
  await page.close();
}
