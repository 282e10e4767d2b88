import type { Browser, Page } from 'playwright-core';
import type { WorkflowDefinition } from '../../playground/n8nApi.ts';
import type { Playground } from '../../playground/playground.ts';
import {
  chooseFromList,
  openListOf,
  openNewCredential,
  part,
  signInToEditor,
} from '../support/editor.ts';
import { savePicture } from '../support/pictures.ts';

/** Takes the pictures of the WhatsApp panels: the credential as it is offered, and a template with its variables. */
export async function takeWhatsAppPictures(
  browser: Browser,
  playground: Playground,
): Promise<void> {
  const page = await signInToEditor(browser, playground);
  await takeTemplate(page, playground);
  await takeCredential(page, playground);
  await page.close();
}

/** One node behind a manual trigger, in which nothing of the template is chosen yet. */
function reminder({ whatsAppCredential }: Playground['setup']): WorkflowDefinition {
  const { type, id, name } = whatsAppCredential;
  return {
    name: 'Reminder on WhatsApp',
    nodes: [
      {
        id: '5d0a6f1e-7c2b-4a8d-9e3f-0b1c2d3e4f01',
        name: 'Start',
        type: 'n8n-nodes-base.manualTrigger',
        typeVersion: 1,
        position: [0, 0],
        parameters: {},
      },
      {
        id: '5d0a6f1e-7c2b-4a8d-9e3f-0b1c2d3e4f02',
        name: 'WhatsApp Cloud',
        type: 'n8n-nodes-omnichannel.whatsAppCloud',
        typeVersion: 1,
        position: [260, 0],
        credentials: { [type]: { id, name } },
        parameters: {
          account: { __rl: true, mode: 'list', value: '' },
          recipient: '+55 11 98888-7777',
          contentType: 'template',
        },
      },
    ],
    connections: { Start: { main: [[{ node: 'WhatsApp Cloud', type: 'main', index: 0 }]] } },
    settings: { executionOrder: 'v1' },
  };
}

async function takeTemplate(page: Page, { n8n, api, setup }: Playground): Promise<void> {
  const id = await api.createWorkflow(reminder(setup));
  await page.goto(`${n8n.baseUrl}/workflow/${id}`);
  await part(page, 'canvas-node').first().waitFor();
  await part(page, 'canvas-node').filter({ hasText: 'WhatsApp Cloud' }).first().dblclick();
  await part(page, 'node-parameters').waitFor();
  await chooseFromList(page, 'account', 'Clínica Sorriso +55 11 90000-0001');
  await openListOf(page, 'template');
  await savePicture(page, 'node-whatsapp-templates');
  await page.getByText('lembrete_consulta · pt_BR · utility').first().click();
  await page.getByText('Body 1 (Ana)').first().waitFor();
  await page.getByText('Body 1 (Ana)').first().scrollIntoViewIfNeeded();
  await page.mouse.move(640, 45);
  await savePicture(page, 'node-whatsapp-cloud');
  await part(page, 'ndv-close-button').click();
}

/** A new one, as the panel offers it: nothing of it is saved. */
async function takeCredential(page: Page, playground: Playground): Promise<void> {
  await openNewCredential(page, playground, 'WhatsApp Cloud API');
  await part(page, 'parameter-input-businessAccountId').waitFor();
  await page.mouse.move(640, 45);
  await savePicture(page, 'credential-whatsapp');
}
