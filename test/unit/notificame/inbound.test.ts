import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parseNotificaMeWebhook } from '../../../core/providers/notificame';
import { readTime } from '../../../core/providers/notificame/inbound/time';
import { factsOfAddress, isHubSecret, readHubBody } from '../../../core/providers/notificame';
import { randomFrom } from '../../support/random.ts';

const RECEIVED_AT = Date.parse('2026-11-18T22:05:00Z');
const WHATSAPP = '11111111-2222-4333-8444-555555555555';
const facts = { receivedAt: RECEIVED_AT, timezone: 'America/Sao_Paulo' };
const parse = (body: unknown, more: object = {}) =>
  parseNotificaMeWebhook(body, { ...facts, ...more });

const message = (over: object = {}, inner: object = {}) => ({
  id: 'event-1',
  type: 'MESSAGE',
  timestamp: '2026-11-18 07:03:28 pm',
  channel: 'whatsapp_business_account',
  direction: 'IN',
  message: {
    id: 'hub-1',
    to: WHATSAPP,
    from: '5511988887777',
    channel: 'whatsapp_business_account',
    direction: 'IN',
    visitor: { name: 'Ana Teste', firstName: 'Ana', lastName: 'Teste' },
    contents: [{ type: 'text', text: 'Olá' }],
    ...inner,
  },
  providerMessageId: 'wamid-1',
  ...over,
});

describe('what the hub posts', () => {
  it('is a message with both of its ids, the person’s names and the right moment', () => {
    expect(parse(message()).events).toMatchObject([
      {
        provider: 'notificame',
        channel: 'whatsapp',
        accountExternalId: WHATSAPP,
        kind: 'message',
        type: 'text',
        text: 'Olá',
        providerId: 'wamid-1',
        otherProviderId: 'hub-1',
        occurredAt: Date.parse('2026-11-18T22:03:28Z'),
        contact: {
          externalId: '5511988887777',
          name: 'Ana Teste',
          phone: '+5511988887777',
          aliases: ['551188887777'],
        },
        raw: message(),
      },
    ]);
  });

  it('may carry its contents as JSON in a text, and on Instagram the handle as the name', () => {
    const inner = {
      channel: 'instagram',
      from: '900100200300400',
      visitor: { name: 'cliente.teste', firstName: 'Cliente' },
      contents: '[{"type":"text","text":"oi"}]',
    };
    const [event] = parse(message({ channel: 'instagram' }, inner)).events;
    expect(event).toMatchObject({
      channel: 'instagram',
      kind: 'message',
      text: 'oi',
      contact: { externalId: '900100200300400', name: 'Cliente', username: 'cliente.teste' },
    });
  });

  it.each([
    [
      'a kind',
      {
        type: 'file',
        fileUrl: 'https://a.example/x.pdf',
        fileMimeType: 'document',
        fileName: 'x.pdf',
        fileCaption: 'segue',
      },
      {
        type: 'file',
        text: 'segue',
        attachments: [{ type: 'file', url: 'https://a.example/x.pdf', fileName: 'x.pdf' }],
      },
    ],
    [
      'a MIME type',
      { type: 'file', url: 'https://a.example/x', fileMimeType: 'image/png' },
      {
        type: 'image',
        attachments: [{ type: 'image', url: 'https://a.example/x', mimeType: 'image/png' }],
      },
    ],
    ['neither', { type: 'file', fileUrl: 'https://a.example/x' }, { type: 'file' }],
    [
      'Meta’s form',
      { type: 'image', image: { link: 'https://a.example/x', caption: 'veja' } },
      { type: 'image', text: 'veja' },
    ],
  ])('reads a file that names %s', (_name, content, expected) => {
    expect(parse(message({}, { contents: [content] })).events).toMatchObject([expected]);
  });

  it('reads what was tapped', () => {
    const contents = [{ type: 'text', text: 'Confirmar', payload: 'CONFIRM:1' }];
    expect(parse(message({}, { contents })).events).toMatchObject([
      { kind: 'message', type: 'postback', text: 'Confirmar', buttonPayload: 'CONFIRM:1' },
    ]);
  });

  it('reads a reaction', () => {
    const contents = [{ type: 'reaction', reaction: { message_id: 'wamid-0', emoji: '❤' } }];
    expect(parse(message({}, { contents })).events).toMatchObject([
      { kind: 'reaction', targetProviderId: 'wamid-0', action: 'react', emoji: '❤' },
    ]);
  });

  it('reads what was written in the hub’s own inbox as an echo', () => {
    const out = { direction: 'OUT', from: WHATSAPP, to: '5511988887777' };
    expect(parse(message({ direction: 'OUT' }, out)).events).toMatchObject([
      { kind: 'echo', accountExternalId: WHATSAPP, contact: { externalId: '5511988887777' } },
    ]);
  });

  it('keeps words of a kind that nobody knows', () => {
    const contents = [{ type: 'hologram', text: 'olá' }];
    expect(parse(message({}, { contents })).events).toMatchObject([
      {
        kind: 'message',
        type: 'unsupported',
        text: 'olá',
        details: { unsupportedType: 'hologram' },
      },
    ]);
  });

  it('never makes an id up', () => {
    const event = message({ providerMessageId: undefined }, { id: undefined });
    expect(parse(event).events).toMatchObject([{ providerId: null, dedupeKey: 'message:event-1' }]);
  });

  it('is the same event when it comes again under another event id', () => {
    const [first] = parse(message()).events;
    const [again] = parse(message({ id: 'event-2', subscriptionId: 's2' })).events;
    expect(again?.dedupeKey).toBe(first?.dedupeKey);
  });
});

describe('a status', () => {
  const status = (code: string, more: object = {}, inner: object = {}) => ({
    id: 'event-9',
    type: 'MESSAGE_STATUS',
    timestamp: '2026-11-18T22:03:30Z',
    channel: 'whatsapp_business_account',
    direction: 'OUT',
    messageId: 'hub-9',
    contentIndex: 0,
    messageStatus: { code, ...inner },
    providerMessageId: 'wamid-9',
    ...more,
  });
  const address = { accountId: WHATSAPP, channel: 'whatsapp' };

  it.each([
    ['SENT', 'sent'],
    ['ACCEPTED', 'sent'],
    ['DELIVERED', 'delivered'],
    ['READ', 'read'],
  ])('%s is "%s", by both ids, and names nobody', (code, told) => {
    expect(parse(status(code), address).events).toMatchObject([
      {
        kind: 'status',
        status: told,
        providerId: 'hub-9',
        otherProviderId: 'wamid-9',
        contact: null,
      },
    ]);
  });

  it('that failed says why, by the table of the channel below', () => {
    const causes = [{ channelErrorCode: '131047', reason: 'x', details: 'more than 24 hours' }];
    expect(parse(status('REJECTED', {}, { causes }), address).events).toMatchObject([
      { status: 'failed', failure: { code: 131047, reason: 'window_closed' } },
    ]);
    expect(parse(status('NOT_DELIVERED'), address).events).toMatchObject([
      { status: 'failed', failure: { reason: 'provider_rejected', retryable: false } },
    ]);
  });

  it('of a newer form has its ids inside', () => {
    const newer = status('READ', {
      messageId: undefined,
      providerMessageId: undefined,
      message: { id: 'hub-9', externalId: 'wamid-9', from: WHATSAPP, to: '5511988887777' },
    });
    expect(parse(newer).events).toMatchObject([
      {
        kind: 'status',
        accountExternalId: WHATSAPP,
        providerId: 'hub-9',
        contact: { externalId: '5511988887777' },
      },
    ]);
  });

  it('that nobody knows is kept', () => {
    expect(parse(status('TELEPORTED'), address).events).toMatchObject([{ kind: 'unrecognised' }]);
    expect(parse(status('CLICKED'), address).events).toMatchObject([{ kind: 'activity' }]);
  });
});

describe('times', () => {
  const at = (value: unknown, timezone = 'America/Sao_Paulo') =>
    new Date(readTime(value, RECEIVED_AT, timezone)).toISOString();

  it.each([
    ['2026-11-18 07:03:28 pm', '2026-11-18T22:03:28.000Z'],
    ['2026-11-18 12:30:00 am', '2026-11-18T03:30:00.000Z'],
    ['2026-11-18 12:30:00 pm', '2026-11-18T15:30:00.000Z'],
    ['2026-11-18T19:03:28', '2026-11-18T22:03:28.000Z'],
    ['2026-11-18T22:03:28.500Z', '2026-11-18T22:03:28.500Z'],
    ['2026-11-18T19:03:28-03:00', '2026-11-18T22:03:28.000Z'],
    [1_795_039_408, new Date(1_795_039_408_000).toISOString()],
  ])('%s', (value, expected) => {
    expect(at(value)).toBe(expected);
  });

  it('without a zone are those of the zone that the credential names', () => {
    expect(at('2026-11-18 07:03:28 pm', 'Asia/Tokyo')).toBe('2026-11-18T10:03:28.000Z');
    expect(at('2026-07-18 07:03:28 pm', 'America/New_York')).toBe('2026-07-18T23:03:28.000Z');
  });

  it.each([['nonsense'], [''], [null], [{}], ['2030-01-01 01:00:00 am']])(
    'that cannot be (%p) are the moment of receipt',
    (value) => {
      expect(readTime(value, RECEIVED_AT, 'America/Sao_Paulo')).toBe(RECEIVED_AT);
    },
  );
});

describe('the address', () => {
  it('says for which channel it was made, and wins over the body', () => {
    const found = factsOfAddress({ channel: 'other-channel', on: 'telegram' });
    expect(found).toEqual({ accountId: 'other-channel', channel: 'telegram' });
    expect(parse(message(), found).events).toMatchObject([
      { accountExternalId: 'other-channel', channel: 'telegram' },
    ]);
    expect(factsOfAddress({ channel: 'x', on: 'smoke' })).toEqual({
      accountId: null,
      channel: null,
    });
  });

  it('carries a secret that only equals itself', () => {
    expect(isHubSecret('a-secret', 'a-secret')).toBe(true);
    for (const given of ['', 'a-secre', 'a-secret ', 'A-SECRET']) {
      expect(isHubSecret(given, 'a-secret')).toBe(false);
    }
    expect(isHubSecret('', '')).toBe(false);
  });
});

const JUNK = [null, 1, 'x', '', '[]', '{"a":1}', [], {}, true, 9e99];

/** A payload with some of its parts replaced by nonsense, at random places. */
function damaged(value: unknown, random: () => number): unknown {
  if (random() < 0.12) return JUNK[Math.floor(random() * JUNK.length)];
  if (Array.isArray(value)) return value.map((item) => damaged(item, random));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, damaged(item, random)]),
  );
}

describe('any body at all', () => {
  it('gives events or none, and never an exception', () => {
    const random = randomFrom(7);
    const address = { accountId: WHATSAPP, channel: 'whatsapp' };
    for (let round = 0; round < 3_000; round += 1) {
      const body = damaged(message(), random);
      for (const more of [{}, address]) {
        const { events, foreign } = parse(body, more);
        expect(foreign).toBe(events.length === 0);
        for (const event of events) {
          expect(event.accountExternalId).not.toBe('');
          expect(Number.isFinite(event.occurredAt)).toBe(true);
        }
      }
    }
  });

  it('is kept as unrecognised where the address names its channel', () => {
    const address = { accountId: WHATSAPP, channel: 'whatsapp' };
    for (const body of [
      '<html>',
      { type: 'FLOW' },
      { a: 1 },
      readHubBody(Buffer.from('not json')),
    ]) {
      expect(parse(body, address).events).toMatchObject([{ kind: 'unrecognised', raw: body }]);
    }
  });

  it('keeps long ids whole', () => {
    expect(readHubBody(Buffer.from('{"id":17841400000000001}'))).toEqual({
      id: '17841400000000001',
    });
  });
});

const SAMPLES = path.resolve(__dirname, '../../../../shared/samples');
const samples = existsSync(SAMPLES)
  ? readdirSync(SAMPLES).filter((file) => file.startsWith('notificame_'))
  : [];

describe('the samples', () => {
  it('are four, where they are there, and each is one event of its kind', () => {
    const address = { accountId: WHATSAPP, channel: 'whatsapp' };
    const kinds = samples.map((file) => {
      const body: unknown = JSON.parse(readFileSync(path.join(SAMPLES, file), 'utf8'));
      const { events } = parse(body, file.includes('status') ? address : {});
      expect(events).toHaveLength(1);
      return `${file} ${events[0]?.kind}`;
    });
    expect(kinds).toEqual(
      samples.length === 0
        ? []
        : [
            'notificame_in_file.json message',
            'notificame_in_instagram_string_contents.json message',
            'notificame_in_text.json message',
            'notificame_status.json status',
          ],
    );
  });
});
