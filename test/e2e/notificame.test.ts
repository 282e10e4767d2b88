import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { HUB_SEED } from '../../sandbox/notificame/seed.ts';
import type { WorkflowDefinition } from '../../playground/n8nApi.ts';
import { launchBrowser } from '../support/browser.ts';
import {
  cardNames,
  cardOf,
  disconnect,
  loginWindow,
  openAsVisitor,
  untilSaid,
} from '../support/connectPage.ts';
import { control } from '../support/customers.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';
import { hubConnectPage, newHubLink } from '../support/notificaMeWorkflows.ts';
import { waitFor } from '../support/waitFor.ts';

const OWN = 'n8n-nodes-omnichannel.';

const GUIDE = 'Guia da clinica';

let playground: TestPlayground;
let browser: Browser;
let credential: { id: string; name: string };

beforeAll(async () => {
  playground = await startTestPlayground({ name: 'notificame' });
  const { api, setup } = playground;
  const { id, name } = setup.notificaMeCredential;
  credential = { id, name };
  for (const definition of [answering(), sendingFile(), hubConnectPage(playground)]) {
    await api.publish(await api.createWorkflow(definition));
  }
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await playground?.remove();
});

const test = testWith(() => playground);

/** A trigger as door and consumer, and the node that answers. */
function answering(): WorkflowDefinition {
  const credentials = { notificaMeApi: credential };
  return {
    name: 'Answer on every channel of NotificaMe',
    nodes: [
      {
        id: 'notificame-trigger',
        name: 'NotificaMe Trigger',
        type: `${OWN}notificaMeTrigger`,
        typeVersion: 2,
        position: [0, 0],
        webhookId: 'notificame-e2e',
        credentials,
        parameters: { events: ['message.received'] },
      },
      {
        id: 'notificame-answer',
        name: 'NotificaMe',
        type: `${OWN}notificaMe`,
        typeVersion: 1,
        position: [240, 0],
        credentials,
        parameters: { text: '={{ "Recebido: " + $json.message.text }}' },
      },
    ],
    connections: {
      'NotificaMe Trigger': { main: [[{ node: 'NotificaMe', type: 'main', index: 0 }]] },
    },
    settings: { executionOrder: 'v1' },
  };
}

/** Whoever asks for the guide gets a file that the workflow makes. */
function sendingFile(): WorkflowDefinition {
  const credentials = { notificaMeApi: credential };
  const steps = ['Asked', 'Make the guide', 'Send the guide'] as const;
  const [asked, made, sent] = steps;
  return {
    name: 'Send the guide through NotificaMe',
    nodes: [
      {
        id: 'notificame-asked',
        name: asked,
        type: `${OWN}omnichannelTrigger`,
        typeVersion: 1,
        position: [0, 0],
        parameters: { keyword: 'guia' },
      },
      {
        id: 'notificame-guide',
        name: made,
        type: 'n8n-nodes-base.code',
        typeVersion: 2,
        position: [240, 0],
        parameters: {
          jsCode: `const data = Buffer.from('${GUIDE}').toString('base64');
return [{ json: $json, pairedItem: 0, binary: { data: { data, mimeType: 'text/plain', fileName: 'guia.txt' } } }];`,
        },
      },
      {
        id: 'notificame-send-guide',
        name: sent,
        type: `${OWN}notificaMe`,
        typeVersion: 1,
        position: [480, 0],
        credentials,
        parameters: {
          operation: 'sendMedia',
          contentType: 'file',
          source: 'binary',
          binaryField: 'data',
        },
      },
    ],
    connections: {
      [asked]: { main: [[{ node: made, type: 'main', index: 0 }]] },
      [made]: { main: [[{ node: sent, type: 'main', index: 0 }]] },
    },
    settings: { executionOrder: 'v1' },
  };
}

/** A customer of the page, who sees the channels of their sub-account. */
async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
  const { page } = await openAsVisitor(browser, await newHubLink(playground), options);
  await page.getByTestId('card').first().waitFor();
  return page;
}

/** What the person does in the hub's window. */
async function finishIn(window: Page, name: string): Promise<void> {
  await window.locator('input[name="name"]').fill(name);
  await window.locator('button').click();
}

const hub = () => playground.sandbox.context.store.state.notificaMe;
/** The bundled welcome answers new leads beside: only what this workflow says is counted. */
const answers = (personId: string) =>
  hub().messages.filter(
    (one) => one.personId === personId && JSON.stringify(one.contents).includes('"Recebido: '),
  );
const writes = (channelId: string, personId: string, text: string) =>
  control(playground.sandbox, 'POST', '/notificame/messages', { channelId, personId, text });

describe('NotificaMe in a real n8n', () => {
  test('the credential is tested by the channels that its token reaches', async () => {
    const answer = await playground.api.testCredential(credential.id);
    expect(answer.status).toBe('OK');
    expect(answer.message).toContain('ClinicaSorrisoBot');
  });

  test('a message comes in and is answered, on WhatsApp, Instagram and Telegram', async () => {
    const people = [
      [HUB_SEED.whatsAppChannelId, HUB_SEED.whatsAppPersonId],
      [HUB_SEED.instagramChannelId, HUB_SEED.instagramPersonId],
      [HUB_SEED.telegramChannelId, HUB_SEED.telegramPersonId],
    ] as const;
    expect(hub().subscriptions).toHaveLength(10);
    for (const [channelId, personId] of people) {
      await writes(channelId, personId, `Olá, ${personId}`);
      const [answer] = await waitFor(
        () => {
          const found = answers(personId);
          return found.length > 0 ? found : undefined;
        },
        { what: `the answer to ${personId}` },
      );
      expect(answer?.contents).toEqual([{ type: 'text', text: `Recebido: Olá, ${personId}` }]);
    }
  });

  test('the same message posted again is not answered again', async () => {
    const post = hub().posts.find(({ body }) => body.includes('"MESSAGE"'));
    for (const _ of [1, 2, 3]) {
      const answer = await fetch(post?.url ?? '', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: post?.body ?? '',
      });
      expect(answer.status).toBe(200);
    }
    await writes(HUB_SEED.telegramChannelId, HUB_SEED.telegramPersonId, 'E sábado?');
    await waitFor(() => answers(HUB_SEED.telegramPersonId).length === 2, {
      what: 'the answer to what came after',
    });
    expect(answers(HUB_SEED.whatsAppPersonId)).toHaveLength(1);
  });

  test('a call with another secret is refused', async () => {
    const [first] = hub().subscriptions;
    const url = new URL(first?.webhook.url ?? '');
    url.pathname = url.pathname.replace(/[^/]+$/, 'a-guess');
    const answer = await fetch(url, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(401);
  });

  test('a file of the item is fetched by the hub, and is still there after a kill', async () => {
    await writes(HUB_SEED.whatsAppChannelId, HUB_SEED.whatsAppPersonId, 'envie a guia');
    const sent = () =>
      hub().messages.find(
        ({ personId, contents, files }) =>
          personId === HUB_SEED.whatsAppPersonId &&
          contents[0]?.type === 'file' &&
          files !== undefined,
      );
    const message = await waitFor(sent, { what: 'the file at the hub' });
    expect(message.files).toEqual([{ status: 200, type: 'text/plain', size: GUIDE.length }]);
    const address = String(message.contents[0]?.fileUrl);
    await playground.kill9();
    await playground.restart();
    const text = await waitFor(
      async () => {
        const answer = await fetch(address);
        return answer.ok ? await answer.text() : undefined;
      },
      { what: 'the file after the restart' },
    );
    expect(text).toBe(GUIDE);
    expect((await fetch(`${address}x`)).status).toBe(404);
  });

  test('a customer connects a channel in the window of the hub, and it is answered', async () => {
    const page = await openPage({ locale: 'pt-BR' });
    await page.getByText('Conectar pelo NotificaMe').waitFor();
    const before = await cardNames(page);
    const window = await loginWindow(page, () =>
      page.getByTestId('connect-notificame-whatsapp').click(),
    );
    await page.getByTestId('waiting').waitFor();
    await finishIn(window, 'Unidade Norte');
    await untilSaid(page, 'Conectado: Unidade Norte');
    await page.getByTestId('card-name').getByText('Unidade Norte').waitFor();
    expect(await cardNames(page)).toHaveLength(before.length + 1);

    const channel = Object.values(hub().channels).find(({ name }) => name === 'Unidade Norte');
    await writes(channel?.id ?? '', '5511977770000', 'Oi');
    await waitFor(() => answers('5511977770000').length === 1, {
      what: 'the answer of the new channel',
    });
  });

  test('connects where windows are blocked, and again what was disconnected', async () => {
    const page = await openPage();
    await page.evaluate(() => {
      window.open = () => null;
    });
    await page.getByTestId('connect-notificame-instagram').click();
    const link = page.getByTestId('plain-link');
    await link.waitFor();
    const [tab] = await Promise.all([page.context().waitForEvent('page'), link.click()]);
    await finishIn(tab, 'unidade.sul');
    await untilSaid(page, 'Connected: unidade.sul');
    await disconnect(page, 'unidade.sul');
    const card = cardOf(page, 'unidade.sul');
    await card.getByTestId('renew').click();
    await page.getByTestId('renew-login').click();
    await Promise.all([page.context().waitForEvent('page'), link.click()]);
    await card.locator('[data-badge="active"]').waitFor();
  });
});
