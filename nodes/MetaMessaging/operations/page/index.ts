import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import * as getMany from './getMany.operation';

export const operations = { getMany: getMany.operation };

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'getMany',
    displayOptions: { show: { resource: ['page'] } },
    options: [
      {
        name: 'Get Many',
        value: 'getMany',
        description: 'The Pages that the credential reaches, each with its Instagram account',
        action: 'Get many pages',
      },
    ],
  },
  ...updateDisplayOptions(
    { show: { resource: ['page'], operation: ['getMany'] } },
    getMany.properties,
  ),
];
