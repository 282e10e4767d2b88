import type { ConsentPurpose } from '../store/statements/consents';
import { listRestraints, type Pair } from '../store/statements/recipientLimits';
import { tenantUnit } from '../store/unit';

/** What permits writing to somebody first, and what stands in the way of it. */
export interface Restraints {
  optedOutOf: ConsentPurpose[];
  optedInTo: ConsentPurpose[];
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
      const said = (what: 'in' | 'out') => {
        const purposes = own.flatMap(({ purpose, state }) => (state === what && purpose) || []);
        return [...new Set(purposes)] as ConsentPurpose[];
      };
      return {
        optedOutOf: said('out'),
        optedInTo: said('in'),
        marketingHeldUntil: own.find(({ heldUntil }) => heldUntil !== null)?.heldUntil ?? null,
      };
    });
  },
);
