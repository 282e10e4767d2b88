import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import * as create from './create.operation';
import * as getMany from './getMany.operation';
import { readyProperties } from '../../../shared/readyTemplates';
import { fieldsOf, operationsOf } from '../../../shared/resource';

const files = { create, getMany };

export const operations = operationsOf(files);

const show = (operation: string) => ({
  show: { resource: ['template'], operation: [operation] },
});
const showCreate = (source: string) => ({
  show: { resource: ['template'], operation: ['create'], source: [source] },
});

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'getMany',
    displayOptions: { show: { resource: ['template'] } },
    options: [
      {
        name: 'Create',
        value: 'create',
        description: 'Hand WhatsApp templates in for approval: your own, or the ready-made ones',
        action: 'Create a template',
      },
      {
        name: 'Get Many',
        value: 'getMany',
        description: 'The WhatsApp templates of a channel',
        action: 'Get many templates',
      },
    ],
  },
  ...updateDisplayOptions(show('create'), [...create.firstProperties]),
  ...updateDisplayOptions(showCreate('own'), [...create.ownProperties]),
  ...updateDisplayOptions(showCreate('ready'), [...readyProperties]),
  ...updateDisplayOptions(show('create'), [...create.lastProperties]),
  ...fieldsOf('template', { getMany }),
];
