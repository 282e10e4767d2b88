import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import * as create from './create.operation';
import * as getMany from './getMany.operation';
import { readyProperties } from '../../../shared/readyTemplates';

export const operations = {
  create: create.operation,
  getMany: getMany.operation,
};

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
  ...updateDisplayOptions(show('getMany'), getMany.properties),
];
