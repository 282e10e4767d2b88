import type { RawBuilder } from 'kysely';
import { columnSource, listOf, readList, rowSource } from '../rowSource';
import { sql } from '../sql';
import type { Tx } from '../unit';

/** How one attempt left its delivery. */
export interface SettledRow {
  tenant_id: string;
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

const SETTLED_COLUMNS = {
  tenant_id: 'text',
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
} as const;

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

/** An attempt that came to its end: what becomes of its delivery, its line in the log, its place in the figures. */
export interface EndedAttempt {
  settled: SettledRow;
  attempt: AttemptRow;
  /** Class of duration in the figures of the day; null = it is not counted (a test, an outage of our own proxy). */
  bucket: number | null;
}

/**
 * Writes the outcomes of claims that `owner` still holds, each with its line in the log, and counts them. Of what was
 * claimed by somebody else meanwhile, or settled already, only the line is written.
 * @param args.day UTC days since 1970
 * @returns the ids of the deliveries that were written
 */
export async function writeOutcomes(
  tx: Tx,
  args: { owner: string; day: number; ended: readonly EndedAttempt[] },
): Promise<Set<string>> {
  const { owner, day, ended } = args;
  const written =
    tx.dialect === 'postgres'
      ? await writeTogether(tx, args)
      : await writeInTurn(tx, owner, day, ended);
  const stale = ended.filter(({ settled }) => !written.has(settled.id));
  await insertAttempts(
    tx,
    stale.map(({ attempt }) => ({ ...attempt, next_attempt_at: null })),
  );
  return written;
}

/** One statement: every answer that is waited for costs as much as many rows. */
async function writeTogether(
  tx: Tx,
  { owner, day, ended }: { owner: string; day: number; ended: readonly EndedAttempt[] },
): Promise<Set<string>> {
  const source = columnSource(
    'u',
    {
      ...SETTLED_COLUMNS,
      status: 'text',
      tried_as: 'text',
      url: 'text',
      response_body: 'text',
      truncated: 'bigint',
      error_code: 'text',
      error: 'text',
      duration_ms: 'bigint',
      attempted_at: 'bigint',
      next_attempt_at: 'bigint',
      bucket: 'bigint',
    },
    ended.map(({ settled, attempt, bucket }) => ({
      ...settled,
      status: attempt.status,
      tried_as: attempt.trigger_kind,
      url: attempt.url,
      response_body: attempt.response_body,
      truncated: attempt.truncated,
      error_code: attempt.error_code,
      error: attempt.error,
      duration_ms: attempt.duration_ms,
      attempted_at: attempt.attempted_at,
      next_attempt_at: attempt.next_attempt_at,
      bucket,
    })),
  );
  const { rows } = await sql<{ ids: string | null }>`
    with u as materialized (select * from ${source}),
    done as (
      ${settling(owner)}
      returning webhook_deliveries.tenant_id, webhook_deliveries.subscription_id, webhook_deliveries.id as delivery_id,
        webhook_deliveries.event_id, webhook_deliveries.event_type, webhook_deliveries.attempts as attempt,
        u.status, u.tried_as as trigger_kind, u.url, u.http_status, u.response_body, u.truncated, u.error_code, u.error,
        u.duration_ms, u.attempted_at, u.next_attempt_at, u.bucket
    ),
    logged as (${logging(sql`done`)}),
    counted as (
      ${counting(sql`
        select subscription_id, cast(${day} as bigint) as day, bucket, min(tenant_id) as tenant_id,
          count(*) filter (where status = 'success') as succeeded,
          count(*) filter (where status <> 'success') as failed, sum(duration_ms) as sum_ms
        from done where bucket is not null group by subscription_id, bucket`)}
    )
    select ${listOf('delivery_id')} as ids from done
  `.execute(tx.db);
  return new Set(readList(rows[0]?.ids));
}

/** SQLite writes to one table in a statement. */
async function writeInTurn(
  tx: Tx,
  owner: string,
  day: number,
  ended: readonly EndedAttempt[],
): Promise<Set<string>> {
  const written = await settleDeliveries(
    tx,
    owner,
    ended.map(({ settled }) => settled),
  );
  const valid = ended.filter(({ settled }) => written.has(settled.id));
  await insertAttempts(
    tx,
    valid.map(({ attempt }) => attempt),
  );
  await addDailyCounts(tx, day, valid);
  return written;
}

/**
 * Ends deliveries without an attempt, for claims that `owner` still holds.
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
    SETTLED_COLUMNS,
    rows.map((row) => ({ ...row })),
  );
  const result = await sql<{ id: string }>`
    with u as materialized (select * from ${source}) ${settling(owner)} returning webhook_deliveries.id
  `.execute(tx.db);
  return new Set(result.rows.map((row) => row.id));
}

/** The columns by which parts of the table are indexed are hidden: a row is found by its key alone. */
const settling = (owner: string): RawBuilder<unknown> => sql`
  update webhook_deliveries set state = u.state, trigger_kind = u.trigger_kind, next_at = u.next_at,
    claimed_by = null, lost_claims = 0, attempts = u.attempts, retries_used = u.retries_used, single_from = null,
    last_http_status = u.http_status, reason = u.reason, settled_at = u.settled_at
  from u
  where webhook_deliveries.tenant_id = u.tenant_id and webhook_deliveries.id = u.id
    and webhook_deliveries.claim_seq = u.claim_seq
    and (webhook_deliveries.claimed_by || '') = ${owner} and (webhook_deliveries.state || '') = 'pending'`;

/**
 * Writes attempts into the log. One that was given up for lost and reports after all fills its line in, but stays
 * `unknown`: its delivery went on without it.
 */
export async function insertAttempts(tx: Tx, rows: readonly AttemptRow[]): Promise<void> {
  if (rows.length === 0) return;
  const source = rowSource(
    tx,
    'u',
    ATTEMPT_COLUMNS,
    rows.map((row) => ({ ...row })),
  );
  await logging(source).execute(tx.db);
}

const logging = (source: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  insert into webhook_attempts (${attemptNames()}) select ${attemptNames()} from ${source} where true
  on conflict (delivery_id, attempt) do update set
    http_status = excluded.http_status, response_body = excluded.response_body, truncated = excluded.truncated,
    error_code = 'late', error = coalesce(excluded.error, 'The answer came after the claim had run out.'),
    duration_ms = excluded.duration_ms
  where webhook_attempts.status = 'unknown' and excluded.status <> 'unknown'`;

const attemptNames = (): RawBuilder<unknown> =>
  sql.join(Object.keys(ATTEMPT_COLUMNS).map((name) => sql.ref(name)));

async function addDailyCounts(tx: Tx, day: number, ended: readonly EndedAttempt[]): Promise<void> {
  const source = rowSource(
    tx,
    'u',
    { subscription_id: 'text', bucket: 'bigint', tenant_id: 'text', status: 'text', ms: 'bigint' },
    ended.map(({ attempt, bucket }) => ({
      subscription_id: attempt.subscription_id,
      bucket,
      tenant_id: attempt.tenant_id,
      status: attempt.status,
      ms: attempt.duration_ms,
    })),
  );
  await counting(sql`
    select subscription_id, ${day} as day, bucket, min(tenant_id) as tenant_id,
      sum(status = 'success') as succeeded, sum(status <> 'success') as failed, sum(ms) as sum_ms
    from ${source} where bucket is not null group by subscription_id, bucket`).execute(tx.db);
}

/** In one order for everyone, so that two processes wait for each other but never in a circle. */
const counting = (counts: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  insert into webhook_stats_daily (subscription_id, day, bucket, tenant_id, succeeded, failed, sum_ms)
  select * from (${counts}) as c where true order by subscription_id, bucket
  on conflict (subscription_id, day, bucket) do update set
    succeeded = webhook_stats_daily.succeeded + excluded.succeeded,
    failed = webhook_stats_daily.failed + excluded.failed,
    sum_ms = webhook_stats_daily.sum_ms + excluded.sum_ms`;

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
