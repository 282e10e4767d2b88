import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import type { OperationTable } from '../../shared/router';
import * as check from './check.operation';
import * as consume from './consume.operation';
import * as reset from './reset.operation';
import * as setLimits from './setLimits.operation';
import * as wait from './wait.operation';

export const operations: OperationTable = {
  limit: {
    check: check.operation,
    consume: consume.operation,
    reset: reset.operation,
    setLimits: setLimits.operation,
    wait: wait.operation,
  },
};

const shownFor = (operation: string, properties: readonly INodeProperties[]) =>
  updateDisplayOptions({ show: { operation: [operation] } }, [...properties]);

export const properties: INodeProperties[] = [
  // There is one resource only; the router of all nodes asks for it.
  { displayName: 'Resource', name: 'resource', type: 'hidden', default: 'limit' },
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'consume',
    options: [
      {
        name: 'Check',
        value: 'check',
        description: 'Say how many are left, without taking any',
        action: 'Check a limit',
      },
      {
        name: 'Reset',
        value: 'reset',
        description: 'Count from zero again',
        action: 'Reset a limit',
      },
      {
        name: 'Set Limits',
        value: 'setLimits',
        description: 'Change how many messages this account may send',
        action: 'Set limits',
      },
      {
        name: 'Take',
        value: 'consume',
        description: 'Take from the limit now, or leave by the output "Limited"',
        action: 'Take from a limit',
      },
      {
        name: 'Wait',
        value: 'wait',
        description: 'Take from the limit as soon as there is room',
        action: 'Wait for a limit',
      },
    ],
  },
  ...shownFor('check', check.properties),
  ...shownFor('consume', consume.properties),
  ...shownFor('reset', reset.properties),
  ...shownFor('setLimits', setLimits.properties),
  ...shownFor('wait', wait.properties),
];
