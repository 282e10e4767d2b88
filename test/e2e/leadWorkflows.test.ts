/** The ready-made templates and the workflows that live on them in a real n8n, from the cause to the message. */
import type { Browser } from 'playwright-core';
import { readBundledWorkflow } from '../../playground/workflows.ts';
import { HUB_SEED } from '../../sandbox/notificame/seed.ts';
import type { Message } from '../../sandbox/model.ts';
import { launchBrowser } from '../support/browser.ts';
import {
  control,
  newCustomer,
  receivedBy,
  untilAccepted,
  untilReceived,
  write,
  type Customer,
} from '../support/customers.ts';
import { openWorkflow, signInToEditor } from '../support/editor.ts';
import {
  setUpLeadWorkflows,
  type BundledLeads,
  type Item,
  type LeadWorkflows,
} from '../support/leadWorkflows.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';
import { openPhone } from '../support/phone.ts';
import { savePicture } from '../support/pictures.ts';
import { untilQuiet } from '../support/quiet.ts';
import { waitFor } from '../support/waitFor.ts';

const CANVASES = [
  { name: 'welcome-form-lead', picture: 'editor-welcome-form-lead' },
  { name: 'birthday-greeting', picture: 'editor-birthday-greeting' },
  { name: 'lead-follow-up', picture: 'editor-lead-follow-up' },
] as const;

/** Eight, each in two languages. */
const TEMPLATES = 16;

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
});

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
  });

describe('whatsapp-templates', () => {
  test('creates what is missing and follows it until Meta has approved it', async () => {
    const items = await clinic.createTemplates();
    expect(items).toHaveLength(TEMPLATES);
    expect(items.map(({ outcome }) => outcome)).toEqual(Array(TEMPLATES).fill('created'));
    const statuses = items.map(({ template }) => (template as { status: string }).status);
    expect(statuses).toEqual(Array(TEMPLATES).fill('APPROVED'));
    await untilRun('whatsapp-templates', 'retomada_contato', 'aprovado, pode ser enviado');
  });

  test('creates nothing a second time', async () => {
    const items = await clinic.createTemplates();
    expect(items.map(({ outcome }) => outcome)).toEqual(Array(TEMPLATES).fill('existing'));
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

  test('has neighbours that are shown on the canvas', async () => {
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

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Resolves when the store has what they wrote. */
async function writesNow(customer: Customer, text: string): Promise<void> {
  const { deliveryIds } = await write(playground.sandbox, customer, text);
  for (const id of deliveryIds) await untilAccepted(playground.sandbox, id);
}

const untilSaid = (customer: Customer, words: string, count = 1) =>
  waitFor(() => saying(customer, words).length >= count, {
    what: `"${words}" to ${customer.id}, ${count} time(s)`,
  });

describe('welcome-form-lead', () => {
  const FORM = readBundledWorkflow('welcome-form-lead').nodes.find(({ name }) => name === 'Form');

  const LEAD = 'Duda Reis';

  /** Fills in the form as a person does. */
  async function submit({ id }: Customer, agrees: boolean, name = LEAD): Promise<void> {
    const page = await browser.newPage({ viewport: { width: 720, height: 720 } });
    await page.goto(`${playground.n8n.baseUrl}/form/${FORM?.webhookId}`);
    await page.getByLabel('Nome').fill(name);
    await page.getByLabel('WhatsApp com DDD').fill(`+${id}`);
    if (agrees) {
      await page.getByText('Aceito receber mensagens').click();
      if (name === LEAD) await savePicture(page, 'form-lead');
    }
    await page.getByRole('button', { name: 'Enviar' }).click();
    await page.getByText('Recebido.').waitFor();
    await page.close();
  }

  test('writes by the template, once, to who never wrote and agrees, and to nobody else', async () => {
    const { sandbox } = playground;
    const [duda, nobody] = [
      await newCustomer(sandbox, 'whatsapp'),
      await newCustomer(sandbox, 'whatsapp'),
    ] as const;
    await submit(nobody, false);
    await submit(duda, true);
    const phone = await openPhone(browser, sandbox, duda);
    await phone.received.filter({ hasText: 'Olá, Duda!' }).waitFor();
    await submit(duda, true);
    await waitFor(async () => (await runsSaying('welcome-form-lead', 'Duda')).length === 3, {
      what: 'all three forms to be done with',
    });
    // They are no stranger any more: nobody welcomes them a second time.
    await phone.page.getByTestId('template-reply').filter({ hasText: 'Saber preços' }).click();
    await untilQuiet(playground);
    expect(receivedBy(sandbox, duda).map((one) => said(one).includes('boas_vindas_lead'))).toEqual([
      true,
    ]);
    expect(receivedBy(sandbox, nobody)).toEqual([]);
    await phone.close();
  });

  test('lets no stranger take an opt-out back, nor put words of theirs into the message', async () => {
    const { sandbox } = playground;
    const [stopped, known, fresh] = [
      await welcomed('whatsapp'),
      await welcomed('whatsapp'),
      await newCustomer(sandbox, 'whatsapp'),
    ] as const;
    await writesNow(stopped, 'Parar');
    await untilQuiet(playground);
    const before = receivedBy(sandbox, stopped);
    await submit(stopped, true, 'Estranho Um');
    await untilRun('welcome-form-lead', 'Estranho Um', 'This contact opted out');
    await submit(known, true, 'Estranho Dois');
    await submit(fresh, true, 'www.example.com 123');
    await untilSaid(known, 'Olá, Cliente!');
    await untilSaid(fresh, 'tudo bem');
    await untilQuiet(playground);
    expect(receivedBy(sandbox, stopped)).toEqual(before);
    for (const one of [known, fresh]) {
      expect(said(receivedBy(sandbox, one).at(-1))).not.toMatch(/Estranho|example/);
    }
    const agreed = (await clinic.optIns()).map(({ contact }) => contact as Item);
    const nameOf = ({ id }: Customer) => agreed.find(({ phone }) => phone === `+${id}`)?.name;
    expect([nameOf(stopped), nameOf(known), nameOf(fresh)]).toEqual([
      undefined,
      'Cliente Teste',
      null,
    ]);
  });
});

describe('birthday-greeting', () => {
  test('congratulates on WhatsApp, by the template, who is known by their number alone', async () => {
    const { sandbox, clock } = playground;
    const bia = await newCustomer(sandbox, 'whatsapp');
    // Tomorrow where the clinic is, three hours behind UTC.
    const day = new Date(clock.now() + 21 * HOUR_MS).toISOString().slice(0, 10);
    await clinic.agree(`+${bia.id}`, 'Beatriz Lima');
    await clinic.birthday(`+${bia.id}`, day.replace(/^\d{4}/, '1990'));
    await clock.set(`${day}T09:00:30-03:00`);
    const phone = await openPhone(browser, sandbox, bia);
    await phone.received.filter({ hasText: 'Beatriz' }).waitFor();
    expect(saying(bia, 'aniversario_cliente')).toHaveLength(1);
    expect(receivedBy(sandbox, bia)).toHaveLength(1);
    await phone.close();
  });
});

describe('lead-follow-up', () => {
  test('reminds in the open window, comes back twice by template, and stops at any answer', async () => {
    const { sandbox, clock } = playground;
    const [answers, returns, silent] = [
      await welcomed('whatsapp'),
      await welcomed('whatsapp'),
      await welcomed('whatsapp'),
    ] as const;
    for (const { id } of [answers, returns, silent]) await clinic.agree(`+${id}`, 'Carla');
    await clock.advance(20 * HOUR_MS);
    await writesNow(answers, 'Obrigada');
    await clock.advance(61 * MINUTE_MS);
    for (const one of [returns, silent]) await untilSaid(one, 'parou por aqui');

    await clock.advance(51 * HOUR_MS);
    for (const one of [returns, silent]) await untilSaid(one, 'retomada_contato');
    await writesNow(returns, 'Quero sim');
    await clock.advance(11 * 24 * HOUR_MS);
    await untilSaid(silent, 'retomada_contato', 2);
    const told = [answers, returns, silent].map((one) =>
      ['parou por aqui', 'retomada_contato'].map((words) => saying(one, words).length),
    );
    expect(told).toEqual([
      [0, 0],
      [1, 1],
      [1, 2],
    ]);

    const phone = await openPhone(browser, sandbox, silent);
    const before = (await clinic.optOuts()).length;
    await phone.page.getByTestId('template-reply').filter({ hasText: 'Parar' }).last().click();
    await waitFor(async () => (await clinic.optOuts()).length > before, {
      what: 'the opt-out',
    });
    await phone.close();
  });
});
