import { exhausted, findSlot, takeSlot, type PaceLedger } from '../../../core/limits/pace';
import { whatsAppPace } from '../../../core/providers/whatsapp-cloud/pace';

/** The same seed gives the same test. */
function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const BEGINNING = Date.UTC(2026, 10, 26);
const newLedger = (): PaceLedger => ({ nextAt: 0, recipients: new Map() });

/** As the limiter does it, without its longest wait. @returns when the message goes */
function send(ledger: PaceLedger, pace: ReturnType<typeof whatsAppPace>, to: string, now: number) {
  const request = { ...pace, contactId: to };
  const { waitMs } = findSlot(ledger, request, now);
  takeSlot(ledger, request, { count: 1, part: 1, now });
  return now + waitMs;
}

const mostWithin = (times: number[], spanMs: number) => {
  const sorted = times.toSorted((a, b) => a - b);
  let most = 0;
  let first = 0;
  sorted.forEach((at, index) => {
    while (at - (sorted[first] ?? 0) >= spanMs) first += 1;
    most = Math.max(most, index - first + 1);
  });
  return most;
};

describe('the pace of a provider', () => {
  it.each([
    ['a number whose throughput nobody told', undefined, 80],
    ['an ordinary number', 'STANDARD', 80],
    ['an upgraded number', 'HIGH', 1_000],
    ['a level that is not documented', 'NOT_APPLICABLE', 80],
  ])('is that of %s', (_what, throughput, perSecond) => {
    expect(whatsAppPace({ health: throughput ? { throughput } : {} })).toMatchObject({ perSecond });
  });

  it.each([1, 2, 3, 4, 5])(
    'is never passed in any second, and always used, with seed %i',
    (seed) => {
      const random = randomOf(seed);
      const pace = whatsAppPace({ health: { throughput: random(2) === 0 ? 'STANDARD' : 'HIGH' } });
      const ledger = newLedger();
      const times: number[] = [];
      let now = BEGINNING;
      for (let index = 0; index < 4_000; index += 1) {
        if (random(50) === 0) now += random(2_000);
        times.push(send(ledger, pace, `person ${index}`, now));
      }
      expect(mostWithin(times, 1_000)).toBeLessThanOrEqual(pace.perSecond);
      expect(mostWithin(times, 1_000)).toBeGreaterThan(pace.perSecond * 0.9);
    },
  );

  it.each([6, 7, 8])('to one person never exceeds burst and steps, with seed %i', (seed) => {
    const random = randomOf(seed);
    const pace = whatsAppPace({});
    const ledger = newLedger();
    const { everyMs = 0, burst = 0 } = pace.recipient ?? {};
    const times: number[] = [];
    let now = BEGINNING;
    for (let index = 0; index < 300; index += 1) {
      now += random(4) === 0 ? random(60_000) : 0;
      times.push(send(ledger, pace, 'ana', now));
    }
    for (const spanMs of [1_000, 60_000, 600_000]) {
      expect(mostWithin(times, spanMs)).toBeLessThanOrEqual(burst + Math.ceil(spanMs / everyMs));
    }
  });

  it('slows one person down, and nobody else', () => {
    const pace = whatsAppPace({});
    const ledger = newLedger();
    for (let index = 0; index < 40; index += 1) send(ledger, pace, 'ana', BEGINNING);
    const later = BEGINNING + 1_000;
    expect(findSlot(ledger, { ...pace, contactId: 'ana' }, later)).toEqual({
      waitMs: 5_000,
      by: 'recipient',
    });
    expect(findSlot(ledger, { ...pace, contactId: 'bia' }, later).waitMs).toBe(0);
  });

  it('goes on one step after the provider has refused', () => {
    const pace = whatsAppPace({});
    const ledger = newLedger();
    const { recipient } = pace;
    if (!recipient) throw new Error('There is no pace to one person.');
    ledger.recipients.set('ana', exhausted(recipient, BEGINNING));
    expect(findSlot(ledger, { ...pace, contactId: 'ana' }, BEGINNING).waitMs).toBe(6_000);
  });
});
