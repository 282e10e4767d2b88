import { countAssigned, countAttempts, listFigureAccounts } from '../store/statements/figures';
import {
  countMessages,
  countTurns,
  findRolledHour,
  readMessageHours,
  sumTurnHours,
  sumTurnsByHour,
  type HourFilter,
  type HourSpan,
  type MessageHour,
  type TurnHour,
} from '../store/statements/hours';
import { tenantUnit } from '../store/unit';

/* A unit for each part: on SQLite whoever writes messages waits for one of them at most. */

const NORMAL = { durability: 'normal' } as const;

export interface Traffic {
  messages: MessageHour[];
  /** Of those that are put down, all hours together; of the rest, each hour. */
  turns: TurnHour[];
  turnsByHour: { hour: number; turns: number; answered: number }[];
}

/** So many hours that are not put down yet are counted in one unit. */
const LIVE_HOURS = 24;

/**
 * Messages and answers of whole hours: what is put down, and beyond that what there is, a day of it at most.
 * @returns also from which hour it goes on; null: that is all
 */
export const readTraffic = tenantUnit(
  __filename,
  'readTraffic',
  async (
    tx,
    { span, filter }: { span: HourSpan; filter: HourFilter },
  ): Promise<Traffic & { next: number | null }> => {
    const rolled = (await findRolledHour(tx)) ?? span.from;
    const border = Math.min(Math.max(rolled, span.from), span.to);
    const past = { from: span.from, to: border };
    const live = { from: border, to: Math.min(border + LIVE_HOURS, span.to) };
    const liveTurns = await countTurns(tx, live, filter);
    return {
      messages: [
        ...(await readMessageHours(tx, past, filter)),
        ...(await countMessages(tx, live, filter)),
      ],
      turns: [...(await sumTurnHours(tx, past, filter)), ...liveTurns],
      turnsByHour: [
        ...(await sumTurnsByHour(tx, past, filter)),
        ...liveTurns.map(({ hour, turns, bucket }) => ({
          hour,
          turns,
          answered: bucket < 0 ? 0 : turns,
        })),
      ],
      next: live.to < span.to ? live.to : null,
    };
  },
  NORMAL,
);

export const readFigureAccounts = tenantUnit(
  __filename,
  'readFigureAccounts',
  async (tx) => listFigureAccounts(tx),
  NORMAL,
);

export const readOtherFigures = tenantUnit(
  __filename,
  'readOtherFigures',
  async (tx, { days }: { days: { from: number; to: number } }) => ({
    assigned: await countAssigned(tx),
    attempts: await countAttempts(tx, days),
  }),
  NORMAL,
);
