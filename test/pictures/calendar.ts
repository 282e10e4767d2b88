import type { Browser, Page } from 'playwright-core';
import type { Playground } from '../../playground/playground.ts';
import { createGoogleCredential, nodeOf } from '../support/calendarWorkflows.ts';
import { control } from '../support/customers.ts';
import { part, signInToEditor } from '../support/editor.ts';
import { savePicture } from '../support/pictures.ts';

/** Takes the pictures of the Google Calendar: its credential, its node, and the sandbox's calendar page. */
export async function takeCalendarPictures(
  browser: Browser,
  playground: Playground,
): Promise<void> {
  const page = await signInToEditor(browser, playground);
  const credential = await createGoogleCredential(playground);
  await takeCredential(page, playground, credential.id);
  await takeNode(page, playground, credential);
  await takeFreeSlots(page, playground, credential);
  await page.close();
  await takeCalendarPage(browser, playground);
}

async function takeCredential(page: Page, { n8n }: Playground, id: string): Promise<void> {
  await page.goto(`${n8n.baseUrl}/home/credentials/${id}`);
  await part(page, 'credentials-config-container-test-success').waitFor();
  await savePicture(page, 'credential-google');
}

async function takeNode(
  page: Page,
  playground: Playground,
  credential: { id: string; name: string },
): Promise<void> {
  const parameters = {
    summary: 'Limpeza: Ana Souza',
    start: '2027-03-10T14:00:00',
    details: { description: 'Telefone: +55 11 98888-7777' },
    options: { durationMinutes: 45 },
  };
  await openExecuted(page, playground, 'Book a visit', parameters, credential);
  await part(page, 'output-panel').getByText('"htmlLink"').first().waitFor();
  await page.mouse.move(640, 45);
  await savePicture(page, 'node-google-calendar');
}

async function takeFreeSlots(
  page: Page,
  playground: Playground,
  credential: { id: string; name: string },
): Promise<void> {
  const parameters = {
    resource: 'calendar',
    operation: 'freeBusy',
    timeMin: '2027-03-10T00:00:00',
    timeMax: '2027-03-20T00:00:00',
    output: 'slots',
    slots: { lengthMinutes: 45, perDay: 2, workingHours: '08:00-12:00, 13:00-18:00' },
  };
  await openExecuted(page, playground, 'Offer times', parameters, credential);
  await part(page, 'output-panel').getByText('"hasSlots"').first().waitFor();
  await page.mouse.move(640, 45);
  await savePicture(page, 'node-google-free-slots');
}

/** A workflow with the node alone, run by hand, and the node opened with what it gave as JSON. */
async function openExecuted(
  page: Page,
  { n8n, api }: Playground,
  name: string,
  parameters: Record<string, unknown>,
  credential: { id: string; name: string },
): Promise<void> {
  const type = 'n8n-nodes-omnichannel.googleCalendarServiceAccount';
  const id = await api.createWorkflow({
    name,
    nodes: [
      nodeOf('Start', 'n8n-nodes-base.manualTrigger', [0, 0], {}),
      nodeOf('Google Calendar', type, [260, 0], parameters, credential),
    ],
    connections: { Start: { main: [[{ node: 'Google Calendar', type: 'main', index: 0 }]] } },
    settings: { executionOrder: 'v1' },
  });
  await page.goto(`${n8n.baseUrl}/workflow/${id}`);
  await part(page, 'canvas-node').first().waitFor();
  await part(page, 'execute-workflow-button').click();
  await part(page, 'canvas-node-status-success').nth(1).waitFor();
  await part(page, 'canvas-node').filter({ hasText: 'Google Calendar' }).first().dblclick();
  await part(page, 'node-parameters').waitFor();
  await part(page, 'output-panel').locator('[data-test-id="radio-button-json"]').click();
}

async function takeCalendarPage(browser: Browser, { sandbox }: Playground): Promise<void> {
  const visits = [
    ['Clareamento: Bruno Lima', '2027-03-10T16:00:00', '2027-03-10T17:00:00', '+55 11 97777-6666'],
    ['Avaliação: Carla Dias', '2027-03-11T09:30:00', '2027-03-11T10:00:00', '+55 11 96666-5555'],
  ] as const;
  for (const [summary, start, end, phone] of visits) {
    const timeZone = 'America/Sao_Paulo';
    await control(sandbox, 'POST', '/google/events', {
      summary,
      description: `Telefone: ${phone}`,
      start: { dateTime: start, timeZone },
      end: { dateTime: end, timeZone },
    });
  }
  const page = await browser.newPage({ viewport: { width: 1160, height: 760 }, locale: 'pt-BR' });
  await page.goto(`${sandbox.url}/calendar`);
  await page.getByText('Carla Dias').waitFor();
  await savePicture(page, 'sandbox-calendar');
  await page.close();
}
