import type { Generated } from 'kysely';

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

/** What became of the sends of an hour. */
export interface SendHoursTable {
  tenant_id: string;
  hour: number;
  journey: string | null;
  message: string | null;
  workflow_id: string | null;
  workflow_name: string | null;
  outcome: string;
  reason: string | null;
  account_id: string;
  /** In which hour after it the person wrote, counted from 1; 0: not in any that counts. */
  answered_in: number;
  sends: number;
  delivered: number;
  read: number;
}

/** Moments that were due in an hour. */
export interface MomentHoursTable {
  tenant_id: string;
  hour: number;
  journey: string;
  /** claimed | done | skipped | parked */
  state: string;
  /** The last hour before in which another trigger had them due; -1: none. */
  earlier: number;
  moments: number;
}

/** Who was met first in an hour. */
export interface ContactHoursTable {
  tenant_id: string;
  hour: number;
  source: string | null;
  account_id: string | null;
  contacts: number;
}

/** Who came into a stage in an hour. */
export interface StepHoursTable {
  tenant_id: string;
  hour: number;
  stage: string;
  source: string | null;
  channel: string | null;
  account_id: string | null;
  /** The last hour before in which they had come into it in the same way; -1: none. */
  earlier: number;
  contacts: number;
}

/** Ratings that were given in an hour. */
export interface RatingHoursTable {
  tenant_id: string;
  hour: number;
  rating: number;
  best: number;
  journey: string | null;
  account_id: string | null;
  ratings: number;
}

/** How far sends, moments, contacts, steps and ratings of a tenant have been counted. */
export type RolledFiguresTable = RolledHoursTable;

/** An hour of which something has changed, to be counted anew. */
export interface LateHoursTable {
  seq: Generated<number>;
  tenant_id: string;
  hour: number;
}
