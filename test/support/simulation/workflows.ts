import type { JourneyWatch } from '../../../core/journeys/due';

/** A workflow of a Customer Journey Trigger and one send. */
export interface SimulatedWorkflow {
  id: string;
  /** The field *Journey Message*. */
  message: string;
  category: 'utility' | 'marketing';
  /** *Must Go Before* is the start of the appointment. */
  beforeStart: boolean;
  watch: JourneyWatch;
}

const HOUR = 60;
const WATCH: JourneyWatch = {
  kind: 'appointmentUpcoming',
  offsetMinutes: 0,
  timeOfDay: '09:00',
  leapDay: 'february28',
  hours: 'utility',
  holidays: 'ignore',
  catchUpMs: 6 * 3_600_000,
  leastLeftMs: 2 * 3_600_000,
  includeLateBookings: false,
  waitingFor: 'either',
  stages: [],
};

function workflow(
  id: string,
  watch: Partial<JourneyWatch>,
  more: Partial<Omit<SimulatedWorkflow, 'id' | 'watch'>> = {},
): SimulatedWorkflow {
  const watched = { ...WATCH, ...watch };
  return { id, message: 'main', category: 'utility', beforeStart: false, ...more, watch: watched };
}

const reminder = { kind: 'appointmentUpcoming', offsetMinutes: 24 * HOUR } as const;
const lead = { kind: 'unansweredLead', hours: 'marketing' } as const;
const beforeStart = true;
const marketing = { category: 'marketing' } as const;

export const WORKFLOWS: readonly SimulatedWorkflow[] = [
  workflow('confirmation', { kind: 'appointmentCreated' }),
  workflow('reminder', { ...reminder, holidays: 'previous' }, { beforeStart }),
  // Another workflow with the same message: of the two, one sends it.
  workflow('reminderAgain', { ...reminder, holidays: 'previous' }, { beforeStart }),
  // And one with a message of its own.
  workflow('howToGetThere', { ...reminder, hours: 'any' }, { beforeStart, message: 'address' }),
  workflow('shortReminder', { ...reminder, offsetMinutes: 2 * HOUR, includeLateBookings: true }),
  workflow('documents', { kind: 'appointmentFinished', offsetMinutes: 2 * HOUR, holidays: 'next' }),
  workflow('feedback', { kind: 'appointmentFinished', offsetMinutes: 24 * HOUR, hours: 'any' }),
  workflow('birthday', { kind: 'birthday', hours: 'marketing' }, marketing),
  // The cap leaves one of the two.
  workflow(
    'present',
    { kind: 'birthday', hours: 'marketing' },
    { ...marketing, message: 'coupon' },
  ),
  workflow('nudge', { ...lead, hours: 'utility', offsetMinutes: 21 * HOUR }),
  workflow('followUp', { ...lead, offsetMinutes: 72 * HOUR }, marketing),
  workflow('lastWord', { ...lead, offsetMinutes: 168 * HOUR }, marketing),
];

export function workflowOf(id: string): SimulatedWorkflow {
  const found = WORKFLOWS.find((one) => one.id === id);
  if (!found) throw new Error(`There is no workflow "${id}".`);
  return found;
}
