import { randomUUID } from 'node:crypto';
import { StoreError, systemClock, type Clock, type Logger, type StoreTarget } from '../model';
import type { ExecutorOptions, StoreExecutor } from './executor';
import { loadPostgres } from './postgres/load';
import { refuseEmbeddedInQueueMode } from './refusals';
import { createSealer } from './sealing';
import { createSignalHub } from './signalHub';
import { SqliteExecutor } from './sqlite/executor';
import type { Store } from './store';

const BUSY_TIMEOUT_MS = 5_000;
const SLOW_STATEMENT_MS = 50;

export interface OpenStoreOptions {
  target: StoreTarget;
  /** What sealed columns are sealed with: n8n's encryption key, or the admin's own. */
  encryptionSecret: string;
  /** n8n's execution mode: in `queue` an embedded store is refused, the other processes could not see it. */
  executionsMode: 'regular' | 'queue';
  clock?: Clock | undefined;
  logger: Logger;
  /** Limits of the embedded store. */
  sqlite?: {
    /** How long to wait for another process that holds the file; default 5000. */
    busyTimeoutMs?: number;
    /** Statements slower than this are logged; default 50. */
    slowStatementMs?: number;
    /** Ceiling for the file in pages of 4096 bytes; default none. */
    maxPageCount?: number;
  };
}

/**
 * Opens a store of its own: connects, brings the schema up to date, compares the encryption key. Product code uses
 * `acquireStore`, which opens each target once per process.
 * @throws StoreError `store_conflict` for the embedded store in queue mode, `store_unavailable`, `store_corrupt`,
 *   `store_full`, `store_locked`, `store_version` or `store_misconfigured`, each with the remedy as its hint
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  refuseEmbeddedInQueueMode(options.target, options.executionsMode);
  const sealer = createSealer(options.encryptionSecret);
  const clock = options.clock ?? systemClock;
  const hub = createSignalHub(options.logger);
  const executor = await createExecutor(options, {
    keyCheck: sealer.keyCheck(),
    logger: options.logger,
    onSignals: (signals) => hub.give(signals),
  });
  const facts = await executor.open().catch(async (error: unknown) => {
    await executor.close();
    throw error;
  });
  const keyMatches = facts.storedKeyCheck === sealer.keyCheck();
  if (!keyMatches) {
    options.logger.error(
      'The encryption key is not the one this store was made with: stored secrets do not open. Put the old key back, or reconnect the accounts.',
      { store: facts.location },
    );
  }
  const { location, serverVersion, schemaVersion } = facts;
  return {
    kind: executor.kind,
    clock,
    sealer,
    keyMatches,
    describe: async () => ({
      kind: executor.kind,
      location,
      serverVersion,
      schemaVersion,
      keyMatches,
    }),
    forTenant: (tenantId) => {
      refuseBadTenantId(tenantId);
      return {
        tenantId,
        run: (unit, args) => executor.run(unit, { tenantId, now: clock.now() }, args),
      };
    },
    run: (unit, args) => executor.run(unit, { tenantId: null, now: clock.now() }, args),
    onSignal: (listener) => {
      executor.listen();
      return hub.add(listener);
    },
    close: () => executor.close(),
  };
}

async function createExecutor(
  options: OpenStoreOptions,
  common: ExecutorOptions,
): Promise<StoreExecutor> {
  const { target, sqlite = {} } = options;
  if (target.kind === 'postgres') {
    const { PostgresExecutor } = await loadPostgres();
    return new PostgresExecutor({ ...common, target, processId: randomUUID() });
  }
  return new SqliteExecutor({
    ...common,
    settings: {
      file: target.file,
      busyTimeoutMs: sqlite.busyTimeoutMs ?? BUSY_TIMEOUT_MS,
      slowStatementMs: sqlite.slowStatementMs ?? SLOW_STATEMENT_MS,
      maxPageCount: sqlite.maxPageCount,
    },
  });
}

function refuseBadTenantId(tenantId: string): void {
  if (/^[\w.:@-]{1,64}$/.test(tenantId)) return;
  throw new StoreError('store_failed', 'That is not the id of a tenant.', false, {
    hint: 'Up to 64 letters, digits and the signs _ . : @ - are possible.',
  });
}
