import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import * as get from './get.operation';
import * as getMany from './getMany.operation';
import * as register from './register.operation';

const files = { get, getMany, register };

export const operations = operationsOf(files);

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'getMany',
    displayOptions: { show: { resource: ['phoneNumber'] } },
    options: [
      {
        name: 'Get',
        value: 'get',
        description: 'Quality, limit, and whether it can send at present',
        action: 'Get a phone number',
      },
      {
        name: 'Get Many',
        value: 'getMany',
        description: 'The numbers of the business account',
        action: 'Get many phone numbers',
      },
      {
        name: 'Register',
        value: 'register',
        description: 'Put a number into service on the Cloud API',
        action: 'Register a phone number',
      },
    ],
  },
  ...fieldsOf('phoneNumber', files),
];
