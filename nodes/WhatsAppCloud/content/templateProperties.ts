import type { INodeProperties } from 'n8n-workflow';
import { templateLocator, variablesMapper } from './templateField';

const IS_TEMPLATE = { show: { contentType: ['template'] } };

/** A template of the business account, and what fills its places. */
export const templateProperties = [
  {
    ...templateLocator,
    description: 'An approved message: the only thing that WhatsApp lets through at any time',
    hint: 'Choose Account first. Only approved ones are listed; new ones appear within five minutes.',
    displayOptions: IS_TEMPLATE,
  },
  { ...variablesMapper, displayOptions: IS_TEMPLATE },
] as const satisfies INodeProperties[];
