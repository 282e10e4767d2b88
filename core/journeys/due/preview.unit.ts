import { changeOfJourney, type JourneyChange } from '../../messaging/journey/change';
import type { TenantSettings } from '../../tenants';
import { tenantUnit, type TenantTx } from '../../store/unit';
import { candidatesBetween, type Candidate } from './candidates';
import { showJourney } from './item';
import { withContact } from './meet';
import type { JourneyItem, JourneyWatch } from './types';
import type { Reckoning } from './when';

const DAY_MS = 24 * 3_600_000;
/** Looked through in turn: what comes soon or was a moment ago is found at once. */
const SPANS_DAYS = [2, 31, 366];

/** What a trigger would emit next, or would have emitted last; nothing is claimed. @returns null: nothing matches */
export const previewJourney = tenantUnit(
  __filename,
  'previewJourney',
  async (
    tx,
    {
      watch,
      settings,
    }: {
      watch: JourneyWatch;
      settings: Pick<TenantSettings, 'quietHours' | 'timeZone' | 'custom'>;
    },
  ): Promise<JourneyItem | null> => {
    const reckoning = { watch, settings, since: -Infinity };
    for (const days of SPANS_DAYS) {
      const found =
        (await nearest(tx, reckoning, tx.now, tx.now + days * DAY_MS)) ??
        (await nearest(tx, reckoning, tx.now - days * DAY_MS, tx.now));
      if (!found) continue;
      const shown = await showJourney(tx, watch.kind, await withContact(tx, found), false);
      if ('item' in shown) return shown.item;
    }
    return null;
  },
);

/** The one next to now. */
async function nearest(
  tx: TenantTx,
  reckoning: Reckoning,
  from: number,
  to: number,
): Promise<Candidate | null> {
  let best: Candidate | null = null;
  const distance = ({ dueAt }: Candidate) => Math.abs(dueAt - tx.now);
  for await (const page of candidatesBetween(tx, reckoning, from, to)) {
    for (const one of page) {
      if (one.dueAt < from || one.dueAt > to) continue;
      if (!best || distance(one) < distance(best)) best = one;
    }
  }
  return best;
}

/** Whether what a key stands for still holds. */
export const readJourneyChange = tenantUnit(
  __filename,
  'readJourneyChange',
  async (tx, { key }: { key: string }): Promise<JourneyChange | null> =>
    await changeOfJourney(tx, key),
);
