import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import * as remove from './delete.operation';
import * as get from './get.operation';
import * as set from './set.operation';

export const operations = { delete: remove.operation, get: get.operation, set: set.operation };

const show = (operation: string) => ({
  show: { resource: ['messengerProfile'], operation: [operation] },
});

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
  ...updateDisplayOptions(show('delete'), remove.properties),
  ...updateDisplayOptions(show('get'), get.properties),
  ...updateDisplayOptions(show('set'), set.properties),
];
