import { OmnichannelError, StoreError } from '../../model';
import { errorFacts } from '../errorFacts';

/** Primary result codes of SQLite (sqlite.org/rescode.html): the low byte of the extended code. */
const PERM = 3;
const BUSY = 5;
const LOCKED = 6;
const NOMEM = 7;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const CONSTRAINT = 19;
const AUTH = 23;
const NOTADB = 26;

const NOT_WRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOENT', 'EEXIST']);

/**
 * What went wrong with the file, as a typed error with the remedy. An OmnichannelError passes unchanged.
 * @param file path of the database, named in the message
 */
export function translateSqliteError(error: unknown, file: string): OmnichannelError {
  if (error instanceof OmnichannelError) return error;
  const { message, code, sqliteCode } = errorFacts(error);
  const make = (
    kind: ConstructorParameters<typeof StoreError>[0],
    sentence: string,
    retryable: boolean,
    hint?: string,
  ) =>
    new StoreError(kind, sentence, retryable, {
      cause: error,
      details: { file, ...(sqliteCode ? { sqliteCode } : {}) },
      ...(hint ? { hint } : {}),
    });

  if (code === 'ENOSPC') return make('store_full', fullSentence(file), true, FULL_HINT);
  if (NOT_WRITABLE.has(code)) {
    return make('store_misconfigured', `${file} cannot be opened: ${message}.`, false, ACCESS_HINT);
  }
  switch (sqliteCode & 0xff) {
    case BUSY:
    case LOCKED:
      return make(
        'store_locked',
        `${file} is locked by another process.`,
        true,
        'Only one n8n may use this file: stop the other process, or set OMNICHANNEL_DATABASE_URL to a PostgreSQL database.',
      );
    case CORRUPT:
    case NOTADB:
      return make(
        'store_corrupt',
        `${file} is damaged, or is not an SQLite database. Nothing was written to it.`,
        false,
        'Stop n8n, then put back a backup of the file together with its -wal and -shm files, or move all three away to start with an empty store.',
      );
    case FULL:
      return make('store_full', fullSentence(file), true, FULL_HINT);
    case PERM:
    case READONLY:
    case CANTOPEN:
    case AUTH:
      return make(
        'store_misconfigured',
        `${file} cannot be opened for writing.`,
        false,
        ACCESS_HINT,
      );
    case IOERR:
      return make(
        'store_unavailable',
        `Reading or writing ${file} failed: ${message}.`,
        true,
        'Check the disk, and that the folder is on a local disk and not on a network share.',
      );
    case NOMEM:
      return make('store_unavailable', `SQLite ran out of memory for ${file}.`, true);
    case CONSTRAINT:
      return make('store_failed', `The database refused a row: ${message}.`, false);
    default:
      return make('store_failed', `A statement or unit of work failed: ${message}.`, false);
  }
}

const FULL_HINT = 'Free some space on that disk; work goes on by itself afterwards.';
const ACCESS_HINT =
  'Give the user that runs n8n write permission to that folder, or set OMNICHANNEL_DATABASE_URL.';

function fullSentence(file: string): string {
  return `The disk that holds ${file} is full. The last work was undone as a whole and reported as failed.`;
}
