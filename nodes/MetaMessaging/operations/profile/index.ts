import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import * as get from './get.operation';

const files = { get };

export const operations = operationsOf(files);

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'get',
    displayOptions: { show: { resource: ['profile'] } },
    options: [
      {
        name: 'Get',
        value: 'get',
        description: 'Name, handle and picture of someone who has written',
        action: 'Get the profile of a person',
      },
    ],
  },
  ...fieldsOf('profile', files),
];
