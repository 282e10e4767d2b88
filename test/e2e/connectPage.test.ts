import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import {
  cardNames,
  cardOf,
  choose,
  disconnect,
  DOCTOR_INSTAGRAM,
  loginWindow,
  makeLink,
  newWriter,
  openAsVisitor,
  passLogin,
  SOUTH,
  untilSaid,
} from '../support/connectPage.ts';
import { control, receivedBy, untilAnswered, untilReceived, write } from '../support/customers.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';
import { untilQuiet } from '../support/quiet.ts';
import { countRows, readEmbeddedStore } from '../support/storeReader.ts';
import { waitFor } from '../support/waitFor.ts';

const SOCIAL_PAGE = '100200300400502';
const SOUTH_NAMES = SOUTH.map(({ name }) => name);

let playground: TestPlayground;
let browser: Browser;

beforeAll(async () => {
  playground = await startTestPlayground({ name: 'connect-page' });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await playground?.remove();
});

const test = testWith(() => playground);

async function visitors(): Promise<void> {
  for (const context of browser.contexts()) await context.close();
}
afterEach(visitors);

async function openLink(
  options: Parameters<typeof openAsVisitor>[2] = {},
): Promise<{ visitor: BrowserContext; page: Page }> {
  const { url } = await makeLink(playground);
  return await openAsVisitor(browser, url, options);
}

describe('a customer with a link', () => {
  test('connects two accounts through the window, which closes by itself', async () => {
    const { page } = await openLink();
    await page.getByTestId('empty').waitFor();
    const popup = await loginWindow(page, () => page.getByTestId('connect-facebook').click());
    expect(await popup.evaluate(() => [innerWidth, innerHeight])).toEqual([600, 700]);
    await page.getByTestId('waiting').waitFor();
    const closed = popup.waitForEvent('close');
    await passLogin(popup);
    await choose(
      popup,
      SOUTH.map(({ channel, id }) => `${channel}:${id}`),
    );
    await closed;

    await page.getByTestId('card').nth(1).waitFor();
    expect((await cardNames(page)).sort()).toEqual([...SOUTH_NAMES].sort());
    expect(await page.getByTestId('badge').allInnerTexts()).toEqual(['Active', 'Active']);
    await untilSaid(page, 'Connected: ');
    await cardOf(page, '@clinica.sorriso.sul').locator('img').waitFor();
  });

  test('finds them answered by the welcome, and the admin both in a workflow', async () => {
    const { sandbox, api, setup } = playground;
    for (const { channel, id } of SOUTH) {
      const person = await newWriter(sandbox, channel, id);
      await write(sandbox, person, 'Oi');
      await untilReceived(sandbox, person);
      await untilQuiet(playground);
      expect(receivedBy(sandbox, person)).toHaveLength(1);
    }
    const runs = await api.listExecutions(setup.workflowIds['connect-page'] ?? '', true);
    const told = JSON.stringify(runs);
    expect(told).toContain('connection.connected');
    for (const name of SOUTH_NAMES) expect(told).toContain(name);
  });

  test('connects when windows are blocked, through a plain link', async () => {
    const { visitor, page } = await openLink({ locale: 'pt-BR' });
    await page.evaluate(() => {
      window.open = () => null;
    });
    await page.getByTestId('connect-instagram').click();
    const link = page.getByTestId('plain-link');
    await link.waitFor();
    const [tab] = await Promise.all([visitor.waitForEvent('page'), link.click()]);
    await passLogin(tab, { person: DOCTOR_INSTAGRAM });
    await tab.getByTestId('done').waitFor();
    await untilSaid(page, 'Conectado: @dra.helena.prado');
    await page.getByTestId('card-name').getByText('@dra.helena.prado').waitFor();
  });

  test('connects on a phone, and nothing is wider than its screen', async () => {
    const { visitor, page } = await openLink({
      viewport: { width: 360, height: 740 },
      isMobile: true,
      hasTouch: true,
    });
    const isTooWide = () => document.documentElement.scrollWidth > innerWidth;
    const [tab] = await Promise.all([
      visitor.waitForEvent('page'),
      page.getByTestId('connect-facebook').tap(),
    ]);
    await passLogin(tab);
    await tab.getByTestId('choices').waitFor();
    expect(await tab.evaluate(isTooWide)).toBe(false);
    await choose(tab, [`messenger:${SOCIAL_PAGE}`]);
    await untilSaid(page, 'Sorriso Solidário');
    await page.getByTestId('card-name').getByText('Sorriso Solidário').waitFor();
    expect(await page.evaluate(isTooWide)).toBe(false);
    const targets = await page.locator('main button:visible, main a:visible').all();
    for (const target of targets) {
      expect((await target.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    }
  });

  test('connects and disconnects by keyboard alone', async () => {
    const { page } = await openLink();
    await page.getByTestId('connect-facebook').waitFor();
    await tabTo(page, 'connect-facebook');
    const popup = await loginWindow(page, () => page.keyboard.press('Enter'));
    await popup.locator('[data-testid="login-person"]').first().focus();
    await popup.keyboard.press('Enter');
    await popup.getByTestId('login-continue').waitFor();
    await tabTo(popup, 'login-continue');
    await popup.keyboard.press('Enter');
    await popup.getByTestId('choices').waitFor();
    const others = popup.locator('[data-testid^="choice-"]:checked');
    while ((await others.count()) > 0) {
      const id = (await others.first().getAttribute('data-testid')) ?? '';
      await tabTo(popup, id);
      await popup.keyboard.press('Space');
    }
    await tabTo(popup, `choice-messenger:${SOCIAL_PAGE}`);
    await popup.keyboard.press('Space');
    await popup.keyboard.press('Enter');
    await popup.waitForEvent('close');
    await page.getByTestId('said').getByText('Sorriso Solidário').waitFor();

    const card = cardOf(page, 'Sorriso Solidário');
    await card.getByTestId('disconnect').focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('disconnect-dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('disconnect-dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await tabTo(page, 'disconnect-confirm');
    await page.keyboard.press('Enter');
    await card.locator('[data-badge="disconnected"]').waitFor();
  });

  test('disconnects both, and neither is answered or recorded any more', async () => {
    const { sandbox, api, setup, dataDir } = playground;
    const { page } = await openLink();
    for (const name of SOUTH_NAMES) await disconnect(page, name);
    await waitFor(
      async () => {
        const runs = await api.listExecutions(setup.workflowIds['connect-page'] ?? '', true);
        return JSON.stringify(runs).split('connection.disconnected').length > 2;
      },
      { what: 'both disconnections in the workflow' },
    );
    await untilQuiet(playground);
    const store = readEmbeddedStore(dataDir);
    const [rows, dropped, runs] = [await countRows(store), await droppedCalls(), await allRuns()];
    let posted = 0;
    for (const { channel, id } of SOUTH) {
      const person = await newWriter(sandbox, channel, id);
      // Meta tells nobody any more; and whoever told the door all the same would start nothing.
      await expect(write(sandbox, person, 'Oi')).rejects.toThrow('is not subscribed');
      const answers = await postSigned(channel, id, person.id);
      expect([...new Set(answers)]).toEqual([200]);
      posted += answers.length;
      await untilQuiet(playground);
      expect(receivedBy(sandbox, person)).toEqual([]);
    }
    expect(await droppedCalls()).toBe(dropped + posted);
    expect(await countRows(store)).toEqual(rows);
    expect(await allRuns()).toBe(runs);
  });
});

/** Signed events that the doors dropped because nobody has their account connected. */
async function droppedCalls(): Promise<number> {
  const store = readEmbeddedStore(playground.dataDir);
  const [row] = await store.rows('select sum(unknown_calls) as n from doors');
  return Number(row?.n);
}

async function allRuns(): Promise<number> {
  const { api, setup } = playground;
  const runs = await Promise.all(
    ['inbound-channels', 'welcome-new-lead', 'connect-page'].map((name) =>
      api.listExecutions(setup.workflowIds[name] ?? ''),
    ),
  );
  // A link that is made runs a workflow, too: none is made between two counts.
  return runs.flat().length;
}

/**
 * A call of the door that is signed as Meta's are, about a message that the sandbox does not deliver.
 * @returns the door's answers
 */
async function postSigned(
  channel: 'instagram' | 'messenger',
  accountId: string,
  personId: string,
): Promise<Array<number | null>> {
  const at = Date.now();
  const message = { mid: `m_late_${personId}`, text: 'Oi' };
  const item = { sender: { id: personId }, recipient: { id: accountId }, timestamp: at, message };
  const payload = {
    object: channel === 'instagram' ? 'instagram' : 'page',
    entry: [{ id: accountId, time: at, messaging: [item] }],
  };
  const { sandbox } = playground;
  const sent = await control<{ deliveryIds: string[] }>(sandbox, 'POST', '/webhooks', { payload });
  return await untilAnswered(sandbox, sent.deliveryIds[0] ?? '');
}

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, testId: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    const present = await page.evaluate(() => document.activeElement?.getAttribute('data-testid'));
    if (present === testId) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reaches ${testId}.`);
}
