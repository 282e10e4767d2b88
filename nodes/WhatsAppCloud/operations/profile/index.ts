import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import * as get from './get.operation';
import * as update from './update.operation';

export const operations = {
  get: get.operation,
  update: update.operation,
};

const show = (operation: string) => ({ show: { resource: ['profile'], operation: [operation] } });

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
        description: 'What customers see of the business',
        action: 'Get the profile of the business',
      },
      {
        name: 'Update',
        value: 'update',
        description: 'About, address, description, email, websites, picture',
        action: 'Update the profile of the business',
      },
    ],
  },
  ...updateDisplayOptions(show('get'), get.properties),
  ...updateDisplayOptions(show('update'), update.properties),
];
