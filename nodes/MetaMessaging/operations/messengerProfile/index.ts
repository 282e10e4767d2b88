import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import * as remove from './delete.operation';
import * as get from './get.operation';
import * as set from './set.operation';

const files = { delete: remove, get, set };

export const operations = operationsOf(files);

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'get',
    displayOptions: { show: { resource: ['messengerProfile'] } },
    options: [
      {
        name: 'Delete',
        value: 'delete',
        description: 'Take ice breakers, menu, greeting or the start button away',
        action: 'Delete parts of the messenger profile',
      },
      {
        name: 'Get',
        value: 'get',
        description: 'What is offered before anybody writes',
        action: 'Get the messenger profile',
      },
      {
        name: 'Set',
        value: 'set',
        description: 'Offer ice breakers, a menu, a greeting or a start button',
        action: 'Set the messenger profile',
      },
    ],
  },
  ...fieldsOf('messengerProfile', files),
];
