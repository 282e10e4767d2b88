import type { Browser } from 'playwright-core';
import { readBundledWorkflow } from '../../playground/workflows.ts';
import { takeWebhookPictures } from '../pictures/webhooks.ts';
import { launchBrowser } from '../support/browser.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';
import { waitFor } from '../support/waitFor.ts';
import {
  ALLOW_OWN_ADDRESS,
  isUnderWay,
  setUpWebhookWorkflows,
  untilDealArrived,
  type WebhookWorkflows,
} from '../support/webhookWorkflows.ts';

let playground: TestPlayground;
let browser: Browser;
let workflows: WebhookWorkflows;

beforeAll(async () => {
  playground = await startTestPlayground({ name: 'webhooks', env: ALLOW_OWN_ADDRESS });
  browser = await launchBrowser();
  workflows = await setUpWebhookWorkflows(playground);
});

afterAll(async () => {
  await browser?.close();
  await playground?.remove();
});

const test = testWith(() => playground);

describe('a deal that moves in one workflow', () => {
  test('starts another one through a signed webhook, once, and the log shows it', async () => {
    await workflows.moveDeal('4711', 'won');
    const { status, text } = await untilDealArrived(playground, workflows, '4711');
    expect(status).toBe('success');
    expect(text).toContain('webhook.received');
    expect(text).toContain('deal.moved');

    const attempts = await waitFor(
      async () => {
        const log = await workflows.readLog();
        return log.length > 0 && log;
      },
      { what: 'the attempt in the log' },
    );
    expect(attempts).toMatchObject([
      { event: 'deal.moved', status: 'success', httpStatus: 200, attempt: 1, trigger: 'auto' },
    ]);
    const runs = await playground.api.listExecutions(workflows.ids.receive);
    expect(runs).toHaveLength(1);
  });

  test('starts it once as well when the delivery is replayed', async () => {
    const before = await playground.api.listExecutions(workflows.ids.receive);
    const [attempt] = await workflows.readLog();
    await workflows.replay(String(attempt?.deliveryId));
    const replayed = await waitFor(
      async () => (await workflows.readLog()).find((attempt) => attempt.trigger === 'manual'),
      { what: 'the replay in the log' },
    );
    expect(replayed).toMatchObject({ status: 'success', httpStatus: 200, attempt: 2 });
    // What comes after it has been handled, and the replay had nothing started before.
    await workflows.moveDeal('4712', 'lost');
    await untilDealArrived(playground, workflows, '4712');
    const after = await playground.api.listExecutions(workflows.ids.receive);
    expect(after.length).toBe(before.length + 1);
  });

  test('starts nothing when a stranger tells of it', async () => {
    const before = await playground.api.listExecutions(workflows.ids.receive);
    const signatures: Array<Record<string, string>> = [
      {},
      { 'webhook-id': 'msg_1', 'webhook-timestamp': '1', 'webhook-signature': 'v1,AAAA' },
    ];
    const answers = await Promise.all(
      signatures.map((headers) =>
        fetch(workflows.doorUrl, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify({ event: 'deal.moved', data: { dealId: 'forged' } }),
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    // What was accepted afterwards has been handled: nothing of the forged calls came before it.
    await workflows.moveDeal('4713', 'won');
    await untilDealArrived(playground, workflows, '4713');
    const after = await playground.api.listExecutions(workflows.ids.receive, true);
    expect(after.length).toBe(before.length + 1);
    expect(JSON.stringify(after)).not.toContain('forged');
  });

  test('says that the credential works, and that a short secret does not', async () => {
    const { api } = playground;
    expect(await api.testCredential(workflows.credentialId)).toMatchObject({ status: 'OK' });
    const weak = await api.createCredential('Weak', 'signedWebhookApi', {
      secret: 'short',
      previousSecret: '',
    });
    expect(await api.testCredential(weak)).toMatchObject({ status: 'Error' });
  });

  test('raises the bundled alert, in words, when a receiver does not take it', async () => {
    const { api } = playground;
    const id = await api.createWorkflow(readBundledWorkflow('webhook-alerts'));
    await api.publish(id);
    await workflows.subscribeTo('Loja', `${playground.n8n.baseUrl}/webhook/nobody-is-here`);
    await workflows.moveDeal('4714', 'won');
    const alert = await waitFor(
      async () => (await api.listExecutions(id, true)).find(({ status }) => !isUnderWay(status)),
      { what: 'the alert' },
    );
    expect(alert.status).toBe('error');
    const text = JSON.stringify(alert.data);
    expect(text).toContain('não recebeu o evento deal.moved: desistimos (tentativas: 1).');
    expect(text).toContain('Último erro: The receiver answered 404.');
  });

  test('is shown in the editor: the received call, and the log of what was delivered', async () => {
    await takeWebhookPictures(browser, playground, workflows);
  });
});
