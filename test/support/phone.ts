import type { Browser, Locator, Page } from 'playwright-core';
import type { Sandbox } from '../../sandbox/server.ts';
import type { Customer } from './customers.ts';

/** The sandbox's phone page in a browser, with one customer's chat open. */
export interface Phone {
  page: Page;
  /** Types a text as a person does and sends it. */
  write(text: string): Promise<void>;
  /** Messages that came from the clinic, oldest first. */
  received: Locator;
  /** On WhatsApp they are buttons of the message. */
  quickReplies: Locator;
  close(): Promise<void>;
}

/** Opens the phone page in Portuguese, as the person who writes to the clinic sees it. */
export async function openPhone(
  browser: Browser,
  sandbox: Sandbox,
  customer: Customer,
): Promise<Phone> {
  const page = await browser.newPage({ viewport: { width: 420, height: 800 } });
  const query = new URLSearchParams({
    channel: customer.channel,
    persona: customer.id,
    lang: 'pt',
  });
  await page.goto(`${sandbox.url}/?${query}`);
  const composer = page.getByTestId('composer');
  await composer.waitFor();
  return {
    page,
    received: page.getByTestId('message-in'),
    quickReplies: page.getByTestId(
      customer.channel === 'whatsapp' ? 'reply-button' : 'quick-reply',
    ),
    write: async (text) => {
      await composer.fill(text);
      await page.getByTestId('send').click();
    },
    close: () => page.close(),
  };
}
