/** Appointments of the sandbox's Google calendar in a real n8n: confirmed, moved, cancelled and reminded of by their people. */
import type { Browser } from 'playwright-core';
import { HUB_SEED } from '../../sandbox/notificame/seed.ts';
import { publishBundled } from '../support/aftercareWorkflows.ts';
import {
  appointmentOf,
  beginWeek,
  giveAddress,
  inCalendar,
  moveInCalendar,
  noteConsent,
  putIntoCalendar,
  startOf,
  type Week,
} from '../support/appointmentWorkflows.ts';
import { launchBrowser } from '../support/browser.ts';
import { control, newCustomer, receivedBy, write, type Customer } from '../support/customers.ts';
import { openWorkflow, signInToEditor, untilDrawn } from '../support/editor.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';
import { openPhone } from '../support/phone.ts';
import { savePicture } from '../support/pictures.ts';
import { waitFor } from '../support/waitFor.ts';

const CANVASES = [
  { name: 'appointment-confirmation', picture: 'editor-appointment-confirmation' },
  { name: 'appointment-reminder-24h', picture: 'editor-appointment-reminder' },
  { name: 'appointment-answers', picture: 'editor-appointment-answers' },
] as const;
const WORKFLOWS = CANVASES.map(({ name }) => name);
/** A name with what a pattern of a replacement looks like. */
const ODD_NAME = 'Rui$& Prado';
const WEDNESDAY = 2;
const FRIDAY = 4;

const ana: Customer = { id: '5511988887777', channel: 'whatsapp' };
/** On Telegram, where nothing can be tapped. */
const DAVI = HUB_SEED.telegramPersonId;
const TANIA = '612345679';
/** On Messenger. */
let mari: Customer;
let lia: Customer;
let stranger: Customer;
/** On WhatsApp: has agreed at the front desk, and never written. */
let rui: Customer;
/** The number of the clinic's team. */
let team: Customer;

let playground: TestPlayground;
let browser: Browser;
let week: Week;
/** Ids of the events in the calendar. */
let events: Record<'ana' | 'mari' | 'davi' | 'tania' | 'rui' | 'lia', string>;

const test = testWith(() => playground);

beforeAll(async () => {
  playground = await startTestPlayground({ name: 'appointments', workflows: WORKFLOWS });
  week = await beginWeek(playground);
  const { sandbox } = playground;
  mari = await newCustomer(sandbox, 'messenger');
  lia = await newCustomer(sandbox, 'messenger');
  stranger = await newCustomer(sandbox, 'messenger');
  rui = await newCustomer(sandbox, 'whatsapp');
  team = await newCustomer(sandbox, 'whatsapp');
  // The people read Portuguese, the team does not.
  await publishBundled(playground, 'appointment-answers', {
    staffPhone: `+${team.id}`,
    staffLanguage: 'en',
  });
  for (const customer of [ana, mari, lia, stranger, team]) await write(sandbox, customer, 'Oi');
  for (const person of [DAVI, TANIA]) await types(person, 'Oi');
  const byAddress = { [mari.id]: 'mari', [lia.id]: 'lia', [DAVI]: 'davi', [TANIA]: 'tania' };
  for (const [id, name] of Object.entries(byAddress)) {
    await giveAddress(playground, id, `${name}@pessoa.example`);
  }
  await noteConsent(playground, `+${rui.id}`);
  const put = (time: string, whose: string) =>
    putIntoCalendar(playground, week.at(WEDNESDAY, time), whose);
  events = {
    rui: await put('10:00', `Telefone: +${rui.id}\nNome: ${ODD_NAME}`),
    ana: await put('15:00', 'Telefone: +55 11 98888-7777\nProfissional: Dra. Helena'),
    mari: await put('16:00', 'E-mail: mari@pessoa.example\nNome: Mari$& Lima'),
    davi: await put('17:00', 'E-mail: davi@pessoa.example'),
    lia: await put('18:00', 'E-mail: lia@pessoa.example'),
    tania: await put('19:00', 'E-mail: tania@pessoa.example'),
  };
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await playground?.remove();
});

/** Somebody writes on Telegram. */
async function types(personId: string, text: string): Promise<void> {
  const channelId = HUB_SEED.telegramChannelId;
  await control(playground.sandbox, 'POST', '/notificame/messages', { channelId, personId, text });
}

/** What somebody has got that says this, whatever it is made of. */
function saying(person: Customer | string, words: string): string[] {
  const { sandbox } = playground;
  const all =
    typeof person === 'string'
      ? sandbox.context.store.state.notificaMe.messages
          .filter((one) => one.direction === 'OUT' && one.personId === person)
          .map(({ contents }) => JSON.stringify(contents))
      : receivedBy(sandbox, person).map((message) => JSON.stringify(message));
  return all.filter((text) => text.includes(words));
}

/** The latest of them, once there are so many. */
const untilSaid = (person: Customer | string, words: string, times = 1) =>
  waitFor(() => saying(person, words)[times - 1], {
    what: `"${words}" to ${typeof person === 'string' ? person : person.id}`,
  });

const event = (whose: keyof typeof events) => inCalendar(playground, events[whose]);
const title = (whose: keyof typeof events) => event(whose).body.summary;
const untilTitled = (whose: keyof typeof events, summary: string) =>
  waitFor(() => title(whose) === summary, { what: `"${summary}"` });
const stored = (whose: keyof typeof events) => appointmentOf(playground, events[whose]);

const taps = (person: Customer, label: string, payload: string) =>
  control(playground.sandbox, 'POST', '/inject', {
    kind: 'postback',
    channel: person.channel,
    persona: person.id,
    title: label,
    payload,
  });

/** What the team reads on its phone. */
async function untilNoticed(words: string): Promise<void> {
  const phone = await openPhone(browser, playground.sandbox, team);
  await phone.received.filter({ hasText: words }).waitFor();
  await phone.close();
}

const NOTICE = 'aviso_equipe';
const CONFIRMED = 'Presença confirmada';
const OVER = 'Não encontramos mais essa consulta';

describe('the three workflows', () => {
  test('are drawn whole on the canvas, with every node known', async () => {
    const page = await signInToEditor(browser, playground);
    for (const { name, picture } of CANVASES) {
      await openWorkflow(page, playground, name);
      await untilDrawn(page, name);
      await savePicture(page, picture);
    }
    await page.close();
  });
});

describe('an appointment that was put into the calendar', () => {
  test('is told with buttons, by the template to who never wrote, and as numbers on Telegram', async () => {
    const { id } = await stored('rui');
    const template = await untilSaid(rui, 'confirmacao_consulta');
    for (const word of ['CONFIRM', 'RESCHEDULE', 'CANCEL']) {
      expect(template).toContain(`${word}:${id}`);
    }
    const toAna = await untilSaid(ana, 'está marcada para quarta-feira');
    expect(toAna).toContain('às 15:00, com Dra. Helena, em Rua das Flores, 100');
    expect(await untilSaid(mari, 'está marcada')).toContain(`CANCEL:${(await stored('mari')).id}`);
    for (const person of [DAVI, TANIA]) {
      expect(await untilSaid(person, 'está marcada')).toContain(
        '1 - Confirmar\\n2 - Remarcar\\n3 - Cancelar',
      );
    }
    await untilSaid(lia, 'está marcada');
  });

  test('is confirmed by a tap on WhatsApp and by "sim" on Telegram: the calendar shows it', async () => {
    const phone = await openPhone(browser, playground.sandbox, ana);
    await phone.quickReplies.filter({ hasText: 'Confirmar' }).click();
    await phone.received.filter({ hasText: `${CONFIRMED}: quarta-feira` }).waitFor();
    await savePicture(phone.page, 'phone-appointment-confirmation');
    await phone.close();
    await types(DAVI, 'Sim!');
    await untilSaid(DAVI, CONFIRMED);
    for (const whose of ['ana', 'davi'] as const) {
      await untilTitled(whose, '✓ Consulta');
      expect(await stored(whose)).toMatchObject({ isConfirmed: true });
    }
  });

  test('is moved to a free time that is tapped; one that was taken meanwhile is told, with others', async () => {
    const phone = await openPhone(browser, playground.sandbox, ana);
    const { page } = phone;
    const rows = page.getByTestId('list-row');
    const offered = () =>
      rows.evaluateAll((all) => all.map((row) => (row as HTMLElement).dataset.payload ?? ''));
    await phone.quickReplies.filter({ hasText: 'Remarcar' }).click();
    await page.getByTestId('list-button').click();
    const first = await offered();
    expect(first).toHaveLength(9);
    const taken = first[1] ?? '';
    const start = taken.split(':').slice(2).join(':').slice(0, 19);
    // Rui's hour is nobody else's.
    expect(first.join()).not.toContain(week.at(WEDNESDAY, '10:00'));
    await putIntoCalendar(playground, start, '', 'Encaixe');
    await rows.nth(1).click();
    await phone.received.filter({ hasText: 'Esse horário acabou de ser ocupado' }).waitFor();
    await page.getByTestId('list-button').last().click();
    const others = (await offered()).slice(first.length);
    expect(others).toHaveLength(9);
    expect(others).not.toContain(taken);
    const wanted = others.findIndex((payload) => payload.includes(week.at(WEDNESDAY, '08:00')));
    await rows.nth(first.length + wanted).click();
    await phone.received.filter({ hasText: 'A sua consulta mudou para quarta-feira' }).waitFor();
    await phone.close();
    expect(startOf(event('ana'))).toBe(week.at(WEDNESDAY, '08:00'));
    expect(title('ana')).toBe('Consulta');
    // The new time is confirmed anew.
    expect(await untilSaid(ana, 'está marcada', 2)).toContain('às 08:00');
    expect(await stored('ana')).toMatchObject({ isConfirmed: false });
    await untilNoticed('has moved the appointment to Wednesday');
  });

  test('is moved and cancelled in writing where nothing can be tapped', async () => {
    await types(TANIA, 'remarcar');
    const offer = await untilSaid(TANIA, 'Estes horários estão livres');
    expect(offer).toContain('\\n9 - ');
    await types(TANIA, '4');
    await untilSaid(TANIA, 'A sua consulta mudou para');
    expect(startOf(event('tania'))).toBe(week.at(1, '08:00'));
    expect(await untilSaid(TANIA, 'está marcada', 2)).toContain('terça-feira');
    await types(TANIA, 'Cancelar');
    expect(await untilSaid(TANIA, 'Quer mesmo cancelar')).toContain('1 - Sim, cancelar');
    expect(event('tania').status).toBe('confirmed');
    await types(TANIA, 'sim');
    await untilSaid(TANIA, 'foi cancelada');
    expect(event('tania').status).toBe('cancelled');
  });

  test('is cancelled once they are sure, on Messenger', async () => {
    const phone = await openPhone(browser, playground.sandbox, mari);
    const button = (label: string) =>
      phone.page.getByTestId('postback-button').getByText(label, { exact: true });
    await button('Cancelar').click();
    await button('Manter consulta').click();
    await phone.received.filter({ hasText: CONFIRMED }).waitFor();
    expect(event('mari').status).toBe('confirmed');
    await button('Cancelar').click();
    await button('Sim, cancelar').last().click();
    await phone.received.filter({ hasText: 'foi cancelada' }).waitFor();
    expect(event('mari').status).toBe('cancelled');
    expect(await stored('mari')).toMatchObject({ status: 'cancelled' });
    await untilNoticed('Mari$& Lima has cancelled the appointment on Wednesday');
    expect(saying(team, NOTICE)).toEqual([]);
    // An old message can still be tapped.
    await button('Confirmar').first().click();
    await phone.received.filter({ hasText: OVER }).waitFor();
    await phone.close();
  });

  test('is nobody else’s to confirm or to cancel', async () => {
    const { id } = await stored('rui');
    await taps(stranger, 'Confirmar', `CONFIRM:${id}`);
    await untilSaid(stranger, OVER);
    await taps(stranger, 'Sim, cancelar', `CANCEL:${id}:YES`);
    await untilSaid(stranger, OVER, 2);
    expect(event('rui')).toMatchObject({ status: 'confirmed', body: { summary: 'Consulta' } });
    expect(await stored('rui')).toMatchObject({ id, isConfirmed: false });
  });
});

const REMINDED = 'Lembramos da sua consulta';
const TEMPLATE = 'lembrete_consulta_24h';
const clockTo = (days: number, time: string) =>
  playground.clock.set(`${week.at(days, time)}-03:00`);

describe('the reminder', () => {
  test('comes a day before the time it was moved to, and as a template to who never wrote', async () => {
    await clockTo(1, '08:01');
    expect(await untilSaid(ana, REMINDED)).toContain('às 08:00');
    await clockTo(1, '10:01');
    const { id } = await stored('rui');
    expect(await untilSaid(rui, TEMPLATE)).toContain(`CONFIRM:${id}`);
    const [reminder] = receivedBy(playground.sandbox, rui).filter((one) =>
      JSON.stringify(one).includes(TEMPLATE),
    );
    await control(playground.sandbox, 'POST', '/inject', {
      kind: 'templateReply',
      channel: 'whatsapp',
      persona: rui.id,
      mid: reminder?.mid,
      index: 0,
    });
    await untilTitled('rui', '✓ Consulta');
  });

  test('comes to nobody who has cancelled or confirmed, and is a task where Meta lets none through', async () => {
    await clockTo(1, '18:01');
    const reminders = playground.setup.workflowIds['appointment-reminder-24h'] ?? '';
    await waitFor(
      async () => {
        const runs = await playground.api.listExecutions(reminders, true);
        const texts = runs.map(({ data }) => JSON.stringify(data ?? ''));
        return texts.some((text) => /"Lembrar [^"]*quarta-feira/.test(text));
      },
      { what: 'the task for a person' },
    );
    for (const person of [mari, lia, DAVI, TANIA]) expect(saying(person, REMINDED)).toEqual([]);
    expect(saying(ana, REMINDED)).toHaveLength(1);
  });

  test('comes once more for a time to which the front desk has moved it', async () => {
    await moveInCalendar(playground, events.rui, week.at(FRIDAY, '10:00'));
    const moved = await untilSaid(rui, 'está marcada', 2);
    expect(moved).toContain('sexta-feira');
    expect(moved).toContain('Rui$&');
    await clockTo(3, '10:01');
    const again = await untilSaid(rui, TEMPLATE, 2);
    expect(again).toContain('sexta-feira');
    expect(await stored('rui')).toMatchObject({ isConfirmed: false });
  });
});

describe('the team', () => {
  test('is told of a cancellation by the template where its window is closed', async () => {
    const phone = await openPhone(browser, playground.sandbox, rui);
    await phone.quickReplies.filter({ hasText: 'Cancelar' }).last().click();
    await phone.quickReplies.filter({ hasText: 'Sim, cancelar' }).click();
    await phone.received.filter({ hasText: 'foi cancelada' }).waitFor();
    await phone.close();
    const template = await untilSaid(team, NOTICE);
    expect(template).toContain('cancellation of the appointment on Friday');
    expect(template).toContain(ODD_NAME);
    await untilNoticed(`The person is ${ODD_NAME}.`);
  });
});
