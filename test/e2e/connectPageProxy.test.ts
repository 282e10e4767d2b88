import type { Browser, Page } from 'playwright-core';
import { findFreePort } from '../../playground/ports.ts';
import { SEED } from '../../sandbox/seed.ts';
import type { CallbackOutcome } from '../../sandbox/login/signedRequest.ts';
import { launchBrowser } from '../support/browser.ts';
import {
  cardNames,
  cardOf,
  connectSouth,
  disconnect,
  DOCTOR,
  makeLink,
  newWriter,
  openAsVisitor,
  SOUTH,
} from '../support/connectPage.ts';
import { control, untilReceived, write } from '../support/customers.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';
import { startReverseProxy, type ReverseProxy } from '../support/reverseProxy.ts';
import { waitFor } from '../support/waitFor.ts';

const HOST = 'connect.clinic.test';
/** The proxy's certificate is that of a test. */
const UNKNOWN_AUTHORITY = { ignoreHTTPSErrors: true };

let proxy: ReverseProxy;
let playground: TestPlayground;
let browser: Browser;
/** The folder of the page, as the world sees it. */
let folder: string;

beforeAll(async () => {
  const port = await findFreePort();
  proxy = await startReverseProxy({ host: HOST, port, prefix: '/automation/' });
  playground = await startTestPlayground({
    name: 'connect-page-proxy',
    port,
    env: { N8N_WEBHOOK_URL: proxy.publicUrl, N8N_PROXY_HOPS: '1' },
  });
  const { n8n, sandbox, setup } = playground;
  browser = await launchBrowser([HOST]);
  folder = setup.connectLink.slice(0, setup.connectLink.indexOf('connect#'));
  // What an admin registers at Meta.
  await control(sandbox, 'PATCH', `/apps/${SEED.appId}`, {
    redirectUris: [`${folder}callback`],
    deauthorizeUrl: `${folder}meta/deauthorize`,
    dataDeletionUrl: `${folder}meta/data-deletion`,
  });
  await control(sandbox, 'POST', '/subscriptions', {
    callbackUrl: setup.doorUrl.replace(`${n8n.baseUrl}/`, proxy.publicUrl),
    verifyToken: SEED.verifyToken,
  });
});

afterAll(async () => {
  await browser?.close();
  await playground?.remove();
  await proxy?.close();
});

afterEach(async () => {
  proxy.holdsStreams = false;
  for (const context of browser.contexts()) await context.close();
});

const test = testWith(() => playground);

/** The page by a new link, with all addresses that its browser asks for. */
async function openPage(): Promise<{ page: Page; asked: Set<string> }> {
  const { url } = await makeLink(playground);
  const { visitor, page } = await openAsVisitor(browser, 'about:blank', UNKNOWN_AUTHORITY);
  const asked = new Set<string>();
  visitor.on('request', (request) => {
    if (request.url().startsWith('http')) asked.add(new URL(request.url()).origin);
  });
  await page.goto(url);
  return { page, asked };
}

const streams = () => proxy.calls.filter((call) => /^GET .*\/api\/events$/.test(call)).length;
const polls = () => proxy.calls.filter((call) => /^GET .*\/api\/state$/.test(call)).length;

describe('behind a reverse proxy with another host and path', () => {
  test('a link leads to the public address, and a customer connects there', async () => {
    expect((await makeLink(playground)).url).toMatch(
      new RegExp(`^https://${HOST}:\\d+/automation/webhook/[^/]+/connect#.+`),
    );
    const { page, asked } = await openPage();
    await page.getByTestId('empty').waitFor();
    await connectSouth(page);
    await cardOf(page, SOUTH[1].name).locator('img').waitFor();
    // The page through the proxy, the login at Meta, and nobody else: n8n's own address least of all.
    expect([...asked].sort()).toEqual(
      [new URL(proxy.publicUrl).origin, new URL(playground.sandbox.url).origin].sort(),
    );
    expect(proxy.calls.some((call) => call.includes('/callback?'))).toBe(true);
    expect(streams()).toBeGreaterThan(0);
  });

  test('messages to the account come in, and are answered', async () => {
    const { sandbox } = playground;
    const [{ channel, id }] = SOUTH;
    const person = await newWriter(sandbox, channel, id);
    await write(sandbox, person, 'Oi');
    expect(await untilReceived(sandbox, person)).toHaveLength(1);
    expect(proxy.calls).toContainEqual(expect.stringMatching(/^POST .*\/meta$/));
  });

  test('a page whose stream the proxy holds back asks by itself', async () => {
    proxy.holdsStreams = true;
    const earlier = polls();
    const { page } = await openPage();
    await page.getByTestId('card').nth(1).waitFor();
    // The first is its glance, the second comes once it has given the stream up.
    await waitFor(() => polls() > earlier + 1, { what: 'a page that asks by itself' });
    proxy.holdsStreams = false;
    const { page: other } = await openPage();
    await disconnect(other, SOUTH[1].name);
    await cardOf(page, SOUTH[1].name).locator('[data-badge="disconnected"]').waitFor();
    const before = polls();
    await waitFor(() => polls() > before + 1, { what: 'polls of the page' });
  });

  test("Meta's callbacks come in, and lead the person to a page at the public address", async () => {
    const { page } = await openPage();
    await cardOf(page, SOUTH[0].name).locator('[data-badge="active"]').waitFor();
    const { data } = await control<{ data: CallbackOutcome[] }>(
      playground.sandbox,
      'POST',
      `/apps/${SEED.appId}/callbacks`,
      { user: DOCTOR },
    );
    expect(data.map(({ status }) => status)).toEqual([200, 200]);
    await cardOf(page, SOUTH[0].name).locator('[data-badge="disconnected"]').waitFor();
    expect((await cardNames(page)).sort()).toEqual(SOUTH.map(({ name }) => name).sort());
    const deletion = data.find(({ kind }) => kind === 'dataDeletion');
    const { url } = JSON.parse(deletion?.answer ?? '{}') as { url: string };
    expect(url.startsWith(folder)).toBe(true);
    const { page: status } = await openAsVisitor(browser, url, UNKNOWN_AUTHORITY);
    await status.getByTestId('deletion').waitFor();
    expect(status.url().startsWith(`${folder}connect#d.`)).toBe(true);
  });
});
