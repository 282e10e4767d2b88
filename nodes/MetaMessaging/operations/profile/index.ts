import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import * as get from './get.operation';

export const operations = { get: get.operation };

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
  ...updateDisplayOptions({ show: { resource: ['profile'], operation: ['get'] } }, get.properties),
];
