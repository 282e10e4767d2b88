/* What statistics count; the conventions of tables.ts. */

/** What became of a send of *Message: Send*, once for each idempotency key. */
export interface SendOutcomesTable {
  tenant_id: string;
  /** The idempotency key. */
  key: string;
  /** Of a due moment: what its key begins with, `appointmentFinished-24h`. */
  journey: string | null;
  /** Of a due moment: which of its messages (*Journey Message*). */
  message: string | null;
  workflow_id: string | null;
  workflow_name: string | null;
  node_name: string | null;
  /** sent | scheduled | skipped | failed | unknown | cancelled */
  outcome: string;
  reason: string | null;
  message_id: string | null;
  account_id: string;
  channel: string;
  contact_id: string;
  /** When it was first tried, epoch ms. */
  at: number;
  updated_at: number;
}

/** A step of a contact from one stage to another. */
export interface StageChangesTable {
  id: string;
  tenant_id: string;
  contact_id: string;
  from_stage: string | null;
  to_stage: string;
  source: string | null;
  channel: string | null;
  account_id: string | null;
  at: number;
}

/** Messages of an hour (UTC, hours since 1970). */
export interface MessageHoursTable {
  tenant_id: string;
  hour: number;
  account_id: string;
  /** Who looked after the conversation when it was counted; empty: nobody. */
  attendant: string;
  received: number;
  by_automation: number;
  by_person: number;
  failed: number;
}

/** Turns of customers that began in an hour, and how soon they were answered. */
export interface TurnHoursTable {
  tenant_id: string;
  hour: number;
  account_id: string;
  attendant: string;
  /** automation | person; empty: not answered. */
  answered_by: string;
  /** Class of duration; -1: not answered. */
  bucket: number;
  turns: number;
  sum_ms: number;
}

/** How far the hours of a tenant have been counted. */
export interface RolledHoursTable {
  tenant_id: string;
  /** Every hour before this one is counted. */
  until_hour: number;
  updated_at: number;
}
