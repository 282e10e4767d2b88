import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { StoreError } from '../../../core/model';
import { buildHost, losesAnswers, type HostOptions } from '../../../nodes/host';
import { createTestFolder, type TestFolder } from '../../support/tempFolder.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

const file = (name: string, content: string) => {
  const full = path.join(folder.path, name);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, content);
  return full;
};

/** An environment with a key, so that each test names only what it is about. */
const host = (env: Record<string, string>, options: HostOptions = {}) =>
  buildHost({
    env: { N8N_USER_FOLDER: folder.path, N8N_ENCRYPTION_KEY: 'key', ...env },
    ...options,
  });

function errorOf(run: () => unknown): StoreError {
  try {
    run();
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

describe('sends while their limits cannot be read', () => {
  it('go uncounted, unless the admin wants nothing uncounted', () => {
    expect(host({}).uncountedSends).toBe('allowed');
    expect(host({ OMNICHANNEL_SEND_WITHOUT_LIMITS: 'true' }).uncountedSends).toBe('allowed');
    expect(host({ OMNICHANNEL_SEND_WITHOUT_LIMITS: 'false' }).uncountedSends).toBe('refused');
  });
});

describe('a worker that is started again', () => {
  const ARGV = ['node', 'n8n', 'worker'];
  it('loses what was answered in between, unless n8n is held to one line of its event log', () => {
    const name = 'N8N_EVENTBUS_LOGWRITER_MAXTOTALMESSAGESPERFILE';
    expect(losesAnswers({ env: {}, argv: ARGV })).toBe(true);
    expect(losesAnswers({ env: { [name]: '1' }, argv: ARGV })).toBe(false);
    expect(losesAnswers({ env: {}, argv: ['node', 'n8n', 'start'] })).toBe(false);
  });
});

describe('the command line of an n8n', () => {
  it.each([
    ['n8n', []],
    ['n8n start', ['start']],
    ['n8n webhook', ['webhook']],
    ['n8n worker', ['worker', '--concurrency=5']],
  ])('%s stays, so the embedded store is its own', (_what, command) => {
    expect(host({}, { argv: ['node', 'n8n', ...command] }).isOneOff).toBe(false);
  });

  it.each([
    ['n8n execute', ['execute', '--id=3']],
    ['n8n executeBatch', ['executeBatch', '--ids=3']],
    ['n8n execute-batch', ['execute-batch']],
  ])('%s ends by itself, so it shares the embedded store for a moment', (_what, command) => {
    expect(host({}, { argv: ['node', 'n8n', ...command] }).isOneOff).toBe(true);
  });
});

describe('the store of an n8n', () => {
  it('is a file in its folder by default', () => {
    expect(host({}).store).toEqual({
      kind: 'sqlite',
      file: path.join(folder.path, '.n8n', 'omnichannel', 'omnichannel.sqlite'),
    });
  });

  it('lies in the home folder where no user folder is set', () => {
    const { store } = buildHost({ env: { N8N_ENCRYPTION_KEY: 'key' } });
    expect(store).toMatchObject({
      file: path.join(homedir(), '.n8n', 'omnichannel', 'omnichannel.sqlite'),
    });
  });

  it("is n8n's own PostgreSQL where n8n uses one, in a schema of our own", () => {
    const passwordFile = file('secrets/password', 'from a file\n');
    const { store } = host({
      DB_TYPE: 'postgresdb',
      DB_POSTGRESDB_HOST: 'db',
      DB_POSTGRESDB_PORT: '6543',
      DB_POSTGRESDB_DATABASE: 'main',
      DB_POSTGRESDB_USER: 'n8n',
      DB_POSTGRESDB_PASSWORD_FILE: passwordFile,
    });
    expect(store).toEqual({
      kind: 'postgres',
      connection: {
        host: 'db',
        port: 6543,
        database: 'main',
        user: 'n8n',
        password: 'from a file',
        ssl: undefined,
      },
      schema: 'omnichannel',
      source: "n8n's own PostgreSQL",
    });
  });

  it("takes n8n's defaults for what is not set", () => {
    expect(host({ DB_TYPE: 'postgresdb' }).store).toMatchObject({
      connection: {
        host: 'localhost',
        port: 5432,
        database: 'n8n',
        user: 'postgres',
        password: '',
      },
    });
  });

  it.each([
    [{ DB_POSTGRESDB_SSL_ENABLED: 'true' }, { rejectUnauthorized: true }],
    [{ DB_POSTGRESDB_SSL_CA: 'the ca' }, { ca: 'the ca', rejectUnauthorized: true }],
    [{ DB_POSTGRESDB_SSL_REJECT_UNAUTHORIZED: 'false' }, { rejectUnauthorized: false }],
    [
      { DB_POSTGRESDB_SSL_CERT: 'c', DB_POSTGRESDB_SSL_KEY: 'k' },
      { cert: 'c', key: 'k', rejectUnauthorized: true },
    ],
  ])('encrypts as n8n does with %o', (env, ssl) => {
    expect(host({ DB_TYPE: 'postgresdb', ...env }).store).toMatchObject({ connection: { ssl } });
  });

  it('is the database of OMNICHANNEL_DATABASE_URL before all others', () => {
    const url = 'postgresql://me:secret@db:5432/messages';
    const expected = {
      kind: 'postgres',
      connection: { connectionString: url },
      schema: 'omnichannel',
      source: 'OMNICHANNEL_DATABASE_URL',
    };
    expect(host({ DB_TYPE: 'postgresdb', OMNICHANNEL_DATABASE_URL: url }).store).toEqual(expected);
    const urlFile = file('secrets/url', `${url}\n`);
    expect(host({ OMNICHANNEL_DATABASE_URL_FILE: urlFile }).store).toEqual(expected);
  });

  it('is refused with the variable and the remedy, never with the password', () => {
    const error = errorOf(() => host({ OMNICHANNEL_DATABASE_URL: 'mysql://me:secret-word@db/x' }));
    expect(error.code).toBe('store_misconfigured');
    expect(error.message).toContain('OMNICHANNEL_DATABASE_URL');
    expect(error.hint).toContain('postgresql://');
    expect(JSON.stringify([error.message, error.hint])).not.toContain('secret-word');
    expect(errorOf(() => host({ DB_TYPE: 'postgresdb', DB_POSTGRESDB_PORT: 'five' })).message).toBe(
      'DB_POSTGRESDB_PORT is "five", which is no port.',
    );
    const missing = path.join(folder.path, 'none');
    const unreadable = errorOf(() => host({ OMNICHANNEL_DATABASE_URL_FILE: missing }));
    expect(unreadable.message).toContain(missing);
  });
});

describe('a second store by credential', () => {
  const postgres = { storage: 'postgres', host: 'db', database: 'd', user: 'u', password: 'p' };

  it('takes the place of the instance store for the node that chose it', () => {
    expect(
      host({}, { storeCredential: { ...postgres, port: 5433, ssl: 'verify', schema: 'other' } })
        .store,
    ).toEqual({
      kind: 'postgres',
      connection: {
        host: 'db',
        port: 5433,
        database: 'd',
        user: 'u',
        password: 'p',
        ssl: { rejectUnauthorized: true },
      },
      schema: 'other',
      source: 'the store credential',
    });
  });

  it('may be a file beside a file, but not beside a server', () => {
    const storeCredential = { storage: 'embedded', filePath: '/data/second.sqlite' };
    expect(host({}, { storeCredential }).store).toEqual({
      kind: 'sqlite',
      file: '/data/second.sqlite',
    });
    const error = errorOf(() => host({ DB_TYPE: 'postgresdb' }, { storeCredential }));
    expect(error.message).toContain("n8n's own PostgreSQL");
  });
});

describe('the encryption key', () => {
  const keyOf = (env: Record<string, string>, options: HostOptions = {}) =>
    buildHost({ env: { N8N_USER_FOLDER: folder.path, ...env }, ...options }).encryptionKey;

  it("is the admin's own before n8n's, from variables or from files", () => {
    const own = { OMNICHANNEL_ENCRYPTION_KEY: 'own', N8N_ENCRYPTION_KEY: 'theirs' };
    expect(keyOf(own)).toEqual({ secret: 'own', source: 'OMNICHANNEL_ENCRYPTION_KEY' });
    expect(keyOf({ N8N_ENCRYPTION_KEY: 'theirs' }).source).toBe('N8N_ENCRYPTION_KEY');
    const keyFile = file('secrets/key', 'kept apart\n');
    expect(keyOf({ OMNICHANNEL_ENCRYPTION_KEY_FILE: keyFile }).secret).toBe('kept apart');
    expect(keyOf({ N8N_ENCRYPTION_KEY_FILE: keyFile }).secret).toBe('kept apart');
    const storeCredential = {
      storage: 'embedded',
      filePath: '/x.sqlite',
      encryptionKey: 'of the credential',
    };
    expect(keyOf(own, { storeCredential })).toEqual({
      secret: 'of the credential',
      source: 'credential',
    });
  });

  it("is n8n's generated one where nothing is set", () => {
    file('.n8n/config', JSON.stringify({ encryptionKey: 'generated' }));
    expect(keyOf({})).toEqual({ secret: 'generated', source: 'n8n config file' });
  });

  it.each([
    ['no file', undefined],
    ['a broken file', '{'],
    ['a file without a key', '{}'],
  ])('is asked for when there is %s', (_case, content) => {
    if (content !== undefined) file('.n8n/config', content);
    const error = errorOf(() => keyOf({}));
    expect(error.code).toBe('store_misconfigured');
    expect(error.message).toContain(path.join(folder.path, '.n8n', 'config'));
    expect(error.hint).toContain('N8N_ENCRYPTION_KEY');
  });
});

describe('the addresses of an n8n', () => {
  it.each([
    [{}, 'http://127.0.0.1:5678'],
    [{ N8N_PORT: '80', N8N_LISTEN_ADDRESS: '0.0.0.0' }, 'http://127.0.0.1:80'],
    [{ N8N_LISTEN_ADDRESS: '10.0.0.7' }, 'http://10.0.0.7:5678'],
    [{ N8N_LISTEN_ADDRESS: 'fd00::7' }, 'http://[fd00::7]:5678'],
    [{ N8N_PATH: '/automation/' }, 'http://127.0.0.1:5678'],
    [{ N8N_PROTOCOL: 'https' }, 'http://127.0.0.1:5678'],
    [{ N8N_PROTOCOL: 'https', N8N_SSL_KEY: 'k', N8N_SSL_CERT: 'c' }, 'https://127.0.0.1:5678'],
    [{ OMNICHANNEL_N8N_URL: 'http://n8n-main:5678/' }, 'http://n8n-main:5678'],
  ])('from this machine with %o: %s', (env, url) => {
    expect(host(env).localUrl).toBe(url);
  });

  it.each([
    [{}, 'http://localhost:5678'],
    [
      { N8N_HOST: 'n8n.example.com', N8N_PROTOCOL: 'https', N8N_PORT: '443' },
      'https://n8n.example.com',
    ],
    [{ N8N_HOST: 'n8n.example.com', N8N_PATH: '/flows/' }, 'http://n8n.example.com:5678/flows'],
    [{ WEBHOOK_URL: '"https://old.example.com/"' }, 'https://old.example.com'],
    [
      { WEBHOOK_URL: 'https://old.example.com', N8N_WEBHOOK_URL: 'https://new.example.com/' },
      'https://new.example.com',
    ],
  ])('from the world with %o: %s', (env, url) => {
    expect(host(env).publicUrl).toBe(url);
  });

  it.each([
    [{}, 'http://127.0.0.1:5678'],
    [
      {
        N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true',
        WEBHOOK_URL: 'https://n8n.example.com/flows/',
      },
      'https://n8n.example.com',
    ],
    [
      { N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true', OMNICHANNEL_N8N_URL: 'http://webhooks:5678' },
      'http://webhooks:5678',
    ],
  ])('for executions that wait with %o: %s', (env, url) => {
    expect(host(env).waitingUrl).toBe(url);
  });

  it('are refused when they are none', () => {
    expect(errorOf(() => host({ OMNICHANNEL_N8N_URL: 'n8n-main' })).message).toContain(
      'OMNICHANNEL_N8N_URL',
    );
  });
});

describe('the rest of the host', () => {
  it('knows the execution mode and the version of the package', () => {
    expect(host({}).executionsMode).toBe('regular');
    expect(host({ EXECUTIONS_MODE: 'queue' }).executionsMode).toBe('queue');
    const manifest = JSON.parse(
      readFileSync(path.resolve(__dirname, '../../../package.json'), 'utf8'),
    ) as { version: string };
    expect(host({}).version).toBe(manifest.version);
  });
});
