import type { INodeProperties } from 'n8n-workflow';
import { templateLocator, variablesMapper } from './templateField';

const NEEDS_WINDOW = { contentType: ['template', 'reaction'] };
const WITH_TEMPLATE = { show: { whenWindowClosed: ['template'] }, hide: NEEDS_WINDOW };

/** What goes in the place of a message that the closed window does not let through. */
export const fallbackProperties = [
  {
    displayName: 'When the Window Is Closed',
    name: 'whenWindowClosed',
    type: 'options',
    noDataExpression: true,
    default: 'refuse',
    description: 'What happens when the customer has not written within the last 24 hours',
    displayOptions: { hide: NEEDS_WINDOW },
    options: [
      {
        name: 'Refuse',
        value: 'refuse',
        description: 'Nothing is sent, and the result names the templates that could be',
      },
      {
        name: 'Send a Template Instead',
        value: 'template',
        description: 'The approved message below; the result says that it went',
      },
    ],
  },
  {
    ...templateLocator,
    displayName: 'Template Instead',
    name: 'fallbackTemplate',
    displayOptions: WITH_TEMPLATE,
  },
  {
    ...variablesMapper,
    displayName: 'Variables of It',
    name: 'fallbackVariables',
    displayOptions: WITH_TEMPLATE,
    typeOptions: {
      loadOptionsDependsOn: ['fallbackTemplate.value', 'account.value'],
      resourceMapper: {
        ...variablesMapper.typeOptions.resourceMapper,
        resourceMapperMethod: 'getFallbackVariables',
      },
    },
  },
] as const satisfies INodeProperties[];
