import path from 'node:path';
import { StoreError } from '../core/model/errors';
import type { StoreTarget } from '../core/model/host';
import { readPort, readSetting, readSwitch, type Environment } from './settings';

/** Our own schema, in whichever PostgreSQL it is. */
export const SCHEMA = 'omnichannel';

/**
 * The one store of this n8n: OMNICHANNEL_DATABASE_URL, else n8n's own PostgreSQL, else a file in n8n's folder.
 * @param folder n8n's `.n8n` folder
 * @throws StoreError `store_misconfigured`
 */
export function instanceStoreTarget(env: Environment, folder: string): StoreTarget {
  const url = readSetting(env, 'OMNICHANNEL_DATABASE_URL');
  if (url !== undefined) {
    return {
      kind: 'postgres',
      connection: { connectionString: checkedUrl(url) },
      schema: SCHEMA,
      source: 'OMNICHANNEL_DATABASE_URL',
    };
  }
  if (readSetting(env, 'DB_TYPE') === 'postgresdb') return n8nPostgres(env);
  return { kind: 'sqlite', file: path.join(folder, 'omnichannel', 'omnichannel.sqlite') };
}

/** The address holds a password, so it never appears in the error. */
function checkedUrl(url: string): string {
  const isPostgres = URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol);
  if (isPostgres) return url;
  throw new StoreError(
    'store_misconfigured',
    'OMNICHANNEL_DATABASE_URL is not the address of a PostgreSQL database.',
    false,
    {
      hint: 'Write postgresql://user:password@host:5432/database (special characters of the password as %XX), then restart n8n.',
    },
  );
}

/** n8n's own database settings and their defaults (n8n's DatabaseConfig). */
function n8nPostgres(env: Environment): StoreTarget {
  const read = (name: string) => readSetting(env, `DB_POSTGRESDB_${name}`);
  return {
    kind: 'postgres',
    connection: {
      host: read('HOST') ?? 'localhost',
      port: readPort(env, 'DB_POSTGRESDB_PORT', 5432),
      database: read('DATABASE') ?? 'n8n',
      user: read('USER') ?? 'postgres',
      password: read('PASSWORD') ?? '',
      ssl: n8nPostgresSsl(env),
    },
    schema: SCHEMA,
    source: "n8n's own PostgreSQL",
  };
}

/** TLS is on when it is switched on, or when a certificate is given or checking is switched off. */
function n8nPostgresSsl(env: Environment) {
  const read = (name: string) => readSetting(env, `DB_POSTGRESDB_SSL_${name}`);
  const [ca, cert, key] = [read('CA'), read('CERT'), read('KEY')];
  const rejectUnauthorized = readSwitch(env, 'DB_POSTGRESDB_SSL_REJECT_UNAUTHORIZED', true);
  const isOn =
    readSwitch(env, 'DB_POSTGRESDB_SSL_ENABLED', false) ||
    [ca, cert, key].some((part) => part !== undefined) ||
    !rejectUnauthorized;
  if (!isOn) return undefined;
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }), rejectUnauthorized };
}
