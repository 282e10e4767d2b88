import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { launchBrowser } from '../../support/browser.ts';
import { midOf, WhatsAppHarness } from '../support/whatsapp.ts';
import type { Browser, Page } from 'playwright-core';

let browser: Browser;
let whatsapp: WhatsAppHarness;
let troubles: string[];
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  whatsapp = await WhatsAppHarness.start();
  troubles = [];
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await whatsapp.harness.close();
  expect(troubles).toEqual([]);
});

async function open(): Promise<Page> {
  const context = await browser.newContext({ locale: 'pt-BR' });
  const page = await context.newPage();
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (entry) => {
    if (entry.type() === 'error') troubles.push(entry.text());
  });
  const { url } = whatsapp.harness.sandbox;
  await page.goto(`${url}/?channel=whatsapp&persona=${whatsapp.person()}`);
  await page.locator('[data-testid=composer]:enabled').waitFor();
  return page;
}

const lastIn = async () => (await whatsapp.harness.messages(whatsapp.person(), 'in')).at(-1);

test('the person writes, reads the answer, and the clinic hears that it was read', async () => {
  const page = await open();
  await page.getByTestId('composer').fill('Oi');
  await page.getByTestId('send').click();
  await page.getByTestId('message-out').filter({ hasText: 'Oi' }).waitFor();
  const mid = midOf(await whatsapp.sendText('Olá, Ana'));
  await page.getByTestId('message-in').filter({ hasText: 'Olá, Ana' }).waitFor();
  await page.locator(`[data-mid="${mid}"][data-read]`).waitFor();
  expect((await whatsapp.statuses()).map(({ status }) => status)).toEqual([
    'sent',
    'delivered',
    'read',
  ]);
});

test('the person taps a button, a row of a list and a quick reply of a template', async () => {
  const page = await open();
  await whatsapp.inject({ text: 'Oi' });
  const body = { text: 'Qual horário?' };
  const buttons = [{ type: 'reply', reply: { id: 'three', title: '15:00' } }];
  await whatsapp.send({
    type: 'interactive',
    interactive: { type: 'button', body, action: { buttons } },
  });
  await page.getByTestId('reply-button').click();
  await page.getByTestId('message-out').filter({ hasText: '15:00' }).waitFor();
  expect((await lastIn())?.whatsApp?.content).toMatchObject({ button_reply: { id: 'three' } });

  const rows = [{ id: 'four', title: '16:00', description: 'Dra. Prado' }];
  await whatsapp.send({
    type: 'interactive',
    interactive: { type: 'list', body, action: { button: 'Horários', sections: [{ rows }] } },
  });
  await page.getByTestId('list-button').click();
  // What comes meanwhile leaves alone what a finger may be on.
  const row = page.getByTestId('list-row');
  await row.evaluate((element) => (element.id = 'the-same'));
  await whatsapp.inject({ text: 'Um momento' });
  await page.getByTestId('message-out').filter({ hasText: 'Um momento' }).waitFor();
  expect(await row.getAttribute('id')).toBe('the-same');
  await row.click();
  await page.getByTestId('message-out').filter({ hasText: '16:00' }).waitFor();
  expect((await lastIn())?.whatsApp?.content).toMatchObject({ list_reply: { id: 'four' } });

  const parameters = ['Ana', '12/03', '15:00'].map((text) => ({ type: 'text', text }));
  await whatsapp.sendTemplate('lembrete_consulta', [{ type: 'body', parameters }]);
  await page.getByTestId('template').filter({ hasText: 'consulta em 12/03 às 15:00' }).waitFor();
  await page.getByTestId('template-reply').first().click();
  await page.getByTestId('message-out').filter({ hasText: 'Confirmar' }).waitFor();
  expect((await lastIn())?.whatsApp?.content).toEqual({
    payload: 'Confirmar',
    text: 'Confirmar',
  });
});

test('a reaction of the clinic hangs on the message and is no bubble of its own', async () => {
  const page = await open();
  const { mid } = await whatsapp.inject({ text: 'Oi' });
  await whatsapp.send({ type: 'reaction', reaction: { message_id: mid, emoji: '👍' } });
  await page.getByTestId('reactions').filter({ hasText: '👍' }).waitFor();
  expect(await page.getByTestId('message-in').count()).toBe(0);
});

test('the person sends a file, and the clinic sends one back', async () => {
  const page = await open();
  await page.locator('#file').setInputFiles({
    name: 'exame.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('%PDF-1.4'),
  });
  await page.getByTestId('message-out').getByTestId('file').waitFor();
  expect((await lastIn())?.attachments).toMatchObject([{ type: 'file', title: 'exame.pdf' }]);
  const { body } = await whatsapp.upload(Buffer.from('%PDF-1.4 laudo'), 'application/pdf');
  await whatsapp.send({ type: 'document', document: { id: body.id, filename: 'laudo.pdf' } });
  await page.getByTestId('message-in').filter({ hasText: 'laudo.pdf' }).waitFor();
});
