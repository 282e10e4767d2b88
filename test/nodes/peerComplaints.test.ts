/**
 * What users of other systems for the same job complain about most, and faults found in their code, as far as they
 * concern what Meta sends: through the real door, over HTTP, on a real PostgreSQL that dies in the middle of a call. The
 * list at the end says where the others are tried.
 */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { EVENT_TYPES, type EventItem } from '../../core/model';
import { core } from '../../nodes/shared/loadCore';
import { openApp } from '../../nodes/shared/openApp';
import { MetaMessagingTrigger } from '../../nodes/MetaMessaging/MetaMessagingTrigger.node';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { createTestLogger } from '../support/testLogger.ts';
import { waitFor } from '../support/waitFor.ts';
import { hookContext, webhookContext, type NodeSetup } from './support/contexts.ts';
import { startInstance, type Instance } from './support/instance.ts';

const PATH = '/webhook/webhook-id/meta';
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const node = new MetaMessagingTrigger();
const logger = createTestLogger();
let instance: Instance;
let database: TestDatabase;
let sql: Client;
let setup: NodeSetup;

const app = () => openApp({ getCredentials: async () => ({}) as never }, undefined);

beforeAll(async () => {
  instance = await startInstance();
  database = await createTestDatabase();
  process.env.OMNICHANNEL_DATABASE_URL = database.url;
  sql = new Client({ connectionString: database.url });
  await sql.connect();
  setup = {
    node,
    logger,
    credentials: { metaAccessTokenApi: instance.credential },
    webhookUrl: instance.server.url + PATH,
  };
  instance.server.mount(PATH, (call) => node.webhook.call(webhookContext(setup, call)));
  await node.webhookMethods.default.create.call(hookContext(setup));
  await sql.query('set search_path to omnichannel');
});

afterAll(async () => {
  await sql.end();
  await instance.close();
  await database.drop();
});

let people = 0;
const somebody = () => `70010${(people += 1)}`;

interface Said {
  person: string;
  mid: string;
  text?: string;
  /** Epoch ms. */
  at?: number;
  more?: object;
}

function item({ person, mid, text = mid, at = Date.now(), more }: Said) {
  return {
    sender: { id: person },
    recipient: { id: instance.sandbox.seed.page.id },
    timestamp: at,
    message: { mid, text, ...more },
  };
}

const bodyOf = (...entries: object[]) => JSON.stringify({ object: 'page', entry: entries });
const entryOf = (...messaging: object[]) => ({
  id: instance.sandbox.seed.page.id,
  time: Date.now(),
  messaging,
});

async function post(body: string): Promise<number> {
  const digest = createHmac('sha256', instance.credential.appSecret).update(body).digest('hex');
  const response = await fetch(instance.server.url + PATH, {
    method: 'POST',
    body,
    headers: { 'x-hub-signature-256': `sha256=${digest}` },
  });
  return response.status;
}

async function told(person?: string): Promise<EventItem[]> {
  const query = {
    filter: { types: EVENT_TYPES, includePaused: true },
    order: 'asc' as const,
    limit: 500,
  };
  const { items } = await core.events.listEvents(await app(), 'default', query);
  return person ? items.filter(({ contact }) => contact?.externalId === person) : items;
}

const textsOf = (items: EventItem[]) =>
  items.flatMap(({ event, message }) => (event === 'message.received' ? [message?.text] : []));

describe('the database dies in the middle of calls (complaint 1)', () => {
  it('answers none of them with 200, and after Meta has repeated them nothing is lost or twice, in order', async () => {
    const person = somebody();
    const bodies = Array.from({ length: 6 }, (_, index) =>
      bodyOf(entryOf(item({ person, mid: `m_died_${index}`, at: Date.now() + index * 1_000 }))),
    );
    // The server process of the call dies while it stores the event: everything before was done by then.
    await sql.query(`create function die() returns trigger as $$
      begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$ language plpgsql;
      create trigger die before insert on events for each row execute function die()`);
    const first = [];
    for (const body of bodies) first.push(await post(body));
    await sql.query('drop trigger die on events; drop function die()');
    expect(new Set(first)).toEqual(new Set([500]));
    expect(textsOf(await told(person))).toEqual([]);

    for (const body of bodies) {
      await waitFor(async () => (await post(body)) === 200, { what: 'the store to be back' });
    }
    // Meta had no answer to some that were stored, and sends them once more.
    for (const body of bodies) expect(await post(body)).toBe(200);
    expect(textsOf(await told(person))).toEqual(bodies.map((_, index) => `m_died_${index}`));
    const rows = await sql.query(`select text from messages where provider_id like 'm_died_%'
      order by occurred_at`);
    expect(rows.rows.map(({ text }) => String(text))).toEqual(
      bodies.map((_, index) => `m_died_${index}`),
    );
  });
});

describe('a message that was not stored (complaint 3)', () => {
  it('has left no key behind that would drop it when it comes again', async () => {
    const person = somebody();
    const body = bodyOf(entryOf(item({ person, mid: 'm_refused' })));
    // The last statement of the transaction fails: everything before it was done by then.
    await sql.query(`create function refuse() returns trigger as $$
      begin raise exception 'the disk is full'; end $$ language plpgsql;
      create trigger refuse before insert on events for each row execute function refuse()`);
    expect(await post(body)).toBe(500);
    const keys = await sql.query(`select 1 from inbound_keys where key like '%m_refused%'`);
    expect(keys.rowCount).toBe(0);
    await sql.query('drop trigger refuse on events; drop function refuse()');
    expect(await post(body)).toBe(200);
    expect(textsOf(await told(person))).toEqual(['m_refused']);
  });
});

describe('a first message', () => {
  it('from an ad arrives, and says from which (complaint 15)', async () => {
    const person = somebody();
    const referral = {
      source: 'ADS',
      type: 'OPEN_THREAD',
      ad_id: '6045246247433',
      ads_context_data: { ad_title: 'Avaliação grátis', post_id: '1_2' },
    };
    await post(bodyOf(entryOf(item({ person, mid: 'm_ad', more: { referral } }))));
    const [received] = (await told(person)).filter(({ event }) => event === 'message.received');
    expect(received).toMatchObject({
      contact: { isNew: true },
      conversation: { isNew: true },
      message: { referral: { type: 'ad', id: '6045246247433', headline: 'Avaliação grátis' } },
    });
  });

  it('after a month of nothing arrives, and opens the window anew (complaint 15)', async () => {
    const person = somebody();
    const month = { person, mid: 'm_month_1', at: Date.now() - 30 * DAY };
    await post(bodyOf(entryOf(item(month))));
    const now = Date.now();
    await post(bodyOf(entryOf(item({ person, mid: 'm_month_2', at: now }))));
    const received = (await told(person)).filter(({ event }) => event === 'message.received');
    expect(received.map(({ conversation }) => conversation?.windowClosesAt)).toEqual([
      null,
      // From the last message of the customer, not from the beginning of the conversation.
      new Date(now + DAY).toISOString(),
    ]);
    expect(received[1]?.contact?.isNew).toBe(false);
  });

  it.each([4, 60, 35 * 60])(
    'that Meta delivers %i minutes late is no message that may be thrown away',
    async (minutes) => {
      const person = somebody();
      const late = { person, mid: `m_late_${minutes}`, at: Date.now() - minutes * MINUTE };
      expect(await post(bodyOf(entryOf(item(late))))).toBe(200);
      expect(textsOf(await told(person))).toEqual([`m_late_${minutes}`]);
    },
  );
});

describe('a call', () => {
  it('of several entries and items has all of them stored when it is answered', async () => {
    const [a, b] = [somebody(), somebody()];
    const entries = [
      entryOf(item({ person: a, mid: 'm_all_1' }), item({ person: b, mid: 'm_all_2' })),
      entryOf(item({ person: a, mid: 'm_all_3' })),
      {
        id: instance.sandbox.seed.page.id,
        time: Date.now(),
        changes: ['c_1', 'c_2'].map((id) => ({
          field: 'feed',
          value: { item: 'comment', verb: 'add', comment_id: id, from: { id: a }, message: id },
        })),
      },
    ];
    expect(await post(bodyOf(...entries))).toBe(200);
    expect(textsOf(await told(a))).toEqual(['m_all_1', 'm_all_3']);
    expect(textsOf(await told(b))).toEqual(['m_all_2']);
    const comments = (await told()).filter(({ event }) => event === 'comment.received');
    expect(comments.map(({ data }) => data?.text)).toEqual(['c_1', 'c_2']);
  });

  it('that comes four times at the same moment gives one message', async () => {
    const person = somebody();
    const body = bodyOf(entryOf(item({ person, mid: 'm_parallel' })));
    const statuses = await Promise.all([1, 2, 3, 4].map(() => post(body)));
    expect(statuses).toEqual([200, 200, 200, 200]);
    expect(textsOf(await told(person))).toEqual(['m_parallel']);
  });

  it('is refused where no secret is set, whatever it is signed with', async () => {
    const person = somebody();
    const body = bodyOf(entryOf(item({ person, mid: 'm_no_secret' })));
    setup.credentials = {
      metaAccessTokenApi: { ...instance.credential, appSecret: '', instagramAppSecret: '' },
    };
    const empty = createHmac('sha256', '').update(body).digest('hex');
    const statuses = await Promise.all(
      [`sha256=${empty}`, 'sha256=', ''].map(async (signature) => {
        const headers = new Headers(signature ? { 'x-hub-signature-256': signature } : {});
        return (await fetch(instance.server.url + PATH, { method: 'POST', body, headers })).status;
      }),
    );
    setup.credentials = { metaAccessTokenApi: instance.credential };
    expect(statuses).toEqual([401, 401, 401]);
    expect(await told(person)).toEqual([]);
  });

  it('that is refused is told nothing that would help to sign, and the log nothing either', async () => {
    const body = bodyOf(entryOf(item({ person: somebody(), mid: 'm_forged' })));
    logger.entries.length = 0;
    const right = createHmac('sha256', instance.credential.appSecret).update(body).digest('hex');
    const response = await fetch(instance.server.url + PATH, {
      method: 'POST',
      body,
      headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` },
    });
    expect(response.status).toBe(401);
    expect((await response.text()) + JSON.stringify(logger.entries)).not.toContain(right);
  });
});

describe('what goes out of the log', () => {
  it('holds no token and no secret of the account (complaint 23)', async () => {
    const everything = JSON.stringify(await told());
    expect(everything.length).toBeGreaterThan(1_000);
    for (const secret of [instance.credential.accessToken, instance.credential.appSecret]) {
      expect(everything).not.toContain(secret);
    }
  });
});

/** Of complaints that have their tests elsewhere: in which files, under which names. */
const ELSEWHERE: Array<[complaint: number, file: string, test: string]> = [
  [2, 'nodes/whatsAppComplaints', 'a person with a username and no number (complaint 2)'],
  [4, 'nodes/whatsAppComplaints', 'the same message under two ids of its sender (complaint 4)'],
  [5, 'nodes/whatsAppFaults', 'a send of WhatsApp Cloud that was cut (complaint 5)'],
  [5, 'store/messaging/settleUnknownSends', 'does not send it again'],
  [6, 'store/journeys/broadcastKills', 'reaches everybody once with two processes at work'],
  [7, 'store/journeys/broadcastKills', 'reaches exactly the rest after a kill at half'],
  [
    6,
    'store/journeys/journeyComplaints',
    'once each from two schedulers that look at the same moment',
  ],
  [
    7,
    'store/journeys/journeyComplaints',
    'in the same words, though the process is killed half way',
  ],
  [8, 'store/limits/pace', 'waits for it, and all of them go (complaint 8)'],
  [8, 'store/limits/sending', 'let one message go for each token, and then refuse with the time'],
  [9, 'store/messaging/closedWindow', 'is refused before the call five minutes before its end'],
  [10, 'store/messaging/closedWindow', 'names the approved templates, in words and as data'],
  [13, 'store/messaging/people', 'is one contact with and without the ninth digit (complaint 13)'],
  [13, 'store/messaging/recipients', 'is one contact however they are written (complaint 13)'],
  [18, 'store/events/collecting', 'makes one item of five short lines'],
  [18, 'store/events/collecting', 'emits once what waited in a process that was killed with -9'],
  [18, 'e2e/people', 'five short lines get one answer'],
  [18, 'e2e/people', 'what waits for more when n8n is killed is answered once'],
  [19, 'store/journeys/journeyComplaints', 'does not go where it is cancelled'],
  [19, 'store/journeys/journeyComplaints', 'goes once, with the new time, where it is moved'],
  [20, 'unit/journeys/wallClocks', 'is due at the same moments on a server in'],
  [20, 'unit/appointments/texts', 'the same times and texts on servers in UTC, Tokyo and New York'],
  [21, 'unit/journeys/wallClocks', 'keeps to eight on the wall over both changes of the clocks'],
  [22, 'store/events/collecting', 'makes one item of two messages of the same millisecond'],
  [22, 'store/messaging/sendMessage', 'calls the provider once for twenty sends with one key'],
  [23, 'store/tenants/units', 'whichever is run with the ids of the other'],
  [23, 'store/tenants/operations', 'whichever is called with the ids of the other'],
  [25, 'store/messaging/coldSends', 'goes to nobody who has never written (complaint 25)'],
];

describe('complaints whose tests are elsewhere', () => {
  it.each(ELSEWHERE)('number %i is tried in %s: %s', (_, file, test) => {
    const text = readFileSync(path.join(ROOT, 'test', `${file}.test.ts`), 'utf8');
    expect(text).toContain(test);
  });
});
