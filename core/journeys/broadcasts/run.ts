import { describeError, OmnichannelError, StoreError, type SendResult } from '../../model';
import { checkLimit } from '../../limits';
import { sendMessage } from '../../messaging/outbound';
import type { MessagingContext } from '../../messaging/context';
import { listDueBroadcasts, type DueBroadcast } from '../../store/instance/broadcasts';
import type {
  BroadcastRecipientRow,
  RecipientOutcome,
} from '../../store/statements/broadcastRecipients';
import type { BroadcastRow } from '../../store/statements/broadcasts';
import { sendKeyOf, settingsOf, type BroadcastCategory, type FrozenMessage } from './broadcast';
import { concernsAll, LOOKED_AT, reasonToStop, waitsFor } from './judge';
import { beginTurn, endTurn, type Turn } from './turn.unit';

/** Of one broadcast in one turn: some seconds' worth, so that pausing and answers do not wait. */
const PEOPLE_PER_TURN = 200;
/** As many messages at once stand before an answer in the account's line: half a second at 80 a second. */
const SENDS_AT_ONCE = 40;
const BROADCASTS_AT_ONCE = 5;
const SHORTEST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 15_000;
const MOST_TRIES = 6;
const FIRST_PAUSE_MS = 30_000;
/** An outcome that nobody knows is settled beside this; here it is only asked for. */
const ASK_AGAIN_MS = 15_000;

/**
 * Sends the next messages of every running broadcast. To be called by one process, with the fence of its lease.
 *
 * Killed at any moment: whose outcome was not written down has their turn again, with the same idempotency key, so that
 * nobody gets a message twice and nobody is left out.
 * @returns milliseconds until there is something to do again
 * @throws StoreError
 */
export async function runDueBroadcasts(
  ctx: MessagingContext,
  { fence, signal }: { fence: number; signal: AbortSignal },
): Promise<number> {
  const { due, nextAt } = await ctx.store.run(listDueBroadcasts, { limit: BROADCASTS_AT_ONCE });
  await Promise.all(due.map((one) => takeTurn(ctx, one, fence, signal)));
  if (due.length > 0) return SHORTEST_WAIT_MS;
  const wait = nextAt === null ? LONGEST_WAIT_MS : nextAt - ctx.clock.now();
  return Math.min(Math.max(wait, SHORTEST_WAIT_MS), LONGEST_WAIT_MS);
}

async function takeTurn(
  ctx: MessagingContext,
  { tenantId, broadcastId }: DueBroadcast,
  fence: number,
  signal: AbortSignal,
): Promise<void> {
  const tenant = ctx.store.forTenant(tenantId);
  const turn = await tenant.run(beginTurn, { broadcastId, fence, limit: PEOPLE_PER_TURN });
  if (!turn) return;
  const end = { broadcastId, fence, outcomes: [], stop: null, wait: null };
  const stop = reasonToStop(turn.account, turn.recent, settingsOf(turn.broadcast));
  if (stop !== null) return tenant.run(endTurn, { ...end, stop });
  const room = await roomOf(ctx, turn);
  if (room.count === 0) return tenant.run(endTurn, { ...end, wait: room.wait });
  const sent = await sendToAll(ctx, turn, turn.recipients.slice(0, room.count), signal);
  await tenant.run(endTurn, { ...end, ...sent });
}

/** How many may go now without taking what is left to answers. */
async function roomOf(
  ctx: MessagingContext,
  { broadcast, account, recipients }: Turn,
): Promise<{ count: number; wait: { until: number; note: string } | null }> {
  if (recipients.length === 0) return { count: 1, wait: null };
  const { share } = settingsOf(broadcast);
  const tenantId = broadcast.tenant_id;
  const state = await checkLimit(ctx, { tenantId, accountId: account.id });
  const { perMinute, perHour, perDay } = state.windows;
  const windows = [perMinute, perHour, perDay];
  const rooms = windows.map(
    ({ limit, remaining }) => remaining - Math.floor((limit * (100 - share)) / 100),
  );
  const count = Math.max(0, Math.min(recipients.length, ...rooms));
  if (count > 0 && state.allowed) return { count, wait: null };
  const now = ctx.clock.now();
  const full = windows.filter((_, index) => (rooms[index] ?? 0) <= 0);
  const resets = full.map(({ resetsAt }) => Date.parse(resetsAt));
  const until = Math.max(now + SHORTEST_WAIT_MS, now + state.retryAfterMs, ...resets);
  const note = `Its share of the limits of "${account.name}" is used up; it goes on at ${new Date(until).toISOString()}.`;
  return { count: 0, wait: { until, note } };
}

/** Everybody's outcome, as far as it came to them; a cause that concerns all ends it. */
async function sendToAll(
  ctx: MessagingContext,
  { broadcast, account, recent }: Turn,
  recipients: readonly BroadcastRecipientRow[],
  signal: AbortSignal,
): Promise<{ outcomes: RecipientOutcome[]; stop: string | null }> {
  const outcomes: RecipientOutcome[] = [];
  const settings = settingsOf(broadcast);
  const latest = [...recent];
  let stop: string | null = null;
  let next = 0;
  const work = async () => {
    while (next < recipients.length && stop === null && !signal.aborted) {
      const recipient = recipients[next];
      next += 1;
      if (!recipient) return;
      const result = await sendTo(ctx, broadcast, account.id, recipient);
      const outcome = outcomeOf(recipient, result, ctx.clock.now());
      outcomes.push(outcome);
      if (outcome.doneAt !== null) latest.unshift({ ...outcome, messageStatus: null });
      stop ??=
        concernsAll(result.reason, result.detail) ??
        reasonToStop(account, latest.slice(0, LOOKED_AT), settings);
    }
  };
  const workers = Array.from({ length: Math.min(SENDS_AT_ONCE, recipients.length) }, work);
  const ended = await Promise.allSettled(workers);
  const failure = ended.find((one) => one.status === 'rejected');
  // What went before the store failed is asked for again, by its key.
  if (failure && outcomes.length === 0) throw failure.reason;
  return { outcomes, stop };
}

type Result = Pick<SendResult, 'status' | 'reason' | 'detail' | 'retryable' | 'retryAfterMs'> & {
  messageId: string | null;
};

/** @throws StoreError */
async function sendTo(
  ctx: MessagingContext,
  { id, tenant_id: tenantId, category }: BroadcastRow,
  accountId: string,
  recipient: BroadcastRecipientRow,
): Promise<Result> {
  const { contact_id: contactId, recipient: recipientExternalId } = recipient;
  try {
    const message = openMessage(ctx, recipient);
    return await sendMessage(ctx, {
      tenantId,
      accountId,
      ...(contactId === null ? { recipientExternalId } : { contactId }),
      ...message,
      category: category as BroadcastCategory,
      idempotencyKey: sendKeyOf(id, recipient.id),
    });
  } catch (error) {
    if (error instanceof StoreError || !(error instanceof OmnichannelError)) throw error;
    const detail = describeError(error);
    return {
      status: 'failed',
      reason: 'invalid_recipient',
      detail,
      retryable: false,
      messageId: null,
    };
  }
}

/** @throws StoreError `store_key_lost` */
export function openMessage(
  ctx: MessagingContext,
  { id, request }: Pick<BroadcastRecipientRow, 'id' | 'request'>,
): FrozenMessage {
  return JSON.parse(ctx.store.sealer.open(request, id)) as FrozenMessage;
}

function outcomeOf(
  recipient: BroadcastRecipientRow,
  result: Result,
  now: number,
): RecipientOutcome {
  const { status, reason = null, detail = null, messageId } = result;
  const told = { id: recipient.id, reason, detail, messageId, tries: recipient.tries };
  const waits = (nextAt: number, tries = recipient.tries) => ({
    ...told,
    state: status === 'unknown' ? 'unknown' : 'pending',
    tries,
    nextAt,
    doneAt: null,
  });
  if (status === 'unknown') return waits(now + ASK_AGAIN_MS);
  if (concernsAll(result.reason, undefined) !== null) return waits(now);
  const wait = waitsFor(result);
  if (wait !== null) return waits(now + wait);
  if (reason === 'rate_limited') return waits(now + (result.retryAfterMs ?? FIRST_PAUSE_MS));
  const tries = recipient.tries + 1;
  if (status === 'failed' && result.retryable && tries < MOST_TRIES) {
    const pause = Math.max(result.retryAfterMs ?? 0, FIRST_PAUSE_MS * 2 ** recipient.tries);
    return waits(now + pause, tries);
  }
  const state = status === 'sent' ? 'sent' : status === 'skipped' ? 'skipped' : 'failed';
  return { ...told, state, tries, nextAt: 0, doneAt: now };
}
