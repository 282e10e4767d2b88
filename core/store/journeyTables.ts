import type { Generated } from 'kysely';

/* What is due by itself; the conventions of tables.ts. */

/** A message that goes later. */
export interface ScheduledMessagesTable {
  id: string;
  tenant_id: string;
  /** Of the send: the same again is the same message. */
  idempotency_key: string;
  /** waiting | done | cancelled */
  state: string;
  /** Whom it is for, as it was when it was scheduled. */
  account_id: string;
  contact_id: string;
  conversation_id: string;
  channel: string;
  provider: string;
  /** SendCategory */
  category: string | null;
  /** Why it waits: at_time, quiet_hours, … */
  why: string;
  /** JSON of ScheduleSource. */
  source: string;
  /** Sealed JSON of the message. */
  request: string;
  /** JSON of what must still hold when it goes. */
  conditions: string;
  /** The appointment that it is about. */
  appointment_id: string | null;
  /** When it is meant to go, epoch ms. */
  due_at: number;
  /** It goes before this or not at all. */
  before_at: number | null;
  /** So much later than it was meant to, it goes no more. */
  late_ms: number;
  /** When it is looked at next. */
  next_at: number;
  /** Grows with every claim: what a former holder writes is refused. */
  attempts: Generated<number>;
  owner: string | null;
  /** By the database's clock. */
  lease_until: number | null;
  /** JSON of SendResult: how it ended, or why the last try did not go. */
  result: string | null;
  created_at: number;
  updated_at: number;
  finished_at: number | null;
}

/** A tenant's own text, with variables. */
export interface MessageTemplatesTable {
  id: string;
  tenant_id: string;
  name: string;
  /** JSON of TemplateBody. */
  body: string;
  created_at: number;
  updated_at: number;
}

/** Somebody who waits for what is due: a trigger in a workflow. */
export interface JourneyTriggersTable {
  tenant_id: string;
  /** `${workflowId}:${nodeId}` */
  id: string;
  name: string;
  /** What it waits for, as in its keys: `appointmentUpcoming-24h`. */
  journey: string;
  /** What was due before is not its business. */
  since: number;
  created_at: number;
  updated_at: number;
}

/** What is due, in the hands of a trigger or handled by it. */
export interface JourneyClaimsTable {
  tenant_id: string;
  trigger_id: string;
  journey_key: string;
  /** claimed | done | skipped | parked */
  state: string;
  attempt: number;
  due_at: number;
  owner: string | null;
  /** By the database's clock; null = it has ended. */
  lease_until: number | null;
  /** Why it was skipped or parked, or the last run failed. */
  reason: string | null;
  created_at: number;
  updated_at: number;
}
