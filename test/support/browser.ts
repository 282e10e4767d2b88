import fs from 'node:fs';
import chromiumForServers from '@sparticuz/chromium';
import { chromium, type Browser } from 'playwright-core';
import { PATIENCE_MS } from './waitFor.ts';

/** Where the systems' own packages put a Chromium. */
const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** No sandbox: tests run as root in containers. Nothing that calls home. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/**
 * Starts a real, headless Chromium: the one named in OMNICHANNEL_TEST_BROWSER, an installed one, or
 * the one that came with the development dependencies.
 * @param hosts names that lead to this machine, though no name server knows them
 */
export async function launchBrowser(hosts: readonly string[] = []): Promise<Browser> {
  const wanted = process.env.OMNICHANNEL_TEST_BROWSER;
  const executablePath =
    wanted ??
    INSTALLED.find((file) => fs.existsSync(file)) ??
    (await chromiumForServers.executablePath());
  const rules = hosts.map((host) => `MAP ${host} 127.0.0.1`).join(', ');
  const args = hosts.length > 0 ? [...ARGUMENTS, `--host-resolver-rules=${rules}`] : ARGUMENTS;
  const browser = await chromium.launch({ executablePath, args, headless: true });
  const newContext = browser.newContext.bind(browser);
  // `newPage` goes through it as well.
  browser.newContext = async (options) => {
    const context = await newContext(options);
    context.setDefaultTimeout(PATIENCE_MS);
    return context;
  };
  return browser;
}
