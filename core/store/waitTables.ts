import type { Generated } from 'kysely';

/* Workflows that wait for a person's answer. Conventions as in tables.ts. */

/**
 * A question that an execution of n8n waits for. `asking` until the send has its result, `waiting` for the answer,
 * `answered` until the execution has taken it, then `resumed`; `ended` where nobody waits any more.
 */
export interface WaitsTable {
  id: string;
  tenant_id: string;
  /** The send's idempotency key: a run that repeats another finds its wait by it. */
  key: string;
  account_id: string;
  contact_id: string;
  conversation_id: string;
  message_id: string | null;
  execution_id: string;
  node_id: string;
  /** Path and signed query of n8n's resume address, sealed with the key as additional data. */
  sealed_resume: string;
  /** Tells whether a call came by that address. */
  resume_fingerprint: string;
  /** JSON of WaitExpectation. */
  expects: string;
  /** The answer starts no other workflow. */
  keeps_answer: number;
  /** What a tap after the end is answered with; null = nothing. */
  too_late_text: string | null;
  state: string;
  /** When n8n goes on by itself; null = never. */
  expires_at: number | null;
  asked_at: number | null;
  /** JSON of WaitAnswer. */
  answer: string | null;
  answer_event_id: string | null;
  answered_at: number | null;
  /** How often the answer was brought to n8n; the number goes along and counts once. */
  attempt: Generated<number>;
  /** The newest attempt that our webhook has run for; 0 = none. */
  taken_attempt: Generated<number>;
  /** Since when n8n says that the execution is running. */
  conflict_since: number | null;
  /** When something is to be done: bring the answer, look after the send, tell that it is too late. */
  next_attempt_at: number | null;
  last_error: string | null;
  /** A tap came after the end. */
  late_at: number | null;
  created_at: number;
  updated_at: number;
}
