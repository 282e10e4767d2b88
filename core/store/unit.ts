import type { Kysely } from 'kysely';
import type { Database } from './tables';

/** A sign, raised inside a unit, that is given out only after the unit has committed. */
export interface StoreSignal {
  /**
   * `events`: something was appended to the log. `sends`: a reservation waits to be settled. `webhooks`: a delivery is due.
   * `logins`: one was made, or has to be looked at. `calendars`: one is to be synchronised. `scheduled`: when the next message is due has changed.
   * `broadcasts`: one was started. `waits`: an answer came.
   */
  topic:
    | 'events'
    | 'sends'
    | 'webhooks'
    | 'logins'
    | 'calendars'
    | 'scheduled'
    | 'broadcasts'
    | 'waits';
  tenantId: string;
}

/** What a unit of work sees: one transaction (SQLite: one savepoint of a shared one). */
export interface Tx {
  db: Kysely<Database>;
  dialect: 'sqlite' | 'postgres';
  /** Epoch ms by the caller's Clock, the same for the whole unit. */
  now: number;
  /**
   * Epoch ms by the database's clock (PostgreSQL: clock_timestamp(); SQLite: this machine's clock):
   * for leases, which processes on several machines compare.
   */
  databaseNow(): Promise<number>;
  newId(): string;
  /** Tells consumers after the commit; on PostgreSQL also by NOTIFY. */
  signal(signal: StoreSignal): void;
}

/** A unit that belongs to one tenant: every statement it runs filters by `tenantId`. */
export interface TenantTx extends Tx {
  tenantId: string;
}

export interface UnitOptions {
  /**
   * `full`: survives a power cut before the caller hears of it (log, keys, outbox).
   * `normal`: survives a killed process; the last moments may go with the machine (limits, counters).
   */
  durability?: 'full' | 'normal';
  /**
   * PostgreSQL looks rows up one by one, by an index. For queues: what it knows of their tables is out of date whenever it
   * matters, and the plans it then prefers walk over everything that was ever delivered to find the few that wait.
   */
  lookups?: boolean;
}

/**
 * A named unit of work: an async function over one transaction that awaits nothing but `tx.db`.
 * On SQLite it runs in the store's worker thread, which loads it from `module` by `name`; on PostgreSQL it runs
 * in the caller's thread. So its arguments and its result must survive a structured clone, and it must not
 * reach for anything outside `tx` and `args`.
 */
export interface Unit<T extends Tx, A, R> {
  module: string;
  name: string;
  durability: 'full' | 'normal';
  lookups: boolean;
  run(tx: T, args: A): Promise<R>;
}

export type TenantUnit<A, R> = Unit<TenantTx, A, R>;
/** Crosses tenants; lives in store/instance/ and is named for what it does. */
export type InstanceUnit<A, R> = Unit<Tx, A, R>;

/**
 * Declares a unit of one tenant. Export it under `name` from the very file `module` (`__filename`).
 * @example export const recordInbound = tenantUnit(__filename, 'recordInbound', async (tx, args: Args) => …);
 */
export function tenantUnit<A, R>(
  module: string,
  name: string,
  run: (tx: TenantTx, args: A) => Promise<R>,
  options: UnitOptions = {},
): TenantUnit<A, R> {
  return { module, name, ...settingsOf(options), run };
}

/** Declares a unit that crosses tenants (see InstanceUnit). */
export function instanceUnit<A, R>(
  module: string,
  name: string,
  run: (tx: Tx, args: A) => Promise<R>,
  options: UnitOptions = {},
): InstanceUnit<A, R> {
  return { module, name, ...settingsOf(options), run };
}

function settingsOf({ durability = 'full', lookups = false }: UnitOptions): Required<UnitOptions> {
  return { durability, lookups };
}
