import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { control, newCustomer, receivedBy, write, type Customer } from '../support/customers.ts';
import {
  setUpJourneys,
  type JourneyName,
  type JourneyWorkflows,
} from '../support/journeyWorkflows.ts';
import { part, signInToEditor } from '../support/editor.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';
import { openPhone } from '../support/phone.ts';
import { savePicture } from '../support/pictures.ts';
import { untilQuiet } from '../support/quiet.ts';
import { readEmbeddedStore } from '../support/storeReader.ts';
import { waitFor } from '../support/waitFor.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let playground: TestPlayground;
let browser: Browser;
let journeys: JourneyWorkflows;

beforeAll(async () => {
  playground = await startTestPlayground({ name: 'journeys' });
  browser = await launchBrowser();
  journeys = await setUpJourneys(playground);
});

afterAll(async () => {
  await browser?.close();
  await playground?.remove();
});

const test = testWith(() => playground);

const inHours = (hours: number) => new Date(playground.clock.now() + hours * HOUR_MS).toISOString();

/** Somebody with an open window, and their contact. */
async function somebody(): Promise<{ customer: Customer; contact: string }> {
  const customer = await newCustomer(playground.sandbox, 'messenger');
  await write(playground.sandbox, customer, 'Oi');
  const store = readEmbeddedStore(playground.dataDir);
  const contact = await waitFor(
    async () => {
      const [row] = await store.rows(
        `select contact_id from contact_identities where external_id = '${customer.id}'`,
      );
      return row?.contact_id;
    },
    { what: 'the contact' },
  );
  return { customer, contact: String(contact) };
}

/** Of what the customer has received, the messages of these journeys. */
const textsTo = (customer: Customer) =>
  receivedBy(playground.sandbox, customer)
    .map(({ text }) => text ?? '')
    .filter((text) => /^(Confirmado|Lembrete|Também|Devagar|Obrigado|Parabéns|Ainda)/.test(text))
    .map((text) => text.split(' ').slice(0, 2).join(' '));

const untilTold = (customer: Customer, text: string) =>
  waitFor(() => textsTo(customer).includes(text), {
    what: `"${text}" to customer ${customer.id}`,
  });

/** The outcome of a journey's message to a contact, or to whomever a detail names. */
const untilOutcome = (name: JourneyName, contact: string) =>
  waitFor(
    async () => (await journeys.outcomes(name)).find(({ contactId }) => contactId === contact),
    { what: `what became of "${name}"` },
  );

describe('a workflow that begins when something is due', () => {
  test('says in its panel what it waits for', async ({ n8n }) => {
    const page = await signInToEditor(browser, playground);
    await page.goto(`${n8n.baseUrl}/workflow/${journeys.ids.reminds}`);
    await part(page, 'canvas-node').filter({ hasText: 'Due' }).first().dblclick();
    const panel = part(page, 'node-parameters');
    await panel.getByText('How Long Before or After', { exact: true }).waitFor();
    await page.mouse.move(640, 45);
    await savePicture(page, 'node-customer-journey-trigger');
    await page.close();
  });

  test('confirms an appointment, reminds of it and thanks after it, each once, on the phone', async () => {
    const { customer, contact } = await somebody();
    const phone = await openPhone(browser, playground.sandbox, customer);
    await journeys.desk('books', { externalId: 'limpeza', start: inHours(4), contact });
    await phone.received.filter({ hasText: 'Confirmado limpeza' }).waitFor();
    await playground.clock.advance(2 * HOUR_MS);
    await phone.received.filter({ hasText: 'Lembrete limpeza' }).waitFor();
    // An hour there, and an hour after it.
    await playground.clock.advance(4 * HOUR_MS);
    await phone.received.filter({ hasText: 'Obrigado limpeza' }).waitFor();
    const told = textsTo(customer).filter((text) => !text.startsWith('Ainda'));
    expect(told).toEqual(['Confirmado limpeza', 'Lembrete limpeza', 'Obrigado limpeza']);
    await phone.close();
  });

  test('congratulates on the day, and writes once to somebody who went silent', async () => {
    const tomorrow = new Date(playground.clock.now() + 24 * HOUR_MS).toISOString().slice(0, 10);
    await playground.clock.set(`${tomorrow}T11:50:00-03:00`);
    const { customer, contact } = await somebody();
    await journeys.desk('knows', { contact, birthday: tomorrow.replace(/^\d{4}/, '1990') });
    await playground.clock.advance(11 * MINUTE_MS);
    await untilTold(customer, 'Parabéns pelos');
    await playground.clock.advance(3 * HOUR_MS);
    await untilTold(customer, 'Ainda por');
    await playground.clock.advance(HOUR_MS);
    expect(textsTo(customer)).toEqual(['Parabéns pelos', 'Ainda por']);
  });

  test('says nothing of what was cancelled, and follows what was moved', async () => {
    const { customer, contact } = await somebody();
    for (const externalId of ['cancelada', 'adiada', 'mantida']) {
      await journeys.desk('books', { externalId, start: inHours(3), contact });
      await untilTold(customer, `Confirmado ${externalId}`);
    }
    await journeys.desk('cancels', { externalId: 'cancelada' });
    await journeys.desk('books', { externalId: 'adiada', start: inHours(6), contact });
    await playground.clock.advance(61 * MINUTE_MS);
    await untilTold(customer, 'Lembrete mantida');
    const reminders = () => textsTo(customer).filter((text) => text.startsWith('Lembrete'));
    expect(reminders()).toEqual(['Lembrete mantida']);
    await playground.clock.advance(3 * HOUR_MS);
    await untilTold(customer, 'Lembrete adiada');
    expect(reminders()).toEqual(['Lembrete mantida', 'Lembrete adiada']);
  });

  test('leaves out who has opted out', async () => {
    const { customer, contact } = await somebody();
    await journeys.desk('objects', { contact });
    await journeys.desk('books', { externalId: 'calada', start: inHours(3), contact });
    const store = readEmbeddedStore(playground.dataDir);
    await waitFor(
      async () => {
        const [row] = await store.rows(
          `select c.state, c.reason from journey_claims c join appointments a
           on a.external_id = 'calada' and c.journey_key like '%' || a.id || '%'`,
        );
        return row?.state === 'skipped' && row.reason === 'opted_out';
      },
      { what: 'the confirmation to be left' },
    );
    expect(textsTo(customer)).toEqual([]);
  });

  test('sends one message where two workflows wait for the same', async () => {
    await playground.api.publish(journeys.ids.remindsToo);
    const { customer, contact } = await somebody();
    await journeys.desk('books', { externalId: 'dupla', start: inHours(3), contact });
    await playground.clock.advance(61 * MINUTE_MS);
    const outcomes = [
      await untilOutcome('reminds', contact),
      await untilOutcome('remindsToo', contact),
    ];
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['sent', 'skipped']);
    expect(outcomes.find(({ status }) => status === 'skipped')).toMatchObject({
      reason: 'already_sent',
    });
    expect(textsTo(customer).filter((text) => /^(Lembrete|Também)/.test(text))).toHaveLength(1);
    await playground.api.unpublish(journeys.ids.remindsToo);
  });

  test('says nothing of the old time where the appointment moves while the run waits before its message', async () => {
    const { customer, contact } = await somebody();
    await journeys.desk('books', { externalId: 'movida', start: inHours(1.75), contact });
    await untilTold(customer, 'Confirmado movida');
    await playground.clock.advance(16 * MINUTE_MS);
    const store = readEmbeddedStore(playground.dataDir);
    await waitFor(
      async () => {
        const claims = await store.rows(
          `select c.state from journey_claims c join appointments a on a.external_id = 'movida'
           and c.journey_key like 'appointmentUpcoming-90m:' || a.id || ':%'`,
        );
        return claims.some(({ state }) => state === 'claimed');
      },
      { what: 'the run that waits before its message' },
    );
    const start = inHours(5);
    await journeys.desk('books', { externalId: 'movida', start, contact });
    expect(await untilOutcome('remindsSlowly', contact)).toMatchObject({
      status: 'skipped',
      reason: 'state_changed',
    });
    await playground.clock.advance(3.6 * HOUR_MS);
    await untilTold(customer, 'Devagar movida');
    const slow = receivedBy(playground.sandbox, customer)
      .map(({ text }) => text ?? '')
      .filter((text) => text.startsWith('Devagar'));
    expect(slow).toEqual([expect.stringContaining(clinicTime(start)) as unknown]);
  });

  test('catches up once with what was due while n8n was dead, and leaves what is too old', async () => {
    const late = await somebody();
    const tooLate = await somebody();
    const book = async ({ customer, contact }: typeof late, externalId: string, hours: number) => {
      await journeys.desk('books', { externalId, start: inHours(hours), contact });
      await untilTold(customer, `Confirmado ${externalId}`);
    };
    // An hour long, and thanked for an hour after the end: due in 8 hours, and in 2.5.
    await book(late, 'ontem', 6);
    await book(tooLate, 'antes', 0.5);
    await playground.kill9();
    // A trigger catches up with 6 hours.
    await control(playground.sandbox, 'POST', '/clock', { advanceMs: 9 * HOUR_MS });
    await playground.restart();
    await untilTold(late.customer, 'Obrigado ontem');
    await untilQuiet(playground);
    const told = (customer: Customer) =>
      textsTo(customer).filter((text) => !text.startsWith('Ainda'));
    expect(told(late.customer)).toEqual(['Confirmado ontem', 'Obrigado ontem']);
    expect(told(tooLate.customer)).toEqual(['Confirmado antes']);
  });
});

/** As the clinic reads it on its clock. */
function clinicTime(instant: string): string {
  return new Date(instant).toLocaleTimeString('pt-BR', {
    timeZone: 'America/Sao_Paulo',
    hour: '2-digit',
    minute: '2-digit',
  });
}
