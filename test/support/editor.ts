import type { Browser, Locator, Page } from 'playwright-core';
import type { Playground } from '../../playground/playground.ts';
import { readBundledWorkflow } from '../../playground/workflows.ts';
import { waitFor } from './waitFor.ts';

/** A picture of the page as its HTML shows it. */
export interface ShownIcon {
  src: string;
  /** 0 = the browser could not load or draw it. */
  naturalWidth: number;
}

/** Opens n8n's editor and signs in with the playground's owner, as a person does. */
export async function signInToEditor(
  browser: Pick<Browser, 'newPage'>,
  { n8n, state }: Playground,
): Promise<Page> {
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
 * Opens the panel with all nodes beside the open workflow, searches in it, opens what it found under
 * exactly that name, and gives the panel.
 */
export async function openNodeDetails(page: Page, name: string): Promise<Locator> {
  await part(page, 'node-creator-plus-button').click();
  const field = part(page, 'node-creator-search-bar');
  await field.waitFor();
  await field.fill(name.toLowerCase());
  const panel = part(page, 'node-creator');
  await part(page, 'node-creator-item-name').getByText(name, { exact: true }).first().click();
  await panel.getByText('Node details').waitFor();
  return panel;
}

/** Opens the form of a new credential, found by the name of its type, and gives the dialog. */
export async function openNewCredential(
  page: Page,
  { n8n }: Playground,
  type: string,
): Promise<Locator> {
  await page.goto(`${n8n.baseUrl}/home/credentials/create`);
  await part(page, 'new-credential-type-select').locator('input').fill(type);
  await part(page, 'new-credential-type-select-option').getByText(type, { exact: true }).click();
  await part(page, 'new-credential-type-button').click();
  // That part is the body; the icon and the name of the type stand in the head above it.
  const body = part(page, 'credential-edit-dialog');
  const dialog = page.getByRole('dialog').filter({ has: body }).last();
  await dialog.waitFor();
  return dialog;
}

/**
 * The pictures in a part of the page whose address contains a text, as soon as there is one and the
 * browser is done with all.
 */
export async function iconsOf(within: Locator, addressPart: string): Promise<ShownIcon[]> {
  const icons = within.locator(`img[src*="${addressPart}"]`);
  // Not "visible": a picture that could not be loaded is to be reported as such.
  await icons.first().waitFor({ state: 'attached' });
  await within.page().waitForFunction(() => [...document.images].every((image) => image.complete));
  return icons.evaluateAll((images) =>
    images.map((image) => ({
      src: (image as HTMLImageElement).src,
      naturalWidth: (image as HTMLImageElement).naturalWidth,
    })),
  );
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

/** Waits until all nodes of the bundled workflow that is open are drawn, each of a type that n8n knows. */
export async function untilDrawn(page: Page, name: string): Promise<void> {
  const { nodes } = readBundledWorkflow(name);
  const drawn = nodes.filter(({ type }) => !type.endsWith('.stickyNote')).length;
  await waitFor(async () => (await part(page, 'canvas-node').count()) >= drawn, {
    what: `the ${drawn} nodes of ${name}`,
  });
  expect(await page.getByText('Install this node to use it').count()).toBe(0);
}

/** Opens a node of the workflow on the canvas, by its whole name, and gives the part with its fields. */
export async function openNode(page: Page, name: string): Promise<Locator> {
  const title = page.getByText(name, { exact: true });
  await part(page, 'canvas-node').filter({ has: title }).first().dblclick();
  const fields = part(page, 'node-parameters');
  await fields.waitFor();
  return fields;
}

export async function closeNode(page: Page): Promise<void> {
  await part(page, 'ndv-close-button').click();
  await part(page, 'ndv').waitFor({ state: 'hidden' });
}

/** Chooses one of the options of a field of the open node. */
export async function chooseOption(page: Page, field: string, option: string): Promise<void> {
  await part(page, `parameter-input-${field}`).click();
  // The option has its description in it, too.
  const options = page.locator('[role="option"]:visible');
  await options
    .filter({ has: page.getByText(option, { exact: true }) })
    .first()
    .click();
}

/** Opens the list of a resource locator and waits until something is in it. */
export async function openListOf(page: Page, field: string): Promise<void> {
  await part(page, `resource-locator-${field}`).locator('input').last().click();
  await part(page, 'rlc-item').first().waitFor();
}

/** Chooses what is listed for a resource locator of the open node. */
export async function chooseFromList(page: Page, field: string, text: string): Promise<void> {
  await openListOf(page, field);
  await part(page, 'rlc-item').filter({ hasText: text }).first().click();
}
