import { Client } from 'pg';
import type { TenantStore } from '../../../../core/store/store';
import type { StoreContext } from '../../../support/storeContext';
import { waitFor } from '../../../support/waitFor';
import { appendAndHold, type DescribedEvent } from './eventUnits.cjs';

export interface HeldAppend {
  /** Lets the transaction commit, and waits until it has. */
  commit(): Promise<void>;
}

let locks = 4_711;

/**
 * Appends an event in a transaction that stays open until `commit()`: its seq is given out, but nobody sees it yet.
 * On SQLite, where a second writer would have to wait for it, it commits at once.
 */
export async function holdAppend(
  context: StoreContext,
  tenant: TenantStore,
  described: DescribedEvent,
): Promise<HeldAppend> {
  locks += 1;
  const lock = locks;
  const { target } = context;
  if (target.kind === 'sqlite') {
    await tenant.run(appendAndHold, { described, lock });
    return { commit: async () => undefined };
  }
  const client = new Client(target.connection);
  await client.connect();
  await client.query('select pg_advisory_lock($1)', [lock]);
  const appended = tenant.run(appendAndHold, { described, lock });
  await waitFor(
    async () => {
      const waiting = `select 1 from pg_locks where locktype = 'advisory' and not granted and objid = $1`;
      return (await client.query(waiting, [lock])).rows.length === 1;
    },
    { what: 'the transaction to hold its event back' },
  );
  return {
    async commit() {
      // Closing the session lets go of its lock.
      await client.end();
      await appended;
    },
  };
}
