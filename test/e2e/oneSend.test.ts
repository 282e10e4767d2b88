/** One send for every channel, and the people and rules around it, as a workflow uses them in a real n8n. */
import type { Browser } from 'playwright-core';
import { CHOOSE_FIRST } from '../../nodes/shared/mapperNotice';
import { SEED } from '../../sandbox/seed.ts';
import { launchBrowser } from '../support/browser.ts';
import { itemsOf, runChain, type ChainNode } from '../support/chains.ts';
import {
  control,
  newCustomer,
  receivedBy,
  untilAccepted,
  write,
  type Customer,
} from '../support/customers.ts';
import {
  chooseFromList,
  chooseOption,
  closeNode,
  openNode,
  part,
  signInToEditor,
} from '../support/editor.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';
import { openPhone } from '../support/phone.ts';
import { savePicture } from '../support/pictures.ts';
import { readEmbeddedStore } from '../support/storeReader.ts';
import { waitFor } from '../support/waitFor.ts';

const ALL_DAY = { hours: { from: '00:00', to: '24:00', days: [1, 2, 3, 4, 5, 6, 7] } };
const HOUR_MS = 3_600_000;

let playground: TestPlayground;
let browser: Browser;

beforeAll(async () => {
  playground = await startTestPlayground({ name: 'one-send' });
  browser = await launchBrowser();
  // Nobody else answers.
  await playground.api.unpublish(playground.setup.workflowIds['welcome-new-lead'] ?? '');
  await omnichannel('Hours', {
    resource: 'tenant',
    operation: 'updateSettings',
    tenantId: 'default',
    settings: { utilityHours: ALL_DAY, marketingHours: ALL_DAY },
  });
});

afterAll(async () => {
  await browser?.close();
  await playground?.remove();
});

const test = testWith(() => playground);

/** What one operation gives. */
async function omnichannel(name: string, parameters: Record<string, unknown>) {
  return await itemsOf(playground, { name, nodes: [{ name, parameters }] });
}

const rows = (sql: string) => readEmbeddedStore(playground.dataDir).rows(sql);

const textsTo = (customer: Customer) =>
  receivedBy(playground.sandbox, customer).map(({ text }) => text ?? '');

async function contactOf(customer: Customer): Promise<string> {
  const [row] = await rows(
    `select contact_id from contact_identities where external_id = '${customer.id}'`,
  );
  return String(row?.contact_id);
}

async function writesNow(customer: Customer, text: string): Promise<void> {
  const { deliveryIds } = await write(playground.sandbox, customer, text);
  for (const id of deliveryIds) await untilAccepted(playground.sandbox, id);
}

/** On Messenger, a day and more ago: the window there is closed. */
async function wroteYesterday(customer: Customer): Promise<void> {
  const at = Date.now() - 26 * HOUR_MS;
  const message = { mid: `m_yesterday_${customer.id}`, text: 'Oi' };
  const recipient = { id: SEED.pageId };
  const item = { sender: { id: customer.id }, recipient, timestamp: at, message };
  const entry = [{ id: SEED.pageId, time: at, messaging: [item] }];
  await control(playground.sandbox, 'POST', '/webhooks', { payload: { object: 'page', entry } });
  await waitFor(
    async () =>
      (await rows(`select 1 from messages where provider_id = '${message.mid}'`)).length > 0,
    { what: 'what was written yesterday' },
  );
}

/** A person of Messenger who wrote yesterday, and whose WhatsApp number is on record. */
async function somebody(): Promise<{ messenger: Customer; whatsApp: Customer; contactId: string }> {
  const messenger = await newCustomer(playground.sandbox, 'messenger');
  const whatsApp = await newCustomer(playground.sandbox, 'whatsapp');
  await wroteYesterday(messenger);
  const contactId = await contactOf(messenger);
  await omnichannel('Number', {
    resource: 'contact',
    operation: 'upsert',
    phone: `+${whatsApp.id}`,
    details: { contactId },
  });
  return { messenger, whatsApp, contactId };
}

const byContact = (contactId: string, text: string) => ({
  resource: 'message',
  operation: 'send',
  sendTo: 'contact',
  contactId: { __rl: true, mode: 'id', value: contactId },
  text,
  options: { whenNotSent: 'return' },
});

describe('a message whose channel is automatic', () => {
  test('goes by another channel with an open window, by a template, or says for each why not', async () => {
    const { whatsApp, messenger, contactId } = await somebody();
    // They would let a text to a number through without a window.
    for (const { id } of await rows(`select id from accounts where provider = 'notificame'`)) {
      await omnichannel('Disconnect', {
        resource: 'connection',
        operation: 'disconnect',
        account: { __rl: true, mode: 'id', value: String(id) },
      });
    }
    const [nowhere] = await omnichannel('Nowhere', byContact(contactId, 'Sem janela'));
    expect(nowhere).toMatchObject({ status: 'skipped', reason: 'window_closed' });
    expect(nowhere?.notBy).toEqual(
      expect.arrayContaining(
        ['messenger', 'whatsapp'].map((channel) =>
          expect.objectContaining({ channel, reason: 'window_closed' }),
        ),
      ),
    );

    const [instead] = await omnichannel('Template', {
      ...byContact(contactId, 'Livre'),
      whenWindowClosed: 'template',
      fallbackTemplate: { __rl: true, mode: 'name', value: 'lembrete_consulta|pt_BR' },
      fallbackVariables: {
        mappingMode: 'defineBelow',
        value: { 'body:1': 'Ana', 'body:2': '27/11', 'body:3': '15:00' },
      },
    });
    expect(instead).toMatchObject({
      status: 'sent',
      channel: 'whatsapp',
      fallback: { template: 'lembrete_consulta' },
    });
    const phone = await openPhone(browser, playground.sandbox, whatsApp);
    await phone.received.filter({ hasText: 'lembrete da sua consulta em 27/11' }).waitFor();

    await writesNow(whatsApp, 'Recebi');
    const [other] = await omnichannel('Other channel', byContact(contactId, 'Pela janela'));
    expect(other).toMatchObject({ status: 'sent', channel: 'whatsapp' });
    await phone.received.filter({ hasText: 'Pela janela' }).waitFor();
    expect(textsTo(messenger)).toEqual([]);
    await phone.close();
  });
});

const CSV = [
  'nome;telefone;email;etiquetas',
  'Carla Dias;(11) 97777-1001;carla@example.com;VIP',
  'Davi Reis;11 97777-1002;;lista de espera',
].join('\n');

describe('people of a spreadsheet', () => {
  const resource = 'contact';
  const upsert: ChainNode = {
    name: 'Upsert',
    parameters: {
      resource,
      operation: 'upsert',
      phone: '={{ $json.telefone }}',
      name: '={{ $json.nome }}',
      email: '={{ $json.email }}',
      details: { addTags: '={{ $json.etiquetas }}' },
    },
  };

  test('are read, found, merged with who wrote, and written out as a table and as one person', async () => {
    const { sandbox } = playground;
    const body = new FormData();
    body.set('data', new Blob([CSV], { type: 'text/csv' }), 'pessoas.csv');
    const people = await itemsOf(playground, {
      name: 'Read people',
      body,
      nodes: [
        {
          name: 'Extract',
          type: 'n8n-nodes-base.extractFromFile',
          parameters: {
            operation: 'csv',
            binaryPropertyName: 'data',
            options: { delimiter: ';' },
          },
        },
        upsert,
      ],
    });
    expect(people).toMatchObject([
      { name: 'Carla Dias', phone: '+5511977771001', tags: ['VIP'] },
      { name: 'Davi Reis', phone: '+5511977771002', tags: ['lista de espera'] },
    ]);

    const customer = await newCustomer(sandbox, 'instagram');
    await writesNow(customer, 'Sou a Carla');
    const [carla] = await omnichannel('Search', {
      resource,
      operation: 'getMany',
      filters: { tags: 'VIP', search: 'carla' },
    });
    const merged = await omnichannel('Merge', {
      resource,
      operation: 'merge',
      contact: { __rl: true, mode: 'id', value: String(carla?.id) },
      mergeWith: { __rl: true, mode: 'id', value: await contactOf(customer) },
    });
    expect(merged).toMatchObject([{ id: carla?.id, name: 'Carla Dias' }]);

    const table = await runChain(playground, {
      name: 'Write people',
      gives: 'firstEntryBinary',
      nodes: [
        {
          name: 'Table',
          parameters: { resource, operation: 'export', what: 'table', filters: { tags: 'VIP' } },
        },
      ],
    });
    const lines = (await table.text()).trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('Carla Dias');

    const [everything] = await omnichannel('Everything', {
      resource,
      operation: 'export',
      what: 'person',
      contact: { __rl: true, mode: 'id', value: String(carla?.id) },
    });
    expect(JSON.stringify(everything)).toContain('Sou a Carla');
  });
});

describe('a text of the tenant', () => {
  const resource = 'messageTemplate';
  const texts = [
    ['pt-BR', 'Oi, {name|tudo bem}! Seu exame de {exam} ficou pronto.'],
    ['en', 'Hello, {name|there}! Your {exam} test is ready.'],
  ].map(([language, text]) => ({ channel: 'all', language, text }));

  /** Whoever wrote last is to be sent something; nothing is filled in yet. */
  const unfinished = () => ({
    name: 'Tells that the exam is ready',
    nodes: ['omnichannelTrigger', 'omnichannel'].map((type, index) => ({
      id: `node-${index}`,
      name: ['Somebody writes', 'Tell them'][index] ?? '',
      type: `n8n-nodes-omnichannel.${type}`,
      typeVersion: 1,
      position: [index * 260, 0] as [number, number],
      parameters: {},
    })),
    connections: { 'Somebody writes': { main: [[{ node: 'Tell them', type: 'main', index: 0 }]] } },
    settings: { executionOrder: 'v1' },
  });

  test('is written once, previewed, chosen in the panel, filled in, and read on the phone', async () => {
    const { sandbox, api, n8n } = playground;
    await omnichannel('Text', {
      resource,
      operation: 'create',
      templateName: 'Exame pronto',
      texts: { text: texts },
    });
    const [shown] = await omnichannel('Preview', {
      resource,
      operation: 'get',
      messageTemplate: { __rl: true, mode: 'id', value: 'Exame pronto' },
      preview: true,
      previewValues: '{ "exam": "blood" }',
      options: { language: 'en' },
    });
    expect(shown?.preview).toMatchObject({
      text: 'Hello, there! Your blood test is ready.',
      missing: [],
    });

    const customer = await newCustomer(sandbox, 'messenger');
    await writesNow(customer, 'Meu exame ficou pronto?');
    const page = await signInToEditor(browser, playground);
    await page.goto(`${n8n.baseUrl}/workflow/${await api.createWorkflow(unfinished())}`);
    let panel = await openNode(page, 'Tell them');
    await chooseOption(page, 'resource', 'Message');
    await chooseOption(page, 'operation', 'Send');
    await chooseOption(page, 'compose', 'From a Message Template');
    await chooseFromList(page, 'messageTemplate', 'Exame pronto');
    // The conversation has no data yet, and n8n asks for no fields.
    await panel.getByText(CHOOSE_FIRST).waitFor();
    await closeNode(page);
    panel = await openNode(page, 'Tell them');
    await part(page, 'parameter-input-name').locator('input').fill('Ana');
    await part(page, 'parameter-input-exam').locator('input').fill('sangue');
    await part(page, 'node-execute-button').click();
    const phone = await openPhone(browser, sandbox, customer);
    await phone.received
      .filter({ hasText: 'Oi, Ana! Seu exame de sangue ficou pronto.' })
      .waitFor();
    expect(textsTo(customer)).toHaveLength(1);
    await phone.close();

    await part(page, 'output-panel').getByText('sent', { exact: true }).waitFor();
    await page.getByText('Node executed successfully').waitFor({ state: 'hidden' });
    await part(page, 'parameter-input-exam').scrollIntoViewIfNeeded();
    await page.mouse.move(640, 45);
    await savePicture(page, 'node-send-message-template');
    await page.close();
  });
});

describe('the rules of a tenant', () => {
  test('hold from one run to the next: a hand-over, and safe mode for listed people alone', async () => {
    const customer = await newCustomer(playground.sandbox, 'messenger');
    await writesNow(customer, 'Bom dia');
    const [row] = await rows(
      `select c.id from conversations c join contact_identities i on i.contact_id = c.contact_id
        where i.external_id = '${customer.id}'`,
    );
    const conversation = String(row?.id);
    const order = (operation: string, more = {}) =>
      omnichannel(operation, { resource: 'conversation', operation, conversation, ...more });
    const send = async (text: string) => {
      const options = { whenNotSent: 'return' };
      const message = { conversation, text, category: 'utility', options };
      const [result] = await omnichannel('Send', {
        resource: 'message',
        operation: 'send',
        ...message,
      });
      return [result?.status, result?.reason];
    };
    await order('handOver', { reason: 'complaint' });
    expect(await send('Durante')).toEqual(['skipped', 'handed_over']);
    await order('resumeAutomation');
    expect(await send('Depois')).toEqual(['sent', undefined]);

    const safeMode = (settings: object) =>
      omnichannel('Settings', {
        resource: 'tenant',
        operation: 'updateSettings',
        tenantId: 'default',
        settings,
      });
    await safeMode({ safeMode: true, safeModeRecipients: '+55 11 90000-0000' });
    expect(await send('Em teste')).toEqual(['skipped', 'safe_mode']);
    await safeMode({ safeMode: true, safeModeRecipients: customer.id });
    expect(await send('Para a lista')).toEqual(['sent', undefined]);
    await safeMode({ safeMode: false });
    expect(textsTo(customer)).toEqual(['Depois', 'Para a lista']);
  });
});
