import { holdContacts, listMarketing } from '../store/statements/marketing';
import type { TenantTx } from '../store/unit';
import type { Cap, CapReached } from './caps';

const DAY_MS = 24 * 3_600_000;

/** A message that was reserved a moment ago in this unit, if the person may have it. */
export interface CappedSend {
  contactId: string;
  /** Its first: that one counts. */
  key: string;
  cap: Cap;
}

/**
 * Counts what the persons have had, each of them held until the unit ends, and lets as many through as they may still have,
 * in the order given.
 * @returns by key: those that are too many
 */
export async function findTooMany(
  tx: TenantTx,
  sends: readonly CappedSend[],
): Promise<Map<string, CapReached>> {
  const tooMany = new Map<string, CapReached>();
  if (sends.length === 0) return tooMany;
  const contactIds = [...new Set(sends.map(({ contactId }) => contactId))];
  await holdContacts(tx, contactIds);
  const longest = Math.max(...sends.map(({ cap }) => cap.days));
  const had = await listMarketing(tx, {
    contactIds,
    since: tx.now - longest * DAY_MS,
    but: sends.map(({ key }) => key),
  });
  for (const { contactId, key, cap } of sends) {
    const since = tx.now - cap.days * DAY_MS;
    const theirs = had.filter((one) => one.contactId === contactId && one.at > since);
    if (theirs.length < cap.count) {
      had.unshift({ contactId, at: tx.now });
      continue;
    }
    // When this one falls out of the days, one less than allowed is left.
    const deciding = theirs[cap.count - 1];
    tooMany.set(key, { cap, freeAt: deciding ? deciding.at + cap.days * DAY_MS : null });
  }
  return tooMany;
}
