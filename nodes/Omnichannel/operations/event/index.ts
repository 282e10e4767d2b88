import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import * as emit from './emit.operation';
import * as getMany from './getMany.operation';

export const operations = { emit: emit.operation, getMany: getMany.operation };

const showForEvent = { show: { resource: ['event'] } };
const showFor = (operation: string) => ({ show: { ...showForEvent.show, operation: [operation] } });

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'emit',
    displayOptions: showForEvent,
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
  ...updateDisplayOptions(showFor('emit'), emit.properties),
  ...updateDisplayOptions(showFor('getMany'), getMany.properties),
];
