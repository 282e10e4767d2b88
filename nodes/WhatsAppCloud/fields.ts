import type { INodeProperties } from 'n8n-workflow';
import { accountLocator } from '../shared/accounts';

/** The number that an operation is about. By default the one that the trigger's event came in on. */
export const numberLocator = {
  ...accountLocator,
  description: 'The WhatsApp number of the business',
} as const satisfies INodeProperties;
