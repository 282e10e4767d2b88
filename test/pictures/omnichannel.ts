import type { Browser, Page } from 'playwright-core';
import type { WorkflowDefinition, WorkflowNode } from '../../playground/n8nApi.ts';
import type { Playground } from '../../playground/playground.ts';
import { readBundledWorkflow } from '../../playground/workflows.ts';
import { part, signInToEditor } from '../support/editor.ts';
import { savePicture } from '../support/pictures.ts';

/** A panel of the node Omnichannel, by the name of its picture. */
interface Panel {
  picture: string;
  /** Of the node. */
  name: string;
  /** Stands in the panel once it is there. */
  shows: string;
  parameters: Record<string, unknown>;
}

const PANELS: readonly Panel[] = [
  {
    picture: 'node-broadcast',
    name: 'Draft a broadcast',
    shows: 'Send As',
    parameters: {
      resource: 'broadcast',
      operation: 'create',
      account: { __rl: true, mode: 'id', value: '={{ $json.connection.id }}' },
      name: 'Campanha de vacinação',
      category: 'marketing',
      sendAs: 'message',
      contentType: 'text',
      text: '=Oi, {{ $json.name }}! A campanha de vacinação começa na segunda. Quer que a gente reserve um horário?',
    },
  },
  {
    picture: 'node-send-message',
    name: 'Send a message',
    shows: 'Content',
    parameters: { resource: 'message', operation: 'send', text: 'Seu exame ficou pronto.' },
  },
  {
    picture: 'node-scheduled-messages',
    name: 'Upcoming messages',
    shows: 'Filters',
    parameters: {
      resource: 'message',
      operation: 'getScheduled',
      filters: { states: ['waiting'] },
    },
  },
  {
    picture: 'node-message-template',
    name: 'A text of our own',
    shows: 'Texts',
    parameters: {
      resource: 'messageTemplate',
      operation: 'create',
      templateName: 'exame_pronto',
      texts: {
        text: [
          {
            channel: 'all',
            language: 'pt-BR',
            text: 'Oi, {name|tudo bem}! Seu exame de {exam} ficou pronto.',
          },
        ],
      },
    },
  },
  {
    picture: 'node-contacts',
    name: 'Who may hear of it',
    shows: 'Filters',
    parameters: {
      resource: 'contact',
      operation: 'getMany',
      returnAll: true,
      filters: { tags: 'VIP', consents: ['marketing:in'], search: 'ana' },
    },
  },
  {
    picture: 'node-conversation',
    name: 'A person takes over',
    shows: 'How Long',
    parameters: {
      resource: 'conversation',
      operation: 'handOver',
      duration: 'minutes',
      minutes: 30,
      reason: 'complaint',
    },
  },
  {
    picture: 'node-tenant-settings',
    name: 'Our rules',
    shows: 'Safe Mode Recipients',
    parameters: {
      resource: 'tenant',
      operation: 'updateSettings',
      tenantId: 'default',
      settings: {
        capCount: 1,
        capDays: 7,
        safeMode: true,
        safeModeRecipients: '+55 11 98888-7777',
        utilityHours: { hours: { from: '08:00', to: '20:00', days: [1, 2, 3, 4, 5, 6, 7] } },
      },
    },
  },
];

/** Takes the pictures of panels of the node Omnichannel, and of the canvas of a broadcast. */
export async function takeOmnichannelPictures(
  browser: Browser,
  playground: Playground,
): Promise<void> {
  const page = await signInToEditor(browser, playground);
  const id = await playground.api.createWorkflow(workflowOf(PANELS));
  await page.goto(`${playground.n8n.baseUrl}/workflow/${id}`);
  for (const panel of PANELS) await takePanel(page, panel);
  const broadcast = await playground.api.createWorkflow(readBundledWorkflow('broadcast'));
  await page.goto(`${playground.n8n.baseUrl}/workflow/${broadcast}`);
  await page.getByText('Test on own number', { exact: true }).waitFor();
  await savePicture(page, 'editor-broadcast');
  await page.close();
}

async function takePanel(page: Page, { picture, name, shows }: Panel): Promise<void> {
  await part(page, 'canvas-node').filter({ hasText: name }).first().dblclick();
  await part(page, 'ndv').waitFor();
  await part(page, 'node-parameters').getByText(shows, { exact: true }).first().waitFor();
  await page.mouse.move(640, 45);
  await savePicture(page, picture);
  await part(page, 'ndv-close-button').click();
  await part(page, 'ndv').waitFor({ state: 'hidden' });
}

function workflowOf(panels: readonly Panel[]): WorkflowDefinition {
  const nodes = panels.map(
    ({ name, parameters }, index): WorkflowNode => ({
      id: `panel-${index}`,
      name,
      type: 'n8n-nodes-omnichannel.omnichannel',
      typeVersion: 1,
      position: [0, index * 200],
      parameters,
    }),
  );
  return {
    name: 'Panels of Omnichannel',
    nodes,
    connections: {},
    settings: { executionOrder: 'v1' },
  };
}
