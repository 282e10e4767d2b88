import { noteAccountStatus, openConnection } from '../../accounts/accounts';
import {
  describeError,
  InvalidInputError,
  NotFoundError,
  OmnichannelError,
  RateLimitedError,
  SendError,
  StoreError,
  TokenExpiredError,
  ulids,
  type CatchUpResult,
} from '../../model';
import type { ConversationPage, ListedConversation, MissedMessages } from '../../providers/missed';
import type { ProviderConnection } from '../../providers/provider';
import { listDueCatchUps, type DueCatchUp } from '../../store/instance/catchUps';
import type { CatchUpClaim, CatchUpRow } from '../../store/statements/catchUps';
import type { MessagingContext } from '../context';
import { prepare } from '../inbound';
import {
  askForCatchUp,
  endCatchUp,
  postponeCatchUp,
  readCatchUp,
  recordReadConversation,
  takeCatchUp,
  turnPage,
} from './catchUp.unit';
import { SECOND_MS } from './match';
import { createPace, MustRest, type Pace } from './pace';
import { toCatchUpResult } from './result';

/** Longer than any one step lasts (a call to the provider, 30 s, and a transaction). */
const LEASE_MS = 60_000;
/** Accounts at once: each has its own pace. */
const WORKERS = 3;
/** Waits after the first, second, … failure that may pass; then it is given up. */
const RETRY_MS = [15_000, 60_000, 5 * 60_000, 15 * 60_000, 30 * 60_000];
/** As far back as anybody may ask. */
export const LONGEST_CATCH_UP_DAYS = 30;

/**
 * Fetches what accounts of any tenant are asked for (see requestCatchUp), until nothing is due or `signal` is aborted.
 * What was found is stored as it is found, so a process that is killed leaves the rest to the next one.
 * @returns how many accounts were worked on
 */
export async function runCatchUps(ctx: MessagingContext, signal: AbortSignal): Promise<number> {
  const due = await ctx.store.run(listDueCatchUps, { limit: 100 });
  let done = 0;
  const work = async () => {
    for (let next = due.shift(); next && !signal.aborted; next = due.shift()) {
      if (await fetchOne(ctx, next, signal)) done += 1;
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  return done;
}

export interface FetchMissedInput {
  tenantId: string;
  accountId: string;
  /** Messages since then are wanted, epoch ms. */
  since: number;
  /** Ends the wait; the rest is fetched in the background. */
  signal?: AbortSignal;
}

/**
 * Fetches what an account may have missed, now and in this process, unless another one is at it already.
 * @returns what it came to so far; `failed` with its reason when the account cannot be asked
 * @throws NotFoundError when this tenant has no such account; InvalidInputError for a time out of reach
 */
export async function fetchMissed(
  ctx: MessagingContext,
  { tenantId, accountId, since, signal }: FetchMissedInput,
): Promise<CatchUpResult> {
  const now = ctx.clock.now();
  if (!(since < now) || since < now - LONGEST_CATCH_UP_DAYS * 24 * 3_600_000) {
    throw new InvalidInputError('Since', 'That is not a time of the last 30 days.', {
      hint: `Messages can be fetched that are at most ${LONGEST_CATCH_UP_DAYS} days old.`,
    });
  }
  const tenant = ctx.store.forTenant(tenantId);
  const asked = await tenant.run(askForCatchUp, { accountId, reason: 'manual', since });
  if (!asked) {
    throw new NotFoundError('The account', accountId, {
      hint: 'Choose an account of this tenant.',
    });
  }
  const { request } = asked;
  await fetchOne(ctx, { tenantId, accountId, request }, signal ?? new AbortController().signal);
  const after = await tenant.run(readCatchUp, { accountId });
  return toCatchUpResult(after ?? asked);
}

/** @returns whether it was this call that worked on it */
async function fetchOne(
  ctx: MessagingContext,
  { tenantId, accountId, request }: DueCatchUp,
  signal: AbortSignal,
): Promise<boolean> {
  const tenant = ctx.store.forTenant(tenantId);
  const owner = `${ctx.processId}:${ulids.next(ctx.clock.now())}`;
  const claim: CatchUpClaim = { accountId, request, owner };
  const job = await tenant.run(takeCatchUp, { claim, leaseMs: LEASE_MS });
  if (!job) return false;
  try {
    const connection = await openConnection(ctx, tenantId, accountId);
    const missed = ctx.providers.get(connection.account.provider)?.missed;
    if (!missed) throw cannotBeAsked(connection);
    const pace = createPace(ctx.store, { tenantId, accountId }, missed.pauseMs);
    const isDone = await fetchPages({ ctx, claim, job, connection, missed, pace, signal });
    if (isDone) await tenant.run(endCatchUp, { claim, state: 'done', error: null });
    else await postpone(ctx, tenantId, claim, { forMs: 0, failures: job.failures, error: null });
  } catch (error) {
    await giveUpOrWait(ctx, tenantId, job, claim, error);
  }
  return true;
}

interface Fetch {
  ctx: MessagingContext;
  claim: CatchUpClaim;
  job: CatchUpRow;
  connection: ProviderConnection;
  missed: MissedMessages;
  pace: Pace;
  signal: AbortSignal;
}

/** @returns false when it ends before its time: aborted, or somebody asked anew */
async function fetchPages(fetch: Fetch): Promise<boolean> {
  const { ctx, claim, connection, missed, pace, signal } = fetch;
  const tenant = ctx.store.forTenant(connection.account.tenantId);
  let { cursor } = fetch.job;
  for (;;) {
    if (signal.aborted) return false;
    const from = cursor;
    const page = await pace.call(() => missed.listConversations(connection, from));
    for (const conversation of wantedOf(page, fetch.job.since)) {
      if (signal.aborted) return false;
      if (!(await fetchConversation(fetch, conversation))) return false;
    }
    cursor = page.nextCursor;
    if (cursor === null || isBehind(page, fetch.job.since)) return true;
    if (!(await tenant.run(turnPage, { claim, leaseMs: LEASE_MS, cursor }))) return false;
  }
}

function wantedOf({ conversations }: ConversationPage, since: number): ListedConversation[] {
  return conversations.filter(({ updatedAt }) => updatedAt + SECOND_MS > since);
}

/** Pages come in the order of the last change, so after one without anything new there is nothing. */
function isBehind(page: ConversationPage, since: number): boolean {
  return wantedOf(page, since).length === 0;
}

/** @returns false when the claim no longer holds */
async function fetchConversation(
  { ctx, claim, connection, missed, pace }: Fetch,
  conversation: ListedConversation,
): Promise<boolean> {
  const read = await pace.call(() => missed.readConversation(connection, conversation));
  const [first] = read.events;
  const kept = await ctx.store.forTenant(connection.account.tenantId).run(recordReadConversation, {
    claim,
    leaseMs: LEASE_MS,
    events: read.events.map((event) => prepare(ctx, event)),
    unreadable: read.unreadable,
    hasMore: read.hasMore,
    person: conversation.person ?? (first && 'contact' in first ? first.contact : null),
  });
  return kept !== undefined;
}

/** What passes is waited out; what does not is told, with what to do. */
async function giveUpOrWait(
  ctx: MessagingContext,
  tenantId: string,
  job: CatchUpRow,
  claim: CatchUpClaim,
  error: unknown,
): Promise<void> {
  // The lease runs out, and whoever comes then begins where this one was.
  if (error instanceof StoreError) throw error;
  const { failures } = job;
  if (error instanceof MustRest) {
    return postpone(ctx, tenantId, claim, { forMs: error.forMs, failures, error: error.message });
  }
  const reason = describeError(error);
  if (error instanceof RateLimitedError) {
    return postpone(ctx, tenantId, claim, { forMs: error.retryAfterMs, failures, error: reason });
  }
  if (!(error instanceof OmnichannelError)) throw error;
  const forMs = RETRY_MS[failures];
  const mayPass = error instanceof SendError && error.retryable;
  if (mayPass && forMs !== undefined) {
    return postpone(ctx, tenantId, claim, { forMs, failures: failures + 1, error: reason });
  }
  ctx.logger.warn(`Missed messages could not be fetched. ${reason}`, {
    tenantId,
    accountId: claim.accountId,
  });
  if (error instanceof TokenExpiredError) {
    await noteAccountStatus(ctx, tenantId, claim.accountId, 'expired', reason);
  }
  await ctx.store.forTenant(tenantId).run(endCatchUp, { claim, state: 'failed', error: reason });
}

async function postpone(
  ctx: MessagingContext,
  tenantId: string,
  claim: CatchUpClaim,
  how: { forMs: number; failures: number; error: string | null },
): Promise<void> {
  await ctx.store.forTenant(tenantId).run(postponeCatchUp, { claim, ...how });
}

function cannotBeAsked({ account }: ProviderConnection): InvalidInputError {
  return new InvalidInputError(
    'Account',
    `The provider of "${account.name}" cannot be asked for messages afterwards.`,
    { hint: 'Choose an account of Instagram or Messenger.' },
  );
}
