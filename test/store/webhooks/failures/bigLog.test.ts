import { describeBigLog } from '../support/bigLogSuite';

describeBigLog({
  title:
    'case 37: with 200,000 lines (ten million in test/chaos) a page at the end costs what the first costs, and deliveries go on while old lines are removed',
  rows: 200_000,
  timeoutMs: 240_000,
  prunesAll: true,
  check({ first, middle, last, failures, one }) {
    for (const page of [middle, last, failures, one]) expect(page).toBeLessThan(first * 4 + 10);
  },
});
