import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import * as connect from './connect.operation';
import * as get from './get.operation';
import * as getMany from './getMany.operation';
import * as status from './status.operation';

const files = { connect, get, getMany, status };

export const operations = operationsOf(files);

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'getMany',
    displayOptions: { show: { resource: ['channel'] } },
    options: [
      {
        name: 'Connect',
        value: 'connect',
        description: 'The address of the window in which a person connects an account',
        action: 'Get the address to connect a channel',
      },
      {
        name: 'Get',
        value: 'get',
        description: 'One channel as NotificaMe has it',
        action: 'Get a channel',
      },
      {
        name: 'Get Many',
        value: 'getMany',
        description: 'Every channel that the token reaches',
        action: 'Get many channels',
      },
      {
        name: 'Status',
        value: 'status',
        description: 'Whether a channel is connected, and whether its messages arrive here',
        action: 'Get the status of a channel',
      },
    ],
  },
  ...fieldsOf('channel', files),
];
