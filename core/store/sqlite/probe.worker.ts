import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { packError, type PackedError } from '../errorTransfer';
import { translateSqliteError } from './errors';

/** One answer, then the thread ends. */
export type ProbeAnswer = { serverVersion: string } | { error: PackedError };

const { file } = workerData as { file: string };
const BUSY_TIMEOUT_MS = 2_000;

parentPort?.postMessage(probe());

/** Writes and reads back in a transaction that is undone; a file that was not there is not there afterwards. */
function probe(): ProbeAnswer {
  const wasThere = existsSync(file);
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    return { serverVersion: writeAndReadBack() };
  } catch (error) {
    return { error: packError(translateSqliteError(error, file)) };
  } finally {
    if (!wasThere && existsSync(file) && statSync(file).size === 0) rmSync(file);
  }
}

function writeAndReadBack(): string {
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    database.exec('BEGIN IMMEDIATE; CREATE TABLE omnichannel_connection_test (value text)');
    database.exec("INSERT INTO omnichannel_connection_test VALUES ('written')");
    const row = database
      .prepare('SELECT value, sqlite_version() AS version FROM omnichannel_connection_test')
      .get();
    database.exec('ROLLBACK');
    if (row?.value !== 'written') throw new Error('what was written could not be read back');
    return String(row.version);
  } finally {
    database.close();
  }
}
