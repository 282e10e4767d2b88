import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { newCustomer, receivedBy, write } from '../support/customers.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';
import { openPhone } from '../support/phone.ts';
import { movesToNow, remindsLater, remindsTomorrow } from '../support/scheduledWorkflows.ts';
import { waitFor } from '../support/waitFor.ts';

let playground: TestPlayground;
let browser: Browser;

beforeAll(async () => {
  playground = await startTestPlayground({ name: 'scheduled' });
  browser = await launchBrowser();
  const { api } = playground;
  for (const [name, definition] of Object.entries({
    remindsLater: remindsLater(),
    movesToNow: movesToNow(),
    remindsTomorrow: remindsTomorrow(),
  })) {
    const id = await api.createWorkflow(definition);
    await api.publish(id);
    playground.setup.workflowIds[name] = id;
  }
});

afterAll(async () => {
  await browser?.close();
  await playground?.remove();
});

const HOUR_MS = 3_600_000;

const test = testWith(() => playground);

describe('a message that goes later', () => {
  test('outlives n8n, is listed and moved by a workflow, and arrives once', async () => {
    const customer = await newCustomer(playground.sandbox, 'messenger');
    const reminders = () =>
      receivedBy(playground.sandbox, customer).filter(({ text }) => text?.startsWith('Lembrete'));
    const phone = await openPhone(browser, playground.sandbox, customer);
    await phone.write('agendar');
    const { api, setup } = playground;
    await waitFor(
      async () => {
        const runs = await api.listExecutions(setup.workflowIds.remindsLater ?? '');
        return runs.some(({ status }) => status === 'success');
      },
      { what: 'the reminder to be scheduled' },
    );
    expect(reminders()).toHaveLength(0);

    await playground.kill9();
    await playground.restart();
    await phone.write('agora');
    await waitFor(() => reminders().length > 0, {
      what: 'the reminder that was moved to now',
    });
    await phone.received.filter({ hasText: 'Lembrete: agendar' }).waitFor();
    expect(reminders()).toHaveLength(1);
    await phone.close();
  });

  test('comes at once when the clock of the playground is moved to the next day', async () => {
    const customer = await newCustomer(playground.sandbox, 'messenger');
    const askedAt = () =>
      receivedBy(playground.sandbox, customer)
        .filter(({ text }) => text?.startsWith('Pedido em '))
        .map(({ text }) => Date.parse(text?.slice('Pedido em '.length) ?? ''));
    const remindTomorrow = async (count: number) => {
      const { api, setup, sandbox, clock } = playground;
      const runs = () => api.listExecutions(setup.workflowIds.remindsTomorrow ?? '');
      await write(sandbox, customer, 'amanhã');
      await waitFor(
        async () => (await runs()).filter(({ status }) => status === 'success').length === count,
        { what: 'the reminder to be scheduled' },
      );
      await clock.advance(23 * HOUR_MS);
      await waitFor(() => askedAt().length === count, {
        what: `reminder ${count}`,
      });
    };
    // Ten in the morning of the clinic, whatever the machine's clock says.
    const tomorrow = new Date(playground.clock.now() + 24 * HOUR_MS).toISOString().slice(0, 10);
    const start = Date.parse(`${tomorrow}T10:00:00-03:00`);
    await playground.clock.set(start);
    await remindTomorrow(1);
    await remindTomorrow(2);
    // What the clinic wrote down are n8n's own times, of the first day and of the second.
    expect(askedAt().map((at) => Math.floor((at - start) / (23 * HOUR_MS)))).toEqual([0, 1]);
    await playground.clock.reset();
  });
});
