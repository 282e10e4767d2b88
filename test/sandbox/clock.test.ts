import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Harness } from './support/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterEach(() => harness.control('POST', '/clock', { reset: true }));
afterAll(() => harness.close());

const move = async (body: Record<string, unknown>) =>
  new Date((await harness.control<{ now: number }>('POST', '/clock', body)).now).toISOString();

describe('the clock of the sandbox', () => {
  test('goes to an instant', async () => {
    expect(await move({ to: '2031-12-24T09:00:00-03:00' })).toMatch(/^2031-12-24T12:00:00/);
  });

  test('goes to a time of the next day of the clinic, which may be another day than in UTC', async () => {
    await move({ to: '2031-12-24T22:30:00-03:00' });
    expect(await move({ nextDayAt: '09:00' })).toMatch(/^2031-12-25T12:00:00/);
    expect(await move({ nextDayAt: '09:00' })).toMatch(/^2031-12-26T12:00:00/);
  });

  test.each([
    [{ to: '2031-12-24T09:00:00' }, 'Field to must be like 2026-12-24T09:00:00-03:00.'],
    [{ to: 'tomorrow' }, 'Field to must be like 2026-12-24T09:00:00-03:00.'],
    [{ nextDayAt: '9 am' }, 'Field nextDayAt must be a time of day like 09:00.'],
    [{ forward: 1 }, 'Unknown field forward. Known: advanceMs, to, nextDayAt, reset.'],
  ])('refuses %j', async (body, sentence) => {
    await expect(harness.control('POST', '/clock', body)).rejects.toThrow(sentence);
  });
});
