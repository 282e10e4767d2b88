import { describeBigLog } from '../store/webhooks/support/bigLogSuite';

describeBigLog({
  title:
    'case 37: with ten million lines every page comes within 50 ms, and deliveries go on while old lines are removed',
  rows: 10_000_000,
  timeoutMs: 15 * 60_000,
  prunesAll: false,
  check({ first, middle, last, failures, none, one, slowest }) {
    for (const page of [first, middle, last, failures, none, one]) expect(page).toBeLessThan(50);
    expect(slowest).toBeLessThan(2_000);
  },
});
