import { sql } from 'kysely';
import { Client } from 'pg';
import { translatePostgresError } from './errors';
import { inTransaction } from './session';
import { clientConfig, describeTarget, type PostgresTarget } from './target';
import { ensureSchema, readServerVersion } from './server';

const PROBE_LIMIT_MS = 10_000;

/** Ends the transaction of the probe without keeping anything. */
class UndoneOnPurpose extends Error {}

/**
 * Connects and does once what the store will do: make the schema, make a table, write, read back; then undoes it.
 * @returns the version of the server
 * @throws StoreError as for opening
 */
export async function probePostgres(target: PostgresTarget): Promise<string> {
  const where = describeTarget(target);
  const client = new Client({ ...clientConfig(target), query_timeout: PROBE_LIMIT_MS });
  // Without a listener a connection that is cut in between would end the n8n process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const version = await readServerVersion(client, where);
    await writeAndReadBack(client, target.schema);
    return version;
  } catch (error) {
    throw translatePostgresError(error, where);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function writeAndReadBack(client: Client, schema: string): Promise<void> {
  try {
    await inTransaction(client, { schema, statementLimitMs: PROBE_LIMIT_MS }, async ({ db }) => {
      await ensureSchema(db, schema);
      await sql`create table omnichannel_connection_test (value text)`.execute(db);
      await sql`insert into omnichannel_connection_test values ('written')`.execute(db);
      const { rows } = await sql<{
        value: string;
      }>`select value from omnichannel_connection_test`.execute(db);
      if (rows[0]?.value !== 'written') throw new Error('what was written could not be read back');
      throw new UndoneOnPurpose();
    });
  } catch (error) {
    if (!(error instanceof UndoneOnPurpose)) throw error;
  }
}
