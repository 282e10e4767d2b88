/**
 * Every collected payload of Meta (the folder beside the project) through the real door: over HTTP, signed over its
 * bytes, into the store. What comes out of the log is compared with a count of the raw JSON that knows nothing of the
 * parser, and each item with the JSON Schema of its type.
 */
import { readFileSync } from 'node:fs';
import type { EventItem, EventType } from '../../core/model';
import { MetaMessagingTrigger } from '../../nodes/MetaMessaging/MetaMessagingTrigger.node';
import { sentence } from '../support/metaGrammar.ts';
import { addCounts, countBody, noCounts, type Counted, type Counts } from '../support/countMeta.ts';
import { randomFrom } from '../support/random.ts';
import { startInstance, type Instance } from './support/instance.ts';
import {
  collectedFiles,
  faultsOf,
  isCollectionThere,
  nameOfFile,
  openPayloadDoor,
  type KnownAccount,
} from './support/payloadDoor.ts';

const FILES = collectedFiles([
  ['samples', /^(page|ig)_.*\.json$/],
  ['fixtures/restfb/webhooks', /\.json$/],
  ['fixtures/restfb/instagram', /^(wh|messaging)-.*\.json$/],
]);

/** Payloads that end as unrecognised, and why. */
const UNRECOGNISED: Record<string, string> = {
  'unknown-change-value': 'the field "foo" was invented by the authors of the recording',
};

/** By which events the log tells each thing that is counted. */
const TOLD_BY: Partial<Record<EventType, Counted>> = {
  'message.received': 'messages',
  'message.echo': 'echoes',
  'message.deleted': 'deletes',
  'message.postback': 'postbacks',
  'message.reaction': 'reactions',
  'message.read': 'reads',
  'message.delivered': 'deliveries',
  'message.edited': 'edits',
  'message.optin': 'optins',
  'conversation.updated': 'referrals',
  'conversation.handover': 'handovers',
  'contact.updated': 'accountLinks',
  'connection.error': 'policies',
  'connection.connected': 'policies',
  'comment.received': 'comments',
  'mention.received': 'mentions',
  'template.statusChanged': 'templates',
  'connection.activity': 'others',
  'feedback.received': 'others',
  'provider.unrecognised': 'others',
};
/** Follow from a message; nothing of their own in the payload. */
const CONSEQUENCES: readonly EventType[] = ['contact.created', 'conversation.created'];

const node = new MetaMessagingTrigger();
let instance: Instance;

beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance.close());

const openDoor = (...bodies: unknown[]) =>
  openPayloadDoor(
    instance,
    {
      provider: 'meta',
      node,
      credentials: { metaAccessTokenApi: instance.credential },
      appSecret: instance.credential.appSecret,
      emptyBody: '{"object":"page","entry":[]}',
    },
    accountsOf(bodies),
  );

function accountsOf(bodies: unknown[]): KnownAccount[] {
  const named = bodies.flatMap((body) => {
    const { object, entry } = body as { object: string; entry: { id: unknown }[] };
    return entry.map(({ id }) => `${object} ${String(id)}`);
  });
  return [...new Set(named)].map((name) => {
    const [object, id = ''] = name.split(' ');
    const channel = object === 'page' ? 'messenger' : 'instagram';
    return { channel, externalId: id, parentExternalId: null };
  });
}

function countOf(items: EventItem[]): Counts {
  const counts = noCounts();
  for (const { event, data } of items) {
    if (CONSEQUENCES.includes(event)) continue;
    // What we do because a person answered is none of Meta's hand-overs.
    if (data?.action === 'pause' || data?.action === 'resume') continue;
    const name = TOLD_BY[event];
    if (name === undefined) throw new Error(`${event} came out of a payload.`);
    counts[name] += 1;
  }
  return counts;
}

if (FILES.length === 0) {
  it('the folder of payloads is not beside the project: its payloads are left out', () => {
    expect(isCollectionThere()).toBe(false);
  });
} else {
  describe('each collected payload', () => {
    it.each(FILES.map((file) => [nameOfFile(file), file]))('%s', async (name, file) => {
      const bytes = readFileSync(file, 'utf8');
      const body: unknown = JSON.parse(bytes);
      const door = await openDoor(body);
      expect(await door.post(bytes)).toEqual({ status: 200, text: 'OK' });
      const told = await door.told();
      expect(countOf(told)).toEqual(countBody(body));
      expect(told.flatMap(faultsOf)).toEqual([]);
      const unrecognised = told.filter(({ event }) => event === 'provider.unrecognised');
      expect(unrecognised).toHaveLength(name in UNRECOGNISED ? 1 : 0);
      // Meta repeats what it had no answer to: nothing may come of it.
      expect((await door.post(bytes)).status).toBe(200);
      expect(await door.told()).toEqual(told);
    });
  });

  it('at most one in twenty of them ends as unrecognised', () => {
    const names = FILES.map(nameOfFile);
    expect(Object.keys(UNRECOGNISED).filter((name) => !names.includes(name))).toEqual([]);
    expect(Object.keys(UNRECOGNISED).length / FILES.length).toBeLessThan(0.05);
  });
}

describe('random payloads of the grammar', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('of seed %d', async (seed) => {
    const random = randomFrom(seed);
    const bodies = Array.from({ length: 40 }, (_, index) => sentence(random, `${index}-`).body);
    const door = await openDoor(...bodies);
    const counted = noCounts();
    for (const body of bodies) {
      expect(await door.post(JSON.stringify(body))).toEqual({ status: 200, text: 'OK' });
      addCounts(counted, countBody(body));
    }
    const told = await door.told();
    expect(told.flatMap(faultsOf)).toEqual([]);
    expect(countOf(told)).toEqual(counted);
  });
});
