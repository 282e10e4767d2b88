import type { INodeProperties } from 'n8n-workflow';
import type { OperationTable } from '../../shared/router';
import * as phoneNumber from './phoneNumber';

export const operations: OperationTable = {
  phoneNumber: phoneNumber.operations,
};

export const properties: INodeProperties[] = [
  {
    displayName: 'Resource',
    name: 'resource',
    type: 'options',
    noDataExpression: true,
    default: 'phoneNumber',
    options: [
      {
        name: 'Phone Number',
        value: 'phoneNumber',
        description: 'The numbers of the business account',
      },
    ],
  },
  ...phoneNumber.properties,
];
