import {
  countFigures,
  putDownFigures,
  readFigureHours,
  type RolledFigures,
  type RolledHours,
} from '../store/statements/figureHours';
import {
  findCountedHour,
  findLateAmong,
  findRolledFigures,
  holdRolledFigures,
  saveRolledFigures,
  takeLateHours,
} from '../store/statements/figureProgress';
import type { HourSpan } from '../store/statements/hours';
import { tenantUnit } from '../store/unit';

/* What is put down of sends, moments, contacts, steps and ratings, and what is counted where it is not. */

const NORMAL = { durability: 'normal' } as const;

/** So many hours of a tenant in one transaction: whoever writes meanwhile waits for it on SQLite. */
export const HOURS_AT_ONCE = 24;

/** Of the hours of a span: which are put down as they are, and which are to be counted now. */
export const planFigures = tenantUnit(
  __filename,
  'planFigures',
  async (tx, span: HourSpan): Promise<{ rolled: RolledHours; live: HourSpan[] }> => {
    const until = (await findRolledFigures(tx)) ?? span.from;
    const border = Math.min(Math.max(until, span.from), span.to);
    const past = { from: span.from, to: border };
    const without = await findLateAmong(tx, past);
    const live = without.map((hour) => ({ from: hour, to: hour + 1 }));
    for (let from = border; from < span.to; from += HOURS_AT_ONCE) {
      live.push({ from, to: Math.min(from + HOURS_AT_ONCE, span.to) });
    }
    return { rolled: { ...past, without }, live };
  },
  NORMAL,
);

export const readRolledFigures = tenantUnit(
  __filename,
  'readRolledFigures',
  async (tx, hours: RolledHours): Promise<RolledFigures> => readFigureHours(tx, hours),
  NORMAL,
);

export const countLiveFigures = tenantUnit(
  __filename,
  'countLiveFigures',
  async (
    tx,
    { spans, answerUnitMs }: { spans: HourSpan[]; answerUnitMs: number },
  ): Promise<RolledFigures> => countFigures(tx, spans, answerUnitMs),
  NORMAL,
);

/**
 * Puts down the next hours of a tenant, and anew those of which something has changed, with how far it has come and
 * without the marks of the changes: all of that or nothing of it. A change that is not seen yet leaves its mark for the
 * next time.
 * @returns whether there is more to do
 */
export const rollUpFigures = tenantUnit(
  __filename,
  'rollUpFigures',
  async (tx, { untilHour }: { untilHour: number }): Promise<boolean> => {
    const from = await holdRolledFigures(tx);
    const again = await takeLateHours(tx, { before: from, limit: HOURS_AT_ONCE });
    const first = from < untilHour ? await findCountedHour(tx, from) : null;
    const start = Math.min(first ?? untilHour, untilHour);
    const next = { from: start, to: Math.min(start + HOURS_AT_ONCE, untilHour) };
    const until = Math.max(next.to, from);
    const spans = [...(next.from < next.to ? [next] : []), ...again.map(spanOf)];
    await putDownFigures(tx, spans);
    if (until > from) await saveRolledFigures(tx, until);
    return until < untilHour || again.length === HOURS_AT_ONCE;
  },
  NORMAL,
);

function spanOf(hour: number): HourSpan {
  return { from: hour, to: hour + 1 };
}
