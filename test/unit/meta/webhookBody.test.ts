import { parseMetaWebhook } from '../../../core/providers/meta';
import { eventOf, eventsOf } from './support/parsing';
import { ACCOUNT, AT, PAGE, PERSON, between, pageItem } from './support/payloads';

describe('a body', () => {
  it('with several entries and items gives every event, in the order of their times', () => {
    const at = (timestamp: number, mid: string) => ({
      sender: { id: PERSON },
      recipient: { id: PAGE },
      timestamp,
      message: { mid, text: mid },
    });
    const body = {
      object: 'page',
      entry: [
        { id: PAGE, time: AT, messaging: [at(AT + 3, 'c'), at(AT + 1, 'a')] },
        { id: 'other', time: AT, messaging: [at(AT + 2, 'b')] },
      ],
    };
    expect(eventsOf(body).map((event) => ('text' in event ? event.text : null))).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(eventsOf(body)[1]).toMatchObject({ accountExternalId: 'other' });
  });

  it('with one malformed item keeps its neighbours, and the malformed one as raw', () => {
    const good = (mid: string) => between(PAGE, { message: { mid, text: 'x' } });
    const broken = [
      null,
      7,
      'text',
      [],
      {},
      { message: null },
      { message: { text: 'without an id' } },
      { message: { mid: 'x' } },
      { reaction: { mid: 'm', action: 'dance' }, sender: { id: '1' } },
      { read: {} },
      { delivery: { mids: 7 } },
      { message_edit: {}, sender: { id: '1' } },
      { policy_enforcement: {} },
    ];
    for (const item of broken) {
      const body = {
        object: 'page',
        entry: [{ id: PAGE, time: AT, messaging: [good('1'), item, good('2')] }],
      };
      const kinds = eventsOf(body).map(({ kind }) => kind);
      expect(kinds.sort()).toEqual(['message', 'message', 'unrecognised']);
      const kept = eventsOf(body).find(({ kind }) => kind === 'unrecognised');
      expect(kept?.raw).toBe(item);
    }
  });

  it('with numbers for ids gives texts', () => {
    const body = {
      object: 'page',
      entry: [
        {
          id: 12345654332,
          time: AT,
          messaging: [
            {
              sender: { id: 987654321432 },
              recipient: { id: 12345654332 },
              timestamp: AT,
              message: { mid: 'm', text: 'x' },
            },
          ],
        },
      ],
    };
    expect(eventOf(body)).toMatchObject({
      accountExternalId: '12345654332',
      contact: { externalId: '987654321432' },
    });
  });

  it.each([
    [AT, AT],
    [String(AT), AT],
    [1_795_000_000, 1_795_000_000_000],
    ['1795000000', 1_795_000_000_000],
    [undefined, AT + 377],
    ['yesterday', AT + 377],
    [-5, AT + 377],
    [1e30, AT + 377],
  ])('with timestamp %j happened at %s', (timestamp, occurredAt) => {
    expect(eventOf(pageItem({ timestamp, message: { mid: 'm', text: 'x' } }))).toMatchObject({
      occurredAt,
    });
  });

  it('without any time happened when it was received', () => {
    const body = {
      object: 'page',
      entry: [{ id: PAGE, messaging: [{ sender: { id: '1' }, message: { mid: 'm' } }] }],
    };
    expect(parseMetaWebhook(body, 4711).events).toMatchObject([{ occurredAt: 4711 }]);
  });

  it('with nothing in it gives nothing', () => {
    expect(
      parseMetaWebhook({ object: 'instagram', entry: [{ id: ACCOUNT, time: 1, messaging: [] }] }),
    ).toEqual({
      events: [],
      foreign: false,
    });
    expect(parseMetaWebhook({ object: 'page', entry: [] })).toEqual({ events: [], foreign: false });
  });

  it('of another object is foreign and gives nothing', () => {
    const foreign = [
      { object: 'user', entry: [{ id: '1' }] },
      { object: 'whatsapp_business_account', entry: [] },
      { object: 'constructor', entry: [] },
      {},
      [],
      null,
      'page',
      7,
      [{}, 7],
    ];
    for (const body of foreign)
      expect(parseMetaWebhook(body)).toEqual({ events: [], foreign: true });
  });

  it('of ours in a form nobody knows is kept', () => {
    expect(eventOf({ object: 'page', entry: 'x' })).toMatchObject({
      kind: 'unrecognised',
      what: 'body without entries',
    });
    expect(eventOf({ object: 'page', entry: { id: PAGE } })).toMatchObject({
      kind: 'unrecognised',
      what: 'entry without messaging or changes',
    });
    expect(eventOf({ object: 'page', entry: [null] })).toMatchObject({ kind: 'unrecognised' });
    expect(
      eventOf({ object: 'page', entry: [{ id: PAGE, time: AT, hop_context: [] }] }),
    ).toMatchObject({
      kind: 'unrecognised',
      accountExternalId: PAGE,
    });
    expect(eventOf({ object: 'page', entry: [{ id: PAGE, messaging: 'x' }] })).toMatchObject({
      kind: 'unrecognised',
    });
  });

  it('that comes again gives the same keys, and what differs gives others', () => {
    const keys = (body: unknown) => eventsOf(body).map(({ dedupeKey }) => dedupeKey);
    const odd = (n: number) => pageItem({ hologram: { n } });
    expect(keys(odd(1))).toEqual(keys(odd(1)));
    expect(keys(odd(1))).not.toEqual(keys(odd(2)));
  });
});
