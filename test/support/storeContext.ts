import { existsSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import type { StoreTarget } from '../../core/model';
import { openStore, type OpenStoreOptions } from '../../core/store/openStore';
import type { Store, TenantStore } from '../../core/store/store';
import { createTestDatabase } from './postgres';
import { createTestFolder } from './tempFolder';
import { createTestClock, type TestClock } from './testClock';
import { createTestLogger, type TestLogger } from './testLogger';
import { waitFor } from './waitFor';

export type DatabaseKind = 'sqlite' | 'postgres';

/** What a suite works with: one fresh database, a store on it, a clock of its own. */
export interface StoreContext {
  readonly kind: DatabaseKind;
  /** The store that is open during the whole suite. */
  readonly store: Store;
  readonly target: StoreTarget;
  readonly clock: TestClock;
  readonly logger: TestLogger;
  /** The encryption secret of `store`. */
  readonly secret: string;
  /** A tenant nobody else in this suite uses, so that tests do not see each other's rows. */
  newTenant(): TenantStore;
  /** One more store on the same database, as another process would have it; closed at the end of the suite. */
  openAnother(options?: Partial<OpenStoreOptions>): Promise<Store>;
  /** One more database of the same kind, empty and unopened; removed at the end of the suite. */
  newDatabase(): Promise<StoreTarget>;
}

interface TestDatabaseOfKind {
  target: StoreTarget;
  /** Rejects when something still holds the database, then removes it. */
  remove(): Promise<void>;
}

const KINDS: readonly DatabaseKind[] = ['sqlite', 'postgres'];

/** Resources of Node that nobody may leave behind: sockets, threads' ports, timers. */
const WATCHED = ['TCPSocketWrap', 'TCPSERVERWRAP', 'MessagePort', 'Timeout'];

/**
 * Defines a suite twice, `[sqlite] title` and `[postgres] title`, each on a new database of its own: a real file in a
 * temporary folder, a real PostgreSQL server. At the end the stores are closed, and a connection, thread or timer
 * that is still there fails the suite.
 * @example describeOnBothDatabases('leases', (context) => { it('…', async () => { context.store… }); });
 */
export function describeOnBothDatabases(
  title: string,
  define: (context: StoreContext) => void,
): void {
  for (const kind of KINDS) {
    describe(`[${kind}] ${title}`, () => {
      define(createContext(kind));
    });
  }
}

/** As above, for what only one of them can show (a locked file, two processes on one server): `[sqlite only] title`. */
export function describeOnOneDatabase(
  kind: DatabaseKind,
  title: string,
  define: (context: StoreContext) => void,
): void {
  describe(`[${kind} only] ${title}`, () => {
    define(createContext(kind));
  });
}

function createContext(kind: DatabaseKind): StoreContext {
  const clock = createTestClock();
  const logger = createTestLogger();
  const secret = 'the encryption key of the tests';
  const opened: Store[] = [];
  const databases: TestDatabaseOfKind[] = [];
  let store: Store | undefined;
  let before: Record<string, number> = {};
  let tenants = 0;

  const open = async (options: Partial<OpenStoreOptions> = {}): Promise<Store> => {
    const another = await openStore({
      target: present(databases[0]).target,
      encryptionSecret: secret,
      executionsMode: 'regular',
      clock,
      logger,
      ...options,
    });
    opened.push(another);
    return another;
  };

  const newDatabase = async (): Promise<StoreTarget> => {
    const database = kind === 'sqlite' ? createSqliteFile() : await createPostgresDatabase();
    databases.push(database);
    return database.target;
  };

  beforeAll(async () => {
    before = countResources();
    await newDatabase();
    store = await open();
    const { location, serverVersion } = await store.describe();
    process.stdout.write(`[${kind}] ${kind} ${serverVersion} at ${location}\n`);
  });

  afterAll(async () => {
    // One after the other: two last connections that close at the same moment leave each other the log to delete.
    for (const one of opened) await one.close();
    for (const database of databases) await database.remove();
    await waitFor(() => hasNoMoreThan(before), {
      what: `the sockets, threads and timers of the suite to end (before it: ${JSON.stringify(before)})`,
    });
  });

  return {
    kind,
    clock,
    logger,
    secret,
    get store() {
      return present(store);
    },
    get target() {
      return present(databases[0]).target;
    },
    newTenant() {
      tenants += 1;
      return present(store).forTenant(`tenant-${tenants}`);
    },
    openAnother: open,
    newDatabase,
  };
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The store is open only inside tests and hooks.');
  return value;
}

function hasNoMoreThan(before: Record<string, number>): boolean {
  const now = countResources();
  const left = WATCHED.filter((type) => (now[type] ?? 0) > (before[type] ?? 0));
  if (left.length > 0) throw new Error(`still there: ${JSON.stringify(now)}`);
  return true;
}

function countResources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const type of process.getActiveResourcesInfo()) {
    if (WATCHED.includes(type)) counts[type] = (counts[type] ?? 0) + 1;
  }
  return counts;
}

function createSqliteFile(): TestDatabaseOfKind {
  const folder = createTestFolder('omnichannel-store-');
  const file = path.join(folder.path, 'omnichannel.sqlite');
  return {
    target: { kind: 'sqlite', file },
    async remove() {
      // SQLite deletes the write-ahead log with the last connection: while it is there, somebody is connected.
      await waitFor(() => !existsSync(`${file}-wal`), {
        what: `the last connection to ${file} to close`,
      });
      folder.remove();
    },
  };
}

async function createPostgresDatabase(): Promise<TestDatabaseOfKind> {
  const database = await createTestDatabase();
  return {
    target: {
      kind: 'postgres',
      connection: { connectionString: database.url },
      schema: 'omnichannel',
      source: 'the test',
    },
    async remove() {
      await waitUntilAlone(database.url);
      await database.drop();
    },
  };
}

async function waitUntilAlone(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await waitFor(
      async () => {
        const { rows } = await client.query(
          'select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()' +
            " and backend_type = 'client backend'",
        );
        return rows.length === 0;
      },
      { what: `the last connection to ${url} to close` },
    );
  } finally {
    await client.end();
  }
}
