import { firstIdOf, type Clock } from '../model';
import { findLateHours, listCountedTenants, readSeen, saveSeen } from '../store/instance/lateHours';
import { HOUR_MS } from '../store/statements/hours';
import type { Store } from '../store/store';
import { rollUpFigures, type RolledUp } from './figureHours.unit';
import { rollUpAgain, rollUpNext } from './rollUp.unit';

/** A message has its id before its transaction is over: so much before the last look is looked at again. */
const OVERLAP_MS = 10 * 60_000;
const HOURS_AT_ONCE = 24;

/**
 * Puts down the hours that are over, of all tenants, also those without an account, so that statistics of months need not
 * count every message: messages and answers; sends, due moments, new contacts and steps. Each hour is counted anew as a
 * whole, and so is one to which something comes late (an answer, a status, a message that was fetched afterwards): killed
 * at any moment, the next run has the same figures.
 */
export async function rollUp(
  ctx: { store: Store; clock: Clock },
  signal?: AbortSignal,
): Promise<void> {
  const { store, clock } = ctx;
  const thisHour = Math.floor(clock.now() / HOUR_MS);
  let figures: RolledUp = 'all';
  for (const tenantId of await store.run(listCountedTenants, null)) {
    const tenant = store.forTenant(tenantId);
    while (!signal?.aborted && (await tenant.run(rollUpNext, { untilHour: thisHour })));
    // Not the hour that has just ended: its transactions are over by then.
    const untilHour = thisHour - 1;
    // A transaction that stays open is in the way of all tenants: these have their turn the next time.
    if (figures !== 'later') figures = 'some';
    while (!signal?.aborted && figures === 'some') {
      figures = await tenant.run(rollUpFigures, { untilHour });
    }
  }
  if (signal?.aborted) return;
  await countAgain(ctx, thisHour, signal);
}

async function countAgain(
  { store }: { store: Store },
  thisHour: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const seen = await store.run(readSeen, null);
  // The first time everything has just been counted.
  if (seen > 0) {
    const late = await store.run(findLateHours, {
      sinceId: firstIdOf(seen - OVERLAP_MS),
      beforeHour: thisHour,
    });
    for (const [tenantId, hours] of byTenant(late)) {
      for (let at = 0; at < hours.length && !signal?.aborted; at += HOURS_AT_ONCE) {
        const some = hours.slice(at, at + HOURS_AT_ONCE);
        await store.forTenant(tenantId).run(rollUpAgain, { hours: some });
      }
    }
  }
  // Not up to now: what came in this hour is looked at once more when it is over.
  if (!signal?.aborted) await store.run(saveSeen, { at: thisHour * HOUR_MS });
}

function byTenant(late: readonly { tenant_id: string; hour: number }[]): Map<string, number[]> {
  const hours = new Map<string, number[]>();
  for (const { tenant_id: tenantId, hour } of late) {
    hours.set(tenantId, [...(hours.get(tenantId) ?? []), hour]);
  }
  return hours;
}
