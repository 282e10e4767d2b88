import type { WebhookAttemptRow } from '../store/statements/webhookAttempts';
import type { WebhookDeliveryRow } from '../store/statements/webhookDeliveries';
import { iso } from './subscription';

export const DELIVERY_STATES = ['pending', 'delivered', 'dead', 'cancelled'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One attempt, as the log shows it. Instants are ISO 8601. */
export interface DeliveryLogEntry {
  id: string;
  deliveryId: string;
  subscriptionId: string;
  eventId: string;
  event: string;
  attempt: number;
  status: 'success' | 'failed' | 'unknown';
  trigger: 'auto' | 'manual' | 'test';
  httpStatus: number | null;
  /** The first 8 KB. */
  responseBody: string | null;
  truncated: boolean;
  error: string | null;
  /** `status_<n>`, or what went wrong before a status came: dns, refused, tls, timeout, reset, blocked, … */
  errorCode: string | null;
  /** The address as it was at this attempt. */
  url: string;
  durationMs: number | null;
  attemptedAt: string;
  nextAttemptAt: string | null;
}

/** What one subscription is to get of one event. */
export interface Delivery {
  id: string;
  subscriptionId: string;
  eventId: string;
  event: string;
  state: DeliveryState;
  trigger: 'auto' | 'manual' | 'test';
  attempts: number;
  nextAttemptAt: string | null;
  lastHttpStatus: number | null;
  /** Why it is dead or cancelled, or what the last attempt failed of. */
  reason: string | null;
  createdAt: string;
  settledAt: string | null;
}

export function toLogEntry(row: WebhookAttemptRow): DeliveryLogEntry {
  return {
    id: String(row.seq),
    deliveryId: row.delivery_id,
    subscriptionId: row.subscription_id,
    eventId: row.event_id,
    event: row.event_type,
    attempt: row.attempt,
    status: row.status as DeliveryLogEntry['status'],
    trigger: row.trigger_kind as DeliveryLogEntry['trigger'],
    httpStatus: row.http_status,
    responseBody: row.response_body,
    truncated: row.truncated === 1,
    error: row.error,
    errorCode: row.error_code,
    url: row.url,
    durationMs: row.duration_ms,
    attemptedAt: new Date(row.attempted_at).toISOString(),
    nextAttemptAt: iso(row.next_attempt_at),
  };
}

export function toDelivery(row: WebhookDeliveryRow): Delivery {
  return {
    id: row.id,
    subscriptionId: row.subscription_id,
    eventId: row.event_id,
    event: row.event_type,
    state: row.state as DeliveryState,
    trigger: row.trigger_kind as Delivery['trigger'],
    attempts: row.attempts,
    nextAttemptAt: row.state === 'pending' ? iso(row.next_at) : null,
    lastHttpStatus: row.last_http_status,
    reason: row.reason,
    createdAt: new Date(row.created_at).toISOString(),
    settledAt: iso(row.settled_at),
  };
}
