import { matchesFilter, type ConsumerFilter } from '../../../core/events';
import type { EventItem } from '../../../core/model';

const item: EventItem = {
  id: '01JD0000000000000000000000',
  event: 'message.received',
  timestamp: '2026-11-22T12:00:00.000Z',
  tenantId: 'default',
  channel: 'instagram',
  provider: 'meta',
  connection: { id: 'account-1', name: 'Clínica', externalId: '17841400000000000' },
  contact: { id: 'c', externalId: 'e', name: null, phone: null, stage: null, isNew: false },
  conversation: {
    id: 'v',
    status: 'open',
    isNew: false,
    windowClosesAt: null,
    automation: { paused: false, reason: null, until: null },
  },
  message: null,
  raw: null,
};

describe('matchesFilter', () => {
  it.each<[string, ConsumerFilter, boolean]>([
    ['nothing asked', {}, true],
    ['empty lists', { types: [], providers: [], channels: [], accountIds: [] }, true],
    ['its type', { types: ['message.received'] }, true],
    ['another type', { types: ['message.sent'] }, false],
    ['its provider', { providers: ['meta', 'notificame'] }, true],
    ['another provider', { providers: ['notificame'] }, false],
    ['another channel', { channels: ['messenger'] }, false],
    ['its account', { accountIds: ['account-1'] }, true],
    ['another account', { accountIds: ['account-2'] }, false],
    ['new contacts', { newContactsOnly: true }, false],
    ['a keyword, where there is no text', { keyword: 'oi' }, false],
  ])('%s', (_name, filter, expected) => {
    expect(matchesFilter(item, filter)).toBe(expected);
  });

  it('leaves out noisy types and paused conversations unless asked', () => {
    const echo: EventItem = { ...item, event: 'message.echo' };
    expect(matchesFilter(echo, {})).toBe(false);
    expect(matchesFilter(echo, { types: ['message.echo'] })).toBe(true);
    const paused = structuredClone(item);
    if (paused.conversation) paused.conversation.automation.paused = true;
    expect(matchesFilter(paused, {})).toBe(false);
    expect(matchesFilter(paused, { includePaused: true })).toBe(true);
  });

  it('leaves out an event of no account where accounts are asked for', () => {
    const ownerless: EventItem = { ...item, connection: null, provider: null, channel: null };
    expect(matchesFilter(ownerless, { accountIds: ['account-1'] })).toBe(false);
    expect(matchesFilter(ownerless, { providers: ['meta'] })).toBe(false);
    expect(matchesFilter(ownerless, {})).toBe(true);
  });
});
