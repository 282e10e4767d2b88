import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import * as emit from './emit.operation';
import * as getMany from './getMany.operation';

const files = { emit, getMany };

export const operations = operationsOf(files);

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'emit',
    displayOptions: { show: { resource: ['event'] } },
    options: [
      {
        name: 'Emit',
        value: 'emit',
        description:
          'Record that something happened, so that triggers start and webhooks deliver it',
        action: 'Emit an event',
      },
      {
        name: 'Get Many',
        value: 'getMany',
        description: 'Read the log of what happened',
        action: 'Get many events',
      },
    ],
  },
  ...fieldsOf('event', files),
];
