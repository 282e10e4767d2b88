import type { Browser } from 'playwright-core';
import { HUB_SEED } from '../../sandbox/notificame/seed.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { savePicture } from '../support/pictures.ts';

/** Takes the picture of the page on which a person plays the customers of NotificaMe's channels. */
export async function takeNotificaMePicture(browser: Browser, { seed }: Sandbox): Promise<void> {
  const { baseUrl, apiToken, phoneUrl } = seed.notificaMe;
  const page = await browser.newPage({ viewport: { width: 1160, height: 640 } });
  await page.goto(phoneUrl);
  await page.getByRole('button', { name: /Davi Rocha/ }).click();
  await page.getByLabel('Message').fill('Oi! Vocês atendem no sábado?');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('Oi! Vocês atendem no sábado?').waitFor();
  const answer = 'Olá, Davi! Sim, das 8h às 12h.';
  await fetch(`${baseUrl}/v1/channels/telegram/messages`, {
    method: 'POST',
    headers: { 'x-api-token': apiToken, 'content-type': 'application/json' },
    body: JSON.stringify({
      from: HUB_SEED.telegramChannelId,
      to: HUB_SEED.telegramPersonId,
      contents: [{ type: 'text', text: answer }],
    }),
  });
  await page.getByText(answer).waitFor();
  await page.getByText('clinic · DELIVERED').waitFor();
  await savePicture(page, 'phone-notificame');
  await page.close();
}
