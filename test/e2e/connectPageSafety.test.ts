import fs from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import {
  cardOf,
  choose,
  connectSouth,
  loginWindow,
  makeLink,
  NOBODY,
  openAsVisitor,
  passLogin,
  SOUTH,
} from '../support/connectPage.ts';
import { control } from '../support/customers.ts';
import { signInToEditor } from '../support/editor.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';

let playground: TestPlayground;
let browser: Browser;
let fullLink: string;

beforeAll(async () => {
  playground = await startTestPlayground({ name: 'connect-page-safety' });
  browser = await launchBrowser();
  fullLink = (await makeLink(playground)).url;
});

afterAll(async () => {
  await browser?.close();
  await playground?.remove();
});

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

const test = testWith(() => playground);

/** The folder that the page lives in. */
const folder = () => fullLink.slice(0, fullLink.indexOf('connect#'));

describe('the page', () => {
  test('is painted from its document and its own style, at the first request after a start', async () => {
    await playground.kill9();
    await playground.restart();
    const { page } = await openAsVisitor(browser, fullLink);
    const { painted, bytes } = await page.evaluate(async () => {
      const entry = await new Promise<PerformanceEntry>((resolve) => {
        new PerformanceObserver((list) => {
          const found = list.getEntriesByName('first-contentful-paint')[0];
          if (found) resolve(found);
        }).observe({ type: 'paint', buffered: true });
      });
      const [document, ...rest] = [
        ...performance.getEntriesByType('navigation'),
        ...performance.getEntriesByType('resource'),
      ] as PerformanceResourceTiming[];
      const before = rest.filter(({ responseEnd }) => responseEnd <= entry.startTime);
      const sum = [document, ...before].reduce((all, one) => all + (one?.encodedBodySize ?? 0), 0);
      return { painted: entry.startTime, bytes: sum };
    });
    process.stdout.write(`first paint after ${Math.round(painted)} ms and ${bytes} bytes\n`);
    // A second on a slow mobile connection (400 kbit/s).
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(50_000);
    await page.getByTestId('empty').waitFor();
  });

  test('asks nobody but its own n8n, and keeps nothing in the browser', async () => {
    const { visitor, page } = await openAsVisitor(browser, 'about:blank');
    const hosts = new Set<string>();
    const tokens: string[] = [];
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith('http')) hosts.add(url.host);
      tokens.push(request.url());
    });
    await page.goto(fullLink);
    await connectSouth(page);
    await cardOf(page, '@clinica.sorriso.sul').locator('img').waitFor();
    expect([...hosts]).toEqual([new URL(fullLink).host]);
    const token = fullLink.split('#')[1] ?? '';
    // A browser shows the whole address to its own tools, but sends nothing from # on.
    expect(tokens.map((url) => url.split('#')[0]).join(' ')).not.toContain(token);
    expect(await visitor.cookies()).toEqual([]);
    const refusals = await page.evaluate(() =>
      [() => localStorage, () => document.cookie].map((read) => {
        try {
          read();
          return 'given';
        } catch (error) {
          return (error as Error).name;
        }
      }),
    );
    expect(refusals).toEqual(['SecurityError', 'SecurityError']);
  });

  test('cannot use the session of an admin who is logged in to n8n', async () => {
    const editor = await signInToEditor(await browser.newContext(), playground);
    // n8n binds its session to an id that its own pages keep in the browser's storage.
    const browserId = await editor.evaluate(() => localStorage.getItem('n8n-browserId') ?? '');
    const asAdmin = async (id: string) => {
      const headers: Record<string, string> = id === '' ? {} : { 'browser-id': id };
      const answer = await fetch('/rest/login', { headers }).catch(() => null);
      return answer?.status ?? null;
    };
    expect(await editor.evaluate(asAdmin, browserId)).toBe(200);
    const { url: emptyLink } = await makeLink(playground, { scope: 'instance' });
    const walk = await claimAddress();
    const addresses = [
      fullLink,
      emptyLink,
      walk,
      `${folder()}connect`,
      `${folder()}connect#e.consent_refused`,
      `${folder()}connect#c1.nothing.valid`,
      `${folder()}connect#d.nothing`,
      `${folder()}start/nothing`,
      `${folder()}callback?state=nothing&code=nothing`,
      `${folder()}callback?error=access_denied`,
      `${folder()}deletion/nothing`,
      `${folder()}api/state`,
      `${folder()}api/%3Cimg%20src=x%3E`,
    ];
    for (const address of addresses) {
      const page = await editor.context().newPage();
      const main = await page.goto(address);
      expect([address, main?.headers()['content-security-policy']]).toEqual([
        address,
        expect.stringMatching(/^sandbox (?!.*allow-same-origin)/),
      ]);
      // What is no page may call nobody at all.
      const refusal = address.includes('/api/') ? null : 401;
      expect([address, await page.evaluate(asAdmin, '')]).toEqual([address, refusal]);
      // Not even whoever has learned that id.
      expect([address, await page.evaluate(asAdmin, browserId)]).toEqual([address, refusal]);
      await page.close();
    }
  });
});

/** The address of a window in which a login waits for the choice. */
async function claimAddress(): Promise<string> {
  const { page } = await openAsVisitor(browser, fullLink);
  const popup = await loginWindow(page, () => page.getByTestId('connect-facebook').click());
  await passLogin(popup);
  await popup.getByTestId('choices').waitFor();
  return popup.url();
}

const AXE = fs.readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds on the page that keeps somebody out, as short lines. */
async function barriers(page: Page): Promise<string[]> {
  // In the page's own world, past its policy: as a browser extension would.
  await page.evaluate(AXE);
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
}

interface AxeResults {
  violations: Array<{ id: string; impact: string; nodes: Array<{ html: string }> }>;
}

describe.each(['light', 'dark'] as const)('in %s colours nobody is kept out', (colorScheme) => {
  const open = async (url: string) =>
    (await openAsVisitor(browser, url, { colorScheme, locale: 'pt-BR' })).page;

  test('of the full page, its dialog and its notices', async () => {
    const page = await open(fullLink);
    await page.getByTestId('card').first().waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByTestId('disconnect').first().click();
    await page.getByTestId('disconnect-dialog').waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByTestId('check').first().click();
    await page.getByTestId('said').getByText('funciona').waitFor();
    expect(await barriers(page)).toEqual([]);
  });

  test('of the page of a tenant who has nothing yet', async () => {
    for (const scope of ['connect', 'admin'] as const) {
      const { url } = await makeLink(playground, { scope, tenant: `new-${colorScheme}` });
      const page = await open(url);
      await page.getByTestId('empty').waitFor();
      expect(await page.getByTestId('card').count()).toBe(0);
      if (scope === 'admin') await page.getByTestId('link').first().waitFor();
      expect(await barriers(page)).toEqual([]);
    }
  });

  test('of its waiting and blocked states', async () => {
    const { url } = await makeLink(playground, { scope: 'connect' });
    const page = await open(url);
    await page.getByTestId('card').first().waitFor();
    await page.evaluate(() => {
      window.open = () => null;
    });
    await page.getByTestId('connect-facebook').click();
    await page.getByTestId('plain-link').waitFor();
    expect(await barriers(page)).toEqual([]);
  });

  test('of the pages of an admin and of every tenant', async () => {
    for (const scope of ['admin', 'instance'] as const) {
      const page = await open((await makeLink(playground, { scope })).url);
      await page.getByTestId('link').first().waitFor();
      expect(await barriers(page)).toEqual([]);
    }
  });

  test('of the window with the choice, and of its end', async () => {
    const page = await open(fullLink);
    const popup = await loginWindow(page, () => page.getByTestId('connect-facebook').click());
    await passLogin(popup);
    await popup.getByTestId('choices').waitFor();
    expect(await barriers(popup)).toEqual([]);
    await popup.evaluate(() => {
      window.close = () => undefined;
    });
    await choose(popup, [`messenger:${SOUTH[0].id}`]);
    await popup.getByTestId('done').waitFor();
    expect(await barriers(popup)).toEqual([]);
  });

  test('of the errors', async () => {
    for (const hash of ['c1.nothing.valid', 'e.consent_refused', 'd.nothing', '']) {
      const page = await open(`${folder()}connect#${hash}`);
      await page.getByTestId('failure').waitFor();
      expect(await barriers(page)).toEqual([]);
    }
  });
});

describe('what goes wrong has a message of its own and a way on', () => {
  const failureOf = async (page: Page): Promise<string | null> => {
    const notice = page.getByTestId('failure');
    await notice.waitFor();
    return await notice.getAttribute('data-code');
  };
  const openWindow = async (): Promise<[Page, Page]> => {
    const { page } = await openAsVisitor(browser, (await makeLink(playground)).url);
    const popup = await loginWindow(page, () => page.getByTestId('connect-facebook').click());
    return [page, popup];
  };

  test('a refused consent: the person can begin again in either window', async () => {
    const [page, popup] = await openWindow();
    await popup.getByTestId('login-cancel').click();
    expect(await failureOf(popup)).toBe('consent_refused');
    expect(await failureOf(page)).toBe('consent_refused');
    await popup.getByTestId('login-again').click();
    await popup.getByTestId('login-person').first().waitFor();
    await page.getByTestId('attempt-again').click();
    await page.getByTestId('failure').waitFor({ state: 'detached' });
  });

  test('a closed window', async () => {
    const [page, popup] = await openWindow();
    await popup.getByTestId('login-person').first().waitFor();
    await popup.close();
    expect(await failureOf(page)).toBe('popup_closed');
    await page.getByTestId('attempt-again').click();
    const again = await loginWindow(page, () => page.getByTestId('connect-facebook').click());
    await again.getByTestId('login-person').first().waitFor();
  });

  test('no account found', async () => {
    const [page, popup] = await openWindow();
    await passLogin(popup, { person: NOBODY });
    expect(await failureOf(popup)).toBe('no_account_found');
    expect(await failureOf(page)).toBe('no_account_found');
  });

  test('a permission that was left out, by name', async () => {
    const { page } = await openAsVisitor(browser, (await makeLink(playground)).url);
    await control(playground.sandbox, 'POST', '/users/10200300400500600/withdraw', {});
    const popup = await loginWindow(page, () => page.getByTestId('connect-facebook').click());
    await passLogin(popup, { decline: ['pages_messaging', 'instagram_manage_messages'] });
    expect(await failureOf(popup)).toBe('permission_missing');
    expect(await popup.getByTestId('failure').innerText()).toContain('pages_messaging');
  });

  test('a provider that does not answer', async () => {
    const [page, popup] = await openWindow();
    await control(playground.sandbox, 'POST', '/faults', {
      kind: 'failBefore',
      route: 'token',
      error: { code: 2, status: 503, isTransient: true },
    });
    await passLogin(popup);
    expect(await failureOf(popup)).toBe('provider_down');
    expect(await failureOf(page)).toBe('provider_down');
    await control(playground.sandbox, 'DELETE', '/faults');
  });

  test('a provider that does not answer when the choice is made: it is asked for again', async () => {
    const [, popup] = await openWindow();
    await passLogin(popup);
    await popup.getByTestId('choices').waitFor();
    await control(playground.sandbox, 'POST', '/faults', { kind: 'failBefore', route: 'token' });
    await choose(popup, [`messenger:${SOUTH[0].id}`]);
    expect(await failureOf(popup)).toBe('provider_down');
    await popup.getByTestId('failure').getByRole('button').first().click();
    await choose(popup, [`messenger:${SOUTH[0].id}`]);
    await popup.getByTestId('done').waitFor();
  });

  test('a tampered, an expired and a withdrawn link; a login that was used', async () => {
    const { page } = await openAsVisitor(browser, `${fullLink.slice(0, -3)}AAA`);
    expect(await failureOf(page)).toBe('link_invalid');
    const [, popup] = await openWindow();
    await passLogin(popup);
    await popup.getByTestId('choices').waitFor();
    const dialogs = await control<{ data: Array<{ returnedTo?: string }> }>(
      playground.sandbox,
      'GET',
      '/dialogs?outcome=granted',
    );
    const { page: replay } = await openAsVisitor(browser, dialogs.data.at(-1)?.returnedTo ?? '');
    expect(await failureOf(replay)).toBe('login_used');
  });

  test('each of them says something else, in both languages', async () => {
    const codes = [
      ...['link_invalid', 'link_expired', 'link_revoked', 'consent_refused', 'login_expired'],
      ...['login_used', 'login_invalid', 'no_account_found', 'permission_missing', 'provider_down'],
    ];
    for (const locale of ['pt-BR', 'en-US']) {
      const { page } = await openAsVisitor(browser, `${folder()}connect`, { locale });
      const texts = new Set<string>();
      for (const code of codes) {
        await page.goto(`${folder()}connect#e.${code}`);
        await page.locator(`[data-code="${code}"]`).waitFor();
        texts.add(await page.getByTestId('failure').innerText());
      }
      expect(texts.size).toBe(codes.length);
      expect([...texts].filter((text) => text.includes('went wrong'))).toEqual([]);
    }
  });

  test('the page that was unpublished, and comes back', async () => {
    const { api, setup } = playground;
    const { page } = await openAsVisitor(browser, fullLink);
    await page.getByTestId('card').first().waitFor();
    const id = setup.workflowIds['connect-page'] ?? '';
    await api.unpublish(id);
    await page.getByTestId('check').first().click();
    await page.locator('[data-code="page_closed"]').first().waitFor();
    await api.publish(id);
    await page.reload();
    await page.getByTestId('card').first().waitFor();
  });
});
