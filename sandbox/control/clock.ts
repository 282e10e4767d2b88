import { instantOf, isoIn } from '../google/times.ts';
import { ControlError } from '../http.ts';
import { onlyFields, optionalBoolean, optionalNumber, optionalText } from './read.ts';
import type { Context } from '../context.ts';

/** Where the clinic is: what `nextDayAt` means by a day and its hours. */
const CLINIC_ZONE = 'America/Sao_Paulo';
const DAY_MS = 86_400_000;

/**
 * `POST /_sandbox/clock` moves the sandbox's clock: `{ advanceMs }` by so much, `{ to }` to an instant, `{ nextDayAt: "09:00" }`
 * to that time of the clinic's next day; `{ reset: true }` brings real time back.
 */
export function moveClock(context: Context, body: Record<string, unknown>): { now: number } {
  onlyFields(body, ['advanceMs', 'to', 'nextDayAt', 'reset']);
  const { state } = context.store;
  const advanceMs = optionalNumber(body, 'advanceMs') ?? 0;
  const instant = readInstant(body) ?? readNextDay(context, body);
  if (optionalBoolean(body, 'reset') === true) state.clockOffsetMs = 0;
  if (instant !== undefined) state.clockOffsetMs += instant - context.store.now();
  state.clockOffsetMs += advanceMs;
  context.store.changed();
  context.clockMoved(state.clockOffsetMs);
  context.agenda.wake();
  context.phones.clockMoved(state.clockOffsetMs);
  return { now: context.store.now() };
}

function readInstant(body: Record<string, unknown>): number | undefined {
  const to = optionalText(body, 'to');
  if (to === undefined) return undefined;
  const instant = Date.parse(to);
  const saysWhere = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(to);
  if (Number.isNaN(instant) || !saysWhere) {
    throw new ControlError('Field to must be like 2026-12-24T09:00:00-03:00.');
  }
  return instant;
}

function readNextDay(context: Context, body: Record<string, unknown>): number | undefined {
  const time = optionalText(body, 'nextDayAt');
  if (time === undefined) return undefined;
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) {
    throw new ControlError('Field nextDayAt must be a time of day like 09:00.');
  }
  const [today = ''] = isoIn(context.store.now(), CLINIC_ZONE).split('T');
  const tomorrow = new Date(Date.parse(today) + DAY_MS).toISOString().slice(0, 10);
  return instantOf(`${tomorrow}T${time}`, CLINIC_ZONE);
}
