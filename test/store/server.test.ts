import { Client, types } from 'pg';
import type { StoreTarget } from '../../core/model';
import { openStore, type OpenStoreOptions } from '../../core/store/openStore';
import type { Store } from '../../core/store/store';
import { createTestDatabase, startOwnPostgresServer, type TestDatabase } from '../support/postgres';
import { createTestLogger, type TestLogger } from '../support/testLogger';
import { waitFor } from '../support/waitFor';
import * as units from './support/units.cjs';
import * as serverUnits from './support/serverUnits.cjs';

let logger: TestLogger;
let opened: Store[];

beforeEach(() => {
  logger = createTestLogger();
  opened = [];
});

afterEach(async () => {
  await Promise.all(opened.map((store) => store.close()));
});

const targetOf = (url: string, schema = 'omnichannel'): StoreTarget => ({
  kind: 'postgres',
  connection: { connectionString: url },
  schema,
  source: 'OMNICHANNEL_DATABASE_URL',
});

const open = async (
  target: StoreTarget,
  options: Partial<OpenStoreOptions> = {},
): Promise<Store> => {
  const store = await openStore({
    target,
    encryptionSecret: 'secret',
    executionsMode: 'queue',
    logger,
    ...options,
  });
  opened.push(store);
  return store;
};

describe('[postgres only] the store on a PostgreSQL server', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('keeps to its own schema, with limits for every transaction', async () => {
    const store = await open(targetOf(database.url, 'clinic_messages'));
    await expect(store.run(serverUnits.readSession, null)).resolves.toEqual({
      path: 'clinic_messages',
      statement: '30s',
      idle: '30s',
      isolation: 'read committed',
      commit: 'on',
      application: 'n8n-nodes-omnichannel',
    });
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query(
      "select distinct table_schema from information_schema.tables where table_name = 'events'",
    );
    await client.end();
    expect(rows).toEqual([{ table_schema: 'clinic_messages' }]);
  });

  it('waits for the disk unless a unit says that its work may go with the machine, and for that unit alone', async () => {
    const store = await open(targetOf(database.url, 'clinic_messages'));
    for (const [unit, commit] of [
      [serverUnits.readRelaxedSession, 'off'],
      [serverUnits.readSession, 'on'],
      [serverUnits.readRelaxedSession, 'off'],
    ] as const) {
      expect((await store.run(unit, null)).commit).toBe(commit);
    }
  });

  it("leaves n8n's own reading of large numbers alone", async () => {
    await open(targetOf(database.url));
    expect(types.getTypeParser(20)('1')).toBe('1');
  });

  it('keeps two schemas of one database apart, signals included', async () => {
    const [one, other] = [
      await open(targetOf(database.url, 'clinic_a')),
      await open(targetOf(database.url, 'clinic_b')),
    ];
    const heard: string[] = [];
    other.onSignal((signal) => heard.push(signal.tenantId));
    const listening = await open(targetOf(database.url, 'clinic_a'));
    const arrived = heardBy(listening);
    await waitFor(
      async () => {
        await one.forTenant('a').run(units.append, 'Oi');
        return arrived.includes('a');
      },
      { what: 'the signal to reach the other process of clinic_a', intervalMs: 100 },
    );
    await expect(other.forTenant('a').run(units.listTexts, null)).resolves.toEqual([]);
    expect(heard).toEqual([]);
  });

  it('wakes another process within 50 ms of the commit, and itself only once', async () => {
    const [writer, reader] = [
      await open(targetOf(database.url)),
      await open(targetOf(database.url)),
    ];
    const own = heardBy(writer);
    const arrived = heardBy(reader);
    await waitFor(
      async () => {
        await writer.forTenant('warm').run(units.append, 'Oi');
        return arrived.includes('warm');
      },
      { what: 'the listener to be connected', intervalMs: 50 },
    );
    const delays: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      const tenantId = `round-${round}`;
      const heard = new Promise<number>((resolve) => {
        const stop = reader.onSignal((signal) => {
          if (signal.tenantId !== tenantId) return;
          stop();
          resolve(performance.now());
        });
      });
      await writer.forTenant(tenantId).run(units.append, 'Oi');
      const committed = performance.now();
      delays.push((await heard) - committed);
    }
    delays.sort((a, b) => a - b);
    expect(delays[5]).toBeLessThan(50);
    expect(own.filter((tenantId) => tenantId === 'round-0')).toHaveLength(1);
  });

  it('runs a unit again that a deadlock has undone', async () => {
    const store = await open(targetOf(database.url));
    await store.run(serverUnits.addToBoth, ['left', 'right']);
    await Promise.all([
      store.run(serverUnits.addToBoth, ['left', 'right']),
      store.run(serverUnits.addToBoth, ['right', 'left']),
    ]);
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query(
      "select key, value from omnichannel.store_meta where key in ('left', 'right') order by key",
    );
    const { rows: statistics } = await client.query(
      'select deadlocks::int from pg_stat_database where datname = current_database()',
    );
    await client.end();
    expect(rows).toEqual([
      { key: 'left', value: '3' },
      { key: 'right', value: '3' },
    ]);
    expect(statistics[0].deadlocks).toBeGreaterThan(0);
  });

  it('does not report success for a unit that went on after a failed statement', async () => {
    const store = await open(targetOf(database.url));
    await expect(
      store.forTenant('ignored').run(serverUnits.ignoreFailure, 'x'),
    ).rejects.toMatchObject({
      code: 'store_failed',
      message: expect.stringContaining('undid the whole unit'),
    });
    await expect(store.forTenant('ignored').run(units.listTexts, null)).resolves.toEqual([]);
  });

  it('serves more callers than it has connections', async () => {
    const store = await open(targetOf(database.url));
    const texts = Array.from({ length: 200 }, (_, n) => String(n));
    await Promise.all(texts.map((text) => store.forTenant('many').run(units.append, text)));
    await expect(store.forTenant('many').run(units.listTexts, null)).resolves.toHaveLength(200);
  });

  it('does not quote values of rows in an error', async () => {
    const store = await open(targetOf(database.url));
    const error: unknown = await store
      .forTenant('quotes')
      .run(units.insertTwice, 'the-secret-value')
      .catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'store_failed' });
    expect(String(error)).not.toContain('the-secret-value');
  });

  it.each([
    ['a database that is not there', (url: URL) => (url.pathname = '/nowhere'), /nowhere/],
    ['a user that is not there', (url: URL) => (url.username = 'nobody_here'), /nobody_here/],
    ['TLS where the server has none', (url: URL) => (url.search = '?sslmode=verify-full'), /SSL/],
  ])('refuses %s, with what to check and without the password', async (_what, change, reason) => {
    const url = new URL(database.url);
    url.password = 'hunter2';
    change(url);
    const error: unknown = await open(targetOf(url.toString())).catch(
      (failure: unknown) => failure,
    );
    expect(error).toMatchObject({
      code: 'store_misconfigured',
      retryable: false,
      message: expect.stringMatching(reason),
      hint: expect.stringMatching(/^C(heck|reate|orrect)/),
    });
    expect(JSON.stringify(error)).not.toContain('hunter2');
    expect(String(error)).not.toContain('hunter2');
  });

  it.each(['Omni', 'a-b', 'x"; drop table y; --', '', '1st', 'x'.repeat(41)])(
    'refuses the schema name %j',
    async (schema) => {
      await expect(open(targetOf(database.url, schema))).rejects.toMatchObject({
        code: 'store_misconfigured',
        message: expect.stringContaining('OMNICHANNEL_DATABASE_URL'),
      });
    },
  );

  it('refuses an address that cannot be read, without repeating it', async () => {
    const error: unknown = await open(targetOf('postgres://user:hunter2@host:port/db')).catch(
      (failure: unknown) => failure,
    );
    expect(error).toMatchObject({ code: 'store_misconfigured' });
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('hunter2');
  });

  it('says that a server which nobody runs does not answer', async () => {
    const refused = open(targetOf('postgres://postgres@127.0.0.1:1/postgres'));
    await expect(refused).rejects.toMatchObject({
      code: 'store_unavailable',
      retryable: true,
      message: expect.stringContaining('127.0.0.1:1/postgres'),
      hint: expect.stringContaining('Check that the server runs'),
    });
  });
});

describe('[postgres only] the store on a PostgreSQL server that restarts', () => {
  it('reports what was cut, keeps what was acknowledged, and goes on when the server is back', async () => {
    const server = await startOwnPostgresServer();
    try {
      const store = await open(targetOf(server.url));
      const listener = await open(targetOf(server.url));
      const arrived = heardBy(listener);
      const tenant = store.forTenant('t');
      await tenant.run(units.append, 'before');

      for (const how of ['fast', 'kill'] as const) {
        const cut = tenant.run(serverUnits.sleepInDatabase, 20);
        await waitFor(() => isAsleep(server.url), { what: 'the unit to be under way' });
        const rejected = expect(cut).rejects.toMatchObject({
          code: 'store_unavailable',
          retryable: true,
        });
        await server.stop(how);
        await rejected;
        await expect(tenant.run(units.append, 'during')).rejects.toMatchObject({
          code: 'store_unavailable',
          retryable: true,
          hint: expect.stringContaining('work goes on by itself'),
        });
        await server.start();
        await tenant.run(units.append, `after ${how}`);
        await waitFor(
          async () => {
            await store.forTenant(`woken ${how}`.replace(' ', '-')).run(units.append, 'wake up');
            return arrived.includes(`woken-${how}`);
          },
          { what: 'the other process to listen again', intervalMs: 100 },
        );
      }
      await expect(tenant.run(units.listTexts, null)).resolves.toEqual([
        'before',
        'after fast',
        'after kill',
      ]);
    } finally {
      await Promise.all(opened.map((store) => store.close()));
      await server.dispose();
    }
  });
});

function heardBy(store: Store): string[] {
  const heard: string[] = [];
  store.onSignal((signal) => heard.push(signal.tenantId));
  return heard;
}

async function isAsleep(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    "select 1 from pg_stat_activity where query like '%pg_sleep%' and pid <> pg_backend_pid() and state = 'active'",
  );
  await client.end();
  return rows.length > 0;
}
