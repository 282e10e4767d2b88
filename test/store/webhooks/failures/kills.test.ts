import { describeDispatcherKills } from '../support/killSuite';

// Twenty kills during 5,000 deliveries: test/chaos/webhookKills.test.ts.
describeDispatcherKills({ kills: 5, deliveries: 1_000 });
