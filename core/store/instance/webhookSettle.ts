import { sql } from '../sql';
import { rowSource } from '../rowSource';
import type { Tx } from '../unit';

/** How one attempt left its delivery. */
export interface SettledRow {
  id: string;
  claim_seq: number;
  state: string;
  trigger_kind: string;
  next_at: number;
  attempts: number;
  retries_used: number;
  http_status: number | null;
  reason: string | null;
  settled_at: number | null;
}

/**
 * Writes the outcomes of claims that `owner` still holds. What was claimed by somebody else meanwhile, or settled
 * already, stays as it is.
 * @returns the ids that were written
 */
export async function settleDeliveries(
  tx: Tx,
  owner: string,
  rows: readonly SettledRow[],
): Promise<Set<string>> {
  const source = rowSource(
    tx,
    'u',
    {
      id: 'text',
      claim_seq: 'bigint',
      state: 'text',
      trigger_kind: 'text',
      next_at: 'bigint',
      attempts: 'bigint',
      retries_used: 'bigint',
      http_status: 'bigint',
      reason: 'text',
      settled_at: 'bigint',
    },
    rows.map((row) => ({ ...row })),
  );
  const result = await sql<{ id: string }>`
    update webhook_deliveries set state = u.state, trigger_kind = u.trigger_kind, next_at = u.next_at,
      claimed_by = null, lost_claims = 0, attempts = u.attempts, retries_used = u.retries_used, single_from = null,
      last_http_status = u.http_status, reason = u.reason, settled_at = u.settled_at
    from ${source}
    where webhook_deliveries.id = u.id and webhook_deliveries.claim_seq = u.claim_seq
      and webhook_deliveries.claimed_by = ${owner} and webhook_deliveries.state = 'pending'
    returning webhook_deliveries.id
  `.execute(tx.db);
  return new Set(result.rows.map((row) => row.id));
}

/** One line of the log of attempts. */
export interface AttemptRow {
  tenant_id: string;
  subscription_id: string;
  delivery_id: string;
  event_id: string;
  event_type: string;
  attempt: number;
  status: 'success' | 'failed' | 'unknown';
  trigger_kind: string;
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

const ATTEMPT_COLUMNS = {
  tenant_id: 'text',
  subscription_id: 'text',
  delivery_id: 'text',
  event_id: 'text',
  event_type: 'text',
  attempt: 'bigint',
  status: 'text',
  trigger_kind: 'text',
  url: 'text',
  http_status: 'bigint',
  response_body: 'text',
  truncated: 'bigint',
  error_code: 'text',
  error: 'text',
  duration_ms: 'bigint',
  attempted_at: 'bigint',
  next_attempt_at: 'bigint',
} as const;

/**
 * Writes attempts into the log. One that was given up for lost and reports after all fills its line in, but stays
 * `unknown`: its delivery went on without it.
 */
export async function insertAttempts(tx: Tx, rows: readonly AttemptRow[]): Promise<void> {
  if (rows.length === 0) return;
  const names = sql.join(Object.keys(ATTEMPT_COLUMNS).map((name) => sql.ref(name)));
  const source = rowSource(
    tx,
    'u',
    ATTEMPT_COLUMNS,
    rows.map((row) => ({ ...row })),
  );
  await sql`
    insert into webhook_attempts (${names}) select ${names} from ${source} where true
    on conflict (delivery_id, attempt) do update set
      http_status = excluded.http_status, response_body = excluded.response_body, truncated = excluded.truncated,
      error_code = 'late', error = coalesce(excluded.error, 'The answer came after the claim had run out.'),
      duration_ms = excluded.duration_ms
    where webhook_attempts.status = 'unknown' and excluded.status <> 'unknown'
  `.execute(tx.db);
}

export interface DailyCount {
  tenant_id: string;
  subscription_id: string;
  day: number;
  bucket: number;
  succeeded: number;
  failed: number;
  sum_ms: number;
}

export async function addDailyCounts(tx: Tx, counts: readonly DailyCount[]): Promise<void> {
  if (counts.length === 0) return;
  const columns = {
    tenant_id: 'text',
    subscription_id: 'text',
    day: 'bigint',
    bucket: 'bigint',
    succeeded: 'bigint',
    failed: 'bigint',
    sum_ms: 'bigint',
  } as const;
  // One order for everyone, so that two processes wait for each other but never in a circle.
  const sorted = [...counts].sort(
    (a, b) => compare(a.subscription_id, b.subscription_id) || a.day - b.day || a.bucket - b.bucket,
  );
  const names = sql.join(Object.keys(columns).map((name) => sql.ref(name)));
  const source = rowSource(
    tx,
    'u',
    columns,
    sorted.map((row) => ({ ...row })),
  );
  await sql`
    insert into webhook_stats_daily (${names}) select ${names} from ${source} where true
    on conflict (subscription_id, day, bucket) do update set
      succeeded = webhook_stats_daily.succeeded + excluded.succeeded,
      failed = webhook_stats_daily.failed + excluded.failed,
      sum_ms = webhook_stats_daily.sum_ms + excluded.sum_ms
  `.execute(tx.db);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export interface HealthColumns {
  active: number;
  disabled_reason: string | null;
  disabled_at: number | null;
  enabled_at: number | null;
  failures: number;
  failing_since: number | null;
  blocked_until: number;
  circuit_opens: number;
  ramp: number;
}

export async function updateHealth(tx: Tx, id: string, health: HealthColumns): Promise<void> {
  await tx.db.updateTable('webhook_subscriptions').set(health).where('id', '=', id).execute();
}
