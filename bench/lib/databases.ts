import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openStore } from './core.ts';
import { createTestDatabase } from '../../test/support/postgres.ts';

type Store = Awaited<ReturnType<typeof openStore>>;

export interface BenchStore {
  label: string;
  store: Store;
  /** For peers that use the same server; only PostgreSQL has one. */
  url?: string;
  close: () => Promise<void>;
}

const quiet = { debug() {}, info() {}, warn() {}, error: console.error };

/** A fresh embedded store in a folder of its own. */
export async function openSqlite(): Promise<BenchStore> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'omnichannel-bench-'));
  const store = await openStore({
    target: { kind: 'sqlite', file: path.join(folder, 'omnichannel.sqlite') },
    encryptionSecret: 'bench',
    executionsMode: 'regular',
    logger: quiet,
  });
  return {
    label: `SQLite, ${(await store.describe()).serverVersion}`,
    store,
    close: async () => {
      await store.close();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A fresh database on the PostgreSQL that npm brought (or on the server the environment names). */
export async function openPostgres(): Promise<BenchStore> {
  const database = await createTestDatabase();
  const store = await openStore({
    target: {
      kind: 'postgres',
      connection: { connectionString: database.url },
      schema: 'omnichannel',
      source: 'the benchmark',
    },
    encryptionSecret: 'bench',
    executionsMode: 'regular',
    logger: quiet,
  });
  return {
    label: `PostgreSQL, ${(await store.describe()).serverVersion}`,
    store,
    url: database.url,
    close: async () => {
      await store.close();
      await database.drop();
    },
  };
}
