import { weigh, type Evidence, type SeenMessage } from '../../../core/messaging/evidence';

const reservedAt = Date.UTC(2026, 10, 22, 12);
const OURS = 'fingerprint of ours';

const seen = (parts: Partial<SeenMessage>): SeenMessage => ({
  providerId: 'mid.1',
  direction: 'outbound',
  fingerprint: OURS,
  createdAt: reservedAt + 1_000,
  ...parts,
});

const weighed = (parts: Partial<Evidence>) =>
  weigh({
    fingerprint: OURS,
    reservedAt,
    seen: [],
    reachesBeginning: true,
    known: [],
    openEqualSends: 1,
    completedEqualSends: 0,
    ...parts,
  });

const person = (storedAt: number) => [{ providerId: 'mid.1', sentBy: 'person', storedAt }];

describe('what a read of the conversation proves', () => {
  it('finds the one equal outgoing message since the reservation', () => {
    const message = seen({});
    const other = seen({ providerId: 'mid.2', fingerprint: 'other words' });
    const inbound = seen({ providerId: 'mid.3', direction: 'inbound' });
    expect(weighed({ seen: [other, inbound, message] })).toEqual({ kind: 'found', message });
  });

  it('finds it when the provider’s clock is a little behind and cuts to whole seconds', () => {
    expect(weighed({ seen: [seen({ createdAt: reservedAt - 9_000 })] }).kind).toBe('found');
  });

  it('gives the oldest to the first of several equal sends, when there are as many messages', () => {
    const first = seen({ providerId: 'a', createdAt: reservedAt + 1 });
    const second = seen({ providerId: 'b', createdAt: reservedAt + 2 });
    const both = { seen: [second, first], openEqualSends: 2 };
    expect(weighed(both)).toEqual({ kind: 'found', message: first });
  });

  it.each([
    ['more messages than sends', { seen: [seen({ providerId: 'a' }), seen({ providerId: 'b' })] }],
    ['fewer messages than sends', { seen: [seen({})], openEqualSends: 2 }],
    ['no message and two sends', { openEqualSends: 2 }],
    ['an equal send with a result', { completedEqualSends: 1 }],
    ['a person’s equal message', { seen: [seen({})], known: person(reservedAt + 1) }],
    [
      'a person’s message that shows no words',
      { seen: [seen({ fingerprint: null })], known: person(reservedAt + 1) },
    ],
  ])('decides nothing of twins: %s', (_name, parts) => {
    expect(weighed(parts)).toEqual({ kind: 'undecided', why: 'twins' });
  });

  it('decides nothing while an unknown message hides its words', () => {
    const parts = { seen: [seen({ fingerprint: null })] };
    expect(weighed(parts)).toEqual({ kind: 'undecided', why: 'hidden' });
  });

  it('decides nothing while an unknown message may be the same in another form', () => {
    const parts = { fingerprint: 'file/album', seen: [seen({ fingerprint: 'file/picture' })] };
    expect(weighed(parts)).toEqual({ kind: 'undecided', why: 'hidden' });
    const template = seen({ fingerprint: 'the title of a template', families: ['file'] });
    expect(weighed({ fingerprint: 'file/album', seen: [template] }).kind).toBe('undecided');
  });

  it('is not misled by an unknown message of another family', () => {
    const others = [seen({ fingerprint: 'words' }), seen({ fingerprint: 'share/post' })];
    expect(weighed({ fingerprint: 'file/album', seen: others })).toEqual({ kind: 'absent' });
  });

  it('decides nothing by an equal message that may be older than the reservation or not', () => {
    const parts = { seen: [seen({ createdAt: reservedAt - 30_000 })] };
    expect(weighed(parts)).toEqual({ kind: 'undecided', why: 'hidden' });
  });

  it('proves absence where the whole conversation is shown', () => {
    expect(weighed({})).toEqual({ kind: 'absent' });
    const other = seen({ fingerprint: 'other words' });
    expect(weighed({ seen: [other] })).toEqual({ kind: 'absent' });
  });

  it('proves absence where the read reaches back before the reservation, and else not', () => {
    const old = seen({ createdAt: reservedAt - 60_001 });
    expect(weighed({ seen: [old], reachesBeginning: false })).toEqual({ kind: 'absent' });
    const young = seen({ createdAt: reservedAt, fingerprint: 'other words' });
    expect(weighed({ seen: [young], reachesBeginning: false })).toEqual({
      kind: 'undecided',
      why: 'notFarEnough',
    });
    expect(weighed({ reachesBeginning: false }).kind).toBe('undecided');
  });

  it('is not misled by messages that it knows: ours by their answers, a person’s from before', () => {
    const known = [{ providerId: 'mid.1', sentBy: 'automation', storedAt: reservedAt + 1 }];
    expect(weighed({ seen: [seen({})], known })).toEqual({ kind: 'absent' });
    const before = { seen: [seen({})], known: person(reservedAt - 10_001) };
    expect(weighed(before)).toEqual({ kind: 'absent' });
  });
});
