import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';

type Row = Record<string, unknown>;

/** Looks into the package's store from outside, past all its code, while n8n runs or is dead. */
export interface StoreReader {
  rows(sql: string): Promise<Row[]>;
  close(): Promise<void>;
}

/** Where the package keeps its embedded store below a playground's data folder. */
export function embeddedStoreFile(dataDir: string): string {
  return path.join(dataDir, 'n8n', '.n8n', 'omnichannel', 'omnichannel.sqlite');
}

/** Opens a new connection per question: the file may be in the hands of an n8n that was just killed. */
export function readEmbeddedStore(dataDir: string): StoreReader {
  return {
    rows: async (sql) => {
      const database = new DatabaseSync(embeddedStoreFile(dataDir), { readOnly: true });
      try {
        return database.prepare(sql).all() as Row[];
      } finally {
        database.close();
      }
    },
    close: async () => undefined,
  };
}

/** @param schema our own schema in that database */
export async function readServerStore(url: string, schema = 'omnichannel'): Promise<StoreReader> {
  const client = new Client({ connectionString: url, options: `-c search_path=${schema}` });
  await client.connect();
  return {
    rows: async (sql) => (await client.query<Row>(sql)).rows,
    close: () => client.end(),
  };
}

/** A number that a `count(*) as n` gives; PostgreSQL returns it as text. */
export async function countOf(store: StoreReader, fromWhere: string): Promise<number> {
  const [row] = await store.rows(`select count(*) as n from ${fromWhere}`);
  return Number(row?.n);
}

const TABLES = [
  'contacts',
  'contact_identities',
  'conversations',
  'messages',
  'inbound_keys',
  'events',
  'consumer_deliveries',
  'idempotency_keys',
] as const;

/** How many rows each table has that an inbound message leaves its traces in. */
export async function countRows(store: StoreReader): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of TABLES) counts[table] = await countOf(store, table);
  return counts;
}
