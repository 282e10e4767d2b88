import type { Browser, Page } from 'playwright-core';
import type { Playground } from '../../playground/playground.ts';
import { control, newCustomer } from '../support/customers.ts';
import { assistant, LINES } from '../support/peopleWorkflows.ts';
import { openPhone } from '../support/phone.ts';
import { savePicture } from '../support/pictures.ts';

/** People of the sandbox's seed: the names that the documentation speaks of. */
export const JULIANA = { channel: 'instagram', id: '900100200300400' } as const;
const CAMILA = { channel: 'instagram', id: '900100200300402' } as const;
const MARIANA = { channel: 'messenger', id: '7001002003004007' } as const;

type SeededPerson = typeof JULIANA | typeof CAMILA | typeof MARIANA;

/** The phone page with everything around the phone, in English, with one person's chat open. */
async function openWidePhone(
  browser: Browser,
  { sandbox }: Playground,
  { channel, id }: SeededPerson,
): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1160, height: 790 } });
  const query = new URLSearchParams({ channel, persona: id, lang: 'en', theme: 'light' });
  await page.goto(`${sandbox.url}/?${query}`);
  // Before that, the page does not yet hear what comes in.
  await page.locator('[data-testid=composer]:enabled').waitFor();
  return page;
}

/** Waits until the clinic's welcome with its quick replies is on the screen and the list is at rest. */
async function untilWelcomed(page: Page): Promise<void> {
  await page.getByTestId('quick-reply').nth(2).waitFor();
  await page.getByTestId('call-row').filter({ hasText: 'messages' }).first().waitFor();
  await page.getByTestId('receipt').first().waitFor();
}

/** Takes the pictures of the phone page. Afterwards the log holds Juliana's first message. */
export async function takePhonePictures(browser: Browser, playground: Playground): Promise<void> {
  const { sandbox } = playground;
  // The sandbox repeats every fifth webhook; here only what the picture is about comes twice.
  await control(sandbox, 'PATCH', '/settings', { duplicateEvery: 0 });

  const welcome = await openWidePhone(browser, playground, JULIANA);
  await welcome.getByTestId('composer').fill('Oi');
  await welcome.getByTestId('send').click();
  await untilWelcomed(welcome);
  await savePicture(welcome, 'phone-welcome');
  await welcome.close();

  const threeTimes = await openWidePhone(browser, playground, MARIANA);
  await control(sandbox, 'POST', '/inject', {
    channel: MARIANA.channel,
    persona: MARIANA.id,
    text: 'Bom dia!',
    duplicate: 3,
    simultaneous: true,
  });
  await untilWelcomed(threeTimes);
  await savePicture(threeTimes, 'phone-webhook-three-times');
  await threeTimes.close();

  const forged = await openWidePhone(browser, playground, CAMILA);
  await control(sandbox, 'POST', '/inject', {
    channel: CAMILA.channel,
    persona: CAMILA.id,
    text: 'Oi',
    badSignature: true,
  });
  await forged.locator('[data-testid="webhook-row"][data-outcome="401"]').waitFor();
  await savePicture(forged, 'phone-forged-signature');
  await forged.close();
}

/** Five short lines with one answer to all of them: an assistant that collects. To be taken last: it answers everybody. */
export async function takeCollectedPicture(
  browser: Browser,
  { api, sandbox }: Playground,
): Promise<void> {
  await api.publish(await api.createWorkflow(assistant(3)));
  const customer = await newCustomer(sandbox, 'messenger');
  const { page, received, write, close } = await openPhone(browser, sandbox, customer);
  for (const line of LINES) await write(line);
  await received.filter({ hasText: `Recebi ${LINES.length}` }).waitFor();
  await savePicture(page, 'phone-collected');
  await close();
}
