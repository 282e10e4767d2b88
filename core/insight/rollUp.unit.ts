import {
  findFirstMessageAt,
  findRolledHour,
  holdRolledHour,
  HOUR_MS,
  putDownHours,
  saveRolledHour,
} from '../store/statements/hours';
import { tenantUnit } from '../store/unit';

/** So many hours of a tenant in one transaction: whoever writes messages meanwhile waits for it on SQLite. */
const HOURS_AT_ONCE = 6;

/**
 * Puts down the next hours of a tenant, with how far it has come, together or not at all.
 * @returns whether hours are left
 */
export const rollUpNext = tenantUnit(
  __filename,
  'rollUpNext',
  async (tx, { untilHour }: { untilHour: number }): Promise<boolean> => {
    const first = (await findRolledHour(tx)) === null ? await firstHour(tx) : null;
    const from = await holdRolledHour(tx, first);
    if (from === null || from >= untilHour) return false;
    const to = Math.min(from + HOURS_AT_ONCE, untilHour);
    await putDownHours(tx, { from, to });
    await saveRolledHour(tx, to);
    return to < untilHour;
  },
  { durability: 'normal' },
);

async function firstHour(tx: Parameters<typeof findFirstMessageAt>[0]): Promise<number | null> {
  const at = await findFirstMessageAt(tx);
  return at === null ? null : Math.floor(at / HOUR_MS);
}

/** Counts hours anew to which something came late; those that were never counted have their turn yet. */
export const rollUpAgain = tenantUnit(
  __filename,
  'rollUpAgain',
  async (tx, { hours }: { hours: number[] }): Promise<void> => {
    const rolled = await holdRolledHour(tx, null);
    if (rolled === null) return;
    for (const hour of hours) {
      if (hour < rolled) await putDownHours(tx, { from: hour, to: hour + 1 });
    }
  },
  { durability: 'normal' },
);
