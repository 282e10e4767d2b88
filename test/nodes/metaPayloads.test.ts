/**
 * Every collected payload of Meta (the folder beside the project) through the real door: over HTTP, signed over its
 * bytes, into the store. What comes out of the log is compared with a count of the raw JSON that knows nothing of the
 * parser, and each item with the JSON Schema of its type.
 */
import { createHmac } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { EVENT_TYPES, type EventItem, type EventType } from '../../core/model';
import { core } from '../../nodes/shared/loadCore';
import { openApp } from '../../nodes/shared/openApp';
import { MetaMessagingTrigger } from '../../nodes/MetaMessaging/MetaMessagingTrigger.node';
import { sentence } from '../support/metaGrammar.ts';
import { addCounts, countBody, noCounts, type Counted, type Counts } from '../support/countMeta.ts';
import { randomFrom } from '../support/random.ts';
import { createTestLogger } from '../support/testLogger.ts';
import { webhookContext } from './support/contexts.ts';
import { startInstance, type Instance } from './support/instance.ts';

const SHARED = path.resolve(__dirname, '../../../shared');
const FOLDERS: [folder: string, names: RegExp][] = [
  ['samples', /^(page|ig)_.*\.json$/],
  ['fixtures/restfb/webhooks', /\.json$/],
  ['fixtures/restfb/instagram', /^(wh|messaging)-.*\.json$/],
];
const FILES = FOLDERS.flatMap(([folder, names]) => {
  const where = path.join(SHARED, folder);
  if (!existsSync(where)) return [];
  return readdirSync(where)
    .filter((name) => names.test(name))
    .map((name) => path.join(where, name));
});

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

const ajv = addFormats(new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }));
const validators = new Map(
  Object.entries(core.events.EVENT_SCHEMAS).map(([type, schema]) => [type, ajv.compile(schema)]),
);

const node = new MetaMessagingTrigger();
let instance: Instance;
let tenants = 0;

const app = () => openApp({ getCredentials: async () => ({}) as never }, undefined);

beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance.close());

interface Door {
  post(bytes: string): Promise<{ status: number; text: string }>;
  /** What the log tells since the accounts were connected, in order. */
  told(): Promise<EventItem[]>;
}

/** A tenant of its own for each payload, with the accounts that the payload is about. */
async function openDoor(...bodies: unknown[]): Promise<Door> {
  tenants += 1;
  const tenantId = `tenant-${tenants}`;
  const url = `/webhook/${tenantId}/meta`;
  const setup = {
    node,
    parameters: { options: { tenant: tenantId } },
    credentials: { metaAccessTokenApi: instance.credential },
    webhookUrl: instance.server.url + url,
    logger: createTestLogger(),
  };
  instance.server.mount(url, (call) => node.webhook.call(webhookContext(setup, call)));
  await core.accounts.syncCredentialAccounts(await app(), {
    tenantId,
    provider: 'meta',
    credentialId: 'another-credential',
    discovered: accountsOf(bodies).map(([channel, externalId]) => ({
      channel,
      externalId,
      parentExternalId: null,
      name: `Account ${externalId}`,
      secrets: { accessToken: 'token' },
      expiresAt: null,
    })),
  });
  const post = async (bytes: string) => {
    const signature = createHmac('sha256', instance.credential.appSecret).update(bytes);
    const response = await fetch(instance.server.url + url, {
      method: 'POST',
      body: bytes,
      headers: {
        'content-type': 'application/json',
        'x-hub-signature-256': `sha256=${signature.digest('hex')}`,
      },
    });
    return { status: response.status, text: await response.text() };
  };
  // The door connects what its own credential leads to with the first call: an empty one.
  await post('{"object":"page","entry":[]}');
  const all = async () => {
    const query = {
      filter: { types: EVENT_TYPES, includePaused: true },
      order: 'asc' as const,
      limit: 500,
    };
    const items: EventItem[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await core.events.listEvents(await app(), tenantId, { ...query, cursor });
      items.push(...page.items);
      cursor = page.nextCursor;
    }
    return items;
  };
  const before = (await all()).length;
  return { post, told: async () => (await all()).slice(before) };
}

function accountsOf(bodies: unknown[]): ['messenger' | 'instagram', string][] {
  const named = bodies.flatMap((body) => {
    const { object, entry } = body as { object: string; entry: { id: unknown }[] };
    return entry.map(({ id }) => `${object} ${String(id)}`);
  });
  return [...new Set(named)].map((name) => {
    const [object, id = ''] = name.split(' ');
    return [object === 'page' ? 'messenger' : 'instagram', id];
  });
}

function countOf(items: EventItem[]): Counts {
  const counts = noCounts();
  for (const { event } of items) {
    if (CONSEQUENCES.includes(event)) continue;
    const name = TOLD_BY[event];
    if (name === undefined) throw new Error(`${event} came out of a payload.`);
    counts[name] += 1;
  }
  return counts;
}

function faultsOf(item: EventItem): string[] {
  const validate = validators.get(item.event);
  if (!validate) return [`no schema for ${item.event}`];
  if (validate(item)) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

const nameOf = (file: string) => path.basename(file, '.json');

if (FILES.length === 0) {
  it('the folder of payloads is not beside the project: its payloads are left out', () => {
    expect(existsSync(path.join(SHARED, 'samples'))).toBe(false);
  });
} else {
  describe('each collected payload', () => {
    it.each(FILES.map((file) => [nameOf(file), file]))('%s', async (name, file) => {
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
    const names = FILES.map(nameOf);
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
