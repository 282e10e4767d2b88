import { sql } from 'kysely';
import { Pool, type PoolClient } from 'pg';
import type { Logger } from '../../model';
import { closedError } from '../closed';
import {
  createTx,
  distinctSignals,
  type CallContext,
  type ExecutorOptions,
  type StoreExecutor,
  type StoreFacts,
} from '../executor';
import { rememberKeyCheck } from '../meta';
import { migrate } from '../migrations/migrate';
import type { StoreSignal, TenantTx, Tx, Unit } from '../unit';
import { isConnectionLost, isSerializationFailure, translatePostgresError } from './errors';
import { SignalWire } from './signalWire';
import { ensureSchema, readServerVersion } from './server';
import { inTransaction, STATEMENT_LIMIT_MS } from './session';
import { clientConfig, describeTarget, type PostgresTarget } from './target';

const CONNECTIONS = 10;
/** A unit that PostgreSQL undid because of a concurrent one runs again this many times. */
const REPEATS = 4;
/** Another process may be in the middle of a long migration. */
const MIGRATION_LIMIT_MS = 10 * 60_000;

export interface PostgresExecutorOptions extends ExecutorOptions {
  target: PostgresTarget;
  /** Tells our own signals from those of other processes. */
  processId: string;
}

/** Units of work on PostgreSQL: each in a transaction of its own, in the caller's thread, over a small pool. */
export class PostgresExecutor implements StoreExecutor {
  readonly kind = 'postgres';
  readonly #where: string;
  readonly #schema: string;
  readonly #keyCheck: string;
  readonly #logger: Logger;
  readonly #onSignals: (signals: StoreSignal[]) => void;
  readonly #pool: Pool;
  readonly #wire: SignalWire;
  readonly #running = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(options: PostgresExecutorOptions) {
    const config = clientConfig(options.target);
    this.#where = describeTarget(options.target);
    this.#schema = options.target.schema;
    this.#keyCheck = options.keyCheck;
    this.#logger = options.logger;
    this.#onSignals = options.onSignals;
    this.#pool = new Pool({
      ...config,
      max: CONNECTIONS,
      idleTimeoutMillis: 30_000,
      // Behind the server's own limit: for a network that swallows packets without a word.
      query_timeout: STATEMENT_LIMIT_MS + 5_000,
      allowExitOnIdle: true,
      // Statements that are started together go out together, in their order, each with an answer of its own.
      pipeline: true,
    });
    // Without listeners a cut connection, idle or between two statements, would end the whole n8n process.
    this.#pool.on('error', (error) => this.#noteCut(error));
    this.#pool.on('connect', (client) => client.on('error', (error) => this.#noteCut(error)));
    this.#wire = new SignalWire({
      config,
      schema: this.#schema,
      processId: options.processId,
      pool: this.#pool,
      logger: options.logger,
      onSignals: options.onSignals,
    });
  }

  async open(): Promise<StoreFacts> {
    try {
      return await this.#withClient((client) => this.#prepare(client));
    } catch (error) {
      throw translatePostgresError(error, this.#where);
    }
  }

  async run<T extends Tx, A, R>(unit: Unit<T, A, R>, context: CallContext, args: A): Promise<R> {
    if (this.#closing) throw closedError();
    const running = this.#runRepeatedly(unit, context, args);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  async #runRepeatedly<T extends Tx, A, R>(
    unit: Unit<T, A, R>,
    context: CallContext,
    args: A,
  ): Promise<R> {
    for (let repeat = 0; ; repeat += 1) {
      try {
        return await this.#runOnce(unit, context, args);
      } catch (error) {
        if (!isSerializationFailure(error) || repeat >= REPEATS) {
          throw translatePostgresError(error, this.#where);
        }
        await jitter(repeat);
      }
    }
  }

  listen(): void {
    this.#wire.listen();
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    // A pool that is told to end forgets those who still wait for a connection.
    await Promise.allSettled(this.#running);
    await this.#wire.close();
    await this.#pool.end();
  }

  async #runOnce<T extends Tx, A, R>(
    unit: Unit<T, A, R>,
    context: CallContext,
    args: A,
  ): Promise<R> {
    let signals: StoreSignal[] = [];
    const { durability, lookups } = unit;
    const options = { schema: this.#schema, durability, lookups };
    const result = await this.#withClient((client) =>
      inTransaction(client, options, async ({ db, databaseNow }) => {
        const created = createTx(db, 'postgres', context, databaseNow);
        signals = created.signals;
        return unit.run(created.tx as TenantTx & T, args);
      }),
    );
    if (signals.length > 0) {
      const distinct = distinctSignals(signals);
      this.#onSignals(distinct);
      this.#wire.send(distinct);
    }
    return result;
  }

  /** Lends a connection of the pool; one that may be broken does not go back. */
  async #withClient<R>(work: (client: PoolClient) => Promise<R>): Promise<R> {
    const client = await this.#pool.connect();
    let broken = false;
    try {
      return await work(client);
    } catch (error) {
      broken = isConnectionLost(error);
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** Everything that two processes starting at once must not do both at the same time. */
  async #prepare(client: PoolClient): Promise<StoreFacts> {
    const serverVersion = await readServerVersion(client, this.#where);
    const limits = { schema: this.#schema, statementLimitMs: MIGRATION_LIMIT_MS };
    return inTransaction(client, limits, async ({ db }) => {
      await sql`select pg_advisory_xact_lock(hashtext(${`n8n-nodes-omnichannel ${this.#schema}`}))`.execute(
        db,
      );
      await ensureSchema(db, this.#schema);
      const schemaVersion = await migrate(db, 'postgres');
      const storedKeyCheck = await rememberKeyCheck(db, this.#keyCheck);
      return { location: this.#where, serverVersion, schemaVersion, storedKeyCheck };
    });
  }

  #noteCut(error: Error): void {
    this.#logger.warn('A connection to PostgreSQL was cut.', {
      where: this.#where,
      reason: error.message,
    });
  }
}

function jitter(repeat: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, Math.random() * 10 * 2 ** repeat);
  });
}
