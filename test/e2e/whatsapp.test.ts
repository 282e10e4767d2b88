import type { Browser } from 'playwright-core';
import { SEED } from '../../sandbox/seed.ts';
import { readBundledWorkflow } from '../../playground/workflows.ts';
import { disconnect, setUpBroadcastWorkflows } from '../support/broadcastWorkflows.ts';
import { launchBrowser } from '../support/browser.ts';
import { control, newCustomer } from '../support/customers.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';
import { openPhone } from '../support/phone.ts';
import { savePicture } from '../support/pictures.ts';
import { readEmbeddedStore } from '../support/storeReader.ts';
import { waitFor } from '../support/waitFor.ts';
import { setUpWhatsAppWorkflows, type WhatsAppWorkflows } from '../support/whatsAppWorkflows.ts';

let playground: TestPlayground;
let browser: Browser;
let workflows: WhatsAppWorkflows;
let accountId: string;

beforeAll(async () => {
  playground = await startTestPlayground({ name: 'whatsapp' });
  browser = await launchBrowser();
  const rows = await waitFor(
    async () => {
      const found = await readEmbeddedStore(playground.dataDir).rows(
        `select id from accounts where external_id = '${SEED.whatsAppNumberId}'`,
      );
      return found.length > 0 ? found : undefined;
    },
    { what: 'the account of the number' },
  );
  accountId = String(rows[0]?.id);
  workflows = await setUpWhatsAppWorkflows(playground, accountId);
});

afterAll(async () => {
  await browser?.close();
  await playground?.remove();
});

const test = testWith(() => playground);

async function statusOf(messageId: unknown): Promise<string> {
  const [row] = await readEmbeddedStore(playground.dataDir).rows(
    `select status from messages where id = '${String(messageId)}'`,
  );
  return String(row?.status);
}

const reminder = {
  contentType: 'template',
  template: 'lembrete_consulta|pt_BR',
  variables: {
    'body:1': 'Ana',
    'body:2': '27/11',
    'body:3': '15:00',
    'button:0:payload': 'CONFIRM:apt_9',
  },
};

describe('a reminder on WhatsApp', () => {
  test('goes out as a template, is confirmed by a tap, and is answered with a document that is read', async () => {
    const { sandbox } = playground;
    const customer = await newCustomer(sandbox, 'whatsapp');
    const sent = await workflows.send({ recipient: `+${customer.id}`, ...reminder });
    expect(sent).toMatchObject({ status: 'sent', channel: 'whatsapp' });

    const phone = await openPhone(browser, sandbox, customer);
    await phone.received.first().waitFor();
    expect(await phone.received.first().innerText()).toContain(
      'Olá Ana, lembrete da sua consulta em 27/11 às 15:00.',
    );
    await phone.page.getByText('Confirmar', { exact: true }).first().click();
    await phone.received.filter({ hasText: 'Confirmado: CONFIRM:apt_9' }).first().waitFor();
    const file = phone.page.getByTestId('file').first();
    await file.waitFor();
    expect(await file.innerText()).toContain('preparo.json');
    await savePicture(phone.page, 'phone-whatsapp-document');

    await waitFor(async () => (await statusOf(sent.messageId)) === 'read', {
      what: 'the template to be read',
    });
    const store = readEmbeddedStore(playground.dataDir);
    await waitFor(
      async () => {
        const rows = await store.rows(
          "select status from messages where direction = 'outbound' and type = 'file'",
        );
        return rows.length === 1 && rows[0]?.status === 'read';
      },
      { what: 'the document to be read' },
    );
    await phone.close();
  });
});

describe('a broadcast', () => {
  test('is previewed and tested first, then reaches those who agreed, and reports its end', async () => {
    const { sandbox, api } = playground;
    const broadcasts = await setUpBroadcastWorkflows(playground, accountId);
    const own = await newCustomer(sandbox, 'whatsapp');
    const nobody = await broadcasts.run({ startNow: false, ownNumber: `+${own.id}` });
    expect(nobody.text).toContain('Ninguém tem a etiqueta campanha');

    const client = await newCustomer(sandbox, 'whatsapp');
    await broadcasts.agree(`+${client.id}`, 'Beatriz');
    const ready = await broadcasts.run({ startNow: false, ownNumber: `+${own.id}` });
    expect(ready.text).toContain('1 de 1 pessoas');
    const ownPhone = await openPhone(browser, sandbox, own);
    await ownPhone.received.filter({ hasText: 'Olá Beatriz' }).first().waitFor();
    const clientPhone = await openPhone(browser, sandbox, client);
    expect(await clientPhone.received.count()).toBe(0);

    const started = await broadcasts.run({ startNow: true, ownNumber: `+${own.id}` });
    expect(started).toMatchObject({ state: 'running', total: 1 });
    const arrived = clientPhone.received.filter({ hasText: 'Olá Beatriz' });
    await arrived.first().waitFor();
    const report = await waitFor(
      async () =>
        (await api.listExecutions(broadcasts.workflowId, true)).find((run) =>
          JSON.stringify(run.data).includes('enviadas / sent'),
        ),
      { what: 'the report of the broadcast' },
    );
    expect(JSON.stringify(report.data)).toContain('Campanha: 1 enviadas');
    expect(await arrived.count()).toBe(1);
    await ownPhone.close();
    await clientPhone.close();
  });
});

describe('what does not go out says why, each in its own sentence', () => {
  test('a recipient that is no number', async () => {
    const { error } = await workflows.send({ recipient: 'Ana', text: 'Oi' });
    expect(error).toBe('"Ana" is no phone number.');
  });

  test('a paused template', async () => {
    const { error } = await workflows.send({
      ...reminder,
      recipient: '+55 11 98888-7777',
      template: 'promo_junho|pt_BR',
    });
    expect(error).toMatch(/template.*paused/i);
  });

  test('a closed window, with the templates that could go instead', async () => {
    const result = await workflows.send({ recipient: '+55 11 97777-1234', text: 'Oi' });
    expect(result).toMatchObject({ status: 'skipped', reason: 'window_closed' });
    expect(result.detail).toContain('lembrete_consulta');
  });

  test('a token that has ended, after which the account says so too', async () => {
    const { sandbox } = playground;
    await control(sandbox, 'PATCH', `/tokens/${SEED.whatsAppToken}`, { expire: true });
    const { error } = await workflows.send({ recipient: '+55 11 98888-7777', ...reminder });
    expect(error).toMatch(/token/i);
    await waitFor(
      async () => {
        const [row] = await readEmbeddedStore(playground.dataDir).rows(
          `select status from accounts where external_id = '${SEED.whatsAppNumberId}'`,
        );
        return row?.status === 'expired';
      },
      { what: 'the account to have expired' },
    );
  });
});

describe('the watch over the connections', () => {
  test('says in words which account was disconnected, and what to do', async () => {
    const { api } = playground;
    const id = await api.createWorkflow(readBundledWorkflow('connection-watch'));
    await api.publish(id);
    await disconnect(playground, accountId);
    const alert = await waitFor(
      async () => (await api.listExecutions(id, true)).find(({ status }) => status === 'error'),
      { what: 'the alert' },
    );
    expect(JSON.stringify(alert.data)).toMatch(/A conta .+ \(whatsapp\) foi desconectada\./);
  });
});
