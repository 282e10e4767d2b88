import type { Generated } from 'kysely';

/* The event log and who reads it. Conventions as in tables.ts. */

export interface EventsTable {
  /** Order of storage; a later event can become visible before an earlier one (concurrent transactions). */
  seq: Generated<number>;
  id: string;
  tenant_id: string;
  type: string;
  provider: string | null;
  channel: string | null;
  account_id: string | null;
  contact_id: string | null;
  conversation_id: string | null;
  contact_is_new: Generated<number>;
  automation_paused: Generated<number>;
  /** The EventItem as it was when it happened. */
  payload: string;
  occurred_at: number;
  recorded_at: number;
  /** Fetched afterwards: told to nobody who does not want messages that old. */
  caught_up: Generated<number>;
}

/** A trigger node of a published workflow: workflow id + node id. */
export interface ConsumersTable {
  id: string;
  tenant_id: string;
  name: string;
  /** Every event at or below is settled for this consumer; deliveries at or below may be pruned. */
  floor_seq: number;
  last_active_at: number;
  created_at: number;
}

export interface ConsumerDeliveriesTable {
  tenant_id: string;
  consumer_id: string;
  event_id: string;
  event_seq: number;
  conversation_id: string | null;
  /** claimed | done | stale | skipped | parked */
  state: string;
  attempt: number;
  owner: string | null;
  lease_until: number | null;
  last_error: string | null;
  created_at: number;
  updated_at: number;
}
