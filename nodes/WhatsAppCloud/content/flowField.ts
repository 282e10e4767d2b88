import type { INodeProperties } from 'n8n-workflow';

/** A form of the account's business account, by its id or its name. */
export const flowLocator = {
  displayName: 'Flow',
  name: 'flow',
  type: 'resourceLocator',
  default: { mode: 'list', value: '' },
  required: true,
  description: 'The form of WhatsApp Manager that opens in the chat',
  modes: [
    {
      displayName: 'From List',
      name: 'list',
      type: 'list',
      placeholder: 'Select a flow…',
      typeOptions: { searchListMethod: 'searchFlows', searchable: true },
    },
    {
      displayName: 'By ID',
      name: 'id',
      type: 'string',
      placeholder: 'e.g. 1123456789012345',
      validation: [
        {
          type: 'regex',
          properties: { regex: '\\s*\\d+\\s*', errorMessage: 'The ID of a flow has digits only' },
        },
      ],
    },
    {
      displayName: 'By Name',
      name: 'name',
      type: 'string',
      placeholder: 'e.g. agendar_consulta',
      hint: 'Digits alone are taken for an ID.',
    },
  ],
} as const satisfies INodeProperties;
