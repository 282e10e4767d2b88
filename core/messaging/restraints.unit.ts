import type { ConsentPurpose } from '../store/statements/consents';
import { listRestraints, type Pair } from '../store/statements/recipientLimits';
import { tenantUnit } from '../store/unit';

/** What stands in the way of writing to somebody first. */
export interface Restraints {
  optedOutOf: ConsentPurpose[];
  /** Epoch ms; the provider lets no marketing through to them until then. */
  marketingHeldUntil: number | null;
}

/** @returns in the order of the pairs */
export const readRestraints = tenantUnit(
  __filename,
  'readRestraints',
  async (tx, { pairs }: { pairs: Pair[] }): Promise<Restraints[]> => {
    const rows = await listRestraints(tx, pairs);
    return pairs.map(({ accountId, contactId }) => {
      const own = rows.filter((row) => row.contactId === contactId && row.accountId === accountId);
      const purposes = own.flatMap(({ purpose }) => purpose ?? []);
      return {
        optedOutOf: [...new Set(purposes)] as ConsentPurpose[],
        marketingHeldUntil: own.find(({ heldUntil }) => heldUntil !== null)?.heldUntil ?? null,
      };
    });
  },
);
