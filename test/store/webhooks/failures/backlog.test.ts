import { describeBacklog } from '../support/backlogSuite';

// With 100,000 and in seconds: test/chaos/webhookBacklog.test.ts.
describeBacklog({
  title:
    'case 29: 10,000 deliveries wait for one dead receiver: the others get theirs about as fast as without them',
  waiting: 10_000,
  check(alone, beside) {
    expect(beside).toBeLessThan(alone * 4 + 250);
  },
});
