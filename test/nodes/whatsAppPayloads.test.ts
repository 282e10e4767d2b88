/**
 * Every collected payload of WhatsApp (the folder beside the project) through the real door: over HTTP, signed over its
 * bytes, into the store. What comes out of the log is compared with a count of the raw JSON that knows nothing of the
 * parser, and each item with the JSON Schema of its type.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EventItem, EventType } from '../../core/model';
import { WhatsAppCloudTrigger } from '../../nodes/WhatsAppCloud/WhatsAppCloudTrigger.node';
import {
  addCounts,
  changesOf,
  countBody,
  isJson,
  noCounts,
  type Counted,
  type Counts,
} from '../support/countWhatsApp.ts';
import { randomFrom } from '../support/random.ts';
import { BUSINESS_ID, NUMBERS, sentence } from '../support/whatsAppGrammar.ts';
import { startInstance, type Instance } from './support/instance.ts';
import {
  collectedFiles,
  faultsOf,
  isCollectionThere,
  nameOfFile,
  openPayloadDoor,
  type KnownAccount,
  type PayloadDoor,
} from './support/payloadDoor.ts';

const FILES = collectedFiles([
  ['samples', /^wa_.*\.json$/],
  ['fixtures/restfb/whatsapp', /^webhook-.*\.json$/],
]);

/** Payloads that end as unrecognised, and why. */
const UNRECOGNISED: Record<string, string> = {};

/** By which events the log tells each thing that is counted; "sent" alone changes only its message. */
const TOLD_BY: Partial<Record<EventType, Counted>> = {
  'message.received': 'messages',
  'message.postback': 'taps',
  'message.reaction': 'reactions',
  'message.edited': 'edits',
  'message.deleted': 'revokes',
  'message.echo': 'echoes',
  'message.delivered': 'delivered',
  'message.read': 'read',
  'message.failed': 'failed',
  'contact.updated': 'identities',
  'contact.optedOut': 'preferences',
  'contact.optedIn': 'preferences',
  'template.statusChanged': 'templates',
  'template.categoryChanged': 'categories',
  'connection.qualityChanged': 'news',
  'connection.error': 'news',
  'connection.activity': 'others',
  'provider.unrecognised': 'others',
};
/** Follow from a message; nothing of their own in the payload. */
const CONSEQUENCES: readonly EventType[] = ['contact.created', 'conversation.created'];

const node = new WhatsAppCloudTrigger();
let instance: Instance;
let store: DatabaseSync;

beforeAll(async () => {
  instance = await startInstance();
});
afterAll(async () => {
  store?.close();
  await instance.close();
});

const openDoor = (accounts: KnownAccount[]) =>
  openPayloadDoor(
    instance,
    {
      provider: 'whatsapp_cloud',
      node,
      credentials: { whatsAppCloudApi: instance.whatsApp },
      appSecret: instance.whatsApp.appSecret,
      emptyBody: '{"object":"whatsapp_business_account","entry":[]}',
    },
    accounts,
  );

const text = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
const partOf = (value: unknown, key: string) => (isJson(value) ? value[key] : undefined);
const listOf = (value: unknown, key: string) => {
  const list = partOf(value, key);
  return Array.isArray(list) ? (list as unknown[]) : [];
};

/** The numbers that a payload names; where it names none, one of its business account. */
function accountsOf(body: unknown): KnownAccount[] {
  const accounts = listOf(body, 'entry').flatMap((entry) => {
    const parentExternalId = text(partOf(entry, 'id'));
    return listOf(entry, 'changes').map((change): KnownAccount => {
      const value = partOf(change, 'value');
      const metadata = partOf(value, 'metadata');
      const phone = [metadata, value]
        .flatMap((part) => [partOf(part, 'display_phone_number'), partOf(part, 'phone_number')])
        .map((given) => text(given).replace(/\D/g, ''))
        .find((digits) => digits !== '');
      return {
        channel: 'whatsapp',
        externalId: text(partOf(metadata, 'phone_number_id')) || `of-${parentExternalId}`,
        parentExternalId,
        health: { phoneNumber: phone ?? '5511900000001' },
      };
    });
  });
  return [...new Map(accounts.map((account) => [account.externalId, account])).values()];
}

let introductions = 0;
const words = () => ({
  id: `wamid.before.${(introductions += 1)}`,
  type: 'text',
  text: { body: 'Oi' },
});

/**
 * Everyone and every message of ours that a payload speaks of, met and sent before it comes. Who wants no marketing and
 * is a stranger is of no consequence.
 */
async function introduce(door: PayloadDoor, body: unknown, isAll = true): Promise<void> {
  for (const { value } of changesOf(body)) {
    const metadata = partOf(value, 'metadata');
    if (metadata === undefined) continue;
    const [contact] = listOf(value, 'contacts');
    const tell = async (field: string, more: object) => {
      const change = { field, value: { messaging_product: 'whatsapp', metadata, ...more } };
      const entry = [{ id: 'introduction', changes: [change] }];
      const bytes = JSON.stringify({ object: 'whatsapp_business_account', entry });
      expect((await door.post(bytes)).status).toBe(200);
    };
    for (const preference of listOf(value, 'user_preferences')) {
      const from = text(partOf(preference, 'wa_id')) || text(partOf(contact, 'wa_id'));
      const userId = text(partOf(preference, 'user_id')) || text(partOf(contact, 'user_id'));
      await tell('messages', { messages: [{ from, from_user_id: userId, ...words() }] });
    }
    if (!isAll) continue;
    for (const message of listOf(value, 'messages')) {
      const from = text(partOf(message, 'from'));
      const userId =
        text(partOf(message, 'from_user_id')) || text(partOf(partOf(message, 'system'), 'user_id'));
      await tell('messages', { messages: [{ from, from_user_id: userId, ...words() }] });
    }
    for (const update of listOf(value, 'user_id_update')) {
      const from = text(partOf(update, 'wa_id'));
      const userId = text(partOf(partOf(update, 'user_id'), 'previous'));
      await tell('messages', { messages: [{ from, from_user_id: userId, ...words() }] });
    }
    for (const status of listOf(value, 'statuses')) {
      const to = text(partOf(status, 'recipient_id')) || text(partOf(contact, 'wa_id'));
      const userId = text(partOf(status, 'recipient_user_id')) || text(partOf(contact, 'user_id'));
      const echo = { ...words(), id: text(partOf(status, 'id')), to, to_user_id: userId };
      await tell('smb_message_echoes', { message_echoes: [echo] });
    }
  }
  await door.forget();
}

function countOf(items: EventItem[]): Counts {
  const counts = noCounts();
  for (const { event, data } of items) {
    const isMerge = event === 'contact.updated' && 'mergedContactId' in (data ?? {});
    if (CONSEQUENCES.includes(event) || isMerge) continue;
    const name = TOLD_BY[event];
    if (name === undefined) throw new Error(`${event} came out of a payload.`);
    counts[name] += 1;
  }
  return counts;
}

const inStore = (sql: string, ...values: string[]) => {
  store ??= new DatabaseSync(path.join(instance.folder, 'omnichannel', 'omnichannel.sqlite'), {
    readOnly: true,
  });
  return store.prepare(sql).all(...values) as Record<string, unknown>[];
};

/** "Sent" is no event: the door has taken it in, once. */
function countSent({ tenantId }: PayloadDoor): number {
  const sql = `select key from inbound_keys where tenant_id = ? and key like 'status:%:sent'`;
  return inStore(sql, tenantId).length;
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
      const door = await openDoor(accountsOf(body));
      await introduce(door, body);
      expect(await door.post(bytes)).toEqual({ status: 200, text: 'OK' });
      const told = await door.told();
      expect({ ...countOf(told), sent: countSent(door) }).toEqual(countBody(body));
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

  it('each price that a status tells is kept with its message', async () => {
    const priced = FILES.flatMap((file) =>
      changesOf(JSON.parse(readFileSync(file, 'utf8'))).flatMap(({ value }) =>
        listOf(value, 'statuses').flatMap((status) => (partOf(status, 'pricing') ? [file] : [])),
      ),
    );
    expect(priced.length).toBeGreaterThan(4);
    for (const file of priced) {
      const body: unknown = JSON.parse(readFileSync(file, 'utf8'));
      const door = await openDoor(accountsOf(body));
      await introduce(door, body);
      await door.post(JSON.stringify(body));
      const [{ value } = { value: {} }] = changesOf(body);
      const [status] = listOf(value, 'statuses');
      const pricing = partOf(status, 'pricing');
      const [row] = inStore(
        'select price from messages where tenant_id = ? and provider_id = ?',
        door.tenantId,
        text(partOf(status, 'id')),
      );
      expect(JSON.parse(String(row?.price))).toMatchObject({
        billable: partOf(pricing, 'billable'),
        category: partOf(pricing, 'category'),
      });
    }
  });
}

describe('random payloads of the grammar', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('of seed %d', async (seed) => {
    const random = randomFrom(seed);
    const bodies = Array.from({ length: 40 }, (_, index) => sentence(random, index + 1));
    const door = await openDoor(
      NUMBERS.map(({ id, phone }) => ({
        channel: 'whatsapp',
        externalId: id,
        parentExternalId: BUSINESS_ID,
        health: { phoneNumber: phone },
      })),
    );
    for (const body of bodies) await introduce(door, body, false);
    const counted = noCounts();
    for (const body of bodies) {
      expect(await door.post(JSON.stringify(body))).toEqual({ status: 200, text: 'OK' });
      addCounts(counted, countBody(body));
    }
    const told = await door.told();
    expect(told.flatMap(faultsOf)).toEqual([]);
    expect({ ...countOf(told), sent: countSent(door) }).toEqual(counted);
  });
});
