import type { HealthColumns } from '../store/instance/webhookSettle';
import type { WebhookTuning } from './tuning';

/** What an attempt says about the address it went to. */
export interface Sign {
  ok: boolean;
  /** It was the one attempt of a half-open circuit. */
  probe: boolean;
  /** The receiver asked to be left alone for so long (429, 502, 503, 504); null = it did not. */
  throttleMs: number | null;
  /** The receiver asked to end the subscription; why. */
  disables: string | null;
  /** It never came to the receiver (its proxy is down), which says nothing about it: pause so long; null = it did. */
  pauseMs: number | null;
}

export type HealthTuning = Pick<
  WebhookTuning,
  'circuit' | 'disableAfterMs' | 'disableAfterFailures' | 'enableCoolDownMs' | 'proxyPauseMs'
>;

/** Whether there is nothing that a success would change. */
export function isHealthy(health: HealthColumns): boolean {
  return (
    health.failures === 0 &&
    health.circuit_opens === 0 &&
    health.blocked_until === 0 &&
    health.ramp === 0
  );
}

/**
 * The health of an address after one more attempt. After some failures in a row its circuit opens: nothing is sent,
 * no attempt is used up, until one probe goes through; then deliveries come 1, 2, 4 … at a time. An address that only
 * fails for days is switched off, but not in the first minute after somebody switched it on.
 */
export function nextHealth(
  health: HealthColumns,
  sign: Sign,
  now: number,
  maxConcurrent: number,
  tuning: HealthTuning,
): HealthColumns {
  if (sign.pauseMs !== null) return afterPause(health, sign, now + sign.pauseMs);
  const next = sign.ok
    ? afterSuccess(health, now, maxConcurrent)
    : afterFailure(health, sign, now, tuning.circuit);
  const reason = sign.disables ?? exhaustion(next, now, tuning);
  if (reason === null || next.active === 0) return next;
  // Whoever has just switched it on gets time to mend the rest; until then nothing more is spent on it.
  const coolUntil = (health.enabled_at ?? -Infinity) + tuning.enableCoolDownMs;
  if (now < coolUntil) {
    return { ...next, blocked_until: Math.max(next.blocked_until, coolUntil), ramp: 1 };
  }
  return { ...next, active: 0, disabled_reason: reason, disabled_at: now };
}

function afterSuccess(health: HealthColumns, now: number, maxConcurrent: number): HealthColumns {
  const wasOpen = health.circuit_opens > 0;
  const ramp = health.ramp * 2;
  // What a receiver asked for with Retry-After holds, also if an attempt from before went well.
  const stillThrottled = !wasOpen && health.blocked_until > now;
  return {
    ...health,
    failures: 0,
    failing_since: null,
    circuit_opens: 0,
    blocked_until: stillThrottled ? health.blocked_until : 0,
    ramp: ramp >= maxConcurrent ? 0 : ramp,
  };
}

function afterFailure(
  health: HealthColumns,
  sign: Sign,
  now: number,
  circuit: WebhookTuning['circuit'],
): HealthColumns {
  const failures = health.failures + 1;
  const opens = health.circuit_opens === 0 ? failures >= circuit.failures : sign.probe;
  const openMs = Math.min(circuit.openMs * 2 ** health.circuit_opens, circuit.maxOpenMs);
  const throttledUntil = sign.throttleMs === null ? 0 : now + sign.throttleMs;
  // A probe held the place until the end of its lease; its outcome decides anew.
  const before = sign.probe ? 0 : health.blocked_until;
  return {
    ...health,
    failures,
    failing_since: health.failing_since ?? now,
    circuit_opens: opens ? health.circuit_opens + 1 : health.circuit_opens,
    blocked_until: Math.max(before, throttledUntil, opens ? now + openMs : 0),
    ramp: opens || throttledUntil > 0 || health.ramp > 0 ? 1 : 0,
  };
}

function afterPause(health: HealthColumns, { probe }: Sign, until: number): HealthColumns {
  return { ...health, blocked_until: Math.max(probe ? 0 : health.blocked_until, until), ramp: 1 };
}

function exhaustion(health: HealthColumns, now: number, tuning: HealthTuning): string | null {
  const { failures, failing_since: since } = health;
  if (since === null || failures < tuning.disableAfterFailures) return null;
  if (now - since < tuning.disableAfterMs) return null;
  const hours = Math.round((now - since) / 3_600_000);
  return `Every attempt of the last ${hours} hours failed (${failures} of them).`;
}

/** How many more may be sent to an address now. */
export function roomOf(subscription: {
  max_concurrent: number;
  ramp: number;
  circuit_opens: number;
  in_flight: number;
}): number {
  const { max_concurrent: most, ramp, circuit_opens: opens, in_flight: inFlight } = subscription;
  const limit = opens > 0 ? 1 : ramp > 0 ? Math.min(ramp, most) : most;
  return Math.max(0, limit - inFlight);
}
