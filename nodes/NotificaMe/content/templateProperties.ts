import type { INodeProperties } from 'n8n-workflow';

const OF_TEMPLATE = { contentType: ['template'] };

/** Fields of an approved template of WhatsApp, and of what fills its places. */
export const templateProperties = [
  {
    displayName: 'Template Name',
    name: 'templateName',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. lembrete_consulta_24h',
    description: 'As it is approved. Template: Get Many lists them.',
    displayOptions: { show: OF_TEMPLATE },
  },
  {
    displayName: 'Template Language',
    name: 'templateLanguage',
    type: 'string',
    default: 'pt_BR',
    required: true,
    placeholder: 'e.g. pt_BR',
    displayOptions: { show: OF_TEMPLATE },
  },
  {
    displayName: 'Variables',
    name: 'templateVariables',
    type: 'fixedCollection',
    typeOptions: { multipleValues: true, sortable: true },
    default: {},
    placeholder: 'Add Variable',
    description: 'What fills the places of the body: {{1}}, {{2}} in this order, or by their names',
    displayOptions: { show: OF_TEMPLATE },
    options: [
      {
        displayName: 'Variable',
        name: 'variable',
        values: [
          {
            displayName: 'Value',
            name: 'value',
            type: 'string',
            default: '',
            placeholder: 'e.g. Ana',
          },
          {
            displayName: 'Name',
            name: 'name',
            type: 'string',
            default: '',
            placeholder: 'e.g. first_name',
            description: 'Only where the template names its variables; else they are numbered',
          },
        ],
      },
    ],
  },
  {
    displayName: 'Header',
    name: 'templateHeader',
    type: 'options',
    noDataExpression: true,
    default: 'none',
    description: 'What fills the header, where the template has one with a place in it',
    displayOptions: { show: OF_TEMPLATE },
    options: [
      { name: 'Document', value: 'document' },
      { name: 'Image', value: 'image' },
      { name: 'Nothing', value: 'none' },
      { name: 'Text', value: 'text' },
      { name: 'Video', value: 'video' },
    ],
  },
  {
    displayName: 'Header Text or URL',
    name: 'templateHeaderValue',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. https://example.com/guide.pdf',
    description: 'The text, or the public address of the file',
    displayOptions: {
      show: { ...OF_TEMPLATE, templateHeader: ['document', 'image', 'text', 'video'] },
    },
  },
  {
    displayName: 'Button Values',
    name: 'templateButtons',
    type: 'fixedCollection',
    typeOptions: { multipleValues: true },
    default: {},
    placeholder: 'Add Button Value',
    description: 'What buttons of the template carry, by their place among them',
    displayOptions: { show: OF_TEMPLATE },
    options: [
      {
        displayName: 'Button',
        name: 'button',
        values: [
          {
            displayName: 'Position',
            name: 'index',
            type: 'number',
            typeOptions: { minValue: 1, maxValue: 10 },
            default: 1,
            description: 'The first button is 1',
          },
          {
            displayName: 'Kind',
            name: 'kind',
            type: 'options',
            default: 'quickReply',
            options: [
              { name: 'Answer', value: 'quickReply' },
              { name: 'Code to Copy', value: 'copyCode' },
              { name: 'End of an Address', value: 'url' },
            ],
          },
          {
            displayName: 'Value',
            name: 'value',
            type: 'string',
            default: '',
            placeholder: 'e.g. CONFIRM:4711',
          },
        ],
      },
    ],
  },
] as const satisfies INodeProperties[];
