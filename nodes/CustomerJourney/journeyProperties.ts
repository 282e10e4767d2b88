import type { INodeProperties, ITriggerFunctions } from 'n8n-workflow';
import type { JourneyWatch } from '../../core/journeys/due';
import { storeOption, tenantOption } from '../shared/commonOptions';
import { tenantId } from '../shared/openApp';
import { parameterReader } from '../shared/parameters';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const MINUTES_IN = { minutes: 1, hours: 60, days: 24 * 60 } as const;

export const journeyProperties = [
  {
    displayName:
      'Appointments come from a watched calendar or from the node Omnichannel (Appointment), birthdays and stages from its contacts. Say "Journey Message" in the node that sends, and everybody gets that message once for each journeyKey.',
    name: 'journeyNotice',
    type: 'notice',
    default: '',
  },
  {
    displayName: 'Start',
    name: 'journey',
    type: 'options',
    noDataExpression: true,
    default: 'appointmentUpcoming',
    description: 'What has to become due',
    options: [
      {
        name: 'After an Appointment',
        value: 'appointmentFinished',
        description: 'Some time after its end, if it was not cancelled',
      },
      {
        name: 'Before an Appointment',
        value: 'appointmentUpcoming',
        description: 'Some time before its start; once more when it is moved',
      },
      {
        name: 'On a Birthday',
        value: 'birthday',
        description: 'On the day, at a time by the clock of the person',
      },
      {
        name: 'When a Lead Went Silent',
        value: 'unansweredLead',
        description: 'Some hours after their last message; ends with any message of theirs',
      },
      {
        name: 'When an Appointment Is Made or Moved',
        value: 'appointmentCreated',
        description: 'At once, for a confirmation',
      },
    ],
  },
  {
    displayName: 'How Long Before or After',
    name: 'amount',
    type: 'number',
    typeOptions: { minValue: 0, numberPrecision: 0 },
    default: 24,
    description:
      'Before the start of the appointment, or after its end. 0 means at that very moment.',
    displayOptions: { show: { journey: ['appointmentUpcoming', 'appointmentFinished'] } },
  },
  {
    displayName: 'Unit',
    name: 'unit',
    type: 'options',
    default: 'hours',
    options: [
      { name: 'Days', value: 'days' },
      { name: 'Hours', value: 'hours' },
      { name: 'Minutes', value: 'minutes' },
    ],
    displayOptions: { show: { journey: ['appointmentUpcoming', 'appointmentFinished'] } },
  },
  {
    displayName: 'Time of Day',
    name: 'timeOfDay',
    type: 'string',
    default: '09:00',
    placeholder: 'e.g. 09:00',
    description: 'By the clock of the person, or of the tenant where theirs is not known',
    displayOptions: { show: { journey: ['birthday'] } },
  },
  {
    displayName: 'Hours Since Their Last Message',
    name: 'silentHours',
    type: 'number',
    typeOptions: { minValue: 0, maxValue: 8760 },
    default: 21,
    description:
      'Below 24 it goes while the channel still lets you write freely: 20 to 22 is a good time. Later, for example after 72 or 168 hours, most channels ask for a template.',
    displayOptions: { show: { journey: ['unansweredLead'] } },
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      {
        displayName: 'Born on 29 February',
        name: 'leapDay',
        type: 'options',
        default: 'february28',
        description: 'Birthdays: the day in years that have no 29 February',
        options: [
          { name: '28 February', value: 'february28' },
          { name: '1 March', value: 'march1' },
        ],
      },
      {
        displayName: 'Catch Up (Hours)',
        name: 'catchUpHours',
        type: 'number',
        typeOptions: { minValue: 0, maxValue: 720 },
        default: 6,
        description:
          'What became due while n8n was down or this workflow was not published still starts it up to so much later; after that it is left',
      },
      {
        displayName: 'Holidays',
        name: 'holidays',
        type: 'options',
        default: 'ignore',
        description:
          "What to do on Brazil's national holidays and on the days under custom.holidays of the tenant's settings",
        options: [
          { name: 'Move to the Next Open Day', value: 'next' },
          { name: 'Move to the Open Day Before', value: 'previous' },
          { name: 'Take No Notice', value: 'ignore' },
        ],
      },
      {
        displayName: 'Hours',
        name: 'hours',
        type: 'options',
        default: 'auto',
        description:
          "Whether to move into the tenant's permitted hours. Reminders and words in an open window move earlier, everything else later.",
        options: [
          { name: 'Any Time', value: 'any' },
          {
            name: 'As It Suits the Start',
            value: 'auto',
            description: 'Confirmations at any time, birthdays as marketing, the rest as utility',
          },
          { name: 'Those for Marketing', value: 'marketing' },
          { name: 'Those for Utility', value: 'utility' },
        ],
      },
      {
        displayName: 'Include Late Bookings',
        name: 'includeLateBookings',
        type: 'boolean',
        default: false,
        description:
          'Whether to also remind of an appointment that was made or moved when its reminder was due already; then at once',
      },
      {
        displayName: 'Least Time Left (Minutes)',
        name: 'leastLeftMinutes',
        type: 'number',
        typeOptions: { minValue: 0, numberPrecision: 0 },
        default: 120,
        description:
          'A reminder that is late does not go when less than this is left until the start. Reminders that are meant to come later than this go until the start.',
      },
      {
        displayName: 'Stages',
        name: 'stages',
        type: 'string',
        default: '',
        placeholder: 'e.g. new, qualified',
        description: 'Leads: only those in one of these stages, parted by commas; empty means all',
      },
      storeOption,
      tenantOption,
      {
        displayName: 'Waiting For',
        name: 'waitingFor',
        type: 'options',
        default: 'contact',
        description: 'Leads: who has to write next',
        options: [
          { name: 'Either of Both', value: 'either' },
          { name: 'The Contact (We Wrote Last)', value: 'contact' },
          { name: 'Us (the Contact Wrote Last)', value: 'us' },
        ],
      },
    ],
  },
] as const satisfies INodeProperties[];

export interface JourneySettings {
  tenantId: string;
  store: string | undefined;
  watch: JourneyWatch;
}

/** Read once: in the background n8n's reader no longer works. */
export function readJourneySettings(context: ITriggerFunctions): JourneySettings {
  const read = parameterReader(journeyProperties, (name) => context.getNodeParameter(name));
  const options = read('options');
  const kind = read('journey');
  const hours = options.hours ?? 'auto';
  const isTimed = kind === 'appointmentUpcoming' || kind === 'appointmentFinished';
  return {
    tenantId: tenantId(options.tenant),
    store: options.store,
    watch: {
      kind,
      offsetMinutes: isTimed
        ? read('amount') * MINUTES_IN[read('unit')]
        : kind === 'unansweredLead'
          ? Math.round(read('silentHours') * 60)
          : 0,
      timeOfDay: kind === 'birthday' ? read('timeOfDay').trim() : '09:00',
      leapDay: options.leapDay ?? 'february28',
      hours: hours === 'auto' ? HOURS_OF[kind] : hours,
      holidays: options.holidays ?? 'ignore',
      catchUpMs: (options.catchUpHours ?? 6) * HOUR_MS,
      leastLeftMs: (options.leastLeftMinutes ?? 120) * MINUTE_MS,
      includeLateBookings: options.includeLateBookings ?? false,
      waitingFor: options.waitingFor ?? 'contact',
      stages: (options.stages ?? '')
        .split(',')
        .map((stage) => stage.trim())
        .filter(Boolean),
    },
  };
}

const HOURS_OF: Record<JourneyWatch['kind'], JourneyWatch['hours']> = {
  appointmentCreated: 'any',
  appointmentUpcoming: 'utility',
  appointmentFinished: 'utility',
  birthday: 'marketing',
  unansweredLead: 'utility',
};
