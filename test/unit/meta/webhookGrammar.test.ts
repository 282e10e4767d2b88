/** Bodies made from the grammar of Meta's documentation: each item and each change becomes exactly one event. */
import type { InboundKind } from '../../../core/model';
import { parseMetaWebhook, readMetaBody } from '../../../core/providers/meta';
import { countBody, type Counted } from '../../support/countMeta.ts';
import { sentence } from '../../support/metaGrammar.ts';
import { randomFrom } from '../../support/random.ts';

const SENTENCES = 2_000;

/** What the independent count calls each kind. */
const WORDS: Partial<Record<InboundKind, Counted>> = {
  message: 'messages',
  echo: 'echoes',
  delete: 'deletes',
  postback: 'postbacks',
  reaction: 'reactions',
  read: 'reads',
  delivery: 'deliveries',
  edit: 'edits',
  optin: 'optins',
  referral: 'referrals',
  handover: 'handovers',
  accountLink: 'accountLinks',
  policy: 'policies',
  comment: 'comments',
  mention: 'mentions',
  templateStatus: 'templates',
};

const parse = (body: unknown) =>
  parseMetaWebhook(readMetaBody(Buffer.from(JSON.stringify(body))), 5);

describe(`${SENTENCES} random bodies of the grammar`, () => {
  const random = randomFrom(20261126);
  const sentences = Array.from({ length: SENTENCES }, () => sentence(random));

  it('hold every kind, many times', () => {
    const kinds = sentences.flatMap((made) => made.kinds);
    const rarest = Object.keys(WORDS).map((kind) => kinds.filter((each) => each === kind).length);
    expect(Math.min(...rarest)).toBeGreaterThan(50);
  });

  it('become exactly the events they were made of, one for each', () => {
    for (const { body, kinds } of sentences) {
      const { events, foreign } = parse(body);
      const found = events.map(({ kind }) => kind).sort();
      if (foreign || found.join() !== [...kinds].sort().join()) {
        expect({ body, found }).toEqual({ body, found: [...kinds].sort() });
      }
    }
  });

  it('count as the independent count of their raw JSON, postbacks of standby aside', () => {
    for (const { body } of sentences) {
      const counted = countBody(body);
      const parsed = countBody({});
      for (const { kind, ...event } of parse(body).events) {
        const isTap = 'type' in event && event.type === 'postback';
        parsed[isTap ? 'postbacks' : (WORDS[kind] ?? 'others')] += 1;
      }
      if (JSON.stringify(parsed) !== JSON.stringify(counted)) {
        expect({ body, parsed }).toEqual({ body, parsed: counted });
      }
    }
  });

  it('give a key to each event of its own, and the same keys again', () => {
    for (const { body } of sentences) {
      const keys = parse(body).events.map(({ dedupeKey }) => dedupeKey);
      const later = parseMetaWebhook(readMetaBody(Buffer.from(JSON.stringify(body))), 99_999);
      expect(later.events.map(({ dedupeKey }) => dedupeKey).sort()).toEqual([...keys].sort());
    }
  });
});
