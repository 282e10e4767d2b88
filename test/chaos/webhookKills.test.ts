import { describeDispatcherKills } from '../store/webhooks/support/killSuite';

describeDispatcherKills({ kills: 20, deliveries: 5_000 });
