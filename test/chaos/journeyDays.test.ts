import { describeJourneyDays } from '../support/journeyDays.ts';

describeJourneyDays(50);
