import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import * as get from './get.operation';
import * as update from './update.operation';

const files = { get, update };

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
        description: 'What customers see of the business',
        action: 'Get the profile of the business',
      },
      {
        name: 'Update',
        value: 'update',
        description: 'About, address, description, email, websites, picture',
        action: 'Update the profile of the business',
      },
    ],
  },
  ...fieldsOf('profile', files),
];
