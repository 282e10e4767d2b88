import { LIMIT_WINDOWS, type LimitWindow } from '../../../core/model';
import {
  largestLease,
  look,
  partFor,
  take,
  WINDOW_MS,
  type Ledger,
  type Take,
} from '../../../core/limits/windows';

/** The same seed gives the same test. */
function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const newLedger = (minute: number, hour: number, day: number): Ledger => ({
  limits: { minute, hour, day },
  counters: {
    minute: { start: 0, used: 0 },
    hour: { start: 0, used: 0 },
    day: { start: 0, used: 0 },
  },
  usage: null,
  blockedUntil: null,
});

/** A limiter that remembers every admission and counts them anew each time: slow, and plain to see. */
class Reference {
  readonly #admitted: { window: Record<LimitWindow, number>; take: Take }[] = [];
  readonly #newest: Record<LimitWindow, number> = { minute: 0, hour: 0, day: 0 };

  constructor(readonly limits: Record<LimitWindow, number>) {}

  take(request: Take, now: number): { allowed: boolean; remaining: Record<LimitWindow, number> } {
    for (const window of LIMIT_WINDOWS) {
      const present = now - (now % WINDOW_MS[window]);
      // A clock that goes back does not open a window that has been left.
      if (present > this.#newest[window]) this.#newest[window] = present;
    }
    const allowed = request.windows.every((window) => this.#left(window) >= request.count);
    if (allowed) this.#admitted.push({ window: { ...this.#newest }, take: request });
    return {
      allowed,
      remaining: {
        minute: this.#left('minute'),
        hour: this.#left('hour'),
        day: this.#left('day'),
      },
    };
  }

  #left(window: LimitWindow): number {
    const counted = this.#admitted.filter(
      (one) => one.window[window] === this.#newest[window] && one.take.windows.includes(window),
    );
    return this.limits[window] - counted.reduce((sum, one) => sum + one.take.count, 0);
  }
}

const CHOICES: LimitWindow[][] = [
  ['minute', 'hour', 'day'],
  ['minute', 'hour', 'day'],
  ['day'],
  ['minute', 'hour'],
];

describe('the windows', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'answer like a limiter that remembers everything, also while the clock jumps (seed %d)',
    (seed) => {
      const random = randomOf(seed);
      const limits = { minute: 5 + random(20), hour: 20 + random(60), day: 60 + random(200) };
      const ledger = newLedger(limits.minute, limits.hour, limits.day);
      const reference = new Reference(limits);
      let now = Date.UTC(2026, 1, 28, 23, 30);
      for (let step = 0; step < 1_500; step += 1) {
        const jump = random(100);
        if (jump < 60) now += random(2_000);
        else if (jump < 90) now += random(90_000);
        else if (jump < 96) now -= random(120_000);
        else if (jump < 99) now += random(3 * WINDOW_MS.hour);
        else now -= random(2 * WINDOW_MS.hour);
        const windows = CHOICES[random(CHOICES.length)] ?? LIMIT_WINDOWS;
        const request = { count: 1 + random(5), windows };
        const decision = take(ledger, request, now);
        const expected = reference.take(request, now);
        expect([step, decision.kind]).toEqual([step, expected.allowed ? 'allowed' : 'refused']);
        const { minute, hour, day } = look(ledger, now);
        expect([step, minute.remaining, hour.remaining, day.remaining]).toEqual([
          step,
          expected.remaining.minute,
          expected.remaining.hour,
          expected.remaining.day,
        ]);
      }
    },
  );

  it('say exactly when a refused call will be let through', () => {
    const random = randomOf(99);
    let refusals = 0;
    for (let round = 0; round < 300; round += 1) {
      const ledger = newLedger(3 + random(5), 5 + random(8), 9 + random(9));
      const now = Date.UTC(2026, 5, 1, random(24), random(60), random(60), random(1_000));
      const request = { count: 1 + random(3), windows: LIMIT_WINDOWS };
      for (;;) {
        const decision = take(ledger, request, now);
        if (decision.kind === 'allowed') continue;
        if (decision.kind === 'tooMany') throw new Error('The count fits.');
        refusals += 1;
        const at = now + decision.retryAfterMs;
        expect(take(structuredClone(ledger), request, at - 1).kind).toBe('refused');
        expect(take(structuredClone(ledger), request, at).kind).toBe('allowed');
        break;
      }
    }
    expect(refusals).toBe(300);
  });

  it('change nothing when they refuse', () => {
    const ledger = newLedger(10, 10, 10);
    const now = Date.UTC(2026, 0, 1);
    take(ledger, { count: 8, windows: LIMIT_WINDOWS }, now);
    const before = structuredClone(ledger.counters);
    expect(take(ledger, { count: 3, windows: LIMIT_WINDOWS }, now).kind).toBe('refused');
    expect(take(ledger, { count: 11, windows: LIMIT_WINDOWS }, now)).toEqual({
      kind: 'tooMany',
      window: 'minute',
      limit: 10,
    });
    expect(ledger.counters).toEqual(before);
  });

  it.each([
    [0, 1],
    [75, 1],
    [80, 0.8125],
    [85, 0.625],
    [90, 0.4375],
    [95, 0.25],
    [100, 0.25],
  ])("are worth, at %d %% of the provider's limit, %d of themselves", (percent, part) => {
    expect(partFor(percent)).toBeCloseTo(part, 10);
  });

  it('give at most a tenth away ahead, half of what is left at the end, and no single token', () => {
    const now = Date.UTC(2026, 0, 1);
    const lease = (minute: number, used: number) => {
      const ledger = newLedger(minute, 10_000, 100_000);
      if (used > 0) take(ledger, { count: used, windows: LIMIT_WINDOWS }, now);
      return largestLease(look({ ...ledger }, now));
    };
    expect([lease(100, 1), lease(100, 90), lease(100, 97), lease(100, 100), lease(19, 1)]).toEqual([
      10, 5, 0, 0, 0,
    ]);
  });
});
