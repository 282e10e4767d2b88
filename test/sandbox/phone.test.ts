import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { launchBrowser } from '../support/browser.ts';
import { Harness, until } from './support/harness.ts';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

let browser: Browser;
let harness: Harness;
let foreign: string[];
let troubles: string[];
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  harness = await Harness.start();
  await harness.subscribeAll();
  [foreign, troubles] = [[], []];
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await harness.close();
  // What holds for every test here: nothing but the sandbox is asked, and the policy stops nothing.
  expect(foreign).toEqual([]);
  expect(troubles).toEqual([]);
});

/** Opens the chat of a person and watches what the page asks for. */
async function open(query: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ locale: 'pt-BR', ...options });
  const page = await context.newPage();
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(harness.sandbox.url) && !url.startsWith('data:')) foreign.push(url);
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (entry) => {
    if (entry.type() === 'error') troubles.push(entry.text());
  });
  await page.goto(`${harness.sandbox.url}/?${query}`);
  await page.locator('[data-testid=composer]:enabled').waitFor();
  return page;
}

/** Waits for a webhook that holds this text. */
function arrived(part: string): Promise<void> {
  return until(`a webhook with ${part}`, () =>
    harness.received.some((item) => item.body.includes(part)),
  );
}

test('a person writes, the webhook goes out, and the tick turns into delivered', async () => {
  const person = harness.person('instagram');
  const page = await open(`channel=instagram&persona=${person}`);
  await page.getByTestId('composer').fill('Oi');
  await page.getByTestId('send').click();

  await page.getByTestId('message-out').filter({ hasText: 'Oi' }).waitFor();
  await page.getByTestId('receipt').filter({ hasText: 'Entregue' }).waitFor();
  expect((await harness.messages(person, 'in')).map((item) => item.text)).toEqual(['Oi']);
  expect(harness.received).toHaveLength(1);
});

test('an answer arrives by itself, is delivered and read, and the webhooks say so', async () => {
  const person = harness.person('messenger');
  const page = await open(`channel=messenger&persona=${person}`);
  await harness.inject({ persona: person, text: 'Oi' });
  const typing = { recipient: { id: person }, sender_action: 'typing_on' };
  await harness.graph('POST', '/me/messages', typing);
  await page.getByTestId('typing').waitFor();
  await harness.sendText(person, 'Olá, Ana!');

  await page.getByTestId('message-in').filter({ hasText: 'Olá, Ana!' }).waitFor();
  expect(await page.getByTestId('typing').count()).toBe(0);
  await until('it is read', async () => (await harness.messages(person))[0]?.readAt !== undefined);
  await arrived('"delivery":{"mids"');
  await arrived('"read":{"watermark"');
});

test('quick replies are chips that answer and go away', async () => {
  const person = harness.person('instagram');
  const page = await open(`channel=instagram&persona=${person}`);
  await harness.inject({ persona: person, text: 'Oi' });
  const quick_replies = ['Manhã', 'Tarde'].map((title) => ({
    content_type: 'text',
    title,
    payload: `TURNO_${title}`,
  }));
  await harness.sendText(person, '', { message: { text: 'Qual turno?', quick_replies } });
  await page.getByTestId('quick-reply').filter({ hasText: 'Tarde' }).click();

  await page.getByTestId('message-out').filter({ hasText: 'Tarde' }).waitFor();
  expect(await page.getByTestId('quick-reply').count()).toBe(0);
  await arrived('"quick_reply":{"payload":"TURNO_Tarde"}');
});

test('buttons, cards and pictures are shown, and a tap is a postback', async () => {
  const person = harness.person('messenger');
  const page = await open(`channel=messenger&persona=${person}`);
  await harness.inject({ persona: person, text: 'Oi' });
  const upload = await fetch(`${harness.sandbox.url}/_sandbox/media`, {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: ONE_PIXEL,
  });
  const { url } = (await upload.json()) as { url: string };
  const elements = ['Limpeza', 'Peeling'].map((title) => ({
    title,
    subtitle: 'R$ 180',
    image_url: url,
    buttons: [{ type: 'postback', title: 'Agendar', payload: `BOOK_${title}` }],
  }));
  const payload = { template_type: 'generic', elements };
  const send = (message: unknown) => harness.sendText(person, '', { message });
  await send({ attachment: { type: 'image', payload: { url } } });
  await send({ attachment: { type: 'image', payload: { url: 'https://cdn.example/far.png' } } });
  await send({ attachment: { type: 'template', payload } });

  await page.getByTestId('carousel').waitFor();
  const pictures = page.getByTestId('picture');
  expect(await pictures.count()).toBe(1);
  await until('the picture is loaded', () =>
    pictures.evaluate((image) => (image as HTMLImageElement).naturalWidth === 1),
  );
  await page.getByTestId('postback-button').nth(1).click();
  await page.getByTestId('message-out').filter({ hasText: 'Agendar' }).waitFor();
  await arrived('"payload":"BOOK_Peeling"');
});

test('the drawer shows a webhook that was refused, in the language of the browser', async () => {
  harness.answers.push(401);
  const page = await open(`channel=instagram&persona=${harness.person('instagram')}`);
  await harness.inject({ persona: harness.person('instagram'), text: 'x', badSignature: true });
  const row = page.getByTestId('webhook-row').first();
  await row.filter({ hasText: 'assinatura falsa' }).waitFor();
  expect(await row.getAttribute('data-outcome')).toBe('401');
  await page.getByTestId('language-switch').click();
  await row.filter({ hasText: 'forged signature' }).waitFor();
});

test('what comes in while the page opens is shown, too', async () => {
  const person = harness.person('instagram');
  const page = await open(`channel=instagram&persona=${person}`);
  await page.route('**/_sandbox/stream?*', async (route) => {
    // Long enough for a page that reads the chat without listening first.
    await delay(500);
    await harness.inject({ persona: person, text: 'Oi' });
    await route.continue();
  });
  await page.reload();
  await page.getByTestId('message-out').filter({ hasText: 'Oi' }).waitFor();
});

test('channel and person can be chosen, and the address follows', async () => {
  const page = await open('channel=instagram');
  await page.getByTestId('channel-select').selectOption('messenger');
  await page.getByTestId('persona-select').selectOption({ label: 'Mariana Oliveira' });
  await page.waitForURL(`**/?channel=messenger&persona=${harness.person('messenger', 2)}`);
  await page.getByTestId('composer').fill('Oi da Mariana');
  await page.getByTestId('composer').press('Enter');
  await page.getByTestId('message-out').waitFor();
  expect(await harness.messages(harness.person('messenger', 2), 'in')).toHaveLength(1);
});

test('a person comments on a post and sees that the answer came into the chat', async () => {
  const person = harness.person('instagram');
  const page = await open(`channel=instagram&persona=${person}`);
  await page.getByTestId('open-profile').click();
  const post = page.getByTestId('post').first();
  await post.getByTestId('comment-input').fill('Quanto custa?');
  await post.getByTestId('comment-send').click();
  await post.getByTestId('comment').filter({ hasText: 'Quanto custa?' }).waitFor();
  await arrived('"field":"comments"');
  const { data } = await harness.control<{ data: Array<{ id: string }> }>('GET', '/comments');
  await harness.sendText(person, 'Te chamei aqui', {
    recipient: { comment_id: data[0]?.id },
    messaging_type: undefined,
  });
  await post.getByTestId('comment-replied').click();

  await page.getByTestId('message-in').filter({ hasText: 'Te chamei aqui' }).waitFor();
  expect(await page.getByTestId('profile').isVisible()).toBe(false);
});

test('who comes from an ad is told so, and the first message tells the clinic', async () => {
  const person = harness.person('messenger');
  const page = await open(`channel=messenger&persona=${person}`);
  await page.getByTestId('open-profile').click();
  await page.getByTestId('ad-message').click();
  await page.getByTestId('arrival').filter({ hasText: 'Avaliação grátis' }).waitFor();
  await page.getByTestId('composer').fill('Ainda vale?');
  await page.getByTestId('send').click();

  await page.getByTestId('came-from').filter({ hasText: 'Veio do anúncio' }).waitFor();
  expect(await page.getByTestId('arrival').isVisible()).toBe(false);
  await arrived('"source":"ADS"');
});

test('ice breakers and the menu are there as soon as the clinic sets them', async () => {
  const person = harness.person('instagram');
  const page = await open(`channel=instagram&persona=${person}`);
  const postback = { type: 'postback', title: 'Agendar', payload: 'BOOK' };
  await harness.graph('POST', '/me/messenger_profile', {
    platform: 'instagram',
    ice_breakers: [
      { locale: 'default', call_to_actions: [{ question: 'Quais os horários?', payload: 'ICE' }] },
    ],
    persistent_menu: [{ locale: 'default', call_to_actions: [postback] }],
  });
  await page.getByTestId('ice-breaker').filter({ hasText: 'Quais os horários?' }).click();
  await arrived('"payload":"ICE"');
  await page.getByTestId('menu').click();
  await page.getByTestId('menu-item').filter({ hasText: 'Agendar' }).click();
  await arrived('"payload":"BOOK"');
  expect(await page.getByTestId('ice-breaker').count()).toBe(0);
});

test('albums, audio, files, reactions, quotes and seen are shown', async () => {
  const person = harness.person('instagram');
  const page = await open(`channel=instagram&persona=${person}`);
  const { mid } = await harness.inject({ persona: person, text: 'Oi' });
  const store = async (type: string, body: Buffer): Promise<string> => {
    const url = `${harness.sandbox.url}/_sandbox/media`;
    const headers = { 'content-type': type };
    const answer = await fetch(url, { method: 'POST', headers, body: new Uint8Array(body) });
    return ((await answer.json()) as { url: string }).url;
  };
  const image = { type: 'image', payload: { url: await store('image/png', ONE_PIXEL) } };
  const media = async (type: string, contentType: string): Promise<unknown> => ({
    attachment: { type, payload: { url: await store(contentType, ONE_PIXEL) } },
  });
  const send = (message: unknown, more = {}) => harness.sendText(person, '', { message, ...more });
  await send({ attachments: [image, image, image] });
  await send(await media('video', 'video/mp4'));
  await send(await media('audio', 'audio/wav'));
  await send(await media('file', 'application/pdf'));
  await send({ text: 'Essa?' }, { reply_to: { mid } });
  const action = (sender_action: string, payload?: unknown) =>
    harness.graph('POST', '/me/messages', { recipient: { id: person }, sender_action, payload });
  await action('react', { message_id: mid, reaction: 'love' });
  await action('mark_seen');

  await page.getByTestId('quote').filter({ hasText: 'Oi' }).waitFor();
  expect(await page.getByTestId('album').getByTestId('picture').count()).toBe(3);
  for (const kind of ['video', 'audio', 'file']) {
    expect(await page.getByTestId(kind).count()).toBe(1);
  }
  await page.getByTestId('reactions').filter({ hasText: '❤' }).waitFor();
  await page.locator('[data-testid=receipt][data-state=seen]').waitFor();
});

test('every account of the clinic has its own people', async () => {
  const page = await open('channel=instagram');
  await page.getByTestId('account-select').selectOption({ label: 'dra.helena.prado' });
  await page.getByTestId('persona-select').filter({ hasText: 'Fernanda Dias' }).waitFor();
  await page.getByTestId('account-select').selectOption({ label: 'Sorriso Solidário' });
  await page.waitForURL(/channel=messenger/);
  await page.locator('#clinic-name').filter({ hasText: 'Sorriso Solidário' }).waitFor();
});

test('on a small screen everything fits the width', async () => {
  const options = { viewport: { width: 320, height: 640 }, colorScheme: 'dark' as const };
  const page = await open(`persona=${harness.person('instagram')}`, options);
  await harness.inject({ persona: harness.person('instagram'), text: 'muito '.repeat(40) });
  await page.getByTestId('message-out').waitFor();
  const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
  await page.getByTestId('open-profile').click();
  await page.getByTestId('post').first().waitFor();
  const inner = `(() => { const box = document.getElementById('profile'); return box.scrollWidth - box.clientWidth; })()`;
  expect(await page.evaluate(inner)).toBeLessThanOrEqual(0);
  await page.getByTestId('drawer-toggle').click();
  await page.getByTestId('webhook-row').first().waitFor({ state: 'visible' });
});

test('the page allows its own style and script by hash, and nothing else', async () => {
  const response = await fetch(`${harness.sandbox.url}/`);
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(
    /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'/,
  );
  expect(policy).not.toMatch(/unsafe|https?:/);
});

const ONE_PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
