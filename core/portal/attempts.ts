import { createHash, randomBytes } from 'node:crypto';
import { StoreError, ulids } from '../model';
import { beginOauth, findOauthClaim, returnOauth } from '../store/instance/oauthStates';
import type { OauthStage, OauthStateRow } from '../store/statements/oauthStates';
import { moveAttempt, offerAttempt, readLoginAttempts } from './attempts.unit';
import type { PageLogin } from './card';
import type { PortalContext } from './context';
import { isFailureCode, PortalFailure, type FailureCode } from './failures';
import type { ConnectLink } from './links';

/** How long each step of a login may take: from the offer to the click, at the provider, and at the choice. */
export const STEP_MS = 10 * 60_000;
/** A page that was left open does not show what happened yesterday. */
const FOLLOWED_MS = 15 * 60_000;
/** Far above what a person clicks; each one costs a row and leads to the provider. */
const MAX_OFFERS_PER_LINK = 60;
/** Longer than every call to the provider that one step makes together. */
const LEASE_MS = 120_000;

export type AttemptsContext = Pick<PortalContext, 'store' | 'clock'>;

/** One walk through a provider's login dialog. */
export interface Attempt {
  id: string;
  tenantId: string;
  linkId: string;
  login: PageLogin;
  /** The account to be connected again, where it began at its card. */
  accountId: string | null;
  stage: OauthStage;
  error: FailureCode | null;
  /** With `permission_missing`: which. */
  missing: string[];
  accountIds: string[];
  expiresAt: number;
}

/** 32 random bytes, as they travel; the store knows their hash alone. */
function newToken(): { token: string; hash: string } {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashOf(token) };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/**
 * Offers one walk: the ticket opens it once, within 10 minutes.
 * @throws PortalFailure `too_many_attempts`
 */
export async function offerLogin(
  ctx: AttemptsContext,
  link: ConnectLink,
  input: { pageId: string; login: PageLogin; accountId: string | null },
): Promise<{ id: string; ticket: string; expiresAt: number }> {
  const now = ctx.clock.now();
  const { token, hash } = newToken();
  const offer = {
    id: ulids.next(now),
    link_id: link.id,
    page_id: input.pageId,
    login: input.login,
    account_id: input.accountId,
    ticket_hash: hash,
    expires_at: now + STEP_MS,
  };
  const isWithin = await ctx.store
    .forTenant(link.tenantId)
    .run(offerAttempt, { offer, since: now - STEP_MS, most: MAX_OFFERS_PER_LINK });
  if (!isWithin) throw new PortalFailure('too_many_attempts');
  return { id: offer.id, ticket: token, expiresAt: offer.expires_at };
}

/**
 * Uses up a ticket: the person is on the way to the provider.
 * @returns the state that goes along: 32 random bytes
 * @throws PortalFailure `login_invalid` (unknown, or of another page), `login_used`, `login_expired`
 */
export async function beginLogin(
  ctx: AttemptsContext,
  ticket: string,
  pageId: string,
): Promise<{ attempt: Attempt; state: string }> {
  const state = newToken();
  const step = await ctx.store.run(beginOauth, {
    hash: hashOf(ticket),
    pageId,
    expiresAt: ctx.clock.now() + STEP_MS,
    stateHash: state.hash,
  });
  if (!step) throw new PortalFailure('login_invalid');
  if (!step.taken)
    throw new PortalFailure(step.row.stage === 'offered' ? 'login_expired' : 'login_used');
  return { attempt: toAttempt(step.row), state: state.token };
}

/**
 * Uses up a state: the person is back with a code, or without one.
 * @returns the claim: with it alone the page that is shown now goes on
 * @throws PortalFailure as beginLogin
 */
export async function returnFromLogin(
  ctx: AttemptsContext,
  input: { state: string; pageId: string; came: { code: string } | { failure: FailureCode } },
): Promise<{ attempt: Attempt; claim: string }> {
  const { came } = input;
  const claim = newToken();
  const hash = hashOf(input.state);
  const step = await ctx.store.run(returnOauth, {
    hash,
    pageId: input.pageId,
    expiresAt: ctx.clock.now() + STEP_MS,
    claimHash: claim.hash,
    ...('code' in came
      ? { stage: 'returned', error: null, sealed: seal(ctx, { code: came.code }, hash) }
      : { stage: 'failed', error: came.failure, sealed: null }),
  });
  if (!step) throw new PortalFailure('login_invalid');
  if (!step.taken)
    throw new PortalFailure(step.row.stage === 'started' ? 'login_expired' : 'login_used');
  return { attempt: toAttempt(step.row), claim: claim.token };
}

/** An attempt that its page holds the claim of, with what was sealed for its present stage. */
export interface ClaimedAttempt<T> {
  attempt: Attempt;
  secret: T | null;
  /** As it was seen: who moves the attempt says from where. */
  leaseUntil: number | null;
}

/** @throws PortalFailure `login_invalid`, `login_expired` */
export async function openClaim<T>(
  ctx: AttemptsContext,
  claim: string,
  pageId: string,
): Promise<ClaimedAttempt<T>> {
  const row = await ctx.store.run(findOauthClaim, { hash: hashOf(claim), pageId });
  if (!row) throw new PortalFailure('login_invalid');
  const isOpen = row.stage === 'returned' || row.stage === 'choosing';
  if (isOpen && row.expires_at <= ctx.clock.now()) throw new PortalFailure('login_expired');
  return openRow<T>(ctx, row);
}

/**
 * Takes the attempt for one caller, who then talks to the provider: a second one meets `login_busy` until the first is
 * done or, having died, its lease has run out.
 * @throws PortalFailure `login_busy`
 */
export async function takeAttempt<T>(
  ctx: AttemptsContext,
  { attempt, secret, leaseUntil }: ClaimedAttempt<T>,
  leaseMs = LEASE_MS,
): Promise<ClaimedAttempt<T>> {
  const now = ctx.clock.now();
  if (leaseUntil !== null && leaseUntil > now) throw new PortalFailure('login_busy');
  const until = now + leaseMs;
  const moved = await move(ctx, attempt, leaseUntil, { lease_until: until });
  if (!moved) throw new PortalFailure('login_busy');
  return { attempt: moved, secret, leaseUntil: until };
}

/** What becomes of an attempt that was taken. */
export interface Settled {
  stage: 'choosing' | 'connected' | 'failed';
  /** Kept sealed for the next stage; null forgets what there was. */
  secret: unknown;
  error?: FailureCode;
  /** With `permission_missing`: which. */
  missing?: readonly string[];
  accountIds?: string[];
}

/** @throws PortalFailure `login_busy` when its lease ran out and another caller has it */
export async function settleAttempt(
  ctx: AttemptsContext,
  { attempt, leaseUntil }: ClaimedAttempt<unknown>,
  { stage, secret, error, missing = [], accountIds = [] }: Settled,
): Promise<Attempt> {
  const moved = await move(ctx, attempt, leaseUntil, {
    stage,
    sealed: secret === null ? null : seal(ctx, secret, attempt.id),
    error: error === undefined ? null : [error, ...missing].join(' '),
    account_ids: JSON.stringify(accountIds),
    lease_until: null,
  });
  if (!moved) throw new PortalFailure('login_busy');
  return moved;
}

async function move(
  ctx: AttemptsContext,
  { id, tenantId, stage }: Attempt,
  leaseUntil: number | null,
  changes: Parameters<typeof moveAttempt.run>[1]['changes'],
): Promise<Attempt | null> {
  const tenant = ctx.store.forTenant(tenantId);
  const row = await tenant.run(moveAttempt, { id, from: { stage, leaseUntil }, changes });
  return row ? toAttempt(row) : null;
}

/**
 * Leaves an attempt where it stands until somebody looks at it again.
 * @param secret null keeps what was sealed
 * @throws PortalFailure `login_busy`
 */
export async function leaveAttempt(
  ctx: AttemptsContext,
  { attempt, leaseUntil }: ClaimedAttempt<unknown>,
  { secret, until }: { secret: unknown; until: number },
): Promise<void> {
  const sealed = secret === null ? {} : { sealed: seal(ctx, secret, attempt.id) };
  const moved = await move(ctx, attempt, leaseUntil, { ...sealed, lease_until: until });
  if (!moved) throw new PortalFailure('login_busy');
}

/** The walks of a link that its page shows, the newest first. */
export async function recentAttempts(ctx: AttemptsContext, link: ConnectLink): Promise<Attempt[]> {
  return (await recentRows(ctx, link)).map(toAttempt);
}

/** The same as the store has them. */
export async function recentRows(
  ctx: AttemptsContext,
  link: ConnectLink,
): Promise<OauthStateRow[]> {
  const since = ctx.clock.now() - FOLLOWED_MS;
  return await ctx.store
    .forTenant(link.tenantId)
    .run(readLoginAttempts, { linkId: link.id, since });
}

/** @throws PortalFailure `login_invalid` when what was sealed no longer opens */
export function openRow<T>(ctx: AttemptsContext, row: OauthStateRow): ClaimedAttempt<T> {
  return { attempt: toAttempt(row), secret: opened<T>(ctx, row), leaseUntil: row.lease_until };
}

/**
 * @param owner what the text is bound to: the attempt; at its return the hash of the state, by which alone the attempt is
 * known before it is read
 */
function seal(ctx: AttemptsContext, secret: unknown, owner: string): string {
  return ctx.store.sealer.seal(JSON.stringify(secret), `oauth:${owner}`);
}

function opened<T>(ctx: AttemptsContext, row: OauthStateRow): T | null {
  if (row.sealed === null) return null;
  const owner = row.stage === 'returned' ? row.state_hash : row.id;
  try {
    return JSON.parse(ctx.store.sealer.open(row.sealed, `oauth:${owner}`)) as T;
  } catch (error) {
    // Sealed with a key that was changed meanwhile: the person starts again.
    if (error instanceof StoreError) throw new PortalFailure('login_invalid', { cause: error });
    throw error;
  }
}

function toAttempt(row: OauthStateRow): Attempt {
  const [error, ...missing] = row.error?.split(' ') ?? [];
  return {
    id: row.id,
    tenantId: row.tenant_id,
    linkId: row.link_id,
    login: row.login as PageLogin,
    accountId: row.account_id,
    stage: row.stage as OauthStage,
    error: isFailureCode(error) ? error : null,
    missing,
    accountIds: JSON.parse(row.account_ids) as string[],
    expiresAt: row.expires_at,
  };
}
