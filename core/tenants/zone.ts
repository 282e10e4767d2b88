/** Clocks change on a quarter of an hour, and not always on a whole one: Lord Howe's at half past. */
const STEP_MS = 15 * 60_000;
const MOST_KNOWN = 5_000;
/** As many as there are, and people write some of them in other cases. */
const MOST_ZONES = 1_000;

type Offsets = (at: number) => number;

const offsetsByName = new Map<string, Offsets>();

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
  const offsetAt = offsetsOf(name);
  return (at) => {
    const local = new Date(at + offsetAt(at));
    return {
      weekday: local.getUTCDay(),
      hour: local.getUTCHours(),
      minute: local.getUTCMinutes(),
    };
  };
}

/**
 * How far the wall clock is ahead of UTC at an instant, in milliseconds. Asking the calendar costs a hundred times an
 * addition, so it is asked once for each quarter of an hour.
 * @param name IANA
 * @throws RangeError for a zone that does not exist
 */
export function offsetsOf(name: string): Offsets {
  const present = offsetsByName.get(name);
  if (present) return present;
  const made = createOffsets(name);
  if (offsetsByName.size >= MOST_ZONES) offsetsByName.clear();
  offsetsByName.set(name, made);
  return made;
}

function createOffsets(name: string): Offsets {
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
    const step = Math.floor(at / STEP_MS);
    const found = known.get(step);
    if (found !== undefined) return found;
    if (known.size > MOST_KNOWN) known.clear();
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
    known.set(step, offset);
    return offset;
  };
}
