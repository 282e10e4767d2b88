import type { INodeProperties } from 'n8n-workflow';

const subscriptionFilter = {
  displayName: 'Subscription Name or ID',
  name: 'subscriptionId',
  type: 'options',
  default: '',
  description:
    'Only of this subscription. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
  typeOptions: { loadOptionsMethod: 'getSubscriptions' },
} as const satisfies INodeProperties;

/** What narrows the log of attempts. */
export const attemptFilters = {
  displayName: 'Filters',
  name: 'filters',
  type: 'collection',
  placeholder: 'Add Filter',
  default: {},
  options: [
    {
      displayName: 'Event',
      name: 'event',
      type: 'string',
      default: '',
      placeholder: 'e.g. deal.moved',
    },
    {
      displayName: 'Event ID',
      name: 'eventId',
      type: 'string',
      default: '',
      description: 'The attempts for one event, at every subscription',
    },
    {
      displayName: 'From',
      name: 'from',
      type: 'dateTime',
      default: '',
      description: 'Only attempts of then or later. Without a time zone it is UTC.',
    },
    {
      displayName: 'Outcome',
      name: 'status',
      type: 'options',
      default: 'failed',
      options: [
        { name: 'Failures Only', value: 'failed' },
        { name: 'Successes Only', value: 'success' },
        {
          name: 'Unknown Only',
          value: 'unknown',
          description: 'The process was lost before the answer was written down',
        },
      ],
    },
    subscriptionFilter,
    {
      displayName: 'To',
      name: 'to',
      type: 'dateTime',
      default: '',
      description: 'Only attempts before. Without a time zone it is UTC.',
    },
    {
      displayName: 'Trigger',
      name: 'trigger',
      type: 'options',
      default: 'auto',
      description: 'Why it was tried',
      options: [
        { name: 'By Itself', value: 'auto' },
        { name: 'Replayed by Hand', value: 'manual' },
        { name: 'Test', value: 'test' },
      ],
    },
  ],
} as const satisfies INodeProperties;

/** What narrows the queue of deliveries. */
export const queueFilters = {
  displayName: 'Filters',
  name: 'queueFilters',
  type: 'collection',
  placeholder: 'Add Filter',
  default: {},
  options: [
    {
      displayName: 'State',
      name: 'state',
      type: 'options',
      default: 'dead',
      options: [
        { name: 'Cancelled', value: 'cancelled', description: 'Its subscription went away' },
        { name: 'Dead', value: 'dead', description: 'Given up after the last retry' },
        { name: 'Delivered', value: 'delivered' },
        { name: 'Pending', value: 'pending', description: 'Waits for its next attempt' },
      ],
    },
    subscriptionFilter,
  ],
} as const satisfies INodeProperties;
