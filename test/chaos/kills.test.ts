import { describeKills } from '../support/killSuite.ts';

describeKills(10, { movesClock: false });
