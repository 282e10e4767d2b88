import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onFinish } from './processes.mjs';
import { startPostgres } from './postgres.mjs';
import { say } from './progress.mjs';

/**
 * Provides the databases of a test run: one PostgreSQL server (the one of
 * OMNICHANNEL_TEST_DATABASE_URL or a throw-away one) and a folder for SQLite files. Both are removed
 * when the script finishes.
 * @param {import('./node24.mjs').Node24} node
 * @returns {Promise<{ variables: Record<string, string>, names: { postgres: string, sqlite: string } }>}
 *   variables: for the environment of the tests; names: product, version and place, for people
 */
export async function prepareDatabases(node) {
  const url = process.env.OMNICHANNEL_TEST_DATABASE_URL || (await ownServer());
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'omnichannel-sqlite-'));
  onFinish(() => fs.rmSync(folder, { recursive: true, force: true }));
  const { host } = new URL(url);
  const names = {
    postgres: `PostgreSQL ${await serverVersion(url)} at ${host}`,
    sqlite: `SQLite ${sqliteVersion(node)} in ${folder}`,
  };
  say(names.postgres);
  say(names.sqlite);
  return {
    names,
    variables: { OMNICHANNEL_TEST_DATABASE_URL: url, OMNICHANNEL_TEST_SQLITE_DIR: folder },
  };
}

async function ownServer() {
  const server = await startPostgres();
  onFinish(() => server.dispose());
  return server.url;
}

/** @param {string} url */
async function serverVersion(url) {
  // Imported here: the package is not there before the first install.
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query('SHOW server_version');
    return String(rows[0]?.server_version);
  } finally {
    await client.end();
  }
}

/** @param {import('./node24.mjs').Node24} node */
function sqliteVersion(node) {
  const result = spawnSync(node.bin, ['-p', 'process.versions.sqlite'], { encoding: 'utf8' });
  return result.stdout.trim();
}
