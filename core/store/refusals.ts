import { StoreError, type StoreTarget } from '../model';

/** How to name a server database, for every refusal of the embedded one. */
export const USE_A_SERVER =
  'Set OMNICHANNEL_DATABASE_URL=postgres://user:password@host:5432/database on every n8n process (main, workers, webhook processes) and restart them.';

/** @throws StoreError `store_conflict` for the embedded store where several processes share the work */
export function refuseEmbeddedInQueueMode(
  target: StoreTarget,
  executionsMode: 'regular' | 'queue',
): void {
  if (target.kind !== 'sqlite' || executionsMode !== 'queue') return;
  throw new StoreError(
    'store_conflict',
    'n8n runs in queue mode, where several processes share the work, and the embedded store belongs to one process.',
    false,
    { hint: USE_A_SERVER },
  );
}

/** @throws StoreError `store_conflict` for the embedded store beside a server store of the same process */
export function refuseEmbeddedBesideServer(target: StoreTarget, serverInUse: string): void {
  if (target.kind !== 'sqlite') return;
  throw new StoreError(
    'store_conflict',
    `This n8n keeps its data in PostgreSQL (${serverInUse}), so the embedded store is not opened beside it: what is written there would be seen by nobody else.`,
    false,
    {
      hint: "Use n8n's own store in this node (Options, Store), or a credential that names a PostgreSQL database.",
    },
  );
}
