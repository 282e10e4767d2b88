import type { Browser, Page } from 'playwright-core';
import type { WorkflowNode } from '../../playground/n8nApi.ts';
import { launchBrowser } from '../support/browser.ts';
import { createGoogleCredential } from '../support/calendarWorkflows.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';
import { control } from '../support/customers.ts';
import { countOf, readEmbeddedStore } from '../support/storeReader.ts';
import { waitFor } from '../support/waitFor.ts';

const OWN = 'n8n-nodes-omnichannel.';
const EVENTS = ['appointment.created', 'appointment.updated', 'appointment.cancelled'];

let playground: TestPlayground;
let browser: Browser;
let page: Page;
let credential: { id: string; name: string };
/** Of the calendar. */
let account: string;
/** Of the workflow that starts on appointments. */
let listening: string;

const test = testWith(() => playground);

beforeAll(async () => {
  playground = await startTestPlayground({ name: 'calendar' });
  browser = await launchBrowser();
  page = await browser.newPage({ locale: 'pt-BR' });
  credential = await createGoogleCredential(playground);
  await publishAfterCall('watch', {
    type: `${OWN}googleCalendarServiceAccount`,
    credentials: { googleServiceAccountApi: credential },
    parameters: {
      resource: 'calendar',
      operation: 'watch',
      options: { everyMinutes: 0.1 },
    },
  });
  await publishAfterCall('check', {
    type: `${OWN}omnichannel`,
    parameters: {
      resource: 'connection',
      operation: 'check',
      account: { __rl: true, mode: 'id', value: '={{ $json.body.account }}' },
    },
  });
  await publishAfterCall('row', {
    type: `${OWN}omnichannel`,
    parameters: {
      resource: 'appointment',
      operation: 'upsert',
      externalId: '={{ $json.body.linha }}',
      title: '={{ $json.body.servico }}',
      start: '={{ $json.body.quando }}',
      phone: '={{ $json.body.telefone }}',
    },
  });
  listening = await publish('Appointments', [
    {
      id: 'appointments-trigger',
      name: 'Omnichannel Trigger',
      type: `${OWN}omnichannelTrigger`,
      typeVersion: 1,
      position: [0, 0],
      parameters: { events: EVENTS },
    },
    noOp,
  ]);
});

afterAll(async () => {
  await browser?.close();
  await playground?.remove();
});

const noOp: WorkflowNode = {
  id: 'take-note',
  name: 'Take note',
  type: 'n8n-nodes-base.noOp',
  typeVersion: 1,
  position: [260, 0],
  parameters: {},
};

async function publish(name: string, nodes: WorkflowNode[]): Promise<string> {
  const [first, second] = nodes;
  const id = await playground.api.createWorkflow({
    name,
    nodes,
    connections: {
      [first?.name ?? '']: { main: [[{ node: second?.name ?? '', type: 'main', index: 0 }]] },
    },
    settings: { executionOrder: 'v1' },
  });
  await playground.api.publish(id);
  return id;
}

/** A workflow that a call starts, and that answers with what its node returns. */
async function publishAfterCall(
  path: string,
  node: Pick<WorkflowNode, 'type' | 'parameters' | 'credentials'>,
): Promise<void> {
  await publish(`After a call to ${path}`, [
    {
      id: `call-${path}`,
      name: 'Called by',
      type: 'n8n-nodes-base.webhook',
      typeVersion: 2,
      position: [0, 0],
      webhookId: `called-${path}`,
      parameters: {
        httpMethod: 'POST',
        path,
        responseMode: 'lastNode',
        responseData: 'allEntries',
        options: {},
      },
    },
    { ...node, id: `node-${path}`, name: 'Act', typeVersion: 1, position: [260, 0] },
  ]);
}

async function call(path: string, body: object = {}): Promise<Array<Record<string, unknown>>> {
  const response = await fetch(`${playground.n8n.baseUrl}/webhook/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`The workflow behind /${path} failed: ${text}`);
  return JSON.parse(text) as Array<Record<string, unknown>>;
}

/** The texts of the executions that an event of this kind started, whose data holds a word. */
async function runsOf(event: string, word: string): Promise<string[]> {
  const runs = await playground.api.listExecutions(listening, true);
  return runs
    .filter(({ status }) => status === 'success')
    .map(({ data }) => JSON.stringify(data ?? ''))
    .filter((text) => text.includes(event) && text.includes(word));
}

async function untilRun(event: string, word: string): Promise<string> {
  const [text] = await waitFor(
    async () => {
      const found = await runsOf(event, word);
      return found.length > 0 && found;
    },
    { what: `a run on ${event} of ${word}` },
  );
  return text ?? '';
}

const counted = (event: string): Promise<number> =>
  countOf(readEmbeddedStore(playground.dataDir), `events where type = '${event}'`);

const TODAY = Date.now();

/** The day so many days from today, as a date field takes it. */
const dayFromNow = (days: number): string =>
  new Date(TODAY + days * 86_400_000).toISOString().slice(0, 10);

async function makeOnPage(summary: string, day: string): Promise<void> {
  await page.getByTestId('summary').fill(summary);
  await page.getByTestId('day').fill(day);
  await page.getByTestId('from').fill('14:00');
  await page.getByTestId('description').fill('Telefone: +55 11 98888-7777');
  await page.getByTestId('create').click();
  await page.getByTestId('agenda').getByText(summary).waitFor();
}

const cardOf = (summary: string) =>
  page.getByTestId('agenda').locator('li').filter({ hasText: summary });

describe('an appointment in a Google calendar', () => {
  test('is known once its calendar is watched with a credential that passes its test', async () => {
    expect(await playground.api.testCredential(credential.id)).toMatchObject({ status: 'OK' });
    const [watched] = await call('watch');
    expect(watched).toMatchObject({ watching: true, connection: { name: 'Clínica Sorriso' } });
    account = (watched?.connection as { id: string }).id;
    await page.goto(`${playground.sandbox.url}/calendar`);
  });

  test('starts a workflow when a person makes, moves and cancels it', async () => {
    await makeOnPage('Limpeza: Ana', dayFromNow(3));
    const created = await untilRun('appointment.created', 'Limpeza: Ana');
    expect(created).toContain(`${dayFromNow(3)}T14:00:00-03:00`);
    expect(created).toContain('+5511988887777');

    const card = cardOf('Limpeza: Ana');
    await card.getByTestId('move-day').fill(dayFromNow(4));
    await card.getByTestId('move-from').fill('09:30');
    await card.getByTestId('move').click();
    const updated = await untilRun('appointment.updated', 'Limpeza: Ana');
    expect(updated).toContain(`${dayFromNow(4)}T09:30:00-03:00`);
    expect(updated).toContain(`${dayFromNow(3)}T14:00:00-03:00`);

    await cardOf('Limpeza: Ana').getByTestId('cancel').click();
    await untilRun('appointment.cancelled', 'Limpeza: Ana');
    expect(await Promise.all(EVENTS.map(counted))).toEqual([1, 1, 1]);
  });

  test('is noticed when Google wants everything read again, and asks for fewer calls', async () => {
    const before = await counted('appointment.created');
    await control(playground.sandbox, 'PATCH', '/google', { expireSyncTokens: true });
    const slower = { status: 429, reason: 'rateLimitExceeded', times: 2, retryAfterSeconds: 1 };
    await control(playground.sandbox, 'POST', '/google/refusals', slower);
    await makeOnPage('Retorno: Eva', dayFromNow(7));
    await untilRun('appointment.created', 'Retorno: Eva');
    const statuses = playground.sandbox.context.calls.list().map(({ status }) => status);
    expect(statuses).toEqual(expect.arrayContaining([429, 410, 200]));
    expect(await counted('appointment.created')).toBe(before + 1);
    expect(await call('check', { account })).toMatchObject([{ ok: true, status: 'active' }]);
  });

  test('is not shared any more: its account says so, until it is shared again', async () => {
    const share = (role: string) => control(playground.sandbox, 'POST', '/google/share', { role });
    await share('none');
    await makeOnPage('Retorno: Fábio', dayFromNow(8));
    const [found] = await call('check', { account });
    expect(found).toMatchObject({ ok: false, status: 'error' });
    expect(found?.summary).toContain('is not shared with');
    await share('writer');
    await call('watch');
    await untilRun('appointment.created', 'Retorno: Fábio');
  });
});

describe('an appointment from a spreadsheet', () => {
  const row = {
    linha: 'planilha-7',
    servico: 'Consulta: Davi',
    quando: '25/11/2027 14:00',
    telefone: '(11) 97777-6666',
  };

  test('starts a workflow once, however often the row is handed in', async () => {
    const before = await counted('appointment.created');
    const [first] = await call('row', row);
    expect(first).toMatchObject({
      change: 'created',
      start: '2027-11-25T14:00:00-03:00',
      when: 'quinta-feira, 25 de novembro de 2027, 14:00',
      person: { phone: '+5511977776666' },
    });
    expect(await call('row', row)).toMatchObject([{ change: 'unchanged' }]);
    await untilRun('appointment.created', 'Consulta: Davi');
    expect(await call('row', { ...row, quando: '26/11/2027 09:00' })).toMatchObject([
      { change: 'updated', changed: ['start', 'end'], appointmentId: first?.appointmentId },
    ]);
    await untilRun('appointment.updated', 'Consulta: Davi');
    expect(await counted('appointment.created')).toBe(before + 1);
  });
});
