import type { Browser } from 'playwright-core';
import { readBundledWorkflow } from '../../playground/workflows.ts';
import { launchBrowser } from '../support/browser.ts';
import { newCustomer, receivedBy, untilReceived } from '../support/customers.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';
import { openPhone } from '../support/phone.ts';
import { savePicture } from '../support/pictures.ts';
import { untilQuiet } from '../support/quiet.ts';

let playground: TestPlayground;
let browser: Browser;

beforeAll(async () => {
  playground = await startTestPlayground({ name: 'phone' });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await playground?.remove();
});

const test = testWith(() => playground);

/** The text that workflows/welcome-new-lead.json sends in Portuguese. */
function welcomeText(): string {
  const settings = readBundledWorkflow('welcome-new-lead').nodes.find(
    (node) => node.name === 'Settings',
  );
  const { assignments } = settings?.parameters.assignments as {
    assignments: Array<{ name: string; value: string }>;
  };
  return assignments.find((item) => item.name === 'welcomePortuguese')?.value ?? '';
}

describe.each(['instagram', 'messenger', 'whatsapp'] as const)(
  'a new customer on %s',
  (channel) => {
    test('writes "Oi" on the phone page and reads the welcome, sent once', async () => {
      const { sandbox } = playground;
      const customer = await newCustomer(sandbox, channel);
      const phone = await openPhone(browser, sandbox, customer);
      await phone.write('Oi');
      await phone.received.first().waitFor();
      expect(await phone.received.first().innerText()).toContain(welcomeText());
      expect(await phone.quickReplies.allInnerTexts()).toEqual([
        'Agendar consulta',
        'Saber preços',
        'Falar com a equipe',
      ]);
      await savePicture(phone.page, `phone-${channel}`);

      await untilQuiet(playground);
      expect(receivedBy(sandbox, customer)).toHaveLength(1);
      await phone.close();
    });

    test('taps a quick reply and is not welcomed again', async () => {
      const { sandbox, api, setup } = playground;
      const customer = await newCustomer(sandbox, channel);
      const phone = await openPhone(browser, sandbox, customer);
      await phone.write('Bom dia');
      await phone.quickReplies.first().click();
      await phone.page.getByTestId('message-out').nth(1).waitFor();

      await untilQuiet(playground);
      expect(await untilReceived(sandbox, customer)).toHaveLength(1);
      const runs = await api.listExecutions(setup.workflowIds['welcome-new-lead'] ?? '');
      expect(runs.every((run) => run.status === 'success')).toBe(true);
      await phone.close();
    });
  },
);
