import type { JourneyWatch } from './types';

/** What a watch waits for, as its keys begin: two reminders of one appointment are two journeys. */
export function journeyOf({ kind, offsetMinutes }: JourneyWatch): string {
  if (kind === 'birthday' || kind === 'appointmentCreated') return kind;
  return `${kind}-${offsetMinutes % 60 === 0 ? `${offsetMinutes / 60}h` : `${offsetMinutes}m`}`;
}

export function keyOf(watch: JourneyWatch, entity: string, version: string): string {
  return `${journeyOf(watch)}:${entity}:${version}`;
}
