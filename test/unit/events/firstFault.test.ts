import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { EVENT_SCHEMAS, firstFault } from '../../../core/events';
import type { EventType } from '../../../core/model';

const ajv = addFormats(new Ajv2020({ strict: true, allowUnionTypes: true }));

const contact = { id: 'c1', externalId: 'e1', name: null, phone: null, stage: null, isNew: true };
const event = (type: EventType, parts: object = {}) => ({
  id: '01JD3Z8Q4T6W8Y0A2C4E6G8J0M',
  event: type,
  timestamp: '2026-11-22T16:14:05.120Z',
  tenantId: 'default',
  channel: null,
  provider: null,
  connection: null,
  contact: null,
  conversation: null,
  message: null,
  raw: null,
  ...parts,
});
const deal = { dealId: '1', fromStage: null, toStage: 'won' };

/** Right and wrong items over every keyword that the schemas use. */
const ITEMS: Array<[string, ReturnType<typeof event>]> = [
  ['a deal that moved', event('deal.moved', { data: deal })],
  ['more data than the schema names', event('deal.moved', { data: { ...deal, value: 900 } })],
  ['a missing field', event('deal.moved', { data: { dealId: '1', fromStage: null } })],
  ['no data where it is needed', event('deal.moved')],
  ['null where text is needed', event('deal.moved', { data: { ...deal, dealId: null } })],
  ['a number where text is needed', event('deal.moved', { data: { ...deal, dealId: 4711 } })],
  ['a list where an object is needed', event('deal.moved', { data: [deal] })],
  ['an unknown part', event('deal.moved', { data: deal, extra: 1 })],
  ['a wrong id', event('deal.moved', { data: deal, id: 'abc' })],
  ['a wrong time', event('deal.moved', { data: deal, timestamp: 'yesterday' })],
  ['a date without time', event('deal.moved', { data: deal, timestamp: '2026-11-22' })],
  ['an unknown channel', event('deal.moved', { data: deal, channel: 'pigeon' })],
  ['a contact', event('contact.updated', { contact })],
  ['no contact', event('contact.updated')],
  ['half a contact', event('contact.updated', { contact: { id: 'c1' } })],
  ['a contact with more', event('contact.updated', { contact: { ...contact, email: 'a@b.c' } })],
  ['a rating', event('feedback.received', { contact, data: { rating: 4.5 } })],
  ['a rating that is text', event('feedback.received', { contact, data: { rating: 'good' } })],
  ['a list of texts', event('conversation.updated', { data: { changed: ['a', 'b'] } })],
  ['a list of others', event('conversation.updated', { data: { changed: ['a', 1] } })],
  [
    'negative attempts',
    event('event.parked', {
      data: {
        eventId: '01JD3Z8Q4T6W8Y0A2C4E6G8J0M',
        eventType: 'deal.moved',
        consumerId: 'a:b',
        consumerName: 'n',
        attempts: -1,
        reason: 'r',
      },
    }),
  ],
];

describe('the check of an event against its schema', () => {
  it.each(ITEMS)('agrees with a full validator about %s', (_what, item) => {
    const schema = EVENT_SCHEMAS[item.event];
    const fault = firstFault(schema, item, item.event);
    expect([fault, fault === null]).toEqual([fault, ajv.validate(schema, item)]);
  });

  it('names the first field that is wrong by its path', () => {
    const item = event('deal.moved', { data: { dealId: '1', fromStage: null } });
    expect(firstFault(EVENT_SCHEMAS['deal.moved'], item, 'deal.moved')).toBe(
      'deal.moved.data.toStage is missing',
    );
  });
});
