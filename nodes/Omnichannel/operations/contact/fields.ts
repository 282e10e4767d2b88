import type { INodeProperties } from 'n8n-workflow';

/** Of consents. */
export const purposeField = {
  displayName: 'Purpose',
  name: 'purpose',
  type: 'options',
  noDataExpression: true,
  default: 'marketing',
  options: [
    {
      name: 'Marketing',
      value: 'marketing',
      description: 'Promotions, birthdays and follow-ups',
    },
    {
      name: 'All Messages',
      value: 'messages',
      description: 'Being written to at all, reminders included',
    },
  ],
} as const satisfies INodeProperties;

/** What custom fields look like in the panel: rows, and JSON for many at once. */
export const customFieldRows = {
  displayName: 'Custom Fields',
  name: 'customFields',
  type: 'fixedCollection',
  placeholder: 'Add Custom Field',
  default: {},
  typeOptions: { multipleValues: true },
  options: [
    {
      displayName: 'Field',
      name: 'field',
      values: [
        {
          displayName: 'Name',
          name: 'name',
          type: 'string',
          default: '',
          placeholder: 'e.g. healthPlan',
        },
        {
          displayName: 'Value',
          name: 'value',
          type: 'string',
          default: '',
          placeholder: 'e.g. Unimed',
        },
      ],
    },
  ],
} as const satisfies INodeProperties;
