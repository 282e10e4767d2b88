import type { INodeProperties } from 'n8n-workflow';

const LATER = { sendWhen: ['atTime'] };

/** What a message is, and when it goes. */
export const timeFields = [
  {
    displayName: 'Category',
    name: 'category',
    type: 'options',
    default: 'response',
    description:
      'What the message is. Utility and marketing ask for the opt-in, the quiet hours and the caps of the tenant.',
    options: [
      {
        name: 'Marketing',
        value: 'marketing',
        description: 'Promotions, greetings, following up: only with opt-in, and not too often',
      },
      {
        name: 'Response',
        value: 'response',
        description: 'An answer to what the person just did; it goes at any hour',
      },
      {
        name: 'Utility',
        value: 'utility',
        description: 'About something they asked for: an appointment, a document, an order',
      },
    ],
  },
  {
    displayName: 'Send When',
    name: 'sendWhen',
    type: 'options',
    noDataExpression: true,
    default: 'now',
    description: 'When the message goes; what goes later is kept by the package, not by n8n',
    options: [
      {
        name: 'At a Time',
        value: 'atTime',
        description: 'Kept and sent then, after a last look at whether it still makes sense',
      },
      {
        name: 'Now',
        value: 'now',
        description: 'Utility and marketing wait for the end of quiet time by themselves',
      },
      {
        name: 'When Quiet Time Ends',
        value: 'afterQuiet',
        description: 'Answers, too: now, unless it is quiet',
      },
    ],
  },
  {
    displayName: 'Send At',
    name: 'sendAt',
    type: 'dateTime',
    default: '',
    required: true,
    placeholder: 'e.g. 2026-11-25T14:00',
    description:
      "Without a zone, by the workflow's time zone. A moment that has just passed means now.",
    displayOptions: { show: LATER },
  },
] as const satisfies INodeProperties[];

/** Options of messages that may go later. */
export const timeOptions = [
  {
    displayName: 'Appointment ID',
    name: 'appointmentId',
    type: 'string',
    default: '',
    placeholder: 'e.g. {{ $json.data.appointmentId }}',
    description:
      'A scheduled message is skipped where this appointment was cancelled or moved meanwhile',
  },
  {
    displayName: 'May Be Late By (Hours)',
    name: 'lateHours',
    type: 'number',
    typeOptions: { minValue: 0.1, numberPrecision: 2 },
    default: 6,
    description:
      'How long after its time a scheduled message may still go, where n8n was down or the account could not send',
  },
  {
    displayName: 'Must Go Before',
    name: 'mustGoBefore',
    type: 'dateTime',
    default: '',
    placeholder: 'e.g. {{ $json.data.start }}',
    description:
      'A scheduled message goes before this or not at all, and in quiet time moves earlier instead of later: a reminder, before the appointment',
  },
  {
    displayName: 'Skip If',
    name: 'skipIf',
    type: 'multiOptions',
    default: [],
    description: 'What keeps a scheduled message back when it is due',
    options: [
      { name: 'The Conversation Was Closed', value: 'closed' },
      { name: 'The Person Has Written Since', value: 'answered' },
    ],
  },
] as const satisfies INodeProperties[];
