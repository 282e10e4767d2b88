import type { Browser, Page } from 'playwright-core';
import type { Playground } from '../../playground/playground.ts';
import {
  cardOf,
  choose,
  DOCTOR_INSTAGRAM,
  loginWindow,
  makeLink,
  openAsVisitor,
  passLogin,
} from '../support/connectPage.ts';
import { openWorkflow, part, signInToEditor } from '../support/editor.ts';
import { savePicture } from '../support/pictures.ts';

/** Takes the pictures of the connect page, as a customer goes through it, and of its nodes in the editor. */
export async function takeConnectPagePictures(
  browser: Browser,
  playground: Playground,
): Promise<void> {
  const { url } = await makeLink(playground, { name: 'Clínica Sorriso' });
  const { visitor, page } = await openAsVisitor(browser, url, {
    locale: 'pt-BR',
    viewport: { width: 1040, height: 760 },
  });
  await page.getByTestId('empty').waitFor();
  await savePicture(page, 'connect-page-empty');
  await connect(page);
  await page.getByTestId('card').nth(2).waitFor();
  for (const name of ['@clinica.sorriso.sul', '@dra.helena.prado']) {
    await cardOf(page, name).locator('img').waitFor();
  }
  await savePicture(page, 'connect-page-desktop');
  await visitor.close();

  const phone = await openAsVisitor(browser, url, {
    locale: 'en-US',
    colorScheme: 'dark',
    viewport: { width: 390, height: 780 },
    isMobile: true,
  });
  await phone.page.getByTestId('card').nth(2).waitFor();
  await cardOf(phone.page, '@dra.helena.prado').locator('img').waitFor();
  await phone.page.getByTestId('card').nth(1).scrollIntoViewIfNeeded();
  await savePhone(phone.page);
  await phone.visitor.close();
  await takeNodes(browser, playground);
}

async function savePhone(phone: Page): Promise<void> {
  await savePicture(phone, 'connect-page-phone');
}

/** Both logins, with the picture of the choice on the way. */
async function connect(page: Page): Promise<void> {
  const facebook = await loginWindow(page, () => page.getByTestId('connect-facebook').click());
  await passLogin(facebook);
  await facebook.getByTestId('choices').waitFor();
  await savePicture(facebook, 'connect-page-choice');
  await choose(facebook, ['messenger:100200300400501', 'instagram:17841400000000002']);
  await facebook.waitForEvent('close');
  const instagram = await loginWindow(page, () => page.getByTestId('connect-instagram').click());
  await passLogin(instagram, { person: DOCTOR_INSTAGRAM });
  await instagram.waitForEvent('close');
}

async function takeNodes(browser: Browser, playground: Playground): Promise<void> {
  const editor = await signInToEditor(browser, playground);
  await openWorkflow(editor, playground, 'connect-page');
  await openNode(editor, 'Customer Connect Page');
  await editor.getByText('Webhook URLs').first().click();
  await editor.getByText('/meta/data-deletion').first().waitFor();
  await savePicture(editor, 'node-customer-connect-page');
  await part(editor, 'ndv-close-button').click();
  await openNode(editor, 'Make a link');
  await editor.getByText('Expires After').first().waitFor();
  await savePicture(editor, 'node-create-connect-link');
  await editor.close();
}

async function openNode(editor: Page, name: string): Promise<void> {
  await part(editor, 'canvas-node').filter({ hasText: name }).first().dblclick();
  await part(editor, 'ndv').waitFor();
  await part(editor, 'node-parameters').waitFor();
}
