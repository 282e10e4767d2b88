import type { INodeProperties } from 'n8n-workflow';
import type { EventFields } from '../../core/providers/google';

export const allDayField = {
  displayName: 'All Day',
  name: 'allDay',
  type: 'boolean',
  default: false,
  description: 'Whether it takes whole days; the end is then the last day that belongs to it',
} as const satisfies INodeProperties;

export const startField = {
  displayName: 'Start',
  name: 'start',
  type: 'dateTime',
  default: '',
  placeholder: 'e.g. 2026-11-25T14:00:00',
  description: 'When it begins, by the clock of the time zone; with an offset it is that instant',
} as const satisfies INodeProperties;

export const endField = {
  displayName: 'End',
  name: 'end',
  type: 'dateTime',
  default: '',
  description: 'When it ends; empty means after the duration',
} as const satisfies INodeProperties;

export const durationField = {
  displayName: 'Duration (Minutes)',
  name: 'durationMinutes',
  type: 'number',
  typeOptions: { minValue: 1, numberPrecision: 0 },
  default: 60,
  description: 'How long it takes, where no end is given',
} as const satisfies INodeProperties;

export const summaryField = {
  displayName: 'Title',
  name: 'summary',
  type: 'string',
  default: '',
  placeholder: 'e.g. Consultation: Ana Souza',
} as const satisfies INodeProperties;

/** What an event may have beside title and times. */
export const detailFields = [
  {
    displayName: 'Attendees',
    name: 'attendees',
    type: 'string',
    default: '',
    placeholder: 'e.g. ana@example.org, jose@example.org',
    description:
      'E-mail addresses with commas between them. Needs domain-wide delegation: a service account may not invite in its own name.',
  },
  {
    displayName: 'Description',
    name: 'description',
    type: 'string',
    typeOptions: { rows: 3 },
    default: '',
    placeholder: 'e.g. Phone: +55 11 98888-7777',
    description: 'A line such as "Phone: …" or "E-mail: …" tells whose appointment it is',
  },
  {
    displayName: 'Hidden Fields',
    name: 'properties',
    type: 'fixedCollection',
    typeOptions: { multipleValues: true },
    placeholder: 'Add Field',
    default: {},
    description: 'Seen by programs alone (extendedProperties.private)',
    options: [
      {
        name: 'fields',
        displayName: 'Fields',
        values: [
          { displayName: 'Name', name: 'name', type: 'string', default: '' },
          { displayName: 'Value', name: 'value', type: 'string', default: '' },
        ],
      },
    ],
  },
  {
    displayName: 'Location',
    name: 'location',
    type: 'string',
    default: '',
  },
  {
    displayName: 'Reminder (Minutes Before)',
    name: 'reminderMinutes',
    type: 'number',
    typeOptions: { minValue: 0, maxValue: 40320, numberPrecision: 0 },
    default: 30,
    description: 'When Google reminds the owner of the calendar by a pop-up',
  },
  {
    displayName: 'Repeat',
    name: 'recurrence',
    type: 'string',
    default: '',
    placeholder: 'e.g. RRULE:FREQ=WEEKLY;COUNT=10',
    description: 'A rule of iCalendar (RFC 5545)',
  },
  {
    displayName: 'Show As',
    name: 'showAs',
    type: 'options',
    default: 'busy',
    options: [
      { name: 'Busy', value: 'busy' },
      { name: 'Free', value: 'free' },
    ],
  },
] as const satisfies INodeProperties[];

interface Details {
  attendees?: string;
  description?: string;
  location?: string;
  properties?: { fields?: Array<{ name: string; value: string }> };
  reminderMinutes?: number;
  recurrence?: string;
  showAs?: 'busy' | 'free';
}

/** What was filled in, as core takes it. */
export function readDetails(details: Details): EventFields {
  const { attendees, description, location, properties, reminderMinutes } = details;
  const rows = properties?.fields?.filter(({ name }) => name.trim() !== '');
  const rule = details.recurrence?.trim();
  return {
    description,
    location,
    showAs: details.showAs,
    attendees: attendees === undefined ? undefined : listOf(attendees),
    recurrence: rule
      ? [/^(RRULE|RDATE|EXDATE|EXRULE)/.test(rule) ? rule : `RRULE:${rule}`]
      : undefined,
    reminderMinutes: reminderMinutes === undefined ? undefined : [reminderMinutes],
    properties: rows && Object.fromEntries(rows.map(({ name, value }) => [name.trim(), value])),
  };
}

export function listOf(text: string): string[] {
  return text
    .split(/[,;\n]/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
