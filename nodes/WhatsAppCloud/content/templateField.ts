import type { INodeProperties } from 'n8n-workflow';
import { InvalidInputError } from '../../../core/model/errors';

/** A template of the account's business account, by its name and language. */
export const templateLocator = {
  displayName: 'Template',
  name: 'template',
  type: 'resourceLocator',
  default: { mode: 'list', value: '' },
  required: true,
  description: 'A template of the business account, in one language',
  modes: [
    {
      displayName: 'From List',
      name: 'list',
      type: 'list',
      placeholder: 'Select a template…',
      typeOptions: { searchListMethod: 'searchTemplates', searchable: true },
    },
    {
      displayName: 'By Name',
      name: 'name',
      type: 'string',
      placeholder: 'e.g. lembrete_consulta|pt_BR',
      hint: 'Name and language, with | between them',
      validation: [
        {
          type: 'regex',
          properties: {
            regex: '\\s*[a-z0-9_]{1,512}\\|[A-Za-z_]{2,10}\\s*',
            errorMessage: 'Write the name, then | and the language: lembrete_consulta|pt_BR',
          },
        },
      ],
    },
  ],
} as const satisfies INodeProperties;

/** What fills the places of a template: a field for each of its variables, and its text. */
export const variablesMapper = {
  displayName: 'Variables',
  name: 'variables',
  type: 'resourceMapper',
  noDataExpression: true,
  default: { mappingMode: 'defineBelow', value: null },
  description: 'What stands in the places of the template',
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
} as const satisfies INodeProperties;

/** @throws InvalidInputError when one of both is missing */
export function templateOf(text: string): { name: string; language: string } {
  const [name = '', language = ''] = text.split('|').map((part) => part.trim());
  if (name !== '' && language !== '') return { name, language };
  throw new InvalidInputError(
    'Template',
    name === '' ? '"Template" is empty.' : `"${text}" does not say in which language.`,
    { hint: 'Choose one from the list, or write lembrete_consulta|pt_BR.' },
  );
}
