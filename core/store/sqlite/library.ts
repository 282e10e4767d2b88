import { createRequire } from 'node:module';
import type * as sqlite from 'node:sqlite';
import { StoreError } from '../../model';

const load = createRequire(__filename);

/**
 * SQLite is part of Node; what this store needs of it came with version 24, the oldest that n8n runs on.
 * @throws StoreError `store_misconfigured` on an older one
 */
export function refuseOldNode(): void {
  if (Number.parseInt(process.versions.node, 10) >= 24) return;
  throw new StoreError(
    'store_misconfigured',
    `The embedded store needs Node.js 24 or newer, and n8n runs on ${process.versions.node}.`,
    false,
    { hint: 'Run n8n on Node.js 24, or set OMNICHANNEL_DATABASE_URL to a PostgreSQL database.' },
  );
}

/** SQLite for n8n's own thread, loaded when it is needed: with a server store it never is. */
export function loadSqlite(): typeof sqlite {
  refuseOldNode();
  return load('node:sqlite') as typeof sqlite;
}
