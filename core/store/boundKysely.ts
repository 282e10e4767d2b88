import {
  DefaultQueryExecutor,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely';
import type { Database } from './tables';

/** Runs one compiled statement on the connection that holds the transaction. */
export type StatementRunner = (query: CompiledQuery) => Promise<QueryResult<unknown>>;

export interface BoundKysely {
  db: Kysely<Database>;
  /**
   * Ends the use of `db`: a statement that a unit forgot to await must not slip into the next unit's
   * transaction on the same connection.
   */
  end: () => void;
}

/** The transaction is begun and ended by the executor; a unit cannot open a second one inside it. */
class UnitDriver extends DummyDriver {
  override beginTransaction(): Promise<void> {
    return Promise.reject(
      new Error('A unit of work is one transaction already: use tx.db without transaction().'),
    );
  }
}

const driver: Driver = new UnitDriver();

const sqliteDialect: Dialect = {
  createAdapter: () => new SqliteAdapter(),
  createDriver: () => driver,
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
};

const postgresDialect: Dialect = {
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => driver,
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
};

const parts = {
  sqlite: languageOf(sqliteDialect),
  postgres: languageOf(postgresDialect),
};

function languageOf(dialect: Dialect) {
  return {
    dialect,
    adapter: dialect.createAdapter(),
    compiler: dialect.createQueryCompiler(),
    config: { dialect },
  };
}

/**
 * Kysely over exactly one connection. Kysely's own drivers add a connection pool, a mutex and a transaction
 * of their own to every call; the executors of this store already hold all three, so statements go straight to `run`
 * (on SQLite three times the units per second).
 */
export function bindKysely(kind: 'sqlite' | 'postgres', run: StatementRunner): BoundKysely {
  const { dialect, adapter, compiler, config } = parts[kind];
  let ended = false;
  const connection: DatabaseConnection = {
    executeQuery: <R>(query: CompiledQuery) => {
      if (ended) {
        return Promise.reject(
          new Error('A statement was started after its unit of work had ended: await every one.'),
        );
      }
      return run(query) as Promise<QueryResult<R>>;
    },
    streamQuery: () => {
      throw new Error('A unit of work reads whole results: streams are not supported.');
    },
  };
  const executor = new DefaultQueryExecutor(compiler, adapter, {
    provideConnection: (consumer) => consumer(connection),
  });
  return {
    db: new Kysely<Database>({ config, driver, executor, dialect }),
    end: () => {
      ended = true;
    },
  };
}
