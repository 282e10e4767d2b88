/** Whatever JSON comes in, the parser answers, and what it answers is well-formed. */
import type { InboundEvent } from '../../../core/model';
import { parseMetaWebhook } from '../../../core/providers/meta';
import { change, instagramItem, pageItem } from './support/payloads';
import { randomFrom } from '../../support/random.ts';

const RUNS = 4000;

const KEYS = [
  'object',
  'entry',
  'id',
  'time',
  'messaging',
  'standby',
  'changes',
  'field',
  'value',
  'sender',
  'recipient',
  'timestamp',
  'message',
  'mid',
  'text',
  'attachments',
  'type',
  'payload',
  'url',
  'is_echo',
  'is_deleted',
  'reply_to',
  'story',
  'quick_reply',
  'referral',
  'postback',
  'reaction',
  'action',
  'read',
  'delivery',
  'mids',
  'watermark',
  'optin',
  'message_edit',
  'app_roles',
  'from',
  'comment_id',
  'item',
  'verb',
  'media',
  '__proto__',
  'constructor',
  'toString',
];
const SCALARS: unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  1_795_000_000,
  1_795_000_000_123,
  Number.MAX_SAFE_INTEGER,
  '',
  ' ',
  'page',
  'instagram',
  'feed',
  'comments',
  'react',
  'image',
  '0',
  '1795000000',
  'é😀',
  '\u0000',
];

function randomJson(random: () => number, depth: number): unknown {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const shape = depth <= 0 ? 0 : random();
  if (shape < 0.4) return pick(SCALARS);
  const size = Math.floor(random() * 4);
  if (shape < 0.6) return Array.from({ length: size }, () => randomJson(random, depth - 1));
  // Through JSON, so that "__proto__" is a key like any other, as in a parsed body.
  const pairs = Array.from({ length: size }, () => [pick(KEYS), randomJson(random, depth - 1)]);
  return JSON.parse(
    `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`,
  );
}

/** The same body with one of its values replaced by something else. */
function mutated(value: unknown, random: () => number): unknown {
  if (typeof value !== 'object' || value === null || random() < 0.15) return randomJson(random, 3);
  if (Array.isArray(value)) {
    const at = Math.floor(random() * value.length);
    return value.map((item, index) => (index === at ? mutated(item, random) : item));
  }
  const entries = Object.entries(value);
  const at = Math.floor(random() * entries.length);
  return Object.fromEntries(
    entries.map(([key, item], index) => [key, index === at ? mutated(item, random) : item]),
  );
}

const REAL = [
  pageItem({
    message: { mid: 'm', text: 'x', quick_reply: { payload: 'P' }, reply_to: { mid: 'n' } },
  }),
  pageItem({
    message: {
      mid: 'm',
      attachments: [{ type: 'location', payload: { coordinates: { lat: 1, long: 2 } } }],
    },
  }),
  pageItem({ message: { mid: 'm', text: 'x', is_echo: true, app_id: 1, metadata: 'z' } }),
  instagramItem({ message: { mid: 'm', reply_to: { story: { id: '1', url: 'u' } } } }),
  pageItem({ postback: { title: 't', payload: 'p', referral: { ref: 'r' } } }),
  instagramItem(
    {
      postback: {
        mid: 'm',
        title: 't',
        payload: 'p',
        referral: { source: 'ADS', ads_context_data: {} },
      },
    },
    'standby',
  ),
  pageItem({ reaction: { mid: 'm', action: 'react', emoji: '❤️' } }),
  pageItem({ delivery: { mids: ['a'], watermark: 1_795_000_000_123 } }),
  pageItem({ optin: { ref: 'r', user_ref: 'u' } }),
  pageItem({ pass_thread_control: { new_owner_app_id: 1, metadata: '' } }),
  change('page', 'feed', {
    item: 'comment',
    verb: 'add',
    comment_id: 'c',
    from: { id: '1', name: 'n' },
    created_time: 1_795_000_000,
  }),
  change('instagram', 'comments', { id: 'c', from: { id: '1' }, media: { id: 'm', ad_id: '2' } }),
  change('page', 'message_template_status_update', {
    event: 'APPROVED',
    message_template_name: 'n',
  }),
];

function expectWellFormed(event: InboundEvent): void {
  expect(event.provider).toBe('meta');
  expect(['messenger', 'instagram']).toContain(event.channel);
  expect(event.accountExternalId).not.toBe('');
  expect(event.dedupeKey.startsWith(`${event.kind}:`)).toBe(true);
  expect(Number.isInteger(event.occurredAt)).toBe(true);
  expect(() => new Date(event.occurredAt).toISOString()).not.toThrow();
  expect(JSON.parse(JSON.stringify(event))).toEqual(event);
  if ('contact' in event && event.contact)
    expect(event.contact.externalId).toEqual(expect.stringMatching(/[^]/));
}

describe('parseMetaWebhook', () => {
  it(`answers ${RUNS} random bodies without an exception`, () => {
    const random = randomFrom(20261122);
    for (let run = 0; run < RUNS; run += 1) {
      const { events, foreign } = parseMetaWebhook(randomJson(random, 7), 1);
      if (foreign) expect(events).toEqual([]);
      events.forEach(expectWellFormed);
    }
  });

  it(`answers ${RUNS} damaged real bodies without an exception, and the same twice`, () => {
    const random = randomFrom(4711);
    const kinds = new Set<string>();
    for (let run = 0; run < RUNS; run += 1) {
      const body = mutated(REAL[run % REAL.length], random);
      const before = JSON.stringify(body);
      const { events } = parseMetaWebhook(body, 1);
      events.forEach(expectWellFormed);
      for (const { kind } of events) kinds.add(kind);
      expect(parseMetaWebhook(body, 1).events).toEqual(events);
      expect(JSON.stringify(body)).toBe(before);
    }
    // Damage that reached nothing would prove nothing.
    expect(kinds).toEqual(
      new Set([
        'message',
        'echo',
        'postback',
        'reaction',
        'delivery',
        'optin',
        'handover',
        'comment',
        'activity',
        'templateStatus',
        'unrecognised',
      ]),
    );
  });

  it('answers a body that is nested deeper than any real one', () => {
    let deep: unknown = 'x';
    for (let level = 0; level < 50_000; level += 1) deep = [deep];
    expect(parseMetaWebhook(pageItem({ hologram: deep }), 1).events).toMatchObject([
      { kind: 'unrecognised' },
    ]);
  });
});
