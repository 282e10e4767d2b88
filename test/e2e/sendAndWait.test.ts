import type { Browser } from 'playwright-core';
import { SEED } from '../../sandbox/seed.ts';
import { readBundledWorkflow, type CredentialReference } from '../../playground/workflows.ts';
import { asking, listening, reviewed, withCredential } from '../support/askWorkflows.ts';
import { launchBrowser } from '../support/browser.ts';
import { control, newCustomer, receivedBy, write, type Customer } from '../support/customers.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';
import { playAgent, playAssistant, promptOf } from '../support/models.ts';
import { OpenAiStandIn } from '../support/openAi.ts';
import { openPhone } from '../support/phone.ts';
import { savePicture } from '../support/pictures.ts';
import { readEmbeddedStore } from '../support/storeReader.ts';
import { untilQuiet } from '../support/quiet.ts';
import { waitFor } from '../support/waitFor.ts';

let playground: TestPlayground;
let browser: Browser;
const model = new OpenAiStandIn();
/** n8n's ids of the workflows of this file. */
const ids: Record<string, string> = {};
let openAi: CredentialReference;
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
  const credential = { apiKey: 'sk-stand-in', url: await model.start(), header: false };
  const name = 'Stand-in for OpenAI';
  const id = await api.createCredential(name, 'openAiApi', credential);
  openAi = { type: 'openAiApi', name, id };
  silent = await newCustomer(sandbox, 'messenger');
  await write(sandbox, silent, 'demora');
});

afterAll(async () => {
  await browser?.close();
  await model.stop();
  await playground?.remove();
});

const test = testWith(() => playground);

const textsTo = (customer: Customer) =>
  receivedBy(playground.sandbox, customer).map(({ text }) => text ?? '');

const untilTold = (customer: Customer, text: string) =>
  waitFor(() => textsTo(customer).some((one) => one.includes(text)), {
    what: `"${text}" to a customer`,
  });

async function statusesOf(name: string): Promise<string[]> {
  const runs = await playground.api.listExecutions(ids[name] ?? '');
  return runs.map(({ status }) => status);
}

const untilStatus = (name: string, status: string) =>
  waitFor(async () => (await statusesOf(name)).includes(status), {
    what: `an execution of ${name} that is ${status}`,
  });

describe('a workflow that asks and waits', () => {
  test('goes on when the customer taps a button, and the tap starts no other workflow', async () => {
    const customer = await newCustomer(playground.sandbox, 'messenger');
    const phone = await openPhone(browser, playground.sandbox, customer);
    await phone.write('Quero marcar uma consulta');
    await phone.page.getByText('Confirmo', { exact: true }).first().waitFor();
    await savePicture(phone.page, 'phone-send-and-wait');
    await untilStatus('approval', 'waiting');
    const heard = async () => (await statusesOf('listening')).filter((one) => one === 'success');
    // The customer's first words, and those of the one who says nothing more.
    await waitFor(async () => (await heard()).length === 2, { what: 'the workflow that listens' });
    await phone.page.getByText('Não posso', { exact: true }).first().click();
    await untilTold(customer, 'Resposta: false');
    await untilStatus('approval', 'success');
    expect(textsTo(customer).filter((one) => one.startsWith('Resposta'))).toHaveLength(1);
    await untilQuiet(playground);
    expect(await heard()).toHaveLength(2);
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
    await confirm.waitFor();
    await untilStatus('approval', 'waiting');
    // n8n resumes it in a run that a kill would end for good.
    await untilTold(silent, 'Resposta: nenhuma');
    await playground.kill9();
    await playground.restart();
    await confirm.click();
    await untilTold(customer, 'Resposta: true');
    expect(textsTo(customer).filter((one) => one.startsWith('Resposta'))).toHaveLength(1);
    await phone.close();

    const late = await openPhone(browser, sandbox, silent);
    await late.page.getByText('Confirmo', { exact: true }).first().click();
    await untilTold(silent, 'Tarde.');
    await late.close();
  });
});

describe('human review of an AI agent', () => {
  test('lets its tool run when somebody of the staff approves it on their phone, and not when they decline', async () => {
    const { sandbox, api } = playground;
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
    await phone.page.getByText('Pode', { exact: true }).first().waitFor();
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
    });
    await buttons.last().click();
    await untilTold(other, 'Hoje não há oferta.');
    expect(textsTo(other)).not.toContain('10% para você');
    await phone.close();
  });
});

describe('the bundled workflow ai-assistant-reply', () => {
  const apology = 'Uma pessoa da nossa equipe responde em breve';
  let customer: Customer;

  beforeAll(async () => {
    const { api, sandbox, setup } = playground;
    // One answer for each message: the others of this file answer words that nobody writes here.
    await api.unpublish(setup.workflowIds['welcome-new-lead'] ?? '');
    const bundled = withCredential(readBundledWorkflow('ai-assistant-reply'), openAi, [
      'Model',
      'Transcribe',
    ]);
    await api.publish(await api.createWorkflow(bundled));
    model.requests.length = 0;
    model.answerWith(playAssistant);
    customer = await newCustomer(sandbox, 'whatsapp');
  });

  test('answers several lines as one, with what it is told to know', async () => {
    const phone = await openPhone(browser, playground.sandbox, customer);
    await phone.write('Oi');
    await phone.write('Vocês abrem no sábado?');
    await untilTold(customer, 'De segunda a sexta.');
    expect(model.requests).toHaveLength(1);
    const [system] = model.requests[0]?.messages ?? [];
    expect(JSON.stringify(system)).toContain('Rua das Flores');
    await savePicture(phone.page, 'phone-ai-assistant');
    await phone.close();
  });

  test('hears a voice note, and remembers what was said before', async () => {
    const { sandbox } = playground;
    model.transcription = 'Quanto custa a limpeza?';
    const response = await fetch(`${sandbox.url}/_sandbox/media`, {
      method: 'POST',
      headers: { 'content-type': 'audio/ogg' },
      body: Buffer.from('OggS, and somebody speaks'),
    });
    const { mediaId } = (await response.json()) as { mediaId: string };
    const attachments = [{ type: 'audio', mediaId }];
    await control(sandbox, 'POST', '/inject', { persona: customer.id, attachments });
    await untilTold(customer, 'A limpeza depende da avaliação.');
    expect(model.recordings).toEqual([
      { model: 'whisper-1', bytes: 25, fileName: expect.any(String) as unknown },
    ]);
    expect(promptOf(model.requests.at(-1))).toContain('Customer: Vocês abrem no sábado?');
  });

  test('calls a person, and is silent from then on', async () => {
    await write(playground.sandbox, customer, 'Quero reclamar de ontem');
    await untilTold(customer, 'Uma pessoa continua com você.');
    const rows = await readEmbeddedStore(playground.dataDir).rows(
      'select automation_reason from conversations where automation_paused = 1',
    );
    expect(rows).toEqual([{ automation_reason: 'a complaint' }]);
    const asked = model.requests.length;
    await write(playground.sandbox, customer, 'Alguém aí?');
    const other = await newCustomer(playground.sandbox, 'whatsapp');
    await write(playground.sandbox, other, 'Vocês abrem no sábado?');
    await untilTold(other, 'De segunda a sexta.');
    expect(model.requests).toHaveLength(asked + 1);
  });

  test('hands over to a person where the model fails', async () => {
    const other = await newCustomer(playground.sandbox, 'whatsapp');
    await write(playground.sandbox, other, 'Quebre, por favor');
    await untilTold(other, apology);
  });
});

describe('the bundled workflow comment-to-direct', () => {
  test('writes to who comments, once to each person', async () => {
    const { sandbox, api, setup } = playground;
    const bundled = withCredential(readBundledWorkflow('comment-to-direct'), setup.credential, [
      'Private reply',
    ]);
    const id = await api.createWorkflow(bundled);
    await api.publish(id);
    const customer = await newCustomer(sandbox, 'instagram');
    const comment = (text: string) =>
      control(sandbox, 'POST', '/inject', { kind: 'comment', persona: customer.id, text });
    await comment('Quero!');
    await untilTold(customer, 'Vimos o seu comentário');
    await comment('Quero muito!');
    const runs = await waitFor(
      async () => {
        const found = await api.listExecutions(id);
        return found.length === 2 && found.every(({ status }) => status === 'success') && found;
      },
      { what: 'both comments to be done with' },
    );
    expect(runs).toHaveLength(2);
    expect(textsTo(customer).filter((text) => text.includes('comentário'))).toHaveLength(1);
    const phone = await openPhone(browser, sandbox, customer);
    await phone.received.first().waitFor();
    await savePicture(phone.page, 'phone-comment-to-direct');
    await phone.close();
  });
});
