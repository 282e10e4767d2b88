const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Wall clock of a place: which hour of which weekday it is there. */
export interface Wall {
  /** 0 = Sunday. */
  weekday: number;
  hour: number;
  minute: number;
}

export type Zone = (at: number) => Wall;

/**
 * @param name IANA, such as `America/Sao_Paulo`
 * @throws RangeError for a zone that does not exist
 */
export function zoneOf(name: string): Zone {
  const offsetAt = offsets(name);
  return (at) => {
    const local = new Date(at + offsetAt(at));
    return {
      weekday: local.getUTCDay(),
      hour: local.getUTCHours(),
      minute: local.getUTCMinutes(),
    };
  };
}

/** Asking the calendar costs a hundred times an addition; an offset holds for hours, so it is asked once for each. */
function offsets(name: string): (at: number) => number {
  if (name === 'UTC') return () => 0;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const known = new Map<number, number>();
  return (at) => {
    const hour = Math.floor(at / HOUR_MS);
    const found = known.get(hour);
    if (found !== undefined) return found;
    if (known.size > 100 * (DAY_MS / HOUR_MS)) known.clear();
    const parts = format.formatToParts(at);
    const part = (wanted: Intl.DateTimeFormatPartTypes) =>
      Number(parts.find(({ type }) => type === wanted)?.value ?? 0);
    const local = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    );
    const offset = local - Math.floor(at / 1_000) * 1_000;
    known.set(hour, offset);
    return offset;
  };
}
