import { describeSimulation } from '../../support/simulation/suite';

/** The short form of test/chaos/journeySimulation.test.ts. */
describeSimulation({
  name: 'short form',
  customers: 30,
  days: 45,
  kills: 14,
  grid: 60,
  span: { sqlite: 'spring2027', postgres: 'leapYear2028' },
  seed: 20_270_314,
  timeoutMs: 500_000,
  isStrict: false,
});
