import type { LimitWindow } from '../model';
import {
  findLimits,
  holdLimits,
  saveLimitCounters,
  saveLimitSettings,
  type LimitCounters,
  type LimitSettings,
  type LimitsRow,
} from '../store/statements/limits';
import { holdRecipientPaces, saveRecipientPaces } from '../store/statements/recipientLimits';
import { tenantUnit } from '../store/unit';
import { findSlot, LONGEST_PACE_WAIT_MS, takeSlot, type PaceLedger } from './pace';
import {
  ALL_WINDOWS,
  check,
  largestLease,
  look,
  partAt,
  refund,
  roll,
  take,
  type Decision,
  type Ledger,
  type Refund,
  type Take,
  type Windows,
} from './windows';
import type { Uncounted } from './uncounted';

/*
 * `normal` everywhere: what is lost when a machine dies is the count of its last moments, and the windows forget
 * those by themselves. Every unit holds the rows it counts in, so the database decides, not the caller's memory.
 */
const RELAXED = { durability: 'normal' } as const;

export interface AccountWork {
  accountId: string;
  refunds: Refund[];
  takes: Take[];
  /** Take some more ahead, for this process to hand out. */
  wantsLease: boolean;
}

export interface AccountAnswer {
  /** In the order of the takes. */
  decisions: Decision[];
  lease: { count: number; windows: Windows } | null;
  windows: Windows;
  /** Percent of the provider's own limit, where it counts at this moment. */
  usagePercent: number | null;
}

export interface WorkAnswer {
  /** The database's clock, read after the unit had begun. */
  now: number;
  /** In the order of the work. */
  accounts: AccountAnswer[];
}

/** Counts for many callers at once, account by account, each caller all or nothing. */
export const applyWork = tenantUnit(
  __filename,
  'applyWork',
  async (tx, { work }: { work: AccountWork[] }): Promise<WorkAnswer> => {
    const { rows, now } = await holdLimits(
      tx,
      work.map(({ accountId }) => accountId),
    );
    const byId = new Map(rows.map((row) => [row.account_id, row]));
    const paces = await holdRecipientPaces(tx, pairsOf(work));
    const changed: LimitCounters[] = [];
    const accounts = work.map((one) => {
      const row = byId.get(one.accountId);
      if (!row) throw new Error('The limits of an account vanished while they were held.');
      const recipients = new Map(
        paces
          .filter(({ accountId }) => accountId === one.accountId)
          .map(({ contactId, paceNextAt }) => [contactId, paceNextAt]),
      );
      const ledger = { ...toLedger(row), pace: { nextAt: row.pace_next_at, recipients } };
      const answer = applyTo(ledger, one, now);
      for (const pace of paces) {
        if (pace.accountId !== one.accountId) continue;
        pace.paceNextAt = recipients.get(pace.contactId) ?? pace.paceNextAt;
      }
      const counted = answer.decisions.some(({ kind }) => kind === 'allowed');
      if (counted || one.refunds.length > 0) {
        changed.push(toCounters(row.account_id, ledger, ledger.pace.nextAt));
      }
      return answer;
    });
    await saveLimitCounters(tx, changed);
    await saveRecipientPaces(tx, paces);
    return { now, accounts };
  },
  RELAXED,
);

/** Those whose line is asked for, each once. */
function pairsOf(work: AccountWork[]): { accountId: string; contactId: string }[] {
  return work.flatMap(({ accountId, takes }) => {
    const paced = takes.flatMap(({ pace }) => (pace?.recipient ? pace.contactId : []));
    return [...new Set(paced)].map((contactId) => ({ accountId, contactId }));
  });
}

type PacedLedger = Ledger & { pace: PaceLedger };

function applyTo(ledger: PacedLedger, work: AccountWork, now: number): AccountAnswer {
  ledger.counters = roll(ledger.counters, now);
  for (const one of work.refunds) refund(ledger, one);
  const decisions = work.takes.map((one) => takePaced(ledger, one, now));
  const wasAllowed = decisions.some(({ kind }) => kind === 'allowed');
  const lease = work.wantsLease && wasAllowed ? takeLease(ledger, now) : null;
  const { usage } = ledger;
  const usagePercent = usage && usage.until > now ? usage.percent : null;
  return { decisions, lease, windows: look(ledger, now), usagePercent };
}

/** A place in the line and the tokens, or neither. */
function takePaced(ledger: PacedLedger, request: Take, now: number): Decision {
  const { pace, count } = request;
  if (!pace) return take(ledger, request, now);
  const { waitMs, by } = findSlot(ledger.pace, pace, now);
  if (waitMs > LONGEST_PACE_WAIT_MS) {
    const windows = look(ledger, now);
    return { kind: 'refused', windows, retryAfterMs: Math.ceil(waitMs), slowedBy: by };
  }
  const decision = take(ledger, request, now);
  if (decision.kind !== 'allowed') return decision;
  takeSlot(ledger.pace, pace, { count, part: partAt(ledger, now), now });
  return { ...decision, startInMs: Math.ceil(waitMs) };
}

function takeLease(ledger: Ledger, now: number): AccountAnswer['lease'] {
  const count = largestLease(look(ledger, now));
  if (count === 0) return null;
  const decision = take(ledger, { count, windows: ALL_WINDOWS }, now);
  return decision.kind === 'allowed' ? { count, windows: decision.windows } : null;
}

/** What a take would be told, without holding or counting anything. */
export const readLimits = tenantUnit(
  __filename,
  'readLimits',
  async (
    tx,
    { accountId, request }: { accountId: string; request: Take },
  ): Promise<{ decision: Decision; windows: Windows; uncounted: Uncounted }> => {
    const row = await findLimits(tx, accountId);
    const now = await tx.databaseNow();
    const ledger = row ? toLedger(row) : UNUSED;
    const windows = look({ ...ledger, counters: roll(ledger.counters, now) }, now);
    const uncounted = { sends: row?.uncounted_sends ?? 0, lastAt: row?.uncounted_last_at ?? 0 };
    return { decision: check(ledger, request, now), windows, uncounted };
  },
  RELAXED,
);

export type LimitChange =
  /** Absent = as it is, null = back to the default. */
  | { kind: 'limits'; limits: Partial<Record<LimitWindow, number | null>> }
  | { kind: 'reset'; windows: readonly LimitWindow[]; liftPause: boolean }
  /** null = the provider is no longer near its limit. */
  | { kind: 'usage'; percent: number | null; believeForMs: number }
  /** Never shortens a longer pause. */
  | { kind: 'pause'; forMs: number; believeForMs: number }
  /** Exactly until then; null lifts it. */
  | { kind: 'block'; until: number | null }
  /** Sends that went out while nothing could be counted, the last of them at `lastAt`. */
  | { kind: 'uncounted'; sends: number; lastAt: number };

/** Changes what is set for one account. @returns its windows afterwards */
export const changeLimits = tenantUnit(
  __filename,
  'changeLimits',
  async (
    tx,
    args: { accountId: string; change: LimitChange; refunds: Refund[] },
  ): Promise<{ windows: Windows; blockedForMs: number }> => {
    const { rows, now } = await holdLimits(tx, [args.accountId]);
    const [row] = rows;
    if (!row) throw new Error('The limits of an account vanished while they were held.');
    const before = toLedger(row);
    before.counters = roll(before.counters, now);
    for (const one of args.refunds) refund(before, one);
    const settings = settingsOf(args.change, row, now);
    const ledger = { ...toLedger({ ...row, ...settings }), counters: before.counters };
    if (args.change.kind === 'reset') {
      for (const window of args.change.windows)
        ledger.counters[window] = { ...ledger.counters[window], used: 0 };
    }
    await saveLimitCounters(tx, [toCounters(row.account_id, ledger, row.pace_next_at)]);
    await saveLimitSettings(tx, row.account_id, settings);
    return {
      windows: look(ledger, now),
      blockedForMs: Math.max(0, (ledger.blockedUntil ?? 0) - now),
    };
  },
  RELAXED,
);

/** Whoever counts from zero again in all windows has seen what was not counted. */
export function forgetsUncounted(change: LimitChange): boolean {
  return change.kind === 'reset' && change.windows.length === ALL_WINDOWS.length;
}

function settingsOf(change: LimitChange, row: LimitsRow, now: number): LimitSettings {
  switch (change.kind) {
    case 'limits': {
      const { minute, hour, day } = change.limits;
      return {
        ...(minute === undefined ? {} : { per_minute: minute }),
        ...(hour === undefined ? {} : { per_hour: hour }),
        ...(day === undefined ? {} : { per_day: day }),
      };
    }
    case 'reset':
      return {
        ...(change.liftPause && { blocked_until: null, usage_percent: null, usage_until: null }),
        ...(forgetsUncounted(change) && { uncounted_sends: 0, uncounted_last_at: null }),
      };
    case 'usage':
      return {
        usage_percent: change.percent,
        usage_until: change.percent === null ? null : now + change.believeForMs,
      };
    case 'pause': {
      const until = Math.max(row.blocked_until ?? 0, now + change.forMs);
      // What comes after a full stop begins slowly, until the provider says that it may be faster.
      return { blocked_until: until, usage_percent: 100, usage_until: until + change.believeForMs };
    }
    case 'block':
      return { blocked_until: change.until };
    case 'uncounted':
      return {
        uncounted_sends: row.uncounted_sends + change.sends,
        uncounted_last_at: Math.max(row.uncounted_last_at ?? 0, change.lastAt),
      };
  }
}

const UNUSED: Ledger = {
  limits: { minute: null, hour: null, day: null },
  counters: {
    minute: { start: 0, used: 0 },
    hour: { start: 0, used: 0 },
    day: { start: 0, used: 0 },
  },
  usage: null,
  blockedUntil: null,
};

function toLedger(row: LimitsRow): Ledger {
  return {
    limits: { minute: row.per_minute, hour: row.per_hour, day: row.per_day },
    counters: {
      minute: { start: row.minute_start, used: row.minute_used },
      hour: { start: row.hour_start, used: row.hour_used },
      day: { start: row.day_start, used: row.day_used },
    },
    usage:
      row.usage_percent === null || row.usage_until === null
        ? null
        : { percent: row.usage_percent, until: row.usage_until },
    blockedUntil: row.blocked_until,
  };
}

function toCounters(accountId: string, { counters }: Ledger, paceNextAt: number): LimitCounters {
  return {
    account_id: accountId,
    minute_start: counters.minute.start,
    minute_used: counters.minute.used,
    hour_start: counters.hour.start,
    hour_used: counters.hour.used,
    day_start: counters.day.start,
    day_used: counters.day.used,
    pace_next_at: Math.ceil(paceNextAt),
  };
}
