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
    displayOptions: { show: { resource: ['statistics'] } },
    options: [
      {
        name: 'Get',
        value: 'get',
        description: 'Messages, answers, journeys, attendants, conversions and ratings of a period',
        action: 'Get statistics',
      },
    ],
  },
  ...fieldsOf('statistics', files),
];
