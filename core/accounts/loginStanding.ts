import type { Login } from '../model';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A week is when the admin is warned (a token of Meta lives 60 days). */
export const EXPIRING_MS = 7 * DAY_MS;
/** Which part of its life a token is renewed after; the jitter spreads those that were made together. */
const RENEW_AFTER = 0.8;
const RENEW_JITTER = 0.05;
/** How often somebody looks at a login that nothing is due for: it may have been revoked. */
const LOOK_EVERY_MS = 6 * HOUR_MS;
/** A dead one is looked at less often: its owner may have passed the provider's security check. */
const LOOK_AT_DEAD_EVERY_MS = DAY_MS;

/** Nothing about a login is looked at more often than this. */
const SHORTEST_MS = 250;

/** What the times of a login say; what its token is good for is found out elsewhere. */
export interface Standing {
  status: 'active' | 'expiring';
  /** One sentence for people: what happens when, and what to do next. */
  reason: string | null;
}

type Times = Pick<Login, 'id' | 'obtainedAt' | 'expiresAt' | 'dataAccessExpiresAt' | 'renewable'>;

/** @param refusal why the provider did not renew the token, where it was asked and said no */
export function standingOf(login: Times, now: number, refusal: string | null = null): Standing {
  const { expiresAt, dataAccessExpiresAt } = login;
  if (refusal !== null) {
    const end = expiresAt === null ? '' : ` It ends on ${inWords(expiresAt)}.`;
    return {
      status: 'expiring',
      reason: `The login could not be renewed. ${refusal}${end} Connect again before that.`,
    };
  }
  if (isNear(dataAccessExpiresAt, now)) {
    const verb = dataAccessExpiresAt <= now ? 'ended' : 'ends';
    return {
      status: 'expiring',
      reason: `The provider's leave to read data ${verb} on ${inWords(dataAccessExpiresAt)}, which no renewal changes. Connect again, through the login dialog.`,
    };
  }
  if (!isNear(expiresAt, now)) return { status: 'active', reason: null };
  const next = login.renewable
    ? 'It is renewed before that by itself.'
    : 'It cannot be renewed by itself: connect again, or put a new token into the credential.';
  return { status: 'expiring', reason: `The login ends on ${inWords(expiresAt)}. ${next}` };
}

function isNear(instant: number | null, now: number): instant is number {
  return instant !== null && instant - now < EXPIRING_MS;
}

/** @example "2026-11-22 13:30 UTC" */
export function inWords(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/**
 * When a login is to be renewed: at 80 % of its life, a little earlier for some; null when it cannot be, or need not.
 * @param minAgeMs before this age the provider does not renew it
 */
export function renewAt(login: Times, minAgeMs: number): number | null {
  const { obtainedAt, expiresAt, renewable } = login;
  if (!renewable || expiresAt === null) return null;
  const life = Math.max(0, expiresAt - obtainedAt);
  const part = RENEW_AFTER - RENEW_JITTER * fractionOf(login.id);
  const at = Math.floor(obtainedAt + life * part);
  const youngest = obtainedAt + minAgeMs;
  // A token that does not get old enough is tried all the same: the provider may know better.
  return youngest < expiresAt ? Math.max(at, youngest) : at;
}

/** The next moment at which something about a login that works changes or is due. */
export function nextCheckAt(login: Times, minAgeMs: number, now: number): number {
  const jitter = 1 - RENEW_JITTER * fractionOf(login.id);
  const { expiresAt, dataAccessExpiresAt } = login;
  const moments = [
    renewAt(login, minAgeMs),
    ...[expiresAt, dataAccessExpiresAt].flatMap((end) =>
      end === null ? [] : [end - EXPIRING_MS, end + 1_000],
    ),
  ];
  const coming = moments.filter((moment) => moment !== null && moment > now) as number[];
  return Math.max(now + SHORTEST_MS, Math.ceil(Math.min(now + LOOK_EVERY_MS * jitter, ...coming)));
}

export function nextLookAtDead(now: number): number {
  return now + LOOK_AT_DEAD_EVERY_MS;
}

/**
 * When to try again what failed: soon, then more slowly, and often enough that a token with a short life is not missed.
 * @param failures in a row, this one included
 */
export function retryAt(
  { expiresAt }: Pick<Login, 'expiresAt'>,
  failures: number,
  now: number,
): number {
  const backoff = Math.min(HOUR_MS, 5_000 * 2 ** (failures - 1));
  const left = expiresAt === null ? Infinity : expiresAt - now;
  const wait = left > 0 ? Math.min(backoff, Math.max(1_000, left / 4)) : backoff;
  return Math.round(now + wait);
}

/** When to ask again a provider that said no to a renewal: it may have been a setting that somebody mends. */
export function askAgainAt(login: Pick<Login, 'expiresAt'>, now: number): number {
  const left = login.expiresAt === null ? DAY_MS : Math.max(0, login.expiresAt - now);
  return Math.round(now + Math.min(DAY_MS, Math.max(1_000, left / 4)));
}

/** The same number between 0 and 1 for the same id, spread over ids. */
function fractionOf(id: string): number {
  let hash = 2_166_136_261;
  for (const char of id) hash = Math.imul(hash ^ char.charCodeAt(0), 16_777_619);
  return (hash >>> 0) / 2 ** 32;
}
