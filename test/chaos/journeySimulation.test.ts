import { describeSimulation } from '../support/simulation/suite';

const HOUR_MS = 3_600_000;
/** Another life each time; a failure tells the seed. */
const seed = Math.floor(Math.random() * 1_000_000);
const long = {
  customers: 1_000,
  days: 60,
  kills: 150,
  grid: 20,
  seed,
  timeoutMs: HOUR_MS,
};

describeSimulation({
  ...long,
  name: 'spring',
  span: { sqlite: 'spring2027', postgres: 'leapYear2028' },
});
describeSimulation({
  ...long,
  name: 'leap year and autumn',
  span: { sqlite: 'leapYear2028', postgres: 'autumn2026' },
});
