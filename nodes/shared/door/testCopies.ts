import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import type { ProviderId } from '../../../core/model/channels';
import type { Host } from '../../../core/model/host';
import type { EventItem } from '../../../core/model/item';
import type { App } from '../../../core/runtime';
import { readTriggerSettings } from '../channelTrigger';
import { toExecutionData, withFiles } from '../eventData';
import { sentenceOf } from '../errors';
import { core } from '../loadCore';
import { openApp } from '../openApp';
import { answer, header, rawBodyOf } from './answer';

/** n8n ends a test after two minutes; the listener must still be there then, to tell a test from an unpublish. */
export const TEST_LISTENER_MS = 130 * 1000;
const HEADER = 'x-omnichannel-test-copy';
const COPY_TIMEOUT_MS = 3_000;
/** A copy is made the moment it is sent; both ends are this n8n. */
const MAX_AGE_MS = 60_000;

/**
 * Copies stored events to the editors that wait for a test event. Nobody waits for it and nothing depends on it:
 * production has the events already. Never rejects.
 */
export async function copyToTestListeners(
  app: App,
  tenantId: string,
  provider: ProviderId,
  items: EventItem[],
): Promise<void> {
  try {
    if (items.length === 0) return;
    const listeners = await core.accounts.activeTestListeners(app, tenantId, provider);
    const body = JSON.stringify({ items });
    await Promise.all(listeners.map(({ url }) => deliver(app, url, body)));
  } catch (error) {
    app.logger.debug(`A test listener got no copy. ${sentenceOf(error)}`);
  }
}

/** On this machine first: the public address may not be reachable from inside. */
async function deliver(app: App, url: string, body: string): Promise<void> {
  const signature = signCopy(app.host, body, Date.now());
  for (const target of [localAddress(app.host, url), url]) {
    try {
      const { status } = await app.http.request({
        method: 'POST',
        url: target,
        headers: { 'content-type': 'application/json', [HEADER]: signature },
        body,
        guard: 'trusted',
        timeoutMs: COPY_TIMEOUT_MS,
      });
      if (status < 300) return;
    } catch (error) {
      app.logger.debug(`A test listener was not reached. ${sentenceOf(error)}`);
    }
  }
}

/** The test URL as this machine reaches it: n8n serves `webhook-test` from its root, whatever stands in front. */
export function localAddress(host: Pick<Host, 'localUrl' | 'publicUrl'>, url: string): string {
  const [base] = [host.publicUrl, new URL(url).origin].filter((start) => url.startsWith(start));
  return host.localUrl + url.slice(base?.length ?? 0);
}

/** `t=<epoch ms>,v1=<hex>`: HMAC-SHA256 over time and body with a key that only this n8n can derive. */
export function signCopy(host: Pick<Host, 'encryptionKey'>, body: string, at: number): string {
  const key = hkdfSync(
    'sha256',
    host.encryptionKey.secret,
    'n8n-nodes-omnichannel',
    'test-copies',
    32,
  );
  const digest = createHmac('sha256', Buffer.from(key)).update(`${at}.${body}`).digest('hex');
  return `t=${at},v1=${digest}`;
}

function isOwnCopy(host: Host, body: string, given: string | undefined): boolean {
  const at = Number(/^t=(\d{1,16}),/.exec(given ?? '')?.[1]);
  if (!given || !(Math.abs(Date.now() - at) <= MAX_AGE_MS)) return false;
  const expected = Buffer.from(signCopy(host, body, at));
  const actual = Buffer.from(given);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

/** The test URL: takes copies of the production door alone and hands them to the editor; stores nothing. */
export async function receiveTestCopy(
  context: IWebhookFunctions,
  provider: ProviderId,
): Promise<IWebhookResponseData> {
  const body = (await rawBodyOf(context)).toString('utf8');
  const { store, filter, collect, downloadsFiles } = readTriggerSettings(context, provider);
  const app = await openApp(context, store);
  if (!isOwnCopy(app.host, body, header(context, HEADER))) {
    return answer(
      context,
      401,
      'This address only serves tests in the editor. Give Meta the production address.',
    );
  }
  const { items } = JSON.parse(body) as { items: EventItem[] };
  const matching = items.filter((item) => core.events.matchesFilter(item, filter));
  // As the consumer does it in production, so that a test shows an item of the same shape.
  const wanted = collect
    ? matching.map((item) => (item.message ? core.events.joinMessages([item]) : item))
    : matching;
  const answered = answer(context, 200, 'OK');
  // Without workflow data n8n keeps the test registration and goes on waiting.
  if (wanted.length === 0) return answered;
  const data = downloadsFiles ? await withFiles(context, app, wanted) : wanted.map(toExecutionData);
  return { ...answered, workflowData: [data] };
}
