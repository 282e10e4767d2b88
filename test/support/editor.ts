import type { Browser, Locator, Page } from 'playwright-core';
import type { Playground } from '../../playground/playground.ts';

/** A picture of the page as its HTML shows it. */
export interface ShownIcon {
  src: string;
  /** 0 = the browser could not load or draw it. */
  naturalWidth: number;
}

/** Opens n8n's editor and signs in with the playground's owner, as a person does. */
export async function signInToEditor(browser: Browser, { n8n, state }: Playground): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${n8n.baseUrl}/signin`);
  await page.locator('input[name=emailOrLdapLoginId]').fill(state.owner.email);
  await page.locator('input[type=password]').fill(state.owner.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/(home|workflow)/);
  return page;
}

/** An element by the name that n8n's own tests use. */
export function part(page: Page, testId: string): Locator {
  return page.locator(`[data-test-id="${testId}"]`);
}

/**
 * Opens the panel with all nodes beside the open workflow, searches in it and opens what it found
 * under that name.
 */
export async function openNodeDetails(page: Page, search: string, name: string): Promise<void> {
  await part(page, 'node-creator-plus-button').click();
  const field = part(page, 'node-creator-search-bar');
  await field.waitFor();
  await field.fill(search);
  await part(page, 'item-iterator-item').filter({ hasText: name }).first().click();
  await page.getByText('Node details').waitFor();
}

/** The loaded pictures on the page whose address contains a text. */
export async function iconsOf(page: Page, addressPart: string): Promise<ShownIcon[]> {
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  const icons = await page.locator('img').evaluateAll((images) =>
    images.map((image) => ({
      src: (image as HTMLImageElement).src,
      naturalWidth: (image as HTMLImageElement).naturalWidth,
    })),
  );
  return icons.filter((icon) => icon.src.includes(addressPart));
}

/** Opens a bundled workflow on the canvas. */
export async function openWorkflow(
  page: Page,
  { n8n, setup }: Playground,
  name: string,
): Promise<void> {
  await page.goto(`${n8n.baseUrl}/workflow/${setup.workflowIds[name]}`);
  await part(page, 'canvas-node').first().waitFor();
}
