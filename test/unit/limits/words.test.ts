import { durationOf, rateLimitedError } from '../../../core/limits';
import type { LimitState } from '../../../core/model';

const resetsAt = '2026-01-01T00:01:00.000Z';
const state = (remaining: [number, number, number], retryAfterMs: number): LimitState => ({
  allowed: false,
  connectionId: 'account-1',
  consumed: 0,
  retryAfterMs,
  windows: {
    perMinute: { limit: 60, remaining: remaining[0], resetsAt },
    perHour: { limit: 1_000, remaining: remaining[1], resetsAt },
    perDay: { limit: 10_000, remaining: remaining[2], resetsAt },
  },
});

describe('the refusal in words', () => {
  it('names account, limit, what is left, and the time to wait', () => {
    const error = rateLimitedError(state([0, 400, 9_000], 33_400), 'Clínica Sol');
    expect(error.message).toBe(
      '"Clínica Sol" has used up its limit of 60 messages a minute: none is left, and there is room again in 34 seconds. Nothing was sent.',
    );
    expect(error).toMatchObject({
      reason: 'rate_limited',
      retryable: true,
      retryAfterMs: 33_400,
      remaining: 0,
    });
    expect(error.hint).toMatch(/Rate Limiter/);
  });

  it('names the longest of the windows that are full, and what a larger count still finds', () => {
    const error = rateLimitedError(state([3, 2, 5_000], 1_500_000), 'Loja', 4);
    expect(error.message).toContain('1,000 messages an hour: 2 are left');
    expect(error.message).toContain('in 25 minutes');
    expect(error.remaining).toBe(2);
  });

  it('says that the provider asks for a pause when our own windows have room', () => {
    const error = rateLimitedError(state([60, 1_000, 10_000], 250_000), 'Loja');
    expect(error.message).toMatch(/^"Loja" is paused for another 5 minutes, because its provider/);
  });

  it.each([
    [0, '1 second'],
    [999, '1 second'],
    [1_001, '2 seconds'],
    [119_000, '119 seconds'],
    [120_000, '2 minutes'],
    [3_540_000, '59 minutes'],
    [3_541_000, '1 hour'],
    [3_660_000, '1 hour 1 minute'],
    [7_500_000, '2 hours 5 minutes'],
    [86_400_000, '24 hours'],
  ])('says %d ms as "%s"', (milliseconds, words) => {
    expect(durationOf(milliseconds)).toBe(words);
  });
});
