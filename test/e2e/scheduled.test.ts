import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { newCustomer, receivedBy } from '../support/customers.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';
import { openPhone } from '../support/phone.ts';
import { movesToNow, remindsLater } from '../support/scheduledWorkflows.ts';
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
  })) {
    const id = await api.createWorkflow(definition);
    await api.publish(id);
    playground.setup.workflowIds[name] = id;
  }
}, 240_000);

afterAll(async () => {
  await browser?.close();
  await playground?.remove();
});

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
      { what: 'the reminder to be scheduled', timeoutMs: 60_000 },
    );
    expect(reminders()).toHaveLength(0);

    await playground.kill9();
    await playground.restart();
    await phone.write('agora');
    await waitFor(() => reminders().length > 0, {
      what: 'the reminder that was moved to now',
      timeoutMs: 60_000,
    });
    await phone.received.filter({ hasText: 'Lembrete: agendar' }).waitFor();
    expect(reminders()).toHaveLength(1);
    await phone.close();
  });
});
