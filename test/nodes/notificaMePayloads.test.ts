/**
 * Every collected payload of NotificaMe (the folder beside the project) through the real door: over HTTP, with the
 * secret in the address, into the store. What comes out of the log is compared with a count of the raw JSON that knows
 * nothing of the parser, and each item with the JSON Schema of its type.
 */
import { readFileSync } from 'node:fs';
import type { EventItem, EventType } from '../../core/model';
import { EVENT_TYPES } from '../../core/model';
import { HUB_SEED } from '../../sandbox/notificame/seed.ts';
import { countHubBody, noHubCounts } from '../support/countNotificaMe.ts';
import { hubSentence, type HubKind } from '../support/notificaMeGrammar.ts';
import { randomFrom } from '../support/random.ts';
import { Hub } from './support/notificaMe.ts';
import { collectedFiles, faultsOf, isCollectionThere, nameOfFile } from './support/payloadDoor.ts';

const FILES = collectedFiles([['samples', /^notificame_.*\.json$/]]);

/** By which events the log tells each thing that is counted; "sent" alone changes only its message. */
const TOLD_BY: Partial<Record<EventType, HubKind>> = {
  'message.received': 'messages',
  'message.postback': 'taps',
  'message.reaction': 'reactions',
  'message.echo': 'echoes',
  'message.delivered': 'statuses',
  'message.read': 'statuses',
  'message.failed': 'statuses',
  'connection.activity': 'clicks',
  'provider.unrecognised': 'unknown',
};
/** Follow from a message; nothing of their own in the payload. */
const CONSEQUENCES: readonly EventType[] = [
  'contact.created',
  'contact.updated',
  'conversation.created',
  'conversation.handover',
];

let hub: Hub;
beforeAll(async () => {
  hub = await Hub.start();
  await hub.publish();
});
afterAll(() => hub.close());

/** A status names its channel by kind alone: whose it is stands in the address that the trigger gave the hub. */
const OF_WHATSAPP = `?channel=${HUB_SEED.whatsAppChannelId}&on=whatsapp`;

async function post(body: unknown, query = ''): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const address = `${hub.address()}${query}`;
  const answer = await fetch(address, { method: 'POST', headers, body: text });
  expect(answer.status).toBe(200);
}

/** What has been added to the log since. */
async function newsAfter(act: () => Promise<void>): Promise<EventItem[]> {
  const before = new Set((await hub.events(...EVENT_TYPES)).map(({ id }) => id));
  await act();
  return (await hub.events(...EVENT_TYPES)).filter(({ id }) => !before.has(id));
}

function countOf(items: EventItem[]) {
  const counts = noHubCounts();
  for (const { event } of items) {
    if (CONSEQUENCES.includes(event)) continue;
    const name = TOLD_BY[event];
    if (name === undefined) throw new Error(`${event} came out of a payload.`);
    counts[name] += 1;
  }
  return counts;
}

/** A status is of a message that is known: somebody wrote it in the hub's own inbox before. */
async function introduce(body: Record<string, unknown>): Promise<void> {
  if (body.type !== 'MESSAGE_STATUS') return;
  const { messageId, providerMessageId, channel } = body;
  await post({
    id: `before ${String(messageId)}`,
    type: 'MESSAGE',
    channel,
    direction: 'OUT',
    message: {
      id: messageId,
      from: HUB_SEED.whatsAppChannelId,
      to: '5511988887777',
      channel,
      direction: 'OUT',
      contents: [{ type: 'text', text: 'Sua consulta está marcada.' }],
    },
    providerMessageId,
  });
}

if (FILES.length === 0) {
  it('the folder of payloads is not beside the project: its payloads are left out', () => {
    expect(isCollectionThere()).toBe(false);
  });
} else {
  it.each(FILES.map((file) => [nameOfFile(file), file]))('%s', async (_name, file) => {
    const bytes = readFileSync(file, 'utf8');
    const body = JSON.parse(bytes) as Record<string, unknown>;
    await introduce(body);
    const query = body.type === 'MESSAGE_STATUS' ? OF_WHATSAPP : '';
    const told = await newsAfter(() => post(bytes, query));
    expect(countOf(told)).toEqual(countHubBody(body));
    expect(told.flatMap(faultsOf)).toEqual([]);
    for (const { event, raw } of told) {
      if (TOLD_BY[event] === 'messages') expect(raw).toEqual(body);
    }
    // Posted again, as the hub does where it heard no answer.
    expect(await newsAfter(() => post(bytes, query))).toEqual([]);
  });
}

describe('random bodies of the hub, through the door', () => {
  const random = randomFrom(7);
  /** What a status or a reaction speaks of is unknown here; the rest each leaves one event. */
  const LEFT_OUT: readonly HubKind[] = ['statuses', 'reactions', 'clicks'];
  const sentences = Array.from({ length: 150 }, (_, mark) =>
    hubSentence(random, mark + 10_000),
  ).filter(({ kinds }) => !kinds.some((kind) => LEFT_OUT.includes(kind)));

  it('leave as many events as the raw JSON holds, each in the shape of its schema, once', async () => {
    expect(sentences.length).toBeGreaterThan(50);
    for (const { body } of sentences) {
      const told = await newsAfter(async () => {
        await post(body);
        await post(body);
      });
      expect({ body, counts: countOf(told) }).toEqual({ body, counts: countHubBody(body) });
      expect(told.flatMap(faultsOf)).toEqual([]);
    }
  });
});
