import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { Playground } from '../../playground/playground.ts';

/** What the playground's workflow is asked for when a link is made. */
export interface LinkWish {
  scope?: 'connect' | 'operate' | 'admin' | 'instance';
  expiresAfter?: number;
  expiresUnit?: 'minutes' | 'hours' | 'days';
  name?: string;
  language?: 'pt-BR' | 'en';
}

export interface MadeLink {
  id: string;
  url: string;
}

/** Has a link made by the workflow, with the Omnichannel node. */
export async function makeLink({ n8n, state }: Playground, wish: LinkWish = {}): Promise<MadeLink> {
  const response = await fetch(`${n8n.baseUrl}/webhook/${state.linkPath ?? ''}`, {
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
