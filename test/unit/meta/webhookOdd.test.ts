/** Payloads in forms that Meta is not documented to send: nothing a customer said may be lost for them. */
import { parseMetaWebhook, readMetaBody } from '../../../core/providers/meta';
import { eventOf, eventsOf } from './support/parsing';
import { ACCOUNT, AT, PAGE, PERSON, change, instagramItem, pageItem } from './support/payloads';

const contact = { externalId: PERSON };
const message = (part: object) => pageItem({ message: { mid: 'm_1', ...part } });

describe('a message', () => {
  it('without an id is kept, and is the same when it comes again', () => {
    const body = pageItem({ message: { text: 'Olá' } });
    expect(eventOf(body)).toMatchObject({
      kind: 'message',
      contact,
      providerId: null,
      text: 'Olá',
    });
    const later = { ...body, entry: [{ ...body.entry[0], time: AT + 60_000 }] };
    expect(eventOf(later).dedupeKey).toBe(eventOf(body).dedupeKey);
    const other = pageItem({ message: { text: 'Olá!' } });
    expect(eventOf(other).dedupeKey).not.toBe(eventOf(body).dedupeKey);
  });

  it('without any time is the same when it comes again, whenever that is', () => {
    const body = {
      object: 'page',
      entry: [{ id: PAGE, messaging: [{ sender: { id: PERSON }, postback: { payload: 'P' } }] }],
    };
    const [first, again] = [1_000, 99_000].map((at) => parseMetaWebhook(body, at).events[0]);
    expect(again?.dedupeKey).toBe(first?.dedupeKey);
    expect(again?.occurredAt).toBe(99_000);
  });

  it('with a number for words, and with anything for a payload', () => {
    expect(eventOf(message({ text: 42 }))).toMatchObject({ type: 'text', text: '42' });
    expect(eventOf(message({ text: 'x', quick_reply: { payload: 7 } }))).toMatchObject({
      buttonPayload: '7',
    });
    expect(eventOf(pageItem({ postback: { title: 1, payload: { step: 2 } } }))).toMatchObject({
      title: '1',
      payload: '{"step":2}',
    });
  });

  it.each([{ text: '' }, { text: null }, {}, { attachments: [] }, { attachments: null }])(
    'with nothing in it (%j) is still a message',
    (part) => {
      expect(eventOf(message(part))).toMatchObject({
        kind: 'message',
        type: 'unsupported',
        text: null,
      });
    },
  );

  it('with one attachment that is no list', () => {
    const attachment = { type: 'image', payload: { url: 'u' } };
    for (const part of [{ attachments: attachment }, { attachment }]) {
      expect(eventOf(message(part))).toMatchObject({
        type: 'image',
        attachments: [{ type: 'image', url: 'u' }],
      });
    }
  });

  it.each(['true', 1, '1', true])('withdrawn or unsupported, with %j for the flag', (flag) => {
    expect(eventOf(message({ is_deleted: flag }))).toMatchObject({ kind: 'delete' });
    expect(eventOf(message({ is_unsupported: flag }))).toMatchObject({ type: 'unsupported' });
    expect(eventOf(message({ text: 'x', is_echo: flag }))).toMatchObject({ kind: 'echo' });
  });

  it.each(['false', 0, false, null, 'no'])('that is not withdrawn, with %j', (flag) => {
    expect(eventOf(message({ text: 'x', is_deleted: flag, is_echo: flag }))).toMatchObject({
      kind: 'message',
    });
  });

  it('of a product or a cart names the products', () => {
    const product = { elements: [{ id: 9, title: 'Kit', image_url: 'u', retailer_id: 'r' }] };
    const attachments = [{ type: 'template', payload: { product } }];
    expect(eventOf(instagramItem({ message: { mid: 'm', attachments } }))).toMatchObject({
      type: 'template',
      attachments: [{ type: 'template', title: 'Kit', url: 'u', providerMediaId: '9' }],
    });
    const order = { products: [{ id: 1, name: 'Creme', quantity: 2 }, { retailer_id: 'r2' }] };
    expect(eventOf(message({ order }))).toMatchObject({
      type: 'template',
      attachments: [
        { type: 'template', title: 'Creme', providerMediaId: '1' },
        { type: 'template', providerMediaId: 'r2' },
      ],
    });
  });

  it('of an ad without a source is of an ad', () => {
    const referral = { ad_id: 6045246247433, ads_context_data: { ad_title: 'T', video_url: 'v' } };
    expect(eventOf(message({ text: 'x', referral }))).toMatchObject({
      referral: { type: 'ad', id: '6045246247433', headline: 'T', url: 'v' },
    });
  });

  it('with fields of tomorrow is a message, and keeps them in its raw object', () => {
    const event = eventOf(pageItem({ message: { mid: 'm', text: 'x', hologram: 1 }, aura: 2 }));
    expect(event).toMatchObject({ kind: 'message', raw: { aura: 2, message: { hologram: 1 } } });
  });
});

describe('an echo', () => {
  it('is of the person it went to, in recordings that name other ids than the account', () => {
    const item = { sender: { id: 'PAGE_ID' }, recipient: { id: 'USER_ID' } };
    const body = pageItem({ ...item, message: { mid: 'm', text: 'x', is_echo: true } });
    expect(eventOf(body)).toMatchObject({ kind: 'echo', contact: { externalId: 'USER_ID' } });
  });
});

describe('a report', () => {
  it('without facts says that there was one', () => {
    expect(eventOf(pageItem({ read: {} }))).toMatchObject({
      kind: 'read',
      contact,
      providerIds: [],
      watermark: null,
    });
    expect(eventOf(pageItem({ delivery: { mids: 'm_9' } }))).toMatchObject({
      kind: 'delivery',
      providerIds: ['m_9'],
    });
    expect(eventOf(pageItem({ read: { watermark: String(AT) } }))).toMatchObject({
      watermark: AT,
    });
  });

  it('of an emoji without an action is one that was put there', () => {
    expect(eventOf(pageItem({ reaction: { mid: 'm', emoji: '❤️' } }))).toMatchObject({
      kind: 'reaction',
      action: 'react',
    });
  });
});

describe('a body', () => {
  it('with one thing where a list should be is read all the same', () => {
    const item = { sender: { id: PERSON }, timestamp: AT, message: { mid: 'm', text: 'x' } };
    const entry = { id: PAGE, time: AT, messaging: item };
    for (const body of [
      { object: 'page', entry },
      { object: 'page', entry: [entry] },
    ]) {
      expect(eventOf(body)).toMatchObject({ kind: 'message', text: 'x' });
    }
    const changes = { field: 'comments', value: { id: '1', text: 'oi' } };
    expect(
      eventOf({ object: 'instagram', entry: { id: ACCOUNT, time: 1, changes } }),
    ).toMatchObject({ kind: 'comment' });
  });

  it('with messages, standby, changes and a flat change in one entry loses none of them', () => {
    const item = (mid: string) => ({
      sender: { id: PERSON },
      recipient: { id: ACCOUNT },
      timestamp: AT,
      message: { mid, text: mid },
    });
    const comment = (id: string) => ({ field: 'comments', value: { id, text: id } });
    const entry = {
      id: ACCOUNT,
      time: AT,
      messaging: [item('a'), item('b')],
      standby: [item('c')],
      changes: [comment('d')],
      ...comment('e'),
    };
    const texts = eventsOf({ object: 'instagram', entry: [entry] }).map((event) =>
      'text' in event ? event.text : null,
    );
    expect(texts.sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('nested deeper than can be stored is cut, and its neighbours are whole', () => {
    let deep: unknown = 'x';
    for (let level = 0; level < 50_000; level += 1) deep = { deep };
    const body = pageItem({ message: { mid: 'm', text: 'x', extra: deep } });
    const event = eventOf(body);
    expect(event).toMatchObject({ kind: 'message', text: 'x' });
    expect(JSON.stringify(event).length).toBeLessThan(2_000);
    expect(eventOf(pageItem({ optin: { ref: 'r', extra: deep } }))).toMatchObject({
      kind: 'optin',
    });
  });
});

describe('the bytes of a body', () => {
  const read = (json: string) => readMetaBody(Buffer.from(json));

  it('keep every digit of an id that is longer than JavaScript’s numbers', () => {
    const json = JSON.stringify(
      instagramItem({ message: { mid: 'm', text: 'R$ 12345678901234567, 8' } }),
    )
      .replaceAll(`"${ACCOUNT}"`, ACCOUNT)
      .replaceAll(`"${PERSON}"`, '90010020030040051');
    expect(eventOf(read(json))).toMatchObject({
      accountExternalId: ACCOUNT,
      contact: { externalId: '90010020030040051' },
      text: 'R$ 12345678901234567, 8',
    });
  });

  it('give numbers where JavaScript holds them', () => {
    expect(read('{"a":[1,2.5,-3,1795000000123],"b":1e30,"c":12345678901234567.5}')).toEqual({
      a: [1, 2.5, -3, 1_795_000_000_123],
      b: 1e30,
      c: Number('12345678901234567.5'),
    });
  });

  it.each(['', 'payload=%7B%7D', '{"object":"page"', '\u0000'])(
    'that are no JSON (%j) are foreign, not an error: they could never be stored',
    (json) => {
      expect(parseMetaWebhook(read(json))).toEqual({ events: [], foreign: true });
    },
  );
});

describe('comments and mentions', () => {
  it('with a number, a date or a name in an unusual place', () => {
    expect(
      eventOf(change('instagram', 'comments', { comment_id: 17, message: 'oi', media_id: 18 })),
    ).toMatchObject({ kind: 'comment', providerId: '17', text: 'oi', postId: '18' });
    expect(eventOf(change('instagram', 'comments', { text: 'oi' }))).toMatchObject({
      kind: 'unrecognised',
      what: 'comments without an id',
    });
  });
});
