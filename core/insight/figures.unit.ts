import { countAssigned, countAttempts, listFigureAccounts } from '../store/statements/figures';
import {
  countMessages,
  countTurns,
  findRolledHour,
  sumMessageHours,
  sumMessagesByHour,
  sumTurnHours,
  sumTurnsByHour,
  type HourFilter,
  type HourSpan,
  type MessageHour,
  type MessagesOfHour,
  type TurnHour,
} from '../store/statements/hours';
import { tenantUnit } from '../store/unit';

/*
 * A unit for each part: on SQLite whoever writes messages waits for one of them at most. Its statements are started
 * together: they go to PostgreSQL in one go.
 */

const NORMAL = { durability: 'normal' } as const;

export interface Traffic {
  /** Of hours that are put down, all of them together; of the rest, each hour. So are turns. */
  messages: MessageHour[];
  messagesByHour: MessagesOfHour[];
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
    const [messages, messagesByHour, turns, turnsByHour, liveMessages, liveTurns] =
      await Promise.all([
        sumMessageHours(tx, past, filter),
        sumMessagesByHour(tx, past, filter),
        sumTurnHours(tx, past, filter),
        sumTurnsByHour(tx, past, filter),
        countMessages(tx, live, filter),
        countTurns(tx, live, filter),
      ]);
    return {
      messages: [...messages, ...liveMessages],
      messagesByHour: [...messagesByHour, ...liveMessages],
      turns: [...turns, ...liveTurns],
      turnsByHour: [...turnsByHour, ...liveTurns.map(turnsOfHour)],
      next: live.to < span.to ? live.to : null,
    };
  },
  NORMAL,
);

function turnsOfHour({ hour, turns, bucket }: TurnHour) {
  return { hour, turns, answered: bucket < 0 ? 0 : turns };
}

export const readOtherFigures = tenantUnit(
  __filename,
  'readOtherFigures',
  async (tx, { days }: { days: { from: number; to: number } }) => {
    const [accounts, assigned, attempts] = await Promise.all([
      listFigureAccounts(tx),
      countAssigned(tx),
      countAttempts(tx, days),
    ]);
    return { accounts, assigned, attempts };
  },
  NORMAL,
);
