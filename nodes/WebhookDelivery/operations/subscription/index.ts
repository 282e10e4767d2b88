import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import * as create from './create.operation';
import * as remove from './delete.operation';
import * as get from './get.operation';
import * as getMany from './getMany.operation';
import * as regenerateSecret from './regenerateSecret.operation';
import * as statistics from './statistics.operation';
import * as test from './test.operation';
import * as update from './update.operation';

const files = { create, delete: remove, get, getMany, regenerateSecret, statistics, test, update };

export const operations = operationsOf(files);

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'create',
    displayOptions: { show: { resource: ['subscription'] } },
    options: [
      {
        name: 'Create',
        value: 'create',
        description: 'Have events delivered to an address',
        action: 'Create a subscription',
      },
      {
        name: 'Delete',
        value: 'delete',
        description: 'End it; what still waited for it is cancelled',
        action: 'Delete a subscription',
      },
      { name: 'Get', value: 'get', action: 'Get a subscription' },
      { name: 'Get Many', value: 'getMany', action: 'Get many subscriptions' },
      {
        name: 'Regenerate Secret',
        value: 'regenerateSecret',
        description: 'Make a new secret, with an overlap in which the old one still signs',
        action: 'Regenerate the secret of a subscription',
      },
      {
        name: 'Statistics',
        value: 'statistics',
        description: 'Deliveries, success rate and durations, per day',
        action: 'Get the statistics of subscriptions',
      },
      {
        name: 'Test',
        value: 'test',
        description: 'Send a test delivery now and see what the receiver answers',
        action: 'Test a subscription',
      },
      {
        name: 'Update',
        value: 'update',
        description: 'Change it, or switch it on and off',
        action: 'Update a subscription',
      },
    ],
  },
  ...fieldsOf('subscription', files),
];
