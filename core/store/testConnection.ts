import type { StoreTarget } from '../model';
import { loadPostgres } from './postgres/load';
import { refuseEmbeddedInQueueMode } from './refusals';
import { realPath, refuseFileHeldElsewhere } from './sqlite/fileHold';
import { probeSqlite } from './sqlite/probe';

export interface ConnectionTestResult {
  /** File path, or host, database and schema: never a password. */
  location: string;
  /** Version of SQLite or of the PostgreSQL server. */
  serverVersion: string;
}

/**
 * The test behind the store credential: connects, makes a table, writes a row and reads it back, and undoes all of it.
 * @throws StoreError with the remedy as its hint; `store_conflict` for the embedded store in queue mode, `store_locked` when another process has
 *   it
 */
export async function testStoreConnection(options: {
  target: StoreTarget;
  executionsMode: 'regular' | 'queue';
}): Promise<ConnectionTestResult> {
  const { target, executionsMode } = options;
  refuseEmbeddedInQueueMode(target, executionsMode);
  if (target.kind === 'sqlite') {
    refuseFileHeldElsewhere(realPath(target.file));
    return { location: target.file, serverVersion: await probeSqlite(target.file) };
  }
  const { describeTarget, probePostgres } = await loadPostgres();
  return { location: describeTarget(target), serverVersion: await probePostgres(target) };
}
