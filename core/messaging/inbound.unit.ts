import type { EventItem } from '../model';
import { touchAccountReceived } from '../store/statements/accounts';
import { countUnknownCalls } from '../store/statements/doors';
import { forgetOldRefusals } from '../store/statements/refusedCalls';
import { tenantUnit } from '../store/unit';
import { findAccounts } from './inbound/arrivals';
import { recordArrivals } from './inbound/record';
import type { PreparedEvent } from './inbound/scope';

export interface RecordInboundArgs {
  doorId: string;
  events: PreparedEvent[];
  /** By account id: the app that speaks for it. */
  ownAppIds: Record<string, string>;
}

export interface RecordedInbound {
  /** Events stored by this call. */
  stored: number;
  /** Events stored before, or more than once in this call. */
  duplicates: number;
  /** External ids of accounts that this tenant does not have, or has disconnected. */
  unknownAccounts: string[];
  /** Everything appended to the log, in order. */
  items: EventItem[];
}

/**
 * Stores a webhook call as one: all of its events or none, so that a call that is answered 200 has lost nothing and
 * one that is answered 500 has left nothing. Locks are taken in one order by everybody: keys, people, accounts.
 */
export const recordInboundCall = tenantUnit(
  __filename,
  'recordInboundCall',
  async (tx, args: RecordInboundArgs): Promise<RecordedInbound> => {
    const { arrivals, unknown } = await findAccounts(tx, args.events);
    const { stored, items } = await recordArrivals(tx, arrivals, args.ownAppIds);
    const last = unknown.at(-1);
    if (last !== undefined) await countUnknownCalls(tx, args.doorId, unknown.length, last);
    const reached = new Map(arrivals.map(({ account }) => [account.id, account]));
    for (const [id, account] of [...reached].sort(([a], [b]) => (a < b ? -1 : 1))) {
      await touchAccountReceived(tx, id);
      await forgetOldRefusals(tx, account);
    }
    return {
      stored: stored.length,
      duplicates: arrivals.length - stored.length,
      unknownAccounts: [...new Set(unknown)],
      items,
    };
  },
);
