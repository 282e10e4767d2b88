import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Harness } from '../support/harness.ts';
import { midOf, WhatsAppHarness } from '../support/whatsapp.ts';

type Json = Record<string, unknown>;

const SAMPLES = join(process.cwd(), '..', 'shared', 'samples');
const haveSamples = existsSync(SAMPLES);

/** The kind of every value by its key. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => [key, shapeOf(item)] as const);
    return Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b)));
  }
  return value === null ? 'null' : typeof value;
}

describe('webhooks of WhatsApp', () => {
  let whatsapp: WhatsAppHarness;
  beforeAll(async () => {
    whatsapp = await WhatsAppHarness.start();
  });
  afterAll(() => whatsapp.harness.close());
  beforeEach(() => whatsapp.reset());

  const file = async (contentType: string): Promise<string> => {
    const response = await fetch(`${whatsapp.harness.sandbox.url}/_sandbox/media`, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body: 'bytes',
    });
    return ((await response.json()) as { mediaId: string }).mediaId;
  };
  const sent = async (form: Json): Promise<string> => {
    await whatsapp.inject({ text: 'Oi' });
    const mid = midOf(await whatsapp.send(form));
    await whatsapp.harness.idle();
    whatsapp.harness.received.length = 0;
    return mid;
  };
  const attach = async (type: string, contentType: string, more: Json = {}): Promise<void> => {
    const attachments = [{ type, mediaId: await file(contentType), title: 'exame.pdf' }];
    await whatsapp.inject({ attachments, ...more });
  };
  const interactive = (type: string, action: Json) => ({
    type: 'interactive',
    interactive: { type, body: { text: 'Qual?' }, action },
  });

  /** What makes the event of each sample. */
  const CASES: Array<[string, () => Promise<unknown>]> = [
    ['wa_text', () => whatsapp.inject({ text: 'Olá, quero agendar' })],
    ['wa_text_no_phone_bsuid', () => whatsapp.inject({ persona: whatsapp.person(2), text: 'oi' })],
    ['wa_image', () => attach('image', 'image/jpeg', { text: 'meu exame' })],
    [
      'wa_reply_context',
      async () => {
        const replyTo = await sent({ type: 'text', text: { body: 'Olá' } });
        await whatsapp.inject({ text: 'pode ser', replyTo });
      },
    ],
    [
      'wa_location',
      () =>
        whatsapp.inject({
          location: {
            latitude: -23.5,
            longitude: -46.6,
            name: 'Clínica',
            address: 'Av. 1',
            url: 'https://example.org',
          },
        }),
    ],
    [
      'wa_order',
      () =>
        whatsapp.inject({
          order: {
            catalog_id: '7',
            text: '',
            product_items: [
              { product_retailer_id: 'SKU-1', quantity: 2, item_price: 49.9, currency: 'BRL' },
            ],
          },
        }),
    ],
    ['wa_unsupported', () => whatsapp.inject({ isUnsupported: true })],
    [
      'wa_interactive_button_reply',
      async () => {
        const mid = await sent(
          interactive('button', {
            buttons: [{ type: 'reply', reply: { id: 'confirm', title: 'Confirmar' } }],
          }),
        );
        await whatsapp.inject({ kind: 'buttonReply', mid, id: 'confirm' });
      },
    ],
    [
      'wa_interactive_list_reply',
      async () => {
        const rows = [{ id: 'slot', title: '15:00', description: 'Dra. Teste' }];
        const mid = await sent(interactive('list', { button: 'Ver', sections: [{ rows }] }));
        await whatsapp.inject({ kind: 'listReply', mid, id: 'slot' });
      },
    ],
    [
      'wa_interactive_flow_reply',
      async () => {
        const parameters = {
          flow_message_version: '3',
          flow_token: 'ft_1',
          flow_id: '1',
          flow_cta: 'Abrir',
        };
        const mid = await sent(interactive('flow', { name: 'flow', parameters }));
        await whatsapp.inject({ kind: 'flowReply', mid, response: { nota: '5' } });
      },
    ],
    [
      'wa_button_template_quick_reply',
      async () => {
        const text = (value: string) => ({ type: 'text', text: value });
        const mid = await sent({
          type: 'template',
          template: {
            name: 'lembrete_consulta',
            language: { code: 'pt_BR' },
            components: [{ type: 'body', parameters: ['Ana', '12/03', '15:00'].map(text) }],
          },
        });
        await whatsapp.inject({ kind: 'templateReply', mid, index: 0 });
      },
    ],
    [
      'wa_reaction',
      async () => {
        const mid = await sent({ type: 'text', text: { body: 'Olá' } });
        await whatsapp.inject({ kind: 'reaction', mid });
      },
    ],
    [
      'wa_reaction_removed',
      async () => {
        const mid = await sent({ type: 'text', text: { body: 'Olá' } });
        await whatsapp.inject({ kind: 'unreaction', mid });
      },
    ],
    [
      'wa_system_number_change',
      () => whatsapp.inject({ kind: 'numberChange', waId: '5511966665555' }),
    ],
    ['wa_smb_echo', () => whatsapp.inject({ kind: 'humanAnswer', text: 'respondido pelo app' })],
    ['wa_user_preferences', () => whatsapp.inject({ kind: 'preference', value: 'stop' })],
    [
      'wa_phone_quality',
      () =>
        whatsapp.harness.control('PATCH', `/whatsapp/numbers/${whatsapp.numberId}`, {
          messagingLimit: 'TIER_10K',
        }),
    ],
    [
      'wa_template_category',
      () =>
        whatsapp.harness.control('PATCH', '/whatsapp/templates/lembrete_consulta', {
          category: 'MARKETING',
        }),
    ],
    [
      'wa_template_quality',
      () =>
        whatsapp.harness.control('PATCH', '/whatsapp/templates/lembrete_consulta', {
          quality: 'YELLOW',
        }),
    ],
    [
      'wa_status_free_service',
      async () => {
        await whatsapp.harness.control('PATCH', `/personas/${whatsapp.person()}`, {
          whatsApp: { isOffline: true },
        });
        await whatsapp.inject({ text: 'Oi' });
        await whatsapp.harness.idle();
        whatsapp.harness.received.length = 0;
        await whatsapp.sendText('Olá');
      },
    ],
  ];

  (haveSamples ? test : test.skip).each(CASES)('come in the shape of %s', async (name, make) => {
    await make();
    await whatsapp.harness.idle();
    const sample: unknown = JSON.parse(readFileSync(join(SAMPLES, `${name}.json`), 'utf8'));
    const [payload] = whatsapp.harness.payloads();
    // Statuses of people with a number name the user id besides.
    const withId = JSON.stringify(payload).replace(/,"recipient_user_id":"[^"]*"/, '');
    const made: unknown = name === 'wa_status_free_service' ? JSON.parse(withId) : payload;
    expect(shapeOf(made)).toEqual(shapeOf(sample));
  });

  test('carry the file that the person sent, to be fetched with the token', async () => {
    await attach('audio', 'audio/ogg', { voice: true });
    const [change] = await whatsapp.changes();
    const [message] = change?.value.messages as Array<{
      audio: { id: string; voice: boolean; url: string };
    }>;
    expect(message?.audio.voice).toBe(true);
    const { body } = await whatsapp.graph('GET', `/${message?.audio.id ?? ''}`);
    const { accessToken } = whatsapp.harness.seed.whatsApp;
    for (const url of [message?.audio.url ?? '', String(body.url)]) {
      const response = await fetch(url, { headers: { authorization: `Bearer ${accessToken}` } });
      expect(await response.text()).toBe('bytes');
    }
  });

  test('tell edits and messages taken back under ids of their own', async () => {
    const { mid } = await whatsapp.inject({ text: 'quero agendra' });
    await whatsapp.inject({ kind: 'edit', mid, text: 'quero agendar' });
    await whatsapp.inject({ kind: 'unsend', mid });
    const messages = (await whatsapp.changes()).flatMap(({ value }) => value.messages as Json[]);
    expect(messages).toMatchObject([
      { id: mid, type: 'text' },
      {
        type: 'edit',
        edit: { original_message_id: mid, message: { text: { body: 'quero agendar' } } },
      },
      { type: 'revoke', revoke: { original_message_id: mid } },
    ]);
    expect(new Set(messages.map(({ id }) => id)).size).toBe(3);
  });

  test('tell any status, in any order, with the error of a failure', async () => {
    const mid = await sent({ type: 'text', text: { body: 'Olá' } });
    await whatsapp.inject({ kind: 'status', mid, status: 'read' });
    await whatsapp.inject({ kind: 'status', mid, status: 'delivered' });
    await whatsapp.inject({ kind: 'status', mid, status: 'failed', code: 131049 });
    expect(await whatsapp.statuses()).toMatchObject([
      { status: 'read' },
      { status: 'delivered' },
      { status: 'failed', errors: [{ code: 131049, title: expect.any(String) }] },
    ]);
  });

  test('refuse a tap on what was never sent', async () => {
    const mid = await sent(
      interactive('button', { buttons: [{ type: 'reply', reply: { id: 'a', title: 'A' } }] }),
    );
    await expect(whatsapp.inject({ kind: 'buttonReply', mid, id: 'b' })).rejects.toThrow(
      /no button b/,
    );
    await expect(whatsapp.inject({ kind: 'listReply', mid, id: 'a' })).rejects.toThrow(
      /is no list/,
    );
  });

  test('are made for subscribed business accounts alone', async () => {
    await whatsapp.graph('DELETE', `/${whatsapp.businessId}/subscribed_apps`);
    const { notDelivered } = await whatsapp.inject({ text: 'Oi' });
    expect(notDelivered.join()).toMatch(/300400500600700 is not subscribed/);
    await whatsapp.graph('POST', `/${whatsapp.businessId}/subscribed_apps`);
    expect((await whatsapp.inject({ text: 'Oi' })).notDelivered).toEqual([]);
  });

  test('go to the address of the business account, and first to that of the number', async () => {
    const [business, number] = await Promise.all([Harness.start(), Harness.start()]);
    try {
      const override = (target: Harness) => ({
        override_callback_uri: target.callbackUrl,
        verify_token: target.seed.verifyToken,
      });
      const edge = `/${whatsapp.businessId}/subscribed_apps`;
      const wrong = { ...override(business), verify_token: 'no' };
      expect((await whatsapp.graph('POST', edge, wrong)).message).toMatch(/#100/);
      await whatsapp.graph('POST', edge, override(business));
      expect((await whatsapp.graph('GET', edge)).body.data).toMatchObject([
        {
          whatsapp_business_api_data: { id: whatsapp.harness.seed.app.id },
          override_callback_uri: business.callbackUrl,
        },
      ]);
      await whatsapp.inject({ text: 'um' });
      await whatsapp.graph('POST', `/${whatsapp.numberId}`, {
        webhook_configuration: override(number),
      });
      await whatsapp.harness.idle();
      await whatsapp.inject({ text: 'dois' });
      await whatsapp.harness.control('PATCH', `/whatsapp/numbers/${whatsapp.numberId}`, {
        status: 'FLAGGED',
      });
      await whatsapp.harness.idle();
      await whatsapp.graph('POST', `/${whatsapp.numberId}`, {
        webhook_configuration: { override_callback_uri: '' },
      });
      await whatsapp.graph('POST', edge);
      await whatsapp.inject({ text: 'três' });
      await whatsapp.harness.idle();
      expect(business.received.map(({ body }) => /"um|FLAGGED/.exec(body)?.[0])).toEqual([
        '"um',
        'FLAGGED',
      ]);
      expect(number.received.map(({ body }) => /dois/.exec(body)?.[0])).toEqual(['dois']);
      expect(whatsapp.harness.received.map(({ body }) => /tr/.exec(body)?.[0])).toEqual(['tr']);
    } finally {
      await Promise.all([business.close(), number.close()]);
    }
  });

  test('are signed with the app secret, and a forgery is held by no conversation', async () => {
    await whatsapp.inject({ text: 'falso', badSignature: true });
    await whatsapp.harness.idle();
    expect(whatsapp.harness.received).toHaveLength(1);
    expect(await whatsapp.harness.messages(whatsapp.person(), 'in')).toEqual([]);
  });

  test('go on after a restart with what was due', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'sandbox-whatsapp-'));
    const first = await WhatsAppHarness.start({ stateDir });
    await first.inject({ text: 'Oi' });
    await first.harness.control('PATCH', '/settings', { whatsAppSentMs: 600_000 });
    const mid = midOf(await first.sendText('Olá'));
    await first.harness.close();
    const second = await WhatsAppHarness.start({ stateDir });
    try {
      await second.harness.control('POST', '/clock', { advanceMs: 700_000 });
      expect((await second.statuses()).map((status) => [status.id, status.status])).toContainEqual([
        mid,
        'sent',
      ]);
    } finally {
      await second.harness.close();
      await rm(stateDir, { recursive: true });
    }
  });
});
