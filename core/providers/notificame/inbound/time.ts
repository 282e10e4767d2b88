import { asText } from '../../graph/json';
import { toEpochMs } from '../../meta/inbound/scope';

/** Clocks differ by so much; what is further ahead was read in the wrong zone. */
const AHEAD_MS = 2 * 60_000;
const WALL_CLOCK =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([ap])?\.?m?\.?$/i;

/**
 * A time of the hub: `2026-11-18 07:03:28 pm` without a zone was seen, ISO 8601 is the dialect's. Never later than its
 * receipt, for the reply window starts with it.
 * @param timezone of times without one
 */
export function readTime(value: unknown, receivedAt: number, timezone: string): number {
  const at = toEpochMs(value) ?? ofText(asText(value)?.trim() ?? '', timezone);
  if (at === null || at > receivedAt + AHEAD_MS) return receivedAt;
  return at;
}

function ofText(text: string, timezone: string): number | null {
  const parts = WALL_CLOCK.exec(text);
  if (parts) {
    const [year, month, day, hour, minute, second] = parts
      .slice(1, 7)
      .map((part) => Number(part ?? 0));
    const half = parts[7]?.toLowerCase();
    const ofDay = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === 'p' ? 12 : 0);
    const wall = Date.UTC(
      Number(year),
      Number(month) - 1,
      Number(day),
      ofDay,
      Number(minute),
      Number(second),
    );
    return inZone(wall, timezone);
  }
  const at = /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/i.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? null : at;
}

/** The instant at which clocks of the zone show this. */
function inZone(wall: number, timezone: string): number {
  const guess = wall - offsetAt(wall, timezone);
  // Once more: the offset is that of the instant, not of the number it was guessed from.
  return wall - offsetAt(guess, timezone);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function offsetAt(at: number, timezone: string): number {
  const format = formats.get(timezone) ?? formatOf(timezone);
  formats.set(timezone, format);
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return shown - Math.floor(at / 1000) * 1000;
}

function formatOf(timezone: string): Intl.DateTimeFormat {
  const options = {
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  } as const;
  try {
    return new Intl.DateTimeFormat('en-US', { ...options, timeZone: timezone });
  } catch {
    // A zone that does not exist must not cost a message; the credential's test names it.
    return new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' });
  }
}
