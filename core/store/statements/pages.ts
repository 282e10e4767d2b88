import { sql } from '../sql';
import type { TenantTx } from '../unit';

/**
 * Rows that one page looks at where a filter has no index: a log may have millions of them, and the embedded database
 * does nothing else meanwhile. A page then has fewer rows than asked for, or none, and goes on all the same.
 */
export const SCANNED_PER_PAGE = 10_000;

/**
 * A column that is no reason to choose an index. SQLite keeps no statistics: to get the order for nothing it would walk
 * every row of a tenant, past the index that knows the few that are meant.
 */
export function notByIndex(tx: TenantTx, name: string) {
  return tx.dialect === 'sqlite' ? sql<string>`+${sql.ref(name)}` : sql<string>`${sql.ref(name)}`;
}
