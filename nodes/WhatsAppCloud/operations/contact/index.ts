import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import * as block from './block.operation';
import * as getBlocked from './getBlocked.operation';
import * as unblock from './unblock.operation';

const files = { block, getBlocked, unblock };

export const operations = operationsOf(files);

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'block',
    displayOptions: { show: { resource: ['contact'] } },
    options: [
      {
        name: 'Block',
        value: 'block',
        description: 'They can neither write nor be written to',
        action: 'Block a person',
      },
      {
        name: 'Get Blocked',
        value: 'getBlocked',
        description: 'Whom the number has blocked',
        action: 'Get the blocked people',
      },
      {
        name: 'Unblock',
        value: 'unblock',
        description: 'They can write again',
        action: 'Unblock a person',
      },
    ],
  },
  ...fieldsOf('contact', files),
];
