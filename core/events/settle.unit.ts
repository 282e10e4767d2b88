import {
  listFencedClaims,
  markDone,
  releaseClaims,
  renewClaims,
  type ClaimFence,
} from '../store/statements/claims';
import { tenantUnit, type TenantTx } from '../store/unit';
import { parkDeliveries } from './park';

/** Some claims of one owner, of one or more runs; they may be of different attempts. */
export interface ClaimsRef {
  consumerId: string;
  owner: string;
  claims: ClaimRef[];
}

export interface ClaimRef {
  eventId: string;
  attempt: number;
}

/** How many claims were still the owner's and are settled; the others were lost to another owner, whose word counts. */
export interface Settled {
  settled: number;
}

/** One fence for each attempt among the claims. */
function fences(ref: ClaimsRef): ClaimFence[] {
  const eventIdsByAttempt = new Map<number, string[]>();
  for (const { attempt, eventId } of ref.claims) {
    const eventIds = eventIdsByAttempt.get(attempt);
    if (eventIds) eventIds.push(eventId);
    else eventIdsByAttempt.set(attempt, [eventId]);
  }
  const { consumerId, owner } = ref;
  return [...eventIdsByAttempt].map(([attempt, eventIds]) => ({
    consumerId,
    owner,
    attempt,
    eventIds,
  }));
}

async function sum(
  ref: ClaimsRef,
  settle: (fence: ClaimFence) => Promise<number>,
): Promise<Settled> {
  let settled = 0;
  for (const fence of fences(ref)) settled += await settle(fence);
  return { settled };
}

/** The runs were handled: success, error, waiting or stopped by a person. For use inside a unit. */
export async function settleClaims(tx: TenantTx, ref: ClaimsRef): Promise<Settled> {
  return await sum(ref, (fence) => markDone(tx, fence));
}

/** Writes down that runs were handled, where no claim carries that along (see claim.unit.ts). */
export const settleDeliveries = tenantUnit(__filename, 'settleDeliveries', settleClaims);

export interface RetryArgs extends ClaimsRef {
  consumerName: string;
  maxAttempts: number;
  /** Milliseconds before the 2nd, 3rd, … attempt; the last one repeats. */
  retryDelaysMs: number[];
  reason: string;
}

/** The run was not handled: another attempt after a small, growing delay, or parked after the last one. */
export const retryDeliveries = tenantUnit(
  __filename,
  'retryDeliveries',
  async (tx, args: RetryArgs): Promise<Settled> =>
    await sum(args, (fence) =>
      fence.attempt >= args.maxAttempts ? park(tx, fence, args) : release(tx, fence, args),
    ),
);

async function park(tx: TenantTx, fence: ClaimFence, args: RetryArgs): Promise<number> {
  const deliveries = await listFencedClaims(tx, fence);
  await parkDeliveries(tx, deliveries, args);
  return deliveries.length;
}

async function release(tx: TenantTx, fence: ClaimFence, args: RetryArgs): Promise<number> {
  const delay = args.retryDelaysMs[fence.attempt - 1] ?? args.retryDelaysMs.at(-1) ?? 0;
  return await releaseClaims(tx, fence, {
    dueAt: (await tx.databaseNow()) + delay,
    attempt: fence.attempt,
    error: args.reason,
  });
}

/** Claimed and then not emitted, because the consumer was stopped in between: as if this attempt had not been. */
export const returnDeliveries = tenantUnit(
  __filename,
  'returnDeliveries',
  async (tx, ref: ClaimsRef): Promise<Settled> => {
    const dueAt = await tx.databaseNow();
    return await sum(ref, (fence) =>
      releaseClaims(tx, fence, { dueAt, attempt: fence.attempt - 1, error: null }),
    );
  },
);

/**
 * Holds the leases of running executions.
 * @returns the events that are still this owner's
 */
export const renewDeliveries = tenantUnit(
  __filename,
  'renewDeliveries',
  async (
    tx,
    args: { consumerId: string; owner: string; eventIds: string[]; leaseMs: number },
  ): Promise<string[]> =>
    await renewClaims(tx, { ...args, leaseUntil: (await tx.databaseNow()) + args.leaseMs }),
  { durability: 'normal' },
);
