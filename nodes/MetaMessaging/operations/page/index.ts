import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import * as getMany from './getMany.operation';

const files = { getMany };

export const operations = operationsOf(files);

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
  ...fieldsOf('page', files),
];
