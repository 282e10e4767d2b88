import type { INodeProperties } from 'n8n-workflow';

/** How an account knows a person. By default whoever the trigger's event came from. */
export const personProperty = {
  displayName: 'Recipient',
  name: 'recipient',
  type: 'string',
  default: '={{ $json.contact.externalId }}',
  required: true,
  placeholder: 'e.g. 7001002003004005',
  description: "How this account knows the person: contact.externalId of the trigger's item",
  hint: "If other nodes stand between, use {{ $('Instagram and Messenger Trigger').item.json.contact.externalId }}. A name or phone number does not work here.",
} as const satisfies INodeProperties;
