import { sql } from '../sql';
import type { Migration } from './migration';

/** Spares PostgreSQL work that every delivery would pay for: compressing its body, one index of the queue. */
export const webhookQueue: Migration = {
  name: '0012_webhook_queue',
  async up(db, dialect) {
    // SQLite compresses nothing and keeps its rows inside the index of their key.
    if (dialect === 'sqlite') return;
    // Bodies of usual length stay in their rows as they are: compressing one takes longer than all else that is done to it.
    await sql`alter table webhook_messages set (toast_tuple_target = 8160)`.execute(db);
    // One index for the key and for the list of a tenant: each step of a delivery writes to every index there is.
    await sql`alter table webhook_deliveries drop constraint webhook_deliveries_pkey`.execute(db);
    await sql`drop index webhook_deliveries_of_tenant`.execute(db);
    await sql`alter table webhook_deliveries add primary key (tenant_id, id)`.execute(db);
  },
};
