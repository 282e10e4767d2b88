/**
 * The bundled workflows of leads and birthdays in a real n8n, from the cause to the message on the phone, on every channel.
 * One clock for n8n and the sandbox is moved on: what stands further down happens later.
 */
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
import { openPhone } from '../support/phone.ts';
import { savePicture } from '../support/pictures.ts';
import { waitFor } from '../support/waitFor.ts';

const HOUR_MS = 3_600_000;
const ZONE = 'America/Sao_Paulo';
const NUDGE = 'a nossa conversa parou por aqui';
const LATER = 'a nossa conversa parou por ali';
const WISHES = 'Feliz aniversário';

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

const untilSaid = (customer: Customer, words: string, count = 1) =>
  waitFor(
    () => {
      const found = saying(customer, words);
      return found.length >= count && found.at(-1);
    },
    { what: `"${words}" on the phone of ${customer.channel} ${customer.id}`, timeoutMs: 60_000 },
  );

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

/** Today's date where the clinic is, some days on. */
const dayFromNow = (days: number): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: ZONE }).format(
    playground.clock.now() + days * 24 * HOUR_MS,
  );

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
    for (const name of ['whatsapp-templates', 'birthday-greeting', 'lead-follow-up'] as const) {
      await openWorkflow(page, playground, name);
      await page.getByText('Settings', { exact: true }).first().waitFor();
      await savePicture(page, `editor-${name}`);
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

describe('lead-follow-up', () => {
  const people = {} as Record<
    'bia' | 'caio' | 'dora' | 'instagram' | 'messenger' | 'answers',
    Customer
  >;

  test('reminds once after 21 hours, in the open window of every channel', async () => {
    people.bia = await welcomed('whatsapp');
    people.caio = await welcomed('whatsapp');
    people.dora = await welcomed('whatsapp');
    people.instagram = await welcomed('instagram');
    people.messenger = await welcomed('messenger');
    people.answers = await welcomed('instagram');
    await clinic.agree(`+${people.bia.id}`, 'Bia Souza');
    await clinic.agree(`+${people.caio.id}`, 'Caio Lima');
    await playground.clock.advance(HOUR_MS);
    // They have answered: somebody of the clinic looks after them.
    await write(playground.sandbox, people.answers, 'Queria saber o preço da limpeza');
    await playground.clock.advance(20 * HOUR_MS + 60_000);
    await untilSaid(people.bia, `Olá, Bia! Aqui é da Clínica Sorriso: ${NUDGE}`);
    await untilSaid(people.instagram, NUDGE);
    await untilSaid(people.messenger, NUDGE);
    await untilSaidOnHub(TELEGRAM, NUDGE);
    await untilSaidOnHub(HUB_INSTAGRAM, NUDGE);
    const phone = await openPhone(browser, playground.sandbox, people.bia);
    await phone.received.filter({ hasText: NUDGE }).waitFor();
    await savePicture(phone.page, 'phone-lead-follow-up');
    await phone.close();
    expect(saying(people.answers, NUDGE)).toEqual([]);
  });

  test('sends the template after 3 days to who agreed, and skips the others with the reason', async () => {
    await playground.clock.advance(51 * HOUR_MS);
    const message = await untilSaid(people.bia, LATER);
    expect(said(message)).toContain('Olá, Bia. Você falou com a Clínica Sorriso');
    await untilSaid(people.caio, LATER);
    await untilRun('lead-follow-up', people.dora.id, 'no_opt_in');
    await untilRun('lead-follow-up', people.instagram.id, 'window_closed');
    expect(saying(people.dora, LATER)).toEqual([]);
    for (const silent of [people.instagram, people.messenger]) {
      expect(saying(silent, NUDGE)).toHaveLength(1);
    }
  });

  test('ends with the button "Parar", which takes the person off marketing', async () => {
    const message = saying(people.caio, LATER)[0];
    await control(playground.sandbox, 'POST', '/inject', {
      kind: 'templateReply',
      persona: people.caio.id,
      mid: message?.mid,
      index: 1,
    });
    const [out] = await waitFor(
      async () => {
        const items = await clinic.optOuts();
        return items.length > 0 && items[0]?.event === 'contact.optedOut' && items;
      },
      { what: 'the opt-out', timeoutMs: 30_000, intervalMs: 500 },
    );
    expect(out).toMatchObject({
      contact: { externalId: people.caio.id },
      data: { purpose: 'marketing', source: 'reply', detail: 'Parar' },
    });
    await playground.clock.advance(96 * HOUR_MS);
    await untilRun('lead-follow-up', people.bia.id, 'frequency_cap');
    expect(saying(people.caio, LATER)).toHaveLength(1);
    expect(saying(people.bia, LATER)).toHaveLength(1);
    await clinic.birthday(`+${people.caio.id}`, `1990-${dayFromNow(2).slice(5)}`);
  });
});

describe('birthday-greeting', () => {
  test('congratulates at nine, in the open window or by the template, and says why not', async () => {
    const { sandbox, clock } = playground;
    const day = dayFromNow(2);
    const born = `1990-${day.slice(5)}`;
    const agreed = await newCustomer(sandbox, 'whatsapp');
    await clinic.agree(`+${agreed.id}`, 'Elisa Prado');
    await clinic.birthday(`+${agreed.id}`, born);
    const stranger = await newCustomer(sandbox, 'whatsapp');
    await clinic.birthday(`+${stranger.id}`, born);
    const closed = await welcomed('messenger');
    await write(sandbox, closed, `nasci ${born}`);
    await clock.set(`${day}T08:30:00-03:00`);
    const open = await Promise.all([welcomed('whatsapp'), welcomed('instagram')]);
    for (const customer of open) await write(sandbox, customer, `nasci ${born}`);
    await writeOnHub(TELEGRAM, `nasci ${born}`);
    await clock.set(`${day}T09:00:30-03:00`);

    for (const customer of open) await untilSaid(customer, WISHES);
    await untilSaidOnHub(TELEGRAM, WISHES);
    const message = await untilSaid(agreed, WISHES);
    expect(said(message)).toContain('Feliz aniversário, Elisa! Toda a equipe da Clínica Sorriso');
    await untilRun('birthday-greeting', stranger.id, 'no_opt_in');
    await untilRun('birthday-greeting', closed.id, 'window_closed');
    const phone = await openPhone(browser, sandbox, agreed);
    await phone.received.filter({ hasText: WISHES }).waitFor();
    await savePicture(phone.page, 'phone-birthday-greeting');
    await phone.close();
  });

  test('once a year, and never to who has opted out', async () => {
    await playground.clock.advance(HOUR_MS / 2);
    const wishes = Object.values(playground.sandbox.context.store.state.messages).filter((one) =>
      said(one).includes(WISHES),
    );
    expect(new Set(wishes.map(({ personaId }) => personaId)).size).toBe(wishes.length);
    expect(wishes).toHaveLength(3);
  });
});
