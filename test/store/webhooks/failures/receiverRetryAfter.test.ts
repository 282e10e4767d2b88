import { getSubscription } from '../../../../core/webhooks';
import { describeOnBothDatabases } from '../../../support/storeContext';
import { dispatchersOf } from '../support/dispatcherProcess';
import { answer, receiversOf, type Behaviour } from '../support/receiver';
import { happen, webhooksOf } from '../support/webhooks';
import { attemptsOf, msUntil } from './support/attempts';

/** Seconds: the retry without Retry-After, what the receivers ask for, and the longest that is believed. */
const BASE = 2;
const ASKED = 12;
const CAP = 40;
/** Retries come up to a fifth later than their base, plus the time until the outcome is written. */
const SLACK = 3;

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** The three forms of a date in HTTP (RFC 9110, 5.6.7), two of them obsolete and still to be understood. */
const dates = {
  imf: (at: Date) => at.toUTCString(),
  rfc850(at: Date) {
    const [, day, month, year, time] = at.toUTCString().split(' ');
    return `${DAYS[at.getUTCDay()]}, ${day}-${month}-${year?.slice(2)} ${time} GMT`;
  },
  asctime(at: Date) {
    const [weekday, day, month, year, time] = at.toUTCString().replace(',', '').split(' ');
    return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`;
  },
};

interface Form {
  /** The header, made when the receiver answers. */
  value: () => string;
  /** Seconds until the next attempt. */
  expected: number;
  /** How far the receiver's clock is ahead, in seconds. */
  skew?: number;
}

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000);
const TEN_YEARS = 10 * 365 * 86_400;

const FORMS: Record<string, Form> = {
  seconds: { value: () => String(ASKED), expected: ASKED },
  'less than the retry': { value: () => '1', expected: BASE },
  'an HTTP date': { value: () => dates.imf(inSeconds(ASKED)), expected: ASKED },
  'a date of RFC 850': { value: () => dates.rfc850(inSeconds(ASKED)), expected: ASKED },
  'a date of asctime': { value: () => dates.asctime(inSeconds(ASKED)), expected: ASKED },
  'a date by a clock that is an hour ahead': {
    value: () => dates.imf(inSeconds(ASKED + 3_600)),
    expected: ASKED,
    skew: 3_600,
  },
  'ten years in seconds': { value: () => String(TEN_YEARS), expected: CAP },
  'a number that no clock holds': { value: () => '9'.repeat(40), expected: CAP },
  'a date in ten years': { value: () => dates.imf(inSeconds(TEN_YEARS)), expected: CAP },
  'a date in the past': { value: () => dates.imf(inSeconds(-60)), expected: BASE },
  'a negative number': { value: () => '-5', expected: BASE },
  'a fraction': { value: () => '30.5', expected: BASE },
  'an exponent': { value: () => '3e1', expected: BASE },
  garbage: { value: () => 'soon', expected: BASE },
  nothing: { value: () => '', expected: BASE },
};

describeOnBothDatabases('webhooks to receivers that ask for patience', (context) => {
  const webhooks = webhooksOf(context);
  const dispatchers = dispatchersOf(context);
  const receivers = receiversOf();

  it('case 15: after 429 every form of Retry-After puts the retry off, never earlier than the schedule nor later than the cap', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    const answeredAt = new Map<string, number>();
    for (const [index, { value, skew = 0 }] of Object.values(FORMS).entries()) {
      const url = receiver.urlOf(`/${index}`);
      receiver.on(`/${index}`, (_request, response) => {
        answeredAt.set(url, Date.now());
        const date = inSeconds(skew).toUTCString();
        response.writeHead(429, { 'retry-after': value(), date }).end();
      });
      await webhooks.subscribe(tenant, receiver, { url, retrySchedule: [BASE] });
    }
    // Where a date without a zone would be taken for local time, it would be hours off.
    await dispatchers.start({
      tuning: { maxRetryAfterMs: CAP * 1_000, pollMs: 20 },
      env: { TZ: 'America/Sao_Paulo' },
    });
    await happen(tenant, { conversation: 'c1' });
    const log = await attemptsOf(webhooks, tenant, Object.keys(FORMS).length);
    for (const [index, [form, { expected }]] of Object.entries(FORMS).entries()) {
      const url = receiver.urlOf(`/${index}`);
      const entry = log.find((one) => one.url === url && one.attempt === 1);
      const wait = msUntil(entry?.nextAttemptAt ?? null, Number(answeredAt.get(url))) / 1_000;
      // Dates in HTTP have whole seconds.
      const isInTime = wait >= expected - 1 && wait <= expected * 1.2 + SLACK;
      expect([form, isInTime ? 'in time' : wait]).toEqual([form, 'in time']);
    }
  });

  it.each([
    ['case 15: 429', 429],
    ['case 16: 503', 503],
  ])(
    '%s with Retry-After pauses the whole address, not only this delivery',
    async (_case, status) => {
      const tenant = context.newTenant();
      const receiver = await receivers.start();
      const at: number[] = [];
      const first: Behaviour = answer(status, { 'retry-after': '1' });
      receiver.on('/hook', (request, response, count) => {
        at.push(performance.now());
        (count === 1 ? first : answer(200))(request, response, count);
      });
      const { id } = await webhooks.subscribe(tenant, receiver, { retrySchedule: [0.05] });
      await dispatchers.start();
      await happen(tenant, { conversation: 'c1' });
      await attemptsOf(webhooks, tenant, 1);
      const paused = await getSubscription(webhooks.ctx, tenant.tenantId, id);
      expect(paused.health.blockedUntil).not.toBeNull();
      await happen(tenant, { conversation: 'c2' }, { conversation: 'c3' });
      const deliveries = await webhooks.settled(tenant, 3);
      expect(deliveries.map(({ state }) => state)).toEqual(['delivered', 'delivered', 'delivered']);
      expect(at).toHaveLength(4);
      expect(Number(at[1]) - Number(at[0])).toBeGreaterThanOrEqual(1_000);
    },
  );

  it('case 16: 502, 503 and 504 slow the address down also without Retry-After, 500 does not', async () => {
    const tenant = context.newTenant();
    const receiver = await receivers.start();
    const subscriptions = new Map<number, string>();
    for (const status of [500, 502, 503, 504]) {
      receiver.on(`/${status}`, answer(status));
      const url = receiver.urlOf(`/${status}`);
      const { id } = await webhooks.subscribe(tenant, receiver, { url, retrySchedule: [60] });
      subscriptions.set(status, id);
    }
    await dispatchers.start();
    await happen(tenant, { conversation: 'c1' });
    const log = await attemptsOf(webhooks, tenant, 4);
    for (const [status, id] of subscriptions) {
      const { health } = await getSubscription(webhooks.ctx, tenant.tenantId, id);
      const entry = log.find(({ httpStatus }) => httpStatus === status);
      const isPaused =
        health.blockedUntil !== null &&
        msUntil(health.blockedUntil, Date.parse(String(entry?.attemptedAt))) >= 60_000;
      expect([status, isPaused]).toEqual([status, status !== 500]);
    }
  });
});
