import fs from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { SEED } from '../../sandbox/seed.ts';
import type { CallbackOutcome } from '../../sandbox/login/signedRequest.ts';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { asking } from '../support/askWorkflows.ts';
import { launchBrowser } from '../support/browser.ts';
import {
  cardOf,
  connectSouth,
  disconnect,
  DOCTOR,
  makeLink,
  newWriter,
  openAsVisitor,
  SOUTH,
} from '../support/connectPage.ts';
import {
  control,
  newCustomer,
  receivedBy,
  untilReceived,
  write,
  type Customer,
} from '../support/customers.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';
import { openPhone } from '../support/phone.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { untilQuiet } from '../support/quiet.ts';
import { findRedis, startRedis, type RedisServer } from '../support/redis.ts';
import { readServerStore, type StoreReader } from '../support/storeReader.ts';
import { createTestFolder } from '../support/tempFolder.ts';
import { waitFor } from '../support/waitFor.ts';

const REDIS = findRedis();

if (REDIS === undefined) {
  it('no redis-server is on this machine: the connect page in queue mode is left out', () => {
    expect(findRedis()).toBeUndefined();
  });
} else {
  inQueueMode(REDIS);
}

function inQueueMode(program: string): void {
  const folder = createTestFolder('omnichannel-queue-');
  let redis: RedisServer;
  let database: TestDatabase;
  let playground: TestPlayground;
  let store: StoreReader;
  let browser: Browser;

  beforeAll(async () => {
    redis = await startRedis(program);
    database = await createTestDatabase();
    const url = new URL(database.url);
    playground = await startTestPlayground({
      name: 'connect-page-queue',
      queue: {
        redisPort: redis.port,
        mainEnv: {
          NODE_OPTIONS: `--require=${path.join(ROOT, 'test', 'support', 'loseEnds.cjs')}`,
          LOSE_ENDS_FILE: path.join(folder.path, 'lose-ends'),
        },
      },
      env: {
        DB_TYPE: 'postgresdb',
        DB_POSTGRESDB_HOST: url.hostname,
        DB_POSTGRESDB_PORT: url.port,
        DB_POSTGRESDB_DATABASE: database.name,
        DB_POSTGRESDB_USER: decodeURIComponent(url.username),
        DB_POSTGRESDB_PASSWORD: decodeURIComponent(url.password),
      },
    });
    store = await readServerStore(database.url);
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await store?.close();
    // n8n waits half a minute at its end for runs whose own end it has missed.
    await playground?.kill9();
    await playground?.remove();
    await database?.drop();
    await redis?.stop();
    folder.remove();
  });

  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });

  const test = testWith(() => playground);

  const logOf = (command: string) =>
    fs.readFileSync(path.join(ROOT, 'reports', `n8n-connect-page-queue-${command}.log`), 'utf8');

  /** The runs of a workflow that have ended; n8n's API leaves out those whose end it has missed. */
  const runsOf = async (workflow: string) =>
    store.rows(`select e.id, d.data from public.execution_entity e
      join public.execution_data d on d."executionId" = e.id
      where e."workflowId" = '${playground.setup.workflowIds[workflow] ?? ''}'
      and e.status = 'success'`);
  const told = async () => JSON.stringify(await runsOf('connect-page'));

  describe('in queue mode with a webhook process', () => {
    test('the webhook process alone serves the page', async () => {
      const { url } = await makeLink(playground);
      expect(url.startsWith(playground.setup.linkUrl.replace(/webhook\/.*$/, ''))).toBe(true);
      const { pathname } = new URL(url);
      // Main answers with its editor, whatever is asked.
      const editor = await fetch(playground.n8n.baseUrl + pathname);
      expect(editor.headers.get('content-security-policy') ?? '').not.toMatch(/^sandbox /);
      const answer = await fetch(url);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-security-policy')).toMatch(/^sandbox /);
    });

    test('a customer connects two accounts, and the admin sees both in a workflow', async () => {
      const { page } = await openAsVisitor(browser, (await makeLink(playground)).url);
      await page.getByTestId('empty').waitFor();
      await connectSouth(page);
      await cardOf(page, SOUTH[1].name).locator('img').waitFor();
      await waitFor(
        async () => {
          const runs = await told();
          return (
            runs.includes('connection.connected') && SOUTH.every(({ name }) => runs.includes(name))
          );
        },
        { what: 'both connections in the workflow' },
      );
    });

    test("Meta's calls come to the webhook process, and the worker welcomes", async () => {
      const { sandbox } = playground;
      for (const { channel, id } of SOUTH) {
        const person = await newWriter(sandbox, channel, id);
        await write(sandbox, person, 'Oi');
        await untilReceived(sandbox, person);
        await untilQuiet(playground, store);
        expect(receivedBy(sandbox, person)).toHaveLength(1);
      }
      const runs = await runsOf('welcome-new-lead');
      expect(runs.length).toBeGreaterThanOrEqual(2);
      for (const { id } of runs)
        expect(logOf('worker')).toContain(`Worker finished execution ${String(id)} `);
    });

    describe('a workflow that asks and waits', () => {
      const answers = (customer: Customer) =>
        receivedBy(playground.sandbox, customer).flatMap(({ text }) =>
          text?.startsWith('Resposta') === true ? [text] : [],
        );
      const untilAnswered = (customer: Customer, text: string) =>
        waitFor(() => answers(customer).includes(text), {
          what: `"${text}" to a customer`,
        });
      const executions = (status: string) =>
        store.rows(`select id from public.execution_entity
          where "workflowId" = '${playground.setup.workflowIds.asking ?? ''}' and status = '${status}'`);
      const startsOf = (id: unknown) =>
        logOf('worker').split(`Worker started execution ${String(id)} `).length - 1;

      /** Somebody of Messenger who is asked, the buttons on their phone, and the execution that waits. */
      async function asked() {
        const customer = await newCustomer(playground.sandbox, 'messenger');
        const phone = await openPhone(browser, playground.sandbox, customer);
        await phone.write('Quero marcar uma consulta');
        const button = phone.page.getByText('Confirmo', { exact: true }).first();
        await button.waitFor();
        const [waiting] = await waitFor(
          async () => {
            const found = await executions('waiting');
            return found.length === 1 && found;
          },
          { what: 'the execution that waits' },
        );
        return { customer, button, id: waiting?.id };
      }

      beforeAll(async () => {
        const { api, setup } = playground;
        const definition = asking('consulta', {
          message: 'Confirma a consulta de amanhã às 15h?',
          approvalOptions: { values: { approvalType: 'single', approveLabel: 'Confirmo' } },
          text: '={{ "Resposta: " + $json.data?.approved }}',
        });
        setup.workflowIds.asking = await api.createWorkflow(definition);
        await api.publish(setup.workflowIds.asking);
      });

      test('goes on with the answer, once, in a worker', async () => {
        const { customer, button, id } = await asked();
        expect(startsOf(id)).toBe(1);
        await button.click();
        await untilAnswered(customer, 'Resposta: true');
        await untilQuiet(playground, store);
        expect(answers(customer)).toEqual(['Resposta: true']);
        expect((await executions('success')).map((run) => run.id)).toEqual([id]);
        expect(startsOf(id)).toBe(2);
      });

      test('is not lost with its worker, nor is an answer that comes while there is none', async () => {
        const { customer, button, id } = await asked();
        // The welcome is through: the worker has nothing else in hand.
        await untilQuiet(playground, store);
        const [worker] = playground.others;
        await worker?.kill9();
        await worker?.start();
        expect((await executions('waiting')).map((run) => run.id)).toEqual([id]);
        await worker?.kill9();
        await button.click();
        await waitFor(
          async () => {
            const [wait] = await store.rows(
              `select state from waits where execution_id = '${String(id)}'`,
            );
            return wait?.state === 'resumed';
          },
          { what: 'the answer in the queue' },
        );
        expect(answers(customer)).toEqual([]);
        await worker?.start();
        await untilAnswered(customer, 'Resposta: true');
        await untilQuiet(playground, store);
        expect(answers(customer)).toEqual(['Resposta: true']);
        expect((await executions('success')).map((run) => run.id)).toContain(id);
        expect(startsOf(id)).toBe(2);
      });
    });

    test('a run whose end n8n misses is written down all the same', async () => {
      const { sandbox } = playground;
      const flag = path.join(folder.path, 'lose-ends');
      fs.writeFileSync(flag, '');
      const [{ channel, id }] = SOUTH;
      const person = await newWriter(sandbox, channel, id);
      await write(sandbox, person, 'Oi');
      await untilReceived(sandbox, person);
      await untilQuiet(playground, store);
      fs.rmSync(flag);
      expect(playground.readLog()).toContain('A run has ended on its worker, but n8n missed it');
      expect(receivedBy(sandbox, person)).toHaveLength(1);
    });

    test('disconnect stops an account, and what comes for it all the same is dropped', async () => {
      const { sandbox } = playground;
      const [{ channel, id, name }] = SOUTH;
      const { page } = await openAsVisitor(browser, (await makeLink(playground)).url);
      await disconnect(page, name);
      const person = await newWriter(sandbox, channel, id);
      await control(sandbox, 'POST', '/webhooks', { payload: messageTo(id, person.id) });
      await untilQuiet(playground, store);
      expect(receivedBy(sandbox, person)).toEqual([]);
      expect(
        await store.rows(`select 1 from contact_identities where external_id = '${person.id}'`),
      ).toEqual([]);
    });

    test('whoever removes the app at Meta sees it on the page, and the admin in a workflow', async () => {
      const { sandbox, setup } = playground;
      const folder = setup.connectLink.slice(0, setup.connectLink.indexOf('connect#'));
      await control(sandbox, 'PATCH', `/apps/${SEED.appId}`, {
        deauthorizeUrl: `${folder}meta/deauthorize`,
      });
      const { page } = await openAsVisitor(browser, (await makeLink(playground)).url);
      await cardOf(page, SOUTH[1].name).locator('[data-badge="active"]').waitFor();
      const { data } = await control<{ data: CallbackOutcome[] }>(
        sandbox,
        'POST',
        `/apps/${SEED.appId}/callbacks`,
        { user: DOCTOR, kind: 'deauthorize' },
      );
      expect(data.map(({ status }) => status)).toEqual([200]);
      await cardOf(page, SOUTH[1].name).locator('[data-badge="disconnected"]').waitFor();
      await waitFor(async () => (await told()).split('connection.disconnected').length > 2, {
        what: 'both disconnections in the workflow',
      });
    });
  });
}

/** As Meta would tell of a message. */
function messageTo(pageId: string, personId: string): Record<string, unknown> {
  const at = Date.now();
  const message = { mid: `m_late_${personId}`, text: 'Oi' };
  const item = { sender: { id: personId }, recipient: { id: pageId }, timestamp: at, message };
  return { object: 'page', entry: [{ id: pageId, time: at, messaging: [item] }] };
}
