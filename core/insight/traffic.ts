import type { FigureAccount } from '../store/statements/figures';
import { HOUR_MS, type MessagesOfHour } from '../store/statements/hours';
import { answerFigures, rate, sum, type AnswerFigures } from './answers';
import type { Traffic } from './figures.unit';
import { daysOf, placeOf, type Span } from './period';

export interface MessageFigures {
  received: number;
  sent: number;
  sentByAutomation: number;
  sentByPerson: number;
  failed: number;
}

export interface TrafficFigures {
  messages: MessageFigures;
  answers: AnswerFigures & { byAutomation: Answered; byPerson: Answered };
  byChannel: ({ channel: string } & MessageFigures & AnswerFigures)[];
  byAccount: ({ connection: { id: string; name: string }; channel: string } & MessageFigures &
    AnswerFigures)[];
  byDay: ({ date: string } & MessageFigures & DayAnswers)[];
  /** By the wall clock, all days together. */
  byHour: { hour: number; received: number; sent: number }[];
  /** The hours of the week in which most was received, the busiest first. */
  busiestHours: { weekday: number; hour: number; received: number }[];
  attendants: Attendant[];
}

type Answered = Pick<AnswerFigures, 'answered' | 'firstAnswerSeconds'>;
type DayAnswers = Pick<AnswerFigures, 'turns' | 'answered' | 'answerRate'>;

export interface Attendant extends AnswerFigures {
  name: string;
  /** Conversations that they look after now. */
  openConversations: number;
  received: number;
  /** Written by a person in their conversations. */
  sent: number;
}

const BUSIEST = 5;

export function trafficFigures(
  traffic: Traffic,
  accounts: readonly FigureAccount[],
  { span, zone }: { span: Span; zone: string },
): Omit<TrafficFigures, 'attendants'> {
  const channelOf = new Map(accounts.map(({ id, channel }) => [id, channel]));
  const channels = [...new Set(accounts.map(({ channel }) => channel))].sort();
  const { messages, turns } = traffic;
  const places = new Map<number, ReturnType<typeof placeOf>>();
  const place = (hour: number) => {
    const known = places.get(hour) ?? placeOf(hour, zone);
    places.set(hour, known);
    return known;
  };
  const of = (is: (accountId: string) => boolean) => ({
    ...messageFigures(messages.filter((row) => is(row.account_id))),
    ...answerFigures(turns.filter((row) => is(row.account_id))),
  });
  const { answered: byAutomation, firstAnswerSeconds: automatic } = answerFigures(
    turns.filter((row) => row.answered_by === 'automation'),
  );
  const { answered: byPerson, firstAnswerSeconds: personal } = answerFigures(
    turns.filter((row) => row.answered_by === 'person'),
  );
  return {
    messages: messageFigures(messages),
    answers: {
      ...answerFigures(turns),
      byAutomation: { answered: byAutomation, firstAnswerSeconds: automatic },
      byPerson: { answered: byPerson, firstAnswerSeconds: personal },
    },
    byChannel: channels.map((channel) => ({
      channel,
      ...of((id) => channelOf.get(id) === channel),
    })),
    byAccount: accounts.map(({ id, name, channel }) => ({
      connection: { id, name },
      channel,
      ...of((accountId) => accountId === id),
    })),
    byDay: byDay(traffic, daysOf(span, zone), (hour) => place(hour).date),
    ...byHour(traffic.messagesByHour, place),
  };
}

function messageFigures(rows: readonly MessagesOfHour[]): MessageFigures {
  const sentByAutomation = sum(rows.map((row) => row.by_automation));
  const sentByPerson = sum(rows.map((row) => row.by_person));
  return {
    received: sum(rows.map((row) => row.received)),
    sent: sentByAutomation + sentByPerson,
    sentByAutomation,
    sentByPerson,
    failed: sum(rows.map((row) => row.failed)),
  };
}

function byDay(
  { messagesByHour, turnsByHour }: Traffic,
  days: readonly string[],
  dateOf: (hour: number) => string,
): TrafficFigures['byDay'] {
  const rows = grouped(messagesByHour, ({ hour }) => dateOf(hour));
  const turns = grouped(turnsByHour, ({ hour }) => dateOf(hour));
  return days.map((date) => {
    const began = sum((turns.get(date) ?? []).map((row) => row.turns));
    const answered = sum((turns.get(date) ?? []).map((row) => row.answered));
    return {
      date,
      ...messageFigures(rows.get(date) ?? []),
      turns: began,
      answered,
      answerRate: rate(answered, began),
    };
  });
}

function byHour(
  messages: readonly MessagesOfHour[],
  place: (hour: number) => { weekday: number; hour: number },
): Pick<TrafficFigures, 'byHour' | 'busiestHours'> {
  const clock = grouped(messages, (row) => place(row.hour).hour);
  const week = grouped(messages, (row) => {
    const { weekday, hour } = place(row.hour);
    return weekday * 24 + hour;
  });
  const busiest = [...week]
    .map(([at, rows]) => ({
      weekday: Math.floor(at / 24),
      hour: at % 24,
      received: sum(rows.map((row) => row.received)),
    }))
    .filter(({ received }) => received > 0)
    .sort((a, b) => b.received - a.received || a.weekday - b.weekday || a.hour - b.hour);
  return {
    byHour: Array.from({ length: 24 }, (_, hour) => {
      const { received, sent } = messageFigures(clock.get(hour) ?? []);
      return { hour, received, sent };
    }),
    busiestHours: busiest.slice(0, BUSIEST),
  };
}

/** Those who look after conversations, the busiest first. */
export function attendantFigures(
  { messages, turns }: Pick<Traffic, 'messages' | 'turns'>,
  assigned: readonly { assignee: string; account_id: string; conversations: number }[],
): Attendant[] {
  const names = new Set([
    ...messages.map(({ attendant }) => attendant),
    ...turns.map(({ attendant }) => attendant),
    ...assigned.map(({ assignee }) => assignee),
  ]);
  names.delete('');
  return [...names]
    .map((name) => {
      const { received, sentByPerson } = messageFigures(
        messages.filter(({ attendant }) => attendant === name),
      );
      const own = assigned.filter(({ assignee }) => assignee === name);
      return {
        name,
        openConversations: sum(own.map(({ conversations }) => conversations)),
        received,
        sent: sentByPerson,
        ...answerFigures(turns.filter(({ attendant }) => attendant === name)),
      };
    })
    .sort((a, b) => b.sent - a.sent || a.name.localeCompare(b.name));
}

function grouped<T, K>(rows: readonly T[], key: (row: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}

/** Whole hours of a span. */
export function hoursOf({ from, to }: Span): { from: number; to: number } {
  return { from: Math.floor(from / HOUR_MS), to: Math.ceil(to / HOUR_MS) };
}
