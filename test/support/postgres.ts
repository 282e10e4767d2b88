import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { startPostgres, type PostgresServer } from '../../scripts/lib/postgres.mjs';

/** The environment variable with the PostgreSQL server of a test run. */
export const DATABASE_URL_VARIABLE = 'OMNICHANNEL_TEST_DATABASE_URL';

export interface TestDatabase {
  /** Connection URL of this database alone. */
  readonly url: string;
  readonly name: string;
  /** Closes whatever is still connected and removes the database. */
  drop(): Promise<void>;
}

/** A PostgreSQL server of its own, for tests that stop, kill and restart it. */
export function startOwnPostgresServer(): Promise<PostgresServer> {
  return startPostgres();
}

/**
 * Creates an empty database with a unique name, on the server of OMNICHANNEL_TEST_DATABASE_URL or,
 * where that is missing (a file run outside jest), on a server started for this process.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = process.env[DATABASE_URL_VARIABLE] ?? (await ownServer()).url;
  const name = `omnichannel_test_${process.pid}_${randomBytes(6).toString('hex')}`;
  await runOn(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.toString(),
    name,
    drop: () => runOn(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

let startedServer: Promise<PostgresServer> | undefined;

function ownServer(): Promise<PostgresServer> {
  startedServer ??= startPostgres();
  return startedServer;
}

/** Ends the server that `createTestDatabase` started for this process, if it did. */
export async function disposeOwnServer(): Promise<void> {
  const server = await startedServer;
  startedServer = undefined;
  await server?.dispose();
}

async function runOn(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
