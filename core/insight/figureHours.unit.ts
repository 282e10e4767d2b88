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
  markHours,
  saveRolledFigures,
  takeLateHours,
} from '../store/statements/figureProgress';
import type { HourSpan } from '../store/statements/hours';
import { awaitWriters } from '../store/statements/openWriters';
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

/** `later`: a transaction that is still open may change what would be counted. */
export type RolledUp = 'all' | 'some' | 'later';

/**
 * Puts down the next hours of a tenant, and anew those of which something has changed, with how far it has come and
 * without the marks of the changes: all of that or nothing of it. Counted is when everybody is over who was writing
 * after the marks were taken; whoever begins later sees what they did, and leaves a mark for the next time.
 * @returns how much of what there is to do is done
 */
export const rollUpFigures = tenantUnit(
  __filename,
  'rollUpFigures',
  async (tx, { untilHour }: { untilHour: number }): Promise<RolledUp> => {
    const from = await holdRolledFigures(tx);
    const again = await takeLateHours(tx, { before: from, limit: HOURS_AT_ONCE });
    const first = from < untilHour ? await findCountedHour(tx, from) : null;
    const start = Math.min(first ?? untilHour, untilHour);
    const next = { from: start, to: Math.min(start + HOURS_AT_ONCE, untilHour) };
    const until = Math.max(next.to, from);
    const spans = [...(next.from < next.to ? [next] : []), ...again.map(spanOf)];
    if (spans.length > 0 && !(await awaitWriters(tx))) {
      await markHours(tx, again);
      return 'later';
    }
    await putDownFigures(tx, spans);
    if (until > from) await saveRolledFigures(tx, until);
    return until < untilHour || again.length === HOURS_AT_ONCE ? 'some' : 'all';
  },
  NORMAL,
);

function spanOf(hour: number): HourSpan {
  return { from: hour, to: hour + 1 };
}
