import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { launchBrowser } from '../support/browser.ts';
import { passLoginDialog, refuseLoginDialog } from '../support/loginDialog.ts';
import { Harness } from './support/harness.ts';
import { dialogParams, instagramDialogParams } from './support/login.ts';
import type { DialogRequest } from '../../sandbox/loginModel.ts';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

let browser: Browser;
let harness: Harness;
/** The app's own page, to which the dialog sends the browser back. */
let app: http.Server;
let redirectUri: string;
let troubles: string[];
beforeAll(async () => {
  browser = await launchBrowser();
  app = http.createServer((_request, response) => response.end('<title>back</title>'));
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  redirectUri = `http://localhost:${(app.address() as AddressInfo).port}/callback`;
});
afterAll(async () => {
  await browser.close();
  app.closeAllConnections();
  await new Promise((resolve) => app.close(resolve));
});
beforeEach(async () => {
  harness = await Harness.start();
  troubles = [];
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await harness.close();
  expect(troubles).toEqual([]);
});

async function open(
  path: string,
  params: Record<string, string>,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ locale: 'pt-BR', ...options });
  const page = await context.newPage();
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (entry) => {
    if (entry.type() === 'error') troubles.push(entry.text());
  });
  const query = new URLSearchParams({ ...params, redirect_uri: redirectUri }).toString();
  await page.goto(`${harness.sandbox.url}${path}?${query}`);
  return page;
}

async function lastDialog(): Promise<DialogRequest | undefined> {
  return (await harness.control<{ data: DialogRequest[] }>('GET', '/dialogs')).data.at(-1);
}

test('a person logs in, unticks a Page and a permission, and comes back with a code', async () => {
  const page = await open('/v25.0/dialog/oauth', dialogParams(harness.sandbox));
  const social = harness.seed.pages.find(({ name }) => /Solidário/.test(name));
  await passLoginDialog(page, {
    person: 'Dra. Helena Prado',
    decline: ['instagram_basic'],
    withoutPages: [social?.id ?? ''],
  });

  await page.waitForURL(/callback\?code=/);
  expect(await lastDialog()).toMatchObject({
    redirectUri,
    outcome: 'granted',
    declined: ['instagram_basic'],
    pageIds: harness.seed.pages.filter(({ name }) => !/Solidário/.test(name)).map(({ id }) => id),
  });
});

test('the second time it tells what was allowed, and lets the person edit it', async () => {
  const params = dialogParams(harness.sandbox);
  const first = await open('/v25.0/dialog/oauth', params);
  await passLoginDialog(first, { decline: ['instagram_basic'] });
  await first.waitForURL(/callback/);

  const second = await open('/v25.0/dialog/oauth', params);
  await second.getByTestId('login-person').first().click();
  await second.getByText('Você já conectou este aplicativo').waitFor();
  expect(await second.getByRole('checkbox').count()).toBe(0);
  await second.getByTestId('login-edit').click();
  await second.getByRole('checkbox', { name: /instagram_basic/ }).check();
  await second.getByTestId('login-continue').click();
  await second.waitForURL(/callback/);
  expect((await lastDialog())?.declined).toEqual([]);
});

test('somebody else can log in instead, and cancelling says so', async () => {
  const page = await open('/v25.0/dialog/oauth', dialogParams(harness.sandbox));
  await page.getByTestId('login-person').first().click();
  await page.getByTestId('login-switch').click();
  await page.getByTestId('login-person').filter({ hasText: 'Carla Nunes' }).click();
  await page.getByTestId('login-no-pages').waitFor();
  await refuseLoginDialog(page);

  await page.waitForURL(/error=access_denied&error_code=200.*error_reason=user_denied/);
});

test('an Instagram account logs in without any Page', async () => {
  const page = await open('/instagram/oauth/authorize', instagramDialogParams(harness.sandbox));
  await page.getByTestId('login-person').filter({ hasText: 'dra.helena.prado' }).click();
  expect(await page.getByTestId('login-page').count()).toBe(0);
  await page.getByTestId('login-continue').click();

  await page.waitForURL(/callback\?code=.*#_$/);
  expect(await lastDialog()).toMatchObject({
    login: 'instagram',
    accountId: harness.seed.instagramLogin.account.id,
  });
});

test('it fits a popup and a phone, in the language of the browser', async () => {
  const options = { viewport: { width: 320, height: 640 }, locale: 'en-US' };
  const params = { ...dialogParams(harness.sandbox), display: 'popup' };
  const page = await open('/v25.0/dialog/oauth', params, options);
  await page.getByTestId('login-person').first().click();
  await page.getByText('Untick what the app should not do.').waitFor();
  const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
  expect(await page.getByTestId('login-continue').isVisible()).toBe(true);
});

test('texts of the app are shown, never run', async () => {
  const name = '<img src=x onerror=alert(1)>';
  const { id } = await harness.control<{ id: string }>('POST', '/apps', { name });
  const params = { ...dialogParams(harness.sandbox), client_id: id };
  const page = await open('/v25.0/dialog/oauth', params);
  await page.getByText(name).waitFor();
  expect(await page.locator('img[src="x"]').count()).toBe(0);
});
