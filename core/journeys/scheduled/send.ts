import {
  describeError,
  OmnichannelError,
  StoreError,
  type SendReason,
  type SendResult,
} from '../../model';
import { deliverMessage } from '../../messaging';
import type { MessagingContext } from '../../messaging/context';
import type { ScheduledClaim, ScheduledRow } from '../../store/statements/scheduledMessages';
import { finishScheduled, postponeScheduled, type Postponement } from './finish.unit';
import { baseOfRow } from './item';
import { openKept } from './request';
import { recheckScheduled } from './scheduled.unit';
import { latestOf, pauseAfter, ROOM_WAIT_MS, SETTLE_PAUSE_MS } from './timing';

/**
 * Sends one message that is claimed, after a last look at what its sender wanted to hold still. Killed at any moment, the
 * next holder finds the key of the send: it hears what became of it and sends nothing twice. Never throws.
 */
export async function sendScheduled(
  ctx: MessagingContext,
  row: ScheduledRow,
  { owner, signal }: { owner: string; signal?: AbortSignal | undefined },
): Promise<void> {
  const claim = { id: row.id, owner, attempts: row.attempts };
  const tenant = ctx.store.forTenant(row.tenant_id);
  try {
    const result = await resultOf(ctx, row, signal);
    const verdict = result ? judge(ctx, row, result) : notYet(row);
    await (verdict.kind === 'over'
      ? tenant.run(finishScheduled, { claim, result: verdict.result })
      : tenant.run(postponeScheduled, { ...verdict, claim }));
  } catch (error) {
    ctx.logger.error('A scheduled message could not be sent; it is tried again', {
      tenantId: row.tenant_id,
      scheduledId: row.id,
      error: describeError(error),
    });
    await giveBack(ctx, row, claim);
  }
}

/** @returns null: it is not its time, and nothing keeps it back either */
async function resultOf(
  ctx: MessagingContext,
  row: ScheduledRow,
  signal: AbortSignal | undefined,
): Promise<SendResult | null> {
  const tenant = ctx.store.forTenant(row.tenant_id);
  const { isKeyUsed, change } = await tenant.run(recheckScheduled, {
    id: row.id,
    idempotency_key: row.idempotency_key,
    contact_id: row.contact_id,
    conversation_id: row.conversation_id,
    conditions: row.conditions,
  });
  const now = ctx.clock.now();
  // Of a message that is on its way already only its own send knows; nothing here may say that it did not go.
  if (!isKeyUsed && change !== null) {
    return notSent(row, 'skipped', change.reason, `${change.detail} Nothing was sent.`);
  }
  // Looked at early, because its appointment has changed: back to where it was, say.
  if (!isKeyUsed && now < row.due_at) return null;
  if (!isKeyUsed && now > latestOf(row)) return lateResult(row, now);
  try {
    const request = openKept(ctx, row.id, row.request);
    const {
      scheduled: _,
      duplicate: __,
      ...result
    } = await deliverMessage(ctx, {
      tenantId: row.tenant_id,
      idempotencyKey: row.idempotency_key,
      limitWait: { maxMs: ROOM_WAIT_MS, signal },
      ...request,
      // As the person is known today: they may have become one with another since. Whoever was erased is not met anew.
      contactId: row.contact_id,
    });
    return result;
  } catch (error) {
    if (error instanceof StoreError && error.code !== 'store_key_lost') throw error;
    if (!(error instanceof OmnichannelError)) throw error;
    const reason = error instanceof StoreError ? 'invalid_content' : 'invalid_recipient';
    return notSent(row, 'failed', reason, describeError(error));
  }
}

type Verdict =
  | { kind: 'over'; result: SendResult }
  | ({ kind: 'later' } & Omit<Postponement, 'claim'>);

function notYet(row: ScheduledRow): Verdict {
  return { kind: 'later', nextAt: row.due_at, result: null };
}

/** Whether that was it, or when it is tried again. */
function judge({ clock }: MessagingContext, row: ScheduledRow, result: SendResult): Verdict {
  const now = clock.now();
  if (result.status === 'unknown') {
    return { kind: 'later', nextAt: now + SETTLE_PAUSE_MS, result };
  }
  const { status, reason, retryable, retryAfterMs, retryAt } = result;
  const opensAt = retryAt === undefined ? now + (retryAfterMs ?? NaN) : Date.parse(retryAt);
  if (status === 'skipped' && opensAt > now) {
    const at = opensAt;
    // What waits for the end of quiet time was never late: its time moves with it.
    const moves = reason === 'quiet_hours';
    const latest = moves ? (row.before_at ?? Infinity) : latestOf(row);
    if (at <= latest) {
      const due = moves ? { at, why: 'quiet_hours' } : undefined;
      return { kind: 'later', nextAt: at, due, result };
    }
  }
  if (status === 'failed' && retryable) {
    const at = now + Math.max(retryAfterMs ?? 0, pauseAfter(row.attempts));
    if (at <= latestOf(row)) return { kind: 'later', nextAt: at, result };
  }
  return { kind: 'over', result };
}

/** Too late: of a message that was tried before, the last try says why. */
function lateResult(row: ScheduledRow, now: number): SendResult {
  const last = row.result === null ? null : (JSON.parse(row.result) as SendResult);
  if (last && last.status === 'failed') return last;
  const due = new Date(row.due_at).toISOString();
  const rule =
    row.before_at !== null && row.before_at < row.due_at + row.late_ms
      ? `it was to go before ${new Date(row.before_at).toISOString()}`
      : `it was not to be later than ${Math.round(row.late_ms / 60_000)} minutes`;
  const detail = `The message was due at ${due}, nothing could send it until ${new Date(now).toISOString()}, and ${rule}. Nothing was sent.`;
  return notSent(row, 'skipped', 'state_changed', detail);
}

function notSent(
  row: ScheduledRow,
  status: 'skipped' | 'failed',
  reason: SendReason,
  detail: string,
): SendResult {
  return { status, reason, detail, retryable: false, ...baseOfRow(row) };
}

/** Where the store does not even take that, the claim runs out by itself. */
async function giveBack(
  ctx: MessagingContext,
  row: ScheduledRow,
  claim: ScheduledClaim,
): Promise<void> {
  const nextAt = ctx.clock.now() + pauseAfter(row.attempts);
  await ctx.store
    .forTenant(row.tenant_id)
    .run(postponeScheduled, { claim, nextAt, result: null })
    .catch((error: unknown) => {
      ctx.logger.warn('A scheduled message waits until the claim on it is over', {
        tenantId: row.tenant_id,
        scheduledId: row.id,
        error: describeError(error),
      });
    });
}
