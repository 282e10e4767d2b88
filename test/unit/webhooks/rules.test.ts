import type { HealthColumns } from '../../../core/store/instance/webhookSettle';
import { bucketOf, percentile } from '../../../core/webhooks/histogram';
import { gapsBetween, remainingGaps } from '../../../core/webhooks/gaps';
import { nextHealth, roomOf, type Sign } from '../../../core/webhooks/health';
import { checkChanges, checkNewSubscription } from '../../../core/webhooks/input';
import { verdictOfAnswer } from '../../../core/webhooks/outcome';
import { readRetryAfter, readRetrySchedule, retryWaitMs } from '../../../core/webhooks/schedule';
import { DEFAULT_WEBHOOK_TUNING } from '../../../core/webhooks/tuning';

const NOW = Date.parse('2026-01-31T12:00:00Z');
const CAP = 3_600_000;

describe('Retry-After', () => {
  const inSeconds = (seconds: number) => new Date(NOW + seconds * 1_000).toUTCString();

  it.each<[string, string, number | null]>([
    ['seconds', '120', 120_000],
    ['zero', '0', 0],
    ['an HTTP date', inSeconds(90), 90_000],
    ['ten years in seconds', '315360000', CAP],
    ['ten years as a date', inSeconds(315_360_000), CAP],
    ['digits without end', '9'.repeat(400), CAP],
    ['a date that has passed', inSeconds(-90), null],
    ['a negative number', '-5', null],
    ['a fraction', '1.5', null],
    ['a word', 'soon', null],
    ['nothing', '', null],
  ])('of %s is understood', (_what, value, expected) => {
    expect(readRetryAfter({ 'retry-after': value }, NOW, CAP)).toBe(expected);
  });

  it('as a date is counted by the clock of the receiver where it tells its own', () => {
    const headers = { 'retry-after': inSeconds(600 + 30), date: inSeconds(600) };
    expect(readRetryAfter(headers, NOW, CAP)).toBe(30_000);
  });
});

describe('the retry schedule', () => {
  it('adds up to a fifth and never comes early', () => {
    expect(retryWaitMs(5, 0)).toBe(5_000);
    expect(retryWaitMs(5, 1)).toBe(6_000);
  });

  it('has presets and takes seconds', () => {
    expect(readRetrySchedule('default')).toEqual([1, 5, 15]);
    expect(readRetrySchedule('none')).toEqual([]);
    expect(readRetrySchedule('standard')).toHaveLength(9);
    expect(readRetrySchedule([0.5, 60])).toEqual([0.5, 60]);
  });

  it.each([[[-1]], [[Number.NaN]], [[1e9]], [Array(21).fill(1)]])('refuses %j', (schedule) => {
    expect(() => readRetrySchedule(schedule)).toThrow('Retry Schedule');
  });
});

describe('a subscription', () => {
  const valid = { name: 'CRM', url: 'https://crm.example.com/h', events: ['*'] };

  it.each<[string, Record<string, unknown>, string]>([
    ['another protocol', { url: 'ftp://crm.example.com' }, 'URL'],
    ['no address', { url: 'crm' }, 'URL'],
    ['a fragment', { url: 'https://crm.example.com/#a' }, 'URL'],
    ['a password', { url: 'https://a:b@crm.example.com/' }, 'URL'],
    [
      'an address of 2,049 characters',
      { url: `https://crm.example.com/${'a'.repeat(2_025)}` },
      'URL',
    ],
    ['no events', { events: [] }, 'Events'],
    ['a Unicode event', { events: ['pedido.concluído'] }, 'Events'],
    ['an event without a dot', { events: ['order'] }, 'Events'],
    ['a misspelt event', { events: ['message.recieved'] }, 'Events'],
    ['a reserved header', { headers: { 'Webhook-ID': 'x' } }, 'Headers'],
    ['another reserved header', { headers: { 'user-agent': 'x' } }, 'Headers'],
    ['a header with a line break', { headers: { 'X-A': 'a\r\nX-B: b' } }, 'Headers'],
    ['a header name with a colon', { headers: { 'X-A:b': 'a' } }, 'Headers'],
    ['a user agent with a line break', { userAgent: 'a\nb' }, 'User Agent'],
    ['a status that is none', { nonRetryableStatuses: [200] }, 'Non-Retryable Statuses'],
    ['no concurrency', { maxConcurrent: 0 }, 'Max Concurrent'],
    ['an unknown channel', { channels: ['fax'] }, 'Channels'],
  ])('with %s is refused', (_what, fields, field) => {
    expect(() => checkNewSubscription({ ...valid, ...fields })).toThrow(
      expect.objectContaining({ field }),
    );
  });

  it('takes own dotted names, and * with the events about webhooks beside it', () => {
    expect(checkNewSubscription({ ...valid, events: ['order.paid'] }).events).toEqual([
      'order.paid',
    ]);
    expect(
      checkNewSubscription({ ...valid, events: ['deal.moved', 'webhook.failed', '*'] }).events,
    ).toEqual(['*', 'webhook.failed']);
  });

  it('says which value is meant, but never the value of a header', () => {
    expect(() => checkChanges({ headers: { 'x-key': 'geheim\0' } })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('geheim') }),
    );
  });
});

describe('the circuit of an address', () => {
  const healthy: HealthColumns = {
    active: 1,
    disabled_reason: null,
    disabled_at: null,
    enabled_at: null,
    failures: 0,
    failing_since: null,
    blocked_until: 0,
    circuit_opens: 0,
    ramp: 0,
  };
  const plain = { probe: false, throttleMs: null, disables: null, pauseMs: null };
  const failure: Sign = { ...plain, ok: false };
  const success: Sign = { ...plain, ok: true };
  const times = (count: number, sign: Sign) => Array.from({ length: count }, () => sign);
  const after = (signs: Sign[], from = healthy, at = NOW) =>
    signs.reduce<HealthColumns>(
      (health, sign) => nextHealth(health, sign, at, 5, DEFAULT_WEBHOOK_TUNING),
      from,
    );

  it('opens after five failures in a row for 30 s', () => {
    expect(after(times(4, failure)).circuit_opens).toBe(0);
    expect(after(times(5, failure))).toMatchObject({
      circuit_opens: 1,
      blocked_until: NOW + 30_000,
    });
    expect(after([...times(4, failure), success, failure]).circuit_opens).toBe(0);
  });

  it('doubles with every failed probe up to ten minutes, while late failures change nothing', () => {
    const probe = { ...failure, probe: true };
    let health = after(times(5, failure));
    const waits = [60, 120, 240, 480, 600, 600].map(() => {
      health = after([probe], health);
      return (health.blocked_until - NOW) / 1_000;
    });
    expect(waits).toEqual([60, 120, 240, 480, 600, 600]);
    expect(after([failure], health).blocked_until).toBe(health.blocked_until);
  });

  it('lets one probe through, after its success two, then four, then all', () => {
    const open = after(times(5, failure));
    const room = (health: HealthColumns) => roomOf({ ...health, max_concurrent: 5, in_flight: 0 });
    expect(room(open)).toBe(1);
    const ramp = [1, 2, 3, 4].map((count) => room(after(times(count, success), open)));
    expect(ramp).toEqual([2, 4, 5, 5]);
  });

  it('keeps a pause that the receiver asked for, although an earlier call succeeds meanwhile', () => {
    const throttled = after([{ ...failure, throttleMs: 60_000 }]);
    expect(throttled.blocked_until).toBe(NOW + 60_000);
    expect(after([success], throttled, NOW + 1_000).blocked_until).toBe(NOW + 60_000);
  });

  it('switches off only after both enough failures and enough time', () => {
    const hours = (count: number) => NOW + count * 3_600_000;
    const failing = { ...healthy, failing_since: NOW, circuit_opens: 1 };
    expect(after([failure], { ...failing, failures: 19 }, hours(120)).active).toBe(0);
    expect(after([failure], { ...failing, failures: 18 }, hours(120)).active).toBe(1);
    expect(after([failure], { ...failing, failures: 500 }, hours(119)).active).toBe(1);
  });

  it('switches nothing off within a minute after somebody switched it on, and sends nothing more until then', () => {
    const gone = { ...failure, disables: 'The receiver answered 410 Gone.' };
    const enabled = { ...healthy, enabled_at: NOW, ramp: 1 };
    expect(after([gone], enabled, NOW + 59_999)).toMatchObject({
      active: 1,
      blocked_until: NOW + 60_000,
    });
    expect(after([gone], enabled, NOW + 60_000)).toMatchObject({
      active: 0,
      disabled_reason: gone.disables,
    });
  });

  it('pauses while the proxy is down, and counts nothing against the address', () => {
    const stopped = { ...failure, pauseMs: 30_000 };
    expect(after(times(50, stopped))).toEqual({
      ...healthy,
      blocked_until: NOW + 30_000,
      ramp: 1,
    });
    const open = after(times(5, failure));
    expect(after([{ ...stopped, probe: true }], open, NOW + 40_000)).toMatchObject({
      failures: 5,
      circuit_opens: 1,
      blocked_until: NOW + 70_000,
    });
  });
});

describe('an answer', () => {
  const verdict = (status: number, headers: Record<string, string> = {}) =>
    verdictOfAnswer(
      { status, headers, text: '', truncated: false, bodyError: null },
      { nonRetryableStatuses: [422], nowMs: NOW, tuning: DEFAULT_WEBHOOK_TUNING },
    );

  it.each([301, 302, 307, 308])(
    '%i is a failure that names the host it leads to, and no more',
    (status) => {
      const { ok, error, permanent } = verdict(status, {
        location: 'https://other.example/x?token=1',
      });
      expect({ ok, permanent }).toEqual({ ok: false, permanent: false });
      expect(error).toContain('to other.example');
      expect(error).not.toContain('token');
    },
  );

  it.each([429, 502, 503, 504])('%i asks for fewer calls to the address', (status) => {
    expect(verdict(status)).toMatchObject({ throttles: true, permanent: false });
  });

  it.each([400, 401, 403, 404, 500])(
    '%i is retried unless the subscription says otherwise',
    (status) => {
      expect(verdict(status)).toMatchObject({ ok: false, permanent: false, throttles: false });
      expect(verdict(422).permanent).toBe(true);
    },
  );
});

describe('gaps in the log', () => {
  const until = NOW + 1_000;

  it('are the numbers between those that are there', () => {
    expect(gapsBetween(4, [5, 8, 9, 12])).toEqual([
      { from: 6, to: 7 },
      { from: 10, to: 11 },
    ]);
    expect(gapsBetween(4, [])).toEqual([]);
  });

  it('shrink by what was found, and end with their time', () => {
    expect(remainingGaps([{ from: 6, to: 9, until }], [7], NOW)).toEqual([
      { from: 6, to: 6, until },
      { from: 8, to: 9, until },
    ]);
    expect(remainingGaps([{ from: 6, to: 6, until }], [6], NOW)).toEqual([]);
    expect(remainingGaps([{ from: 6, to: 9, until }], [], until)).toEqual([]);
  });
});

describe('the histogram of durations', () => {
  it('gives the p95 to the accuracy of its classes', () => {
    const counts = new Map<number, number>();
    for (let ms = 1; ms <= 1_000; ms += 1)
      counts.set(bucketOf(ms), (counts.get(bucketOf(ms)) ?? 0) + 1);
    expect(percentile(counts, 0.95)).toBeGreaterThan(900);
    expect(percentile(counts, 0.95)).toBeLessThanOrEqual(1_000);
    expect(percentile(new Map(), 0.95)).toBeNull();
    expect(bucketOf(999_999)).toBeGreaterThan(bucketOf(29_999));
  });
});
