import { LONGEST_CATCH_UP_MS } from '../../events';
import { InvalidInputError } from '../../model';
import { minutesOf } from '../../tenants/quietHours';
import type { JourneyWatch } from './types';

const LONGEST_OFFSET_MINUTES = 366 * 24 * 60;

/** @throws InvalidInputError naming the field */
export function checkWatch({
  offsetMinutes,
  timeOfDay,
  catchUpMs,
  leastLeftMs,
}: JourneyWatch): void {
  if (
    !Number.isInteger(offsetMinutes) ||
    offsetMinutes < 0 ||
    offsetMinutes > LONGEST_OFFSET_MINUTES
  ) {
    throw new InvalidInputError(
      'Offset',
      'The time before or after must be from 0 minutes to a year.',
      {
        hint: 'Give whole minutes, hours or days.',
      },
    );
  }
  if (minutesOf(timeOfDay) === null) {
    throw new InvalidInputError(
      'Time of Day',
      `"${timeOfDay}" in "Time of Day" is no time of the day.`,
      {
        hint: 'Write it like 09:00.',
      },
    );
  }
  if (!(catchUpMs >= 0) || catchUpMs > LONGEST_CATCH_UP_MS) {
    throw new InvalidInputError('Catch Up', 'Catch up can be from 0 to 30 days.');
  }
  if (!(leastLeftMs >= 0)) {
    throw new InvalidInputError('Least Time Left', 'The least time left cannot be negative.');
  }
}
