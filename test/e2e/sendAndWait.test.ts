import type { Browser } from 'playwright-core';
import { SEED } from '../../sandbox/seed.ts';
import { asking, listening, reviewed } from '../support/askWorkflows.ts';
import { launchBrowser } from '../support/browser.ts';
import { newCustomer, receivedBy, write, type Customer } from '../support/customers.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';
import { OpenAiStandIn, type ChatRequest } from '../support/openAi.ts';
import { openPhone } from '../support/phone.ts';
import { savePicture } from '../support/pictures.ts';
import { readEmbeddedStore } from '../support/storeReader.ts';
import { waitFor } from '../support/waitFor.ts';

let playground: TestPlayground;
let browser: Browser;
const model = new OpenAiStandIn();
/** n8n's ids of the workflows of this file. */
const ids: Record<string, string> = {};
/** Who is asked, and never answers: n8n looks every minute whose time is over. */
let silent: Customer;

const APPROVAL = {
  message: 'Confirma a consulta de amanhã às 15h?',
  approvalOptions: {
    values: { approvalType: 'double', approveLabel: 'Confirmo', disapproveLabel: 'Não posso' },
  },
};

beforeAll(async () => {
  playground = await startTestPlayground({ name: 'sendAndWait' });
  browser = await launchBrowser();
  const { api, sandbox } = playground;
  const publish = async (name: string, definition: Parameters<typeof api.createWorkflow>[0]) => {
    const id = await api.createWorkflow(definition);
    await api.publish(id);
    ids[name] = id;
    playground.setup.workflowIds[name] = id;
  };
  const text = '={{ "Resposta: " + ($json.data?.approved ?? $json.data?.text ?? "nenhuma") }}';
  await publish('approval', asking('consulta', { ...APPROVAL, text }));
  await publish(
    'freeText',
    asking('horario', { message: 'Qual horário prefere?', responseType: 'freeText', text }),
  );
  const limitWaitTime = {
    values: { limitType: 'afterTimeInterval', resumeAmount: 0.05, resumeUnit: 'minutes' },
  };
  await publish(
    'timeout',
    asking('demora', { ...APPROVAL, text, options: { limitWaitTime, tooLateText: 'Tarde.' } }),
  );
  await publish('listening', listening());
  silent = await newCustomer(sandbox, 'messenger');
  await write(sandbox, silent, 'demora');
}, 240_000);

afterAll(async () => {
  await browser?.close();
  await model.stop();
  await playground?.remove();
});

const test = testWith(() => playground);

const textsTo = (customer: Customer) =>
  receivedBy(playground.sandbox, customer).map(({ text }) => text ?? '');

const untilTold = (customer: Customer, text: string, timeoutMs = 30_000) =>
  waitFor(() => textsTo(customer).some((one) => one.includes(text)), {
    what: `"${text}" to a customer`,
    timeoutMs,
  });

async function statusesOf(name: string): Promise<string[]> {
  const runs = await playground.api.listExecutions(ids[name] ?? '');
  return runs.map(({ status }) => status);
}

const untilStatus = (name: string, status: string) =>
  waitFor(async () => (await statusesOf(name)).includes(status), {
    what: `an execution of ${name} that is ${status}`,
    timeoutMs: 30_000,
  });

describe('a workflow that asks and waits', () => {
  test('goes on when the customer taps a button, and the tap starts no other workflow', async () => {
    const customer = await newCustomer(playground.sandbox, 'messenger');
    const phone = await openPhone(browser, playground.sandbox, customer);
    await phone.write('Quero marcar uma consulta');
    await phone.page.getByText('Confirmo', { exact: true }).first().waitFor({ timeout: 30_000 });
    await savePicture(phone.page, 'phone-send-and-wait');
    await untilStatus('approval', 'waiting');
    const before = (await statusesOf('listening')).length;
    await phone.page.getByText('Não posso', { exact: true }).first().click();
    await untilTold(customer, 'Resposta: false');
    await untilStatus('approval', 'success');
    expect(textsTo(customer).filter((one) => one.startsWith('Resposta'))).toHaveLength(1);
    expect((await statusesOf('listening')).length).toBe(before);
    await phone.close();
  });

  test('goes on with the text that the customer writes', async () => {
    const customer = await newCustomer(playground.sandbox, 'instagram');
    const phone = await openPhone(browser, playground.sandbox, customer);
    await phone.write('Qual o horario?');
    await untilTold(customer, 'Qual horário prefere?');
    await untilStatus('freeText', 'waiting');
    await phone.write('Depois das 18h');
    await untilTold(customer, 'Resposta: Depois das 18h');
    await phone.close();
  });

  test('goes on after n8n was killed while it waited, and without an answer when its time is over', async () => {
    const { sandbox } = playground;
    const customer = await newCustomer(sandbox, 'messenger');
    const phone = await openPhone(browser, sandbox, customer);
    await phone.write('consulta');
    const confirm = phone.page.getByText('Confirmo', { exact: true }).first();
    await confirm.waitFor({ timeout: 30_000 });
    await untilStatus('approval', 'waiting');
    await playground.kill9();
    await playground.restart();
    await confirm.click();
    await untilTold(customer, 'Resposta: true', 60_000);
    expect(textsTo(customer).filter((one) => one.startsWith('Resposta'))).toHaveLength(1);
    await phone.close();

    await untilTold(silent, 'Resposta: nenhuma', 90_000);
    const late = await openPhone(browser, sandbox, silent);
    await late.page.getByText('Confirmo', { exact: true }).first().click();
    await untilTold(silent, 'Tarde.');
    await late.close();
  });
});

describe('human review of an AI agent', () => {
  test('lets its tool run when somebody of the staff approves it on their phone, and not when they decline', async () => {
    const { sandbox, api } = playground;
    const url = await model.start();
    const openAi = {
      type: 'openAiApi',
      name: 'Stand-in for OpenAI',
      id: await api.createCredential('Stand-in for OpenAI', 'openAiApi', {
        apiKey: 'sk-stand-in',
        url,
        header: false,
      }),
    };
    const [row] = await readEmbeddedStore(playground.dataDir).rows(
      `select id from accounts where external_id = '${SEED.whatsAppNumberId}'`,
    );
    const staff = await newCustomer(sandbox, 'whatsapp');
    await write(sandbox, staff, 'Bom dia');
    const definition = reviewed('desconto', {
      accountId: String(row?.id),
      staff: `+${staff.id}`,
      openAi,
    });
    await api.publish(await api.createWorkflow(definition));
    model.answerWith(playAgent);

    const customer = await newCustomer(sandbox, 'messenger');
    const phone = await openPhone(browser, sandbox, staff);
    await write(sandbox, customer, 'Tem desconto?');
    await phone.page.getByText('Pode', { exact: true }).first().waitFor({ timeout: 60_000 });
    await savePicture(phone.page, 'phone-human-review');
    expect(textsTo(staff).at(-1)).toContain('Offer: 10% para você');
    expect(textsTo(customer)).not.toContain('10% para você');
    await phone.page.getByText('Pode', { exact: true }).first().click();
    await untilTold(customer, '10% para você');
    await untilTold(customer, 'Enviei a oferta.');

    const other = await newCustomer(sandbox, 'messenger');
    const buttons = phone.page.getByText('Não pode', { exact: true });
    await write(sandbox, other, 'Tem desconto?');
    await waitFor(async () => (await buttons.count()) === 2, {
      what: 'the second question',
      timeoutMs: 60_000,
    });
    await buttons.last().click();
    await untilTold(other, 'Hoje não há oferta.');
    expect(textsTo(other)).not.toContain('10% para você');
    await phone.close();
  });
});

/** A model that wants to send an offer, and then says what became of it. */
function playAgent({ messages, tools }: ChatRequest) {
  const result = messages.findLast(({ role }) => role === 'tool');
  if (!result) {
    const name = tools?.[0]?.function.name ?? '';
    const call = { toolParameters: { text: '10% para você' }, hitlParameters: {} };
    return { toolCalls: [{ name, arguments: call }] };
  }
  const isSent = JSON.stringify(result.content).includes('sent');
  return { text: isSent ? 'Enviei a oferta.' : 'Hoje não há oferta.' };
}
