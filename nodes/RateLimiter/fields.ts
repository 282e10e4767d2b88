import type { INodeProperties } from 'n8n-workflow';
import { accountLocator } from '../shared/accounts';
import { storeOption, tenantOption } from '../shared/commonOptions';

export const account = {
  ...accountLocator,
  description: 'Whose messages are counted',
  hint: 'The default is the account that the trigger\'s message came in on. Otherwise choose "From List".',
} as const satisfies INodeProperties;

export const count = {
  displayName: 'Messages',
  name: 'count',
  type: 'number',
  typeOptions: { minValue: 1, numberPrecision: 0 },
  default: 1,
  description: 'How many at once: all of them are allowed, or none',
} as const satisfies INodeProperties;

const WINDOWS = [
  { name: 'Day', value: 'day' },
  { name: 'Hour', value: 'hour' },
  { name: 'Minute', value: 'minute' },
] as const;

export const windowsOption = {
  displayName: 'Windows',
  name: 'windows',
  type: 'multiOptions',
  default: [],
  description: 'Which of the limits count; all of them where nothing is chosen',
  options: [...WINDOWS],
} as const satisfies INodeProperties;

export const window = {
  displayName: 'Window',
  name: 'window',
  type: 'options',
  default: 'all',
  description: 'Which counter begins at zero again',
  options: [{ name: 'All', value: 'all' }, ...WINDOWS],
} as const satisfies INodeProperties;

export const keepInputOption = {
  displayName: 'Keep Input Fields',
  name: 'keepInput',
  type: 'boolean',
  default: true,
  description:
    'Whether the item keeps what it came with, so that the node behind it can go on with the message',
} as const satisfies INodeProperties;

export const whenLimitedOption = {
  displayName: 'When Limited',
  name: 'whenLimited',
  type: 'options',
  default: 'output',
  description: 'What happens to an item that may not go now',
  options: [
    { name: 'Send It to the Output "Limited"', value: 'output' },
    {
      name: 'Stop with an Error',
      value: 'fail',
      description: 'The error has the code 429 and says how long to wait',
    },
  ],
} as const satisfies INodeProperties;

export { storeOption, tenantOption };
