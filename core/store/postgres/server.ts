import { sql, type Kysely } from 'kysely';
import type { ClientBase } from 'pg';
import { StoreError } from '../../model';
import type { Database } from '../tables';

/** n8n supports PostgreSQL from 13 on. */
const OLDEST_SERVER = 130_000;

/** @throws StoreError `store_misconfigured` when the server is too old */
export async function readServerVersion(client: ClientBase, where: string): Promise<string> {
  const { rows } = await client.query<{ version: string; number: number }>(
    `select current_setting('server_version') as version, current_setting('server_version_num')::int as number`,
  );
  const { version, number } = rows[0] ?? { version: 'unknown', number: 0 };
  if (number >= OLDEST_SERVER) return version;
  throw new StoreError(
    'store_misconfigured',
    `The PostgreSQL server of ${where} is version ${version}.`,
    false,
    { hint: 'Use PostgreSQL 13 or newer.' },
  );
}

/** Makes our schema where it is missing. */
export async function ensureSchema(db: Kysely<Database>, schema: string): Promise<void> {
  const found = await sql`select 1 from pg_catalog.pg_namespace where nspname = ${schema}`.execute(
    db,
  );
  // "create schema if not exists" asks for the right to create one, which an admin may have kept back.
  if (found.rows.length === 0) await sql`create schema ${sql.id(schema)}`.execute(db);
}
