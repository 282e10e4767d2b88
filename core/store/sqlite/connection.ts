import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { CompiledQuery, QueryResult } from 'kysely';
import { StoreError } from '../../model';
import type { WorkerSettings } from './protocol';

const STATEMENTS_KEPT = 500;
/** The write-ahead log is cut back to this after a checkpoint, so that one burst does not keep the disk. */
const WAL_BYTES_KEPT = 64 * 1024 * 1024;

export interface ConnectionSettings extends WorkerSettings {
  /** FULL: every commit reaches the disk. NORMAL: the last commits may go with the machine, never with the process. */
  synchronous: 'FULL' | 'NORMAL';
  onSlow(sql: string, milliseconds: number): void;
}

interface Prepared {
  statement: StatementSync;
  returnsRows: boolean;
}

/** One synchronous connection to the file, with its prepared statements. Lives in the worker thread. */
export class SqliteConnection {
  readonly #database: DatabaseSync;
  readonly #settings: ConnectionSettings;
  /** Oldest use first: a Map keeps the order of insertion. */
  readonly #prepared = new Map<string, Prepared>();

  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
    this.#database = new DatabaseSync(settings.file, { timeout: settings.busyTimeoutMs });
    try {
      this.#configure();
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  #configure(): void {
    const { synchronous, maxPageCount, file } = this.#settings;
    const mode = this.#database.prepare('PRAGMA journal_mode = WAL').get()?.journal_mode;
    if (mode !== 'wal') {
      throw new StoreError(
        'store_misconfigured',
        `${file} cannot use write-ahead logging (its journal mode stays "${String(mode)}").`,
        false,
        { hint: 'Put the file on a local disk, or set OMNICHANNEL_DATABASE_URL.' },
      );
    }
    this.exec(
      `PRAGMA synchronous = ${synchronous}; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; ` +
        `PRAGMA journal_size_limit = ${WAL_BYTES_KEPT}`,
    );
    if (maxPageCount !== undefined) this.exec(`PRAGMA max_page_count = ${maxPageCount}`);
  }

  get isInTransaction(): boolean {
    return this.#database.isTransaction;
  }

  /** Runs statements without parameters and without a result: begin, savepoint, commit, pragma. */
  exec(sql: string): void {
    this.#database.exec(sql);
  }

  /** A statement without parameters that is used all the time: begin, savepoint, release, commit. */
  step(sql: string): void {
    const started = performance.now();
    this.#prepare(sql).statement.run();
    this.#report(sql, started);
  }

  serverVersion(): string {
    return String(this.#database.prepare('select sqlite_version() as version').get()?.version);
  }

  /** Runs one statement of Kysely. */
  query(query: CompiledQuery): QueryResult<unknown> {
    const started = performance.now();
    const { statement, returnsRows } = this.#prepare(query.sql);
    const parameters = query.parameters.map(bindable);
    if (returnsRows) {
      const rows = statement.all(...parameters);
      this.#report(query.sql, started);
      return { rows };
    }
    const { changes, lastInsertRowid } = statement.run(...parameters);
    this.#report(query.sql, started);
    return {
      rows: [],
      insertId: BigInt(lastInsertRowid),
      numAffectedRows: BigInt(changes),
    };
  }

  close(): void {
    this.#prepared.clear();
    this.#database.close();
  }

  #prepare(sql: string): Prepared {
    let prepared = this.#prepared.get(sql);
    if (prepared) {
      this.#prepared.delete(sql);
    } else {
      const statement = this.#database.prepare(sql);
      prepared = { statement, returnsRows: statement.columns().length > 0 };
    }
    this.#prepared.set(sql, prepared);
    if (this.#prepared.size > STATEMENTS_KEPT) {
      const oldest = this.#prepared.keys().next();
      if (!oldest.done) this.#prepared.delete(oldest.value);
    }
    return prepared;
  }

  #report(sql: string, started: number): void {
    const milliseconds = performance.now() - started;
    if (milliseconds > this.#settings.slowStatementMs) this.#settings.onSlow(sql, milliseconds);
  }
}

/**
 * node:sqlite binds every JavaScript number as a floating point value, so that the number 1 lands in a text column
 * as '1.0'; a bigint is bound as an integer, as PostgreSQL would take it.
 */
function bindable(value: unknown): SQLInputValue {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  return value as SQLInputValue;
}
