import { describeSimulation } from '../../support/simulation/suite';

/** The short form of test/chaos/journeySimulation.test.ts. */
describeSimulation({
  name: 'short form',
  customers: 24,
  days: 32,
  kills: 12,
  grid: 60,
  span: { sqlite: 'march2027', postgres: 'march2028' },
  seed: 20_270_314,
  timeoutMs: 500_000,
});
