import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { Playground } from '../../playground/playground.ts';
import type { Persona } from '../../sandbox/model.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { control } from './customers.ts';

/** What the playground's workflow is asked for when a link is made. */
export interface LinkWish {
  scope?: 'connect' | 'operate' | 'admin' | 'instance';
  expiresAfter?: number;
  expiresUnit?: 'minutes' | 'hours' | 'days';
  name?: string;
  language?: 'pt-BR' | 'en';
  tenant?: string;
}

export interface MadeLink {
  id: string;
  url: string;
}

/** Has a link made by the workflow, with the Omnichannel node. */
export async function makeLink({ setup }: Playground, wish: LinkWish = {}): Promise<MadeLink> {
  const response = await fetch(setup.linkUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wish),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`No link: ${text}`);
  return JSON.parse(text) as MadeLink;
}

/** A visitor with a browser of their own: no cookies, no cache. */
export async function openAsVisitor(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<{ visitor: BrowserContext; page: Page }> {
  const visitor = await browser.newContext({ locale: 'en-US', ...options });
  const page = await visitor.newPage();
  await page.goto(url);
  return { visitor, page };
}

/** The window that a login opens, as soon as its first document is there. */
export async function loginWindow(page: Page, open: () => Promise<unknown>): Promise<Page> {
  const [popup] = await Promise.all([page.waitForEvent('popup'), open()]);
  await popup.waitForLoadState();
  return popup;
}

export interface DialogWish {
  person?: string;
  /** Pages that stay ticked; all without it. */
  pages?: string[];
  decline?: string[];
}

/** Dra. Helena Prado of the sandbox, who manages the clinic's Pages. */
export const DOCTOR = '10200300400500600';
export const DOCTOR_INSTAGRAM = '17841400000000003';
/** A Page of hers that nobody connected in n8n, and the Instagram account that is linked to it. */
export const SOUTH = [
  { channel: 'messenger', id: '100200300400501', name: 'Clínica Sorriso – Unidade Sul' },
  { channel: 'instagram', id: '17841400000000002', name: '@clinica.sorriso.sul' },
] as const;
/** Has no Page at all. */
export const NOBODY = '10200300400500602';

/** Clicks through the sandbox's dialog as a person does. */
export async function passLogin(popup: Page, wish: DialogWish = {}): Promise<void> {
  const { person = DOCTOR, pages, decline = [] } = wish;
  await popup.locator(`[data-testid="login-person"][data-id="${person}"]`).click();
  await popup.getByTestId('login-continue').waitFor();
  // What was decided before is not asked again by itself.
  const edit = popup.getByTestId('login-edit');
  if (await edit.isVisible()) {
    await edit.click();
    await edit.waitFor({ state: 'detached' });
  }
  if (pages) await tickOnly(popup, 'login-page', (value) => pages.includes(value));
  await tickOnly(popup, 'login-permission', (value) => !decline.includes(value));
  await popup.getByTestId('login-continue').click();
}

const press = (element: Element): void => (element as HTMLElement).click();

/** Leaves the boxes ticked whose value is wanted. */
async function tickOnly(
  popup: Page,
  testId: string,
  isWanted: (value: string) => boolean,
): Promise<void> {
  for (const box of await popup.getByTestId(testId).all()) {
    const value = (await box.getAttribute('value')) ?? '';
    // Drawn by the label around it, which covers the box itself.
    if ((await box.isChecked()) !== isWanted(value)) await box.evaluate(press);
  }
}

/** Ticks these accounts of the choice alone and connects them. */
export async function choose(popup: Page, ids: string[]): Promise<void> {
  await popup.getByTestId('choices').waitFor();
  for (const box of await popup.locator('[data-testid^="choice-"]').all()) {
    const id = ((await box.getAttribute('data-testid')) ?? '').slice('choice-'.length);
    await box.setChecked(ids.includes(id));
  }
  await popup.getByTestId('choose-connect').click();
}

/** The names on the cards, in the order of the page. */
export async function cardNames(page: Page): Promise<string[]> {
  return await page.getByTestId('card-name').allInnerTexts();
}

/** The card of an account. */
export function cardOf(page: Page, name: string) {
  const title = page.getByTestId('card-name').getByText(name, { exact: true });
  return page.getByTestId('card').filter({ has: title });
}

/** The page's word that something is done; the card of an account shows before its webhooks are on. */
export async function untilSaid(page: Page, text: string): Promise<void> {
  await page.getByTestId('said').filter({ hasText: text }).waitFor();
}

/** Connects both accounts of SOUTH through the window, and waits until the page shows them. */
export async function connectSouth(page: Page): Promise<void> {
  const popup = await loginWindow(page, () => page.getByTestId('connect-facebook').click());
  await passLogin(popup);
  await choose(
    popup,
    SOUTH.map(({ channel, id }) => `${channel}:${id}`),
  );
  await page
    .getByTestId('said')
    .filter({ hasText: /Connected|Conectado/ })
    .waitFor();
  await page.getByTestId('card').nth(1).waitFor();
}

/** Disconnects an account by its card, and waits until the card says so. */
export async function disconnect(page: Page, name: string): Promise<void> {
  const card = cardOf(page, name);
  await card.getByTestId('disconnect').click();
  await page.getByTestId('disconnect-confirm').click();
  await card.locator('[data-badge="disconnected"]').waitFor();
}

/** Somebody who writes to one of the accounts for the first time. */
export async function newWriter(
  sandbox: Sandbox,
  channel: 'instagram' | 'messenger',
  accountId: string,
): Promise<Persona> {
  const wish = { channel, firstName: 'Cliente', accountId };
  return await control<Persona>(sandbox, 'POST', '/personas', wish);
}
