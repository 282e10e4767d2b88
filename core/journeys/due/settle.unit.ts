import { renewJourneyLeases, updateOwnClaim } from '../../store/statements/journeys';
import { tenantUnit } from '../../store/unit';
import type { ClaimedJourney } from './claim.unit';
import { ended, park } from './park';

export interface SettleJourneyArgs {
  triggerId: string;
  name: string;
  owner: string;
  key: string;
  attempt: number;
  /** null: the run was handled. */
  failure: { reason: string; retryInMs: number; maxAttempts: number } | null;
}

/** Writes down how a run ended. @returns whether it was still this owner's */
export const settleJourney = tenantUnit(
  __filename,
  'settleJourney',
  async (tx, args: SettleJourneyArgs): Promise<boolean> => {
    const { failure } = args;
    if (!failure) return updateOwnClaim(tx, args, ended('done', null));
    const { reason, retryInMs, maxAttempts } = failure;
    if (args.attempt < maxAttempts) {
      const lease_until = (await tx.databaseNow()) + retryInMs;
      return updateOwnClaim(tx, args, { owner: null, lease_until, reason });
    }
    const isOurs = await updateOwnClaim(tx, args, { reason });
    if (isOurs) await park(tx, args, { journey_key: args.key, attempt: args.attempt }, reason);
    return isOurs;
  },
);

/** Claimed and then not emitted, because the trigger was stopped in between: as if this attempt had not been. */
export const returnJourneys = tenantUnit(
  __filename,
  'returnJourneys',
  async (
    tx,
    args: {
      triggerId: string;
      owner: string;
      claims: Array<Pick<ClaimedJourney, 'key' | 'attempt'>>;
    },
  ): Promise<void> => {
    const lease_until = await tx.databaseNow();
    for (const { key, attempt } of args.claims) {
      const claim = { triggerId: args.triggerId, owner: args.owner, key, attempt };
      await updateOwnClaim(tx, claim, { owner: null, lease_until, attempt: attempt - 1 });
    }
  },
);

/** Holds the leases of what runs. */
export const renewJourneys = tenantUnit(
  __filename,
  'renewJourneys',
  async (
    tx,
    { leaseMs, ...args }: { triggerId: string; owner: string; keys: string[]; leaseMs: number },
  ): Promise<void> =>
    await renewJourneyLeases(tx, { ...args, until: (await tx.databaseNow()) + leaseMs }),
  { durability: 'normal' },
);
