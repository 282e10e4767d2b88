import { describeKills } from '../support/killSuite.ts';

describeKills(2, { movesClock: true });
