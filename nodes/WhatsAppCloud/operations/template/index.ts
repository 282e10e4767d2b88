import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import * as create from './create.operation';
import * as remove from './delete.operation';
import * as get from './get.operation';
import * as getMany from './getMany.operation';
import { readyProperties } from '../../../shared/readyTemplates';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import { ownProperties } from './ownProperties';

const files = { create, delete: remove, get, getMany };

export const operations = operationsOf(files);

const show = (operation: string) => ({ show: { resource: ['template'], operation: [operation] } });
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
        description: 'Hand new templates to Meta for approval: your own, or the ready-made ones',
        action: 'Create a template',
      },
      {
        name: 'Delete',
        value: 'delete',
        description: 'One language of it, or all',
        action: 'Delete a template',
      },
      {
        name: 'Get',
        value: 'get',
        description: 'What it says, its variables and how it stands',
        action: 'Get a template',
      },
      {
        name: 'Get Many',
        value: 'getMany',
        description: 'The templates of the business account',
        action: 'Get many templates',
      },
    ],
  },
  ...updateDisplayOptions(show('create'), [...create.firstProperties]),
  ...updateDisplayOptions(showCreate('own'), [...ownProperties]),
  ...updateDisplayOptions(showCreate('ready'), [...readyProperties]),
  ...updateDisplayOptions(show('create'), [...create.lastProperties]),
  ...fieldsOf('template', { delete: remove, get, getMany }),
];
