import type { Generated } from 'kysely';

/* Outgoing webhooks; the conventions of tables.ts. */

export interface WebhookSubscriptionsTable {
  id: string;
  tenant_id: string;
  name: string;
  url: string;
  /** JSON list of event types, or ["*"]. */
  events: string;
  /** JSON lists; empty = no restriction. */
  accounts: string;
  channels: string;
  /** Sealed JSON object: values may be keys of the receiver. Additional data `webhook:<id>`. */
  sealed_headers: string;
  user_agent: string | null;
  /** JSON list of seconds before the 2nd, 3rd, … attempt. */
  retry_schedule: string;
  /** JSON list of HTTP statuses after which no retry is made. */
  non_retryable_statuses: string;
  max_concurrent: number;
  /** Sealed JSON `{ current, previous: [{ secret, expiresAt }] }`, additional data `webhook:<id>`. */
  sealed_secrets: string;
  active: number;
  disabled_reason: string | null;
  disabled_at: number | null;
  /** When it was last switched on by hand; database clock. */
  enabled_at: number | null;
  /** Events at or below happened before it was made, but for the ranges of `late_seqs`, which committed later. */
  since_seq: number;
  /** JSON list of [from, to]. */
  late_seqs: string;
  /** Failed attempts since the last success. */
  failures: Generated<number>;
  failing_since: number | null;
  /** Nothing is sent before (an open circuit, a Retry-After); database clock. */
  blocked_until: Generated<number>;
  /** How often the circuit has opened since the last success; 0 = closed. */
  circuit_opens: Generated<number>;
  /** After a pause: how many may be sent at once by now; 0 = no such limit. */
  ramp: Generated<number>;
  created_at: number;
  updated_at: number;
}

export interface WebhookMessagesTable {
  tenant_id: string;
  event_id: string;
  /** The exact text that is signed and sent. */
  body: string;
  created_at: number;
}

export interface WebhookDeliveriesTable {
  id: string;
  tenant_id: string;
  subscription_id: string;
  event_id: string;
  event_type: string;
  /** pending (also while it is sent) | delivered | dead | cancelled */
  state: string;
  /** auto | manual | test */
  trigger_kind: string;
  /** A replay by hand: one attempt, after whose failure this is the state again. */
  single_from: string | null;
  /** When it is due; while it is claimed the end of the lease. Database clock. */
  next_at: number;
  claimed_by: string | null;
  /** Grows with every claim: what a former holder reports with a lower one is refused. */
  claim_seq: Generated<number>;
  /** Claims in a row whose holder never reported. */
  lost_claims: Generated<number>;
  /** Attempts in the log, lost ones included. */
  attempts: Generated<number>;
  /** Failed attempts that count against the retry schedule. */
  retries_used: Generated<number>;
  last_http_status: number | null;
  /** Why it is dead or cancelled. */
  reason: string | null;
  created_at: number;
  settled_at: number | null;
}

export interface WebhookAttemptsTable {
  seq: Generated<number>;
  tenant_id: string;
  subscription_id: string;
  delivery_id: string;
  event_id: string;
  event_type: string;
  attempt: number;
  /** success | failed | unknown */
  status: string;
  trigger_kind: string;
  /** The address as it was at that attempt. */
  url: string;
  http_status: number | null;
  response_body: string | null;
  truncated: number;
  error_code: string | null;
  error: string | null;
  duration_ms: number | null;
  attempted_at: number;
  next_attempt_at: number | null;
}

/** One row for each day (UTC, days since 1970) and class of duration: the histogram for the p95. */
export interface WebhookStatsDailyTable {
  subscription_id: string;
  day: number;
  bucket: number;
  tenant_id: string;
  succeeded: number;
  failed: number;
  sum_ms: number;
}

/** How far the log has been turned into deliveries, and which lower numbers may still become visible. */
export interface WebhookCursorTable {
  name: string;
  seq: number;
  /** JSON list of { from, to, until }. */
  gaps: string;
}
