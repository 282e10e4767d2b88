import { Client, types, type ClientConfig } from 'pg';
import { StoreError, type StoreTarget } from '../../model';

export type PostgresTarget = Extract<StoreTarget, { kind: 'postgres' }>;

/** Up to 40 characters, so that names made from it stay below PostgreSQL's 63. */
const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,39}$/;

const INT8 = 20;
const NUMERIC = 1700;

/**
 * Settings of every connection we open. Time limits and the search path are set per transaction (see BEGIN of the
 * session), because connection poolers refuse or forget settings of a session.
 * @throws StoreError `store_misconfigured` for an unusable schema name or connection URL
 */
export function clientConfig(target: PostgresTarget): ClientConfig {
  refuseBadSchema(target);
  return {
    ...target.connection,
    application_name: 'n8n-nodes-omnichannel',
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    types: { getTypeParser },
  } as ClientConfig;
}

/**
 * Instants and counts are 8 byte integers, sums of them numeric: as numbers, like SQLite gives them. Only for our
 * own connections: the driver is shared with n8n.
 */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if ((oid === INT8 || oid === NUMERIC) && format !== 'binary') return Number;
  return types.getTypeParser(oid, 'text') as (value: string) => unknown;
}

function refuseBadSchema(target: PostgresTarget): void {
  if (SCHEMA_NAME.test(target.schema)) return;
  throw new StoreError(
    'store_misconfigured',
    `"${target.schema}" cannot be the name of our schema (from ${target.source}).`,
    false,
    { hint: 'Use up to 40 lower-case letters, digits and underscores, starting with a letter.' },
  );
}

/** Host, port, database and schema for people; never the user's password. */
export function describeTarget(target: PostgresTarget): string {
  const { host, port, database } = readParts(target);
  return `${host}:${port}/${database} (schema ${target.schema})`;
}

/** The same text for two targets that are the same place, however they were written. */
export function identifyTarget(target: PostgresTarget): string {
  const { host, port, database, user } = readParts(target);
  return `postgres ${user}@${host}:${port}/${database} ${target.schema}`;
}

function readParts(target: PostgresTarget) {
  try {
    const { host, port, database, user } = new Client(clientConfig(target));
    return { host, port, database, user };
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    // The driver's message could quote the URL, password included: it stays out.
    throw new StoreError(
      'store_misconfigured',
      `The PostgreSQL address of ${target.source} cannot be read.`,
      false,
      {
        hint: 'It looks like postgres://user:password@host:5432/database; special characters in the password are percent-encoded.',
      },
    );
  }
}
