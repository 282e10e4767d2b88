/** Bodies in every spelling that is known of the hub: each event of it becomes exactly one of ours. */
import { parseNotificaMeWebhook, readHubBody } from '../../../core/providers/notificame';
import type { InboundEvent } from '../../../core/model';
import { countHubBody, noHubCounts } from '../../support/countNotificaMe.ts';
import { HUB_CHANNELS, hubSentence, type HubKind } from '../../support/notificaMeGrammar.ts';
import { randomFrom } from '../../support/random.ts';

const SENTENCES = 2_000;
const RECEIVED_AT = Date.parse('2026-11-18T22:05:00Z');

const parse = (body: unknown, receivedAt = RECEIVED_AT) =>
  parseNotificaMeWebhook(readHubBody(Buffer.from(JSON.stringify(body))), {
    receivedAt,
    timezone: 'America/Sao_Paulo',
  });

function kindOf(event: InboundEvent): HubKind {
  switch (event.kind) {
    case 'message':
      return event.type === 'postback' ? 'taps' : 'messages';
    case 'reaction':
      return 'reactions';
    case 'echo':
      return 'echoes';
    case 'status':
      return 'statuses';
    case 'activity':
      return 'clicks';
    case 'unrecognised':
      return 'unknown';
    default:
      throw new Error(`A body of the hub became "${event.kind}".`);
  }
}

describe(`${SENTENCES} random bodies of the hub`, () => {
  const random = randomFrom(20261126);
  const sentences = Array.from({ length: SENTENCES }, (_, mark) => hubSentence(random, mark));

  it('hold every kind, many times', () => {
    const kinds = sentences.flatMap((made) => made.kinds);
    const names = Object.keys(noHubCounts());
    const rarest = names.map((name) => kinds.filter((kind) => kind === name).length);
    expect(Math.min(...rarest)).toBeGreaterThan(100);
  });

  it('become exactly the events they were made of, as the independent count of the raw JSON says', () => {
    for (const { body, kinds } of sentences) {
      const { events } = parse(body);
      const parsed = noHubCounts();
      for (const event of events) parsed[kindOf(event)] += 1;
      const made = noHubCounts();
      for (const kind of kinds) made[kind] += 1;
      const counts = { parsed, counted: countHubBody(body), body };
      expect(counts).toEqual({ parsed: made, counted: made, body });
    }
  });

  it('are of the channel and the moment that they name', () => {
    const ids: readonly string[] = HUB_CHANNELS.map(({ id }) => id);
    for (const { body } of sentences) {
      for (const event of parse(body).events) {
        expect(ids).toContain(event.accountExternalId);
        expect([Date.parse('2026-11-18T22:03:28Z'), RECEIVED_AT]).toContain(event.occurredAt);
      }
    }
  });

  it('have a key for each event of its own, and the same keys again', () => {
    const all = new Set<string>();
    let count = 0;
    for (const { body } of sentences) {
      const keys = parse(body).events.map(({ dedupeKey }) => dedupeKey);
      expect(parse(body, RECEIVED_AT + 60_000).events.map((one) => one.dedupeKey)).toEqual(keys);
      for (const key of keys) all.add(key);
      count += keys.length;
    }
    expect(all.size).toBe(count);
  });
});
