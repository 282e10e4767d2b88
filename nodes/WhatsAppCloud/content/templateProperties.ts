import type { INodeProperties } from 'n8n-workflow';
import { templateLocator } from './templateField';

const IS_TEMPLATE = { show: { contentType: ['template'] } };

/** A template of the business account, and what fills its places. */
export const templateProperties = [
  {
    ...templateLocator,
    description: 'An approved message: the only thing that WhatsApp lets through at any time',
    hint: 'Choose Account first. Only approved ones are listed; new ones appear within five minutes.',
    displayOptions: IS_TEMPLATE,
  },
  {
    displayName: 'Variables',
    name: 'variables',
    type: 'resourceMapper',
    noDataExpression: true,
    default: { mappingMode: 'defineBelow', value: null },
    description: 'What stands in the places of the template',
    displayOptions: IS_TEMPLATE,
    typeOptions: {
      loadOptionsDependsOn: ['template.value', 'account.value'],
      resourceMapper: {
        resourceMapperMethod: 'getTemplateVariables',
        mode: 'add',
        addAllFields: true,
        supportAutoMap: false,
        valuesLabel: 'Variables',
        fieldWords: { singular: 'variable', plural: 'variables' },
        noFieldsError: 'This template has no variables.',
      },
    },
  },
] as const satisfies INodeProperties[];
