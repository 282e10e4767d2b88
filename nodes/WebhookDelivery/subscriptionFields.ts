import type { INodeProperties } from 'n8n-workflow';
import { deliverableEvents } from '../shared/eventOptions';
import { channelOptions } from '../shared/channelOptions';

/** Fields of a subscription, the same where one is made and where one is changed. */
export const nameField = {
  displayName: 'Name',
  name: 'name',
  type: 'string',
  default: '',
  placeholder: 'e.g. CRM',
  description: 'For people: shown in lists, logs and alerts',
} as const satisfies INodeProperties;

export const urlField = {
  displayName: 'URL',
  name: 'url',
  type: 'string',
  default: '',
  placeholder: 'e.g. https://crm.example.com/hooks/messages',
  description: 'Where events are delivered, by POST',
  hint: 'An address in your own network must be allowed first: N8N_SSRF_ALLOWED_HOSTNAMES or N8N_SSRF_ALLOWED_IP_RANGES.',
} as const satisfies INodeProperties;

export const eventsField = {
  displayName: 'Events',
  name: 'events',
  type: 'multiOptions',
  default: [],
  description: 'What is delivered. "All Events" leaves out what is about webhooks themselves.',
  options: [{ name: '* All Events', value: '*' }, ...deliverableEvents],
} as const satisfies INodeProperties;

export const customEventsField = {
  displayName: 'Custom Events',
  name: 'customEvents',
  type: 'string',
  default: '',
  placeholder: 'e.g. invoice.paid, invoice.overdue',
  description: 'Dotted names of your own, with commas between; delivered by Send Now',
} as const satisfies INodeProperties;

const accountsField = {
  displayName: 'Account Names or IDs',
  name: 'accounts',
  type: 'multiOptions',
  default: [],
  description:
    'Only events of these accounts; empty means all. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
  typeOptions: { loadOptionsMethod: 'getAccounts' },
} as const satisfies INodeProperties;

const activeField = {
  displayName: 'Active',
  name: 'active',
  type: 'boolean',
  default: true,
  description:
    'Whether events are delivered. Switching it on again also closes the circuit, and what waited goes on.',
} as const satisfies INodeProperties;

const channelsField = {
  displayName: 'Channels',
  name: 'channels',
  type: 'multiOptions',
  default: [],
  description: 'Only events of these channels; empty means all',
  options: channelOptions,
} as const satisfies INodeProperties;

const delaysField = {
  displayName: 'Retry Delays',
  name: 'retryDelays',
  type: 'string',
  default: '',
  placeholder: 'e.g. 1, 5, 15, 3600',
  description: 'Seconds before each retry, with commas between. It overrides Retry Schedule.',
} as const satisfies INodeProperties;

const scheduleField = {
  displayName: 'Retry Schedule',
  name: 'retrySchedule',
  type: 'options',
  default: 'default',
  description:
    'When a failed delivery is tried again. After the last one it stays as dead: replay or recover it.',
  options: [
    {
      name: '1, 5 and 15 Seconds',
      value: 'default',
      description: 'Gives up after half a minute: a restart of the receiver can take longer',
    },
    { name: 'No Retries', value: 'none' },
    {
      name: 'Over Three Days',
      value: 'standard',
      description:
        'Nine retries from 5 seconds to 24 hours: survives a long outage of the receiver',
    },
  ],
} as const satisfies INodeProperties;

const headersField = {
  displayName: 'Headers',
  name: 'headers',
  type: 'fixedCollection',
  typeOptions: { multipleValues: true },
  placeholder: 'Add Header',
  default: {},
  description:
    'Sent with every delivery, for example an API key of the receiver. Names that this package or HTTP needs are refused.',
  options: [
    {
      displayName: 'Header',
      name: 'header',
      values: [
        { displayName: 'Name', name: 'name', type: 'string', default: '' },
        { displayName: 'Value', name: 'value', type: 'string', default: '' },
      ],
    },
  ],
} as const satisfies INodeProperties;

const concurrencyField = {
  displayName: 'Max Concurrent',
  name: 'maxConcurrent',
  type: 'number',
  typeOptions: { minValue: 1, numberPrecision: 0 },
  default: 5,
  description: 'Deliveries to this receiver at once; 1 keeps them strictly in order',
} as const satisfies INodeProperties;

const finalStatusesField = {
  displayName: 'Statuses Without Retry',
  name: 'nonRetryableStatuses',
  type: 'string',
  default: '',
  placeholder: 'e.g. 400, 401, 422',
  description: 'HTTP statuses after which a delivery is given up at once, with commas between',
} as const satisfies INodeProperties;

const userAgentField = {
  displayName: 'User Agent',
  name: 'userAgent',
  type: 'string',
  default: '',
  placeholder: 'e.g. Clinica-Sorriso/1.0',
  description: 'Empty means n8n-nodes-omnichannel and its version',
} as const satisfies INodeProperties;

/** What has a good default. */
export const tuningFields = [
  accountsField,
  activeField,
  channelsField,
  headersField,
  concurrencyField,
  delaysField,
  scheduleField,
  finalStatusesField,
  userAgentField,
] as const;
