import { describeBacklog } from '../store/webhooks/support/backlogSuite';

describeBacklog({
  title:
    'case 29: 100,000 deliveries wait for one dead receiver: 95 of 100 deliveries of the others arrive within two seconds',
  waiting: 100_000,
  check(_alone, beside) {
    expect(beside).toBeLessThan(2_000);
  },
});
