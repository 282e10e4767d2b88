import type { Kysely } from 'kysely';
import { ulids, type Logger } from '../model';
import type { Database } from './tables';
import type { StoreSignal, TenantTx, Tx, Unit } from './unit';

/** What is known of a database once it is open. */
export interface StoreFacts {
  /** File path, or host, database and schema: never a password. */
  location: string;
  serverVersion: string;
  /** Name of the newest migration. */
  schemaVersion: string;
  /** `Sealer.keyCheck()` of the key this database was first opened with. */
  storedKeyCheck: string;
}

export interface CallContext {
  /** null for units that cross tenants. */
  tenantId: string | null;
  /** Epoch ms by the caller's clock. */
  now: number;
}

/** Runs units of work against one database. The two implementations behave alike; test/store runs on both. */
export interface StoreExecutor {
  readonly kind: 'sqlite' | 'postgres';
  /** Connects, migrates, remembers the key check where none is stored. Rejects with a StoreError. */
  open(): Promise<StoreFacts>;
  /** One transaction; rejects with a StoreError, or with the OmnichannelError that the unit itself threw. */
  run<T extends Tx, A, R>(unit: Unit<T, A, R>, context: CallContext, args: A): Promise<R>;
  /** Starts to hear the signals of other processes, where the database can carry them. */
  listen(): void;
  /** Lets what runs come to its end, then frees threads, sockets and timers. */
  close(): Promise<void>;
}

export interface ExecutorOptions {
  /** `Sealer.keyCheck()` of the present key. */
  keyCheck: string;
  logger: Logger;
  /** Called with the signals of committed units, of this process and of others. */
  onSignals: (signals: StoreSignal[]) => void;
}

/** The `tx` of one unit, and the signals it has raised so far. */
export function createTx(
  db: Kysely<Database>,
  dialect: 'sqlite' | 'postgres',
  context: CallContext,
  databaseNow: () => Promise<number>,
): { tx: TenantTx; signals: StoreSignal[] } {
  const signals: StoreSignal[] = [];
  const tx: Tx & { tenantId?: string } = {
    db,
    dialect,
    now: context.now,
    databaseNow,
    newId: () => ulids.next(context.now),
    signal: (signal) => {
      signals.push(signal);
    },
  };
  if (context.tenantId !== null) tx.tenantId = context.tenantId;
  // A tenant's unit always comes with a tenant id (Store.forTenant), an instance unit's type has none.
  return { tx: tx as TenantTx, signals };
}

/** One of each: a batch of a hundred messages wakes a consumer once. */
export function distinctSignals(signals: StoreSignal[]): StoreSignal[] {
  if (signals.length < 2) return signals;
  return [
    ...new Map(signals.map((signal) => [`${signal.topic} ${signal.tenantId}`, signal])).values(),
  ];
}
