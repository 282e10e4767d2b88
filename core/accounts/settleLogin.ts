import type { Login } from '../model';
import type { LoginFacts } from '../providers/provider';
import type { LoginOutcome } from '../store/statements/logins';
import type { LoginsContext } from './context';
import { askAgainAt, nextCheckAt, nextLookAtDead, retryAt, standingOf } from './loginStanding';
import { settle, type LoginVerdict } from './logins.unit';

/** A login with what its provider has just said of it; what it did not say stays as it was known. */
export function factsInto(login: Login, facts: LoginFacts): Login {
  return {
    ...login,
    subjectId: facts.subjectId ?? login.subjectId,
    obtainedAt: facts.issuedAt ?? login.obtainedAt,
    expiresAt: facts.expiresAt === undefined ? login.expiresAt : facts.expiresAt,
    dataAccessExpiresAt:
      facts.dataAccessExpiresAt === undefined
        ? login.dataAccessExpiresAt
        : facts.dataAccessExpiresAt,
    permissions: facts.permissions ?? login.permissions,
    renewable: facts.renewable,
  };
}

export interface Looked {
  /** Who claimed the login; null = nobody did. */
  owner: string | null;
  /** Why the provider did not renew the token, where it said no. */
  refusal: string | null;
  /** Something could not be asked or done; it is tried again soon. */
  failed?: boolean;
  minAgeMs: number;
}

/** How a login that works stands: by its times, unless less is known than before. */
export function verdictOf(login: Login, { refusal, failed }: Looked, now: number): LoginVerdict {
  const byTimes = standingOf(login, now, refusal);
  const knowsLess = failed && byTimes.status === 'active' && login.status === 'expiring';
  return knowsLess ? { status: 'expiring', reason: login.statusReason } : byTimes;
}

/** Stores that a login works. @returns false when it is somebody else's by now */
export async function settleLooked(
  ctx: LoginsContext,
  login: Login,
  looked: Looked,
): Promise<boolean> {
  const now = ctx.clock.now();
  const verdict = verdictOf(login, looked, now);
  const failures = looked.failed ? login.failures + 1 : 0;
  const nextCheck = looked.failed
    ? retryAt(login, failures, now)
    : looked.refusal === null
      ? nextCheckAt(login, looked.minAgeMs, now)
      : askAgainAt(login, now);
  return ctx.store.forTenant(login.tenantId).run(settle, {
    loginId: login.id,
    owner: looked.owner,
    outcome: { ...outcomeOf(login, verdict), nextCheckAt: nextCheck, failures },
    verdict,
    but: {},
  });
}

/**
 * Stores that a login's token is dead.
 * @param survivors accounts whose own token still works
 */
export async function settleDead(
  ctx: LoginsContext,
  login: Login,
  dead: { owner: string; reason: string; survivors: Record<string, LoginVerdict> },
): Promise<boolean> {
  const verdict: LoginVerdict = { status: 'expired', reason: dead.reason };
  return ctx.store.forTenant(login.tenantId).run(settle, {
    loginId: login.id,
    owner: dead.owner,
    outcome: {
      ...outcomeOf(login, verdict),
      nextCheckAt: nextLookAtDead(ctx.clock.now()),
      failures: 0,
    },
    verdict,
    but: dead.survivors,
  });
}

function outcomeOf(
  login: Login,
  { status, reason }: LoginVerdict,
): Omit<LoginOutcome, 'nextCheckAt' | 'failures'> {
  const { subjectId, subjectName, obtainedAt, expiresAt, dataAccessExpiresAt } = login;
  const { permissions, renewable, syncedAt } = login;
  return {
    status,
    statusReason: reason,
    subjectId,
    subjectName,
    obtainedAt,
    expiresAt,
    dataAccessExpiresAt,
    permissions,
    renewable,
    syncedAt,
  };
}
