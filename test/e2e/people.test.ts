import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import {
  control,
  newCustomer,
  receivedBy,
  untilAccepted,
  write,
  type Customer,
} from '../support/customers.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';
import {
  assistant,
  erases,
  givesBack,
  keepsNumbers,
  keepsRatings,
  LINES,
  onHandOver,
  reports,
} from '../support/peopleWorkflows.ts';
import { openPhone } from '../support/phone.ts';
import { waitFor } from '../support/waitFor.ts';

let playground: TestPlayground;
let browser: Browser;

beforeAll(async () => {
  playground = await startTestPlayground({ name: 'people' });
  browser = await launchBrowser();
  const { api } = playground;
  const workflows = {
    assistant: assistant(6),
    onHandOver: onHandOver(),
    givesBack: givesBack(),
    keepsNumbers: keepsNumbers(),
    erases: erases(),
    keepsRatings: keepsRatings(),
    reports: reports(),
  };
  for (const [name, definition] of Object.entries(workflows)) {
    const id = await api.createWorkflow(definition);
    await api.publish(id);
    playground.setup.workflowIds[name] = id;
  }
});

afterAll(async () => {
  await browser?.close();
  await playground?.remove();
});

const test = testWith(() => playground);

/** Of the texts that the customer has received, those of the workflows above. */
const textsTo = (customer: Customer) =>
  receivedBy(playground.sandbox, customer)
    .map(({ text }) => text ?? '')
    .filter((text) => /^(Recebi|Aviso)/.test(text));

const untilTold = (customer: Customer, texts: string[]) =>
  waitFor(() => textsTo(customer).length >= texts.length, {
    what: `"${texts.at(-1)}" to a customer`,
  }).then(() => expect(textsTo(customer)).toEqual(texts));

/** Somebody of the staff writes in the Page inbox. */
const personAnswers = (customer: Customer, text: string) =>
  control(playground.sandbox, 'POST', '/inject', {
    kind: 'humanAnswer',
    persona: customer.id,
    text,
  });

/** Writes, and the store has it: what is written next comes after it, however the provider's calls overtake each other. */
async function arrives(customer: Customer, text: string): Promise<void> {
  const { deliveryIds } = await write(playground.sandbox, customer, text);
  for (const id of deliveryIds) await untilAccepted(playground.sandbox, id);
}

describe('a customer, an assistant and the front desk', () => {
  test('five short lines get one answer, and each of them knows when to be quiet', async () => {
    const customer = await newCustomer(playground.sandbox, 'messenger');
    const phone = await openPhone(browser, playground.sandbox, customer);
    const told: string[] = [];
    const answered = async (...texts: string[]) => {
      told.push(...texts);
      await untilTold(customer, told);
    };
    for (const line of LINES) await phone.write(line);
    await answered(`Recebi 5: ${LINES.join('\n')}`);
    await phone.received.last().waitFor();

    await phone.write('Quero falar com um atendente');
    await answered('Aviso: pause requested');
    await arrives(customer, 'Alguém aí?');
    await phone.write('Robô');
    await answered('Aviso: resume requested', 'Recebi 1: Robô');

    await personAnswers(customer, 'Aqui é a Helena, posso ajudar?');
    await answered('Aviso: pause person');
    await arrives(customer, 'Sim, por favor');
    await personAnswers(customer, 'Marquei para as 15h. #robo');
    await answered('Aviso: resume operation');
    await phone.write('Obrigada');
    await answered('Recebi 1: Obrigada');
    await phone.close();
  });

  test('what waits for more when n8n is killed is answered once when it is back', async () => {
    const customer = await newCustomer(playground.sandbox, 'instagram');
    for (const line of ['Oi', 'tem horário hoje?']) await arrives(customer, line);
    await playground.kill9();
    await playground.restart();
    await untilTold(customer, ['Recebi 2: Oi\ntem horário hoje?']);
  });

  test('who told their number is known by it, and who wants to be erased is somebody new next time', async () => {
    const { api, setup } = playground;
    const customer = await newCustomer(playground.sandbox, 'messenger');
    const untilDone = (name: string) =>
      waitFor(
        async () => {
          const [last] = await api.listExecutions(setup.workflowIds[name] ?? '');
          return last?.status === 'success';
        },
        { what: `the workflow "${name}" to be done` },
      );
    await write(playground.sandbox, customer, 'meu número é (11) 97654-3210');
    await untilDone('keepsNumbers');
    await untilTold(customer, ['Recebi 1: meu número é (11) 97654-3210']);
    await write(playground.sandbox, customer, 'apaguem meus dados');
    await untilDone('erases');
    await write(playground.sandbox, customer, 'Oi de novo');
    await waitFor(() => textsTo(customer).includes('Recebi 1: Oi de novo'), {
      what: 'an answer to somebody new',
    });
  });

  test('a rating is kept, and the figures of the day come as a message', async () => {
    const { api, setup } = playground;
    const customer = await newCustomer(playground.sandbox, 'messenger');
    await write(playground.sandbox, customer, 'minha nota: 5');
    await waitFor(
      async () => {
        const [last] = await api.listExecutions(setup.workflowIds.keepsRatings ?? '');
        return last?.status === 'success';
      },
      { what: 'the rating to be kept' },
    );
    await untilTold(customer, ['Recebi 1: minha nota: 5']);
    await write(playground.sandbox, customer, 'relatório');
    const report = () => textsTo(customer).find((text) => text.includes('nota, média'));
    await waitFor(() => report() !== undefined, { what: 'the figures' });
    expect(report()).toMatch(/^Aviso: \d+ recebidas, 1 nota, média 5, .*Assistant \d+/);
  });
});
