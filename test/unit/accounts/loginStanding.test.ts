import {
  askAgainAt,
  nextCheckAt,
  renewAt,
  retryAt,
  standingOf,
} from '../../../core/accounts/loginStanding';

const SECOND = 1_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 22, 13, 30);

const login = (more: Partial<Parameters<typeof standingOf>[0]> = {}) => ({
  id: '01M8C823ZT8FKN62MA94XGXQPA',
  obtainedAt: NOW,
  expiresAt: NOW + 60 * DAY,
  dataAccessExpiresAt: null,
  renewable: true,
  ...more,
});

/** Enough ids to meet every part of the jitter. */
const IDS = Array.from({ length: 500 }, (_, index) => `01M8C823ZT${index}`);

describe('when a login is renewed', () => {
  it.each([90 * SECOND, 3_601_007, 60 * DAY])(
    'is between 75 and 80 %% of a life of %i ms, spread over the logins',
    (life) => {
      const parts = IDS.map((id) => {
        const at = renewAt(login({ id, expiresAt: NOW + life }), 0) ?? 0;
        return (at - NOW) / life;
      });
      expect(Math.min(...parts)).toBeGreaterThanOrEqual(0.7499);
      expect(Math.max(...parts)).toBeLessThanOrEqual(0.8);
      expect(new Set(parts).size).toBeGreaterThan(200);
    },
  );

  it('is not before the provider allows it, unless it never would', () => {
    expect(renewAt(login({ expiresAt: NOW + 26 * HOUR }), DAY)).toBe(NOW + DAY);
    expect(renewAt(login({ expiresAt: NOW + 90 * SECOND }), DAY)).toBeLessThan(NOW + 73 * SECOND);
  });

  it('is never for one that does not end or cannot be renewed', () => {
    expect(renewAt(login({ expiresAt: null }), 0)).toBeNull();
    expect(renewAt(login({ renewable: false }), 0)).toBeNull();
  });
});

describe('when a login is looked at next', () => {
  it('is always later, reaches every moment that matters, and comes no more often than it must', () => {
    for (const id of IDS.slice(0, 40)) {
      for (const life of [90 * SECOND, 777_777, 60 * DAY]) {
        const one = login({ id, expiresAt: NOW + life, dataAccessExpiresAt: NOW + 2 * life });
        const due = renewAt(one, 0) ?? 0;
        let now = NOW;
        let looks = 0;
        while (now < due) {
          const next = nextCheckAt(one, 0, now);
          expect(next).toBeGreaterThan(now);
          expect(next - now).toBeLessThanOrEqual(6 * HOUR);
          now = next;
          looks += 1;
        }
        // The look at which it is due comes within a second of the moment.
        expect(now - due).toBeLessThan(SECOND);
        expect(looks).toBeLessThan(4 + life / (5 * HOUR));
      }
    }
  });

  it('is a few seconds after its end, so that the end is noticed', () => {
    const one = login({ renewable: false, expiresAt: NOW + 2 * HOUR });
    expect(nextCheckAt(one, 0, NOW)).toBe(NOW + 2 * HOUR + SECOND);
  });
});

describe('when something that failed is tried again', () => {
  it('is soon, then more slowly, an hour later at most', () => {
    const waits = [1, 2, 3, 8, 12, 30].map((failures) => retryAt(login(), failures, NOW) - NOW);
    expect(waits).toEqual([5_000, 10_000, 20_000, 640_000, HOUR, HOUR]);
  });

  it('is often enough for a token that ends soon', () => {
    const one = login({ expiresAt: NOW + 40 * SECOND });
    expect(retryAt(one, 10, NOW)).toBe(NOW + 10 * SECOND);
    expect(retryAt(one, 10, NOW + 39 * SECOND)).toBe(NOW + 40 * SECOND);
    expect(askAgainAt(one, NOW)).toBe(NOW + 10 * SECOND);
    expect(askAgainAt(login(), NOW)).toBe(NOW + DAY);
  });
});

describe('how a login stands', () => {
  it('is well until a week before an end', () => {
    expect(standingOf(login({ expiresAt: NOW + 7 * DAY }), NOW)).toEqual({
      status: 'active',
      reason: null,
    });
    expect(standingOf(login({ expiresAt: null }), NOW).status).toBe('active');
  });

  it('says when it ends, and whether anybody must do something', () => {
    const soon = login({ expiresAt: NOW + DAY });
    expect(standingOf(soon, NOW)).toEqual({
      status: 'expiring',
      reason: 'The login ends on 2026-11-23 13:30 UTC. It is renewed before that by itself.',
    });
    expect(standingOf({ ...soon, renewable: false }, NOW).reason).toMatch(/connect again/);
  });

  it('says when the leave to read data ends, or has ended', () => {
    const reason = (at: number) => standingOf(login({ dataAccessExpiresAt: at }), NOW).reason;
    expect(reason(NOW + DAY)).toContain('ends on 2026-11-23 13:30 UTC');
    expect(reason(NOW - DAY)).toContain('ended on 2026-11-21 13:30 UTC');
  });

  it('says why a renewal was refused, long before the end', () => {
    expect(standingOf(login(), NOW, 'It says no.')).toEqual({
      status: 'expiring',
      reason:
        'The login could not be renewed. It says no. It ends on 2027-01-21 13:30 UTC. Connect again before that.',
    });
  });
});
