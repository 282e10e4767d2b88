import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import * as create from './create.operation';
import * as getMany from './getMany.operation';

export const operations = {
  create: create.operation,
  getMany: getMany.operation,
};

const show = (operation: string) => ({
  show: { resource: ['template'], operation: [operation] },
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
        description: 'Hands a WhatsApp template in for approval',
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
  ...updateDisplayOptions(show('create'), create.properties),
  ...updateDisplayOptions(show('getMany'), getMany.properties),
];
