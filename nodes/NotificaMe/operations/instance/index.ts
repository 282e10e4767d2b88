import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import * as authorize from './authorize.operation';
import * as completeAuthorization from './completeAuthorization.operation';
import * as create from './create.operation';
import * as disconnect from './disconnect.operation';
import * as get from './get.operation';
import * as getMany from './getMany.operation';
import * as getQrCode from './getQrCode.operation';
import * as sync from './sync.operation';

const files = {
  authorize,
  completeAuthorization,
  create,
  disconnect,
  get,
  getMany,
  getQrCode,
  sync,
};

export const operations = operationsOf(files);

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'getMany',
    displayOptions: { show: { resource: ['instance'] } },
    options: [
      {
        name: 'Authorize',
        value: 'authorize',
        description: 'Where a person goes on in a browser',
        action: 'Authorize an instance',
      },
      {
        name: 'Complete Authorization',
        value: 'completeAuthorization',
        description: 'Hands over what the login gave',
        action: 'Complete the authorization of an instance',
      },
      {
        name: 'Create',
        value: 'create',
        description: 'Makes an instance of a platform',
        action: 'Create an instance',
      },
      {
        name: 'Disconnect',
        value: 'disconnect',
        description: 'Ends an instance',
        action: 'Disconnect an instance',
      },
      {
        name: 'Get',
        value: 'get',
        description: 'One instance',
        action: 'Get an instance',
      },
      {
        name: 'Get Many',
        value: 'getMany',
        description: 'All instances, or those of one platform',
        action: 'Get many instances',
      },
      {
        name: 'Get QR Code',
        value: 'getQrCode',
        description: 'The code to scan with the phone',
        action: 'Get the QR code of an instance',
      },
      {
        name: 'Sync',
        value: 'sync',
        description: 'Asks for the present state',
        action: 'Sync an instance',
      },
    ],
  },
  ...fieldsOf('instance', files),
];
