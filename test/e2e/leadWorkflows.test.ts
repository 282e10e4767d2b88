/** The ready-made templates and the welcome in a real n8n, from the cause to the message, on every channel. */
import type { Browser } from 'playwright-core';
import { HUB_SEED } from '../../sandbox/notificame/seed.ts';
import type { Message } from '../../sandbox/model.ts';
import { launchBrowser } from '../support/browser.ts';
import {
  control,
  newCustomer,
  receivedBy,
  untilReceived,
  write,
  type Customer,
} from '../support/customers.ts';
import { openWorkflow, signInToEditor } from '../support/editor.ts';
import {
  setUpLeadWorkflows,
  type BundledLeads,
  type LeadWorkflows,
} from '../support/leadWorkflows.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';
import { savePicture } from '../support/pictures.ts';
import { waitFor } from '../support/waitFor.ts';

const CANVASES = [
  { name: 'whatsapp-templates', picture: 'editor-whatsapp-templates' },
  { name: 'birthday-greeting', picture: 'editor-birthday-greeting' },
  { name: 'lead-follow-up', picture: 'editor-lead-follow-up' },
] as const;

let playground: TestPlayground;
let browser: Browser;
let clinic: LeadWorkflows;

beforeAll(async () => {
  playground = await startTestPlayground({ name: 'leads' });
  await control(playground.sandbox, 'PATCH', '/settings', {
    templateReviewMs: 2_000,
    duplicateEvery: 0,
  });
  clinic = await setUpLeadWorkflows(playground);
  browser = await launchBrowser();
}, 240_000);

afterAll(async () => {
  await browser?.close();
  await playground?.remove();
});

const test = testWith(() => playground);

/** What a message says, whatever it is made of. */
const said = (message: Message | undefined): string => JSON.stringify(message ?? null);
const saying = (customer: Customer, words: string) =>
  receivedBy(playground.sandbox, customer).filter((one) => said(one).includes(words));

/** Executions of a workflow whose data hold these words. */
const runsSaying = async (name: BundledLeads, ...words: string[]) => {
  const runs = await playground.api.listExecutions(clinic.ids[name], true);
  return runs.filter(({ data }) => {
    const text = JSON.stringify(data ?? '');
    return words.every((word) => text.includes(word));
  });
};
const untilRun = (name: BundledLeads, ...words: string[]) =>
  waitFor(async () => (await runsSaying(name, ...words)).length > 0, {
    what: `a run of ${name} with ${words.join(', ')}`,
    timeoutMs: 60_000,
    intervalMs: 500,
  });

/** A new person who writes, and has been welcomed. */
async function welcomed(channel: Customer['channel']): Promise<Customer> {
  const customer = await newCustomer(playground.sandbox, channel);
  await write(playground.sandbox, customer, 'Oi');
  await untilReceived(playground.sandbox, customer);
  return customer;
}

const hub = () => playground.sandbox.context.store.state.notificaMe;
const TELEGRAM = { channelId: HUB_SEED.telegramChannelId, personId: HUB_SEED.telegramPersonId };
const HUB_INSTAGRAM = {
  channelId: HUB_SEED.instagramChannelId,
  personId: HUB_SEED.instagramPersonId,
};
type HubPerson = typeof TELEGRAM | typeof HUB_INSTAGRAM;

const writeOnHub = (person: HubPerson, text: string) =>
  control(playground.sandbox, 'POST', '/notificame/messages', { ...person, text });
const saidOnHub = ({ personId }: HubPerson) =>
  hub()
    .messages.filter((one) => one.direction === 'OUT' && one.personId === personId)
    .map(({ contents }) => JSON.stringify(contents));
const untilSaidOnHub = (person: HubPerson, words: string) =>
  waitFor(() => saidOnHub(person).find((text) => text.includes(words)), {
    what: `"${words}" through the hub to ${person.personId}`,
    timeoutMs: 60_000,
  });

describe('whatsapp-templates', () => {
  test('creates what is missing and follows it until Meta has approved it', async () => {
    const items = await clinic.createTemplates();
    expect(items).toHaveLength(14);
    expect(items.map(({ outcome }) => outcome)).toEqual(Array(14).fill('created'));
    const statuses = items.map(({ template }) => (template as { status: string }).status);
    expect(statuses).toEqual(Array(14).fill('APPROVED'));
    await untilRun('whatsapp-templates', 'retomada_contato', 'aprovado, pode ser enviado');
  });

  test('creates nothing a second time', async () => {
    const items = await clinic.createTemplates();
    expect(items.map(({ outcome }) => outcome)).toEqual(Array(14).fill('existing'));
  });

  test('tells what to do when Meta pauses one, or moves it into another category', async () => {
    const { sandbox } = playground;
    const change = (body: object) =>
      control(sandbox, 'PATCH', '/whatsapp/templates/pesquisa_atendimento', body);
    await change({ status: 'PAUSED' });
    await untilRun('whatsapp-templates', 'pesquisa_atendimento', 'volta em 3 a 6 horas');
    await change({ status: 'APPROVED', category: 'MARKETING' });
    await untilRun('whatsapp-templates', 'pesquisa_atendimento', 'category MARKETING');
  });

  test('and its neighbours are shown on the canvas', async () => {
    const page = await signInToEditor(browser, playground);
    for (const { name, picture } of CANVASES) {
      await openWorkflow(page, playground, name);
      await page.getByText('Settings', { exact: true }).first().waitFor();
      await savePicture(page, picture);
    }
    await page.close();
  });
});

describe('welcome-new-lead', () => {
  test('welcomes on WhatsApp with buttons', async () => {
    const ana = await welcomed('whatsapp');
    expect(said(saying(ana, 'Que bom receber')[0])).toContain('"BOOK"');
  });

  test('welcomes through NotificaMe: with buttons on Instagram, with numbers on Telegram', async () => {
    await writeOnHub(HUB_INSTAGRAM, 'Oi');
    await writeOnHub(TELEGRAM, 'Oi');
    expect(await untilSaidOnHub(HUB_INSTAGRAM, 'Que bom receber')).toContain('BOOK');
    expect(await untilSaidOnHub(TELEGRAM, 'Que bom receber')).toContain('1 - Agendar consulta');
  });
});
