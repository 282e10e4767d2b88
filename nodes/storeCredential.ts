import path from 'node:path';
import { StoreError } from '../core/model/errors';
import type { StoreTarget } from '../core/model/host';
import { SCHEMA } from './storeTarget';

/** The fields of the credential `omnichannelStoreApi`, as n8n hands them over (nothing is certain). */
export interface StoreCredential {
  storage?: string;
  filePath?: string;
  host?: string;
  port?: number | string;
  database?: string;
  user?: string;
  password?: string;
  ssl?: string;
  schema?: string;
  encryptionKey?: string;
}

/**
 * A second store, named by a credential.
 * @throws StoreError `store_misconfigured` naming the field that is wrong
 */
export function storeCredentialTarget(credential: StoreCredential): StoreTarget {
  if (credential.storage === 'embedded') return { kind: 'sqlite', file: filePath(credential) };
  return {
    kind: 'postgres',
    connection: {
      host: required(credential.host, 'Host'),
      port: port(credential.port),
      database: required(credential.database, 'Database'),
      user: required(credential.user, 'User'),
      password: credential.password ?? '',
      ssl: ssl(credential.ssl),
    },
    schema: schema(credential.schema),
    source: 'the store credential',
  };
}

/**
 * The second store beside the one of this n8n.
 * @throws StoreError `store_misconfigured` also when it is a file although this n8n keeps its data in a server
 */
export function secondStoreTarget(
  credential: StoreCredential,
  instanceStore: StoreTarget,
): StoreTarget {
  const target = storeCredentialTarget(credential);
  if (target.kind === 'sqlite' && instanceStore.kind === 'postgres') {
    throw new StoreError(
      'store_misconfigured',
      `The store credential names a file, but this n8n keeps its messages in a server (${instanceStore.source}).`,
      false,
      {
        hint: 'Other processes of this n8n would not see the file. Choose PostgreSQL in the credential, or no second store.',
      },
    );
  }
  return target;
}

function filePath({ filePath: file }: StoreCredential): string {
  const given = required(file, 'File Path');
  if (path.isAbsolute(given)) return given;
  throw wrongField(
    'File Path',
    `is "${given}", which is not a full path`,
    'Start it with a slash.',
  );
}

function port(value: number | string | undefined): number {
  const number = Number(value ?? 5432);
  if (Number.isInteger(number) && number > 0 && number < 65_536) return number;
  throw wrongField('Port', 'is no port', 'PostgreSQL usually listens on 5432.');
}

/** A schema is an identifier in SQL, so only plain ones are taken. */
function schema(value: string | undefined): string {
  const name = value?.trim() || SCHEMA;
  if (/^[a-z_][a-z0-9_]{0,62}$/.test(name)) return name;
  throw wrongField(
    'Schema',
    `is "${name}"`,
    'Use small letters, digits and underscores, and begin with a letter.',
  );
}

/** As psql names them: `require` encrypts without checking who answers, `verify` checks the certificate. */
function ssl(mode: string | undefined) {
  if (mode === 'require') return { rejectUnauthorized: false };
  if (mode === 'verify') return { rejectUnauthorized: true };
  return undefined;
}

function required(value: string | undefined, field: string): string {
  const text = value?.trim();
  if (text) return text;
  throw wrongField(field, 'is empty', 'Fill it in and test the credential again.');
}

function wrongField(field: string, problem: string, hint: string): StoreError {
  return new StoreError(
    'store_misconfigured',
    `"${field}" of the store credential ${problem}.`,
    false,
    {
      hint,
    },
  );
}
