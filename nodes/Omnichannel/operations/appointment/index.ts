import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import type { OperationTable } from '../../../shared/router';
import * as cancel from './cancel.operation';
import * as get from './get.operation';
import * as getDocuments from './getDocuments.operation';
import * as getMany from './getMany.operation';
import * as upsert from './upsert.operation';

export const operations: OperationTable[string] = {
  cancel: cancel.operation,
  get: get.operation,
  getDocuments: getDocuments.operation,
  getMany: getMany.operation,
  upsert: upsert.operation,
};

const showForAppointment = { show: { resource: ['appointment'] } };
const showFor = (operation: string, properties: readonly INodeProperties[]) =>
  updateDisplayOptions({ show: { ...showForAppointment.show, operation: [operation] } }, [
    ...properties,
  ]);

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'upsert',
    displayOptions: showForAppointment,
    options: [
      {
        name: 'Cancel',
        value: 'cancel',
        description: 'One that came as a row; those of a calendar are cancelled there',
        action: 'Cancel an appointment',
      },
      {
        name: 'Create or Update',
        value: 'upsert',
        description: 'Create a new record, or update the current one if it already exists (upsert)',
        action: 'Create or update an appointment',
      },
      { name: 'Get', value: 'get', action: 'Get an appointment' },
      {
        name: 'Get Documents',
        value: 'getDocuments',
        description: 'What a person gets after it: the documents of its procedures',
        action: 'Get the documents of an appointment',
      },
      { name: 'Get Many', value: 'getMany', action: 'Get many appointments' },
    ],
  },
  ...showFor('cancel', cancel.properties),
  ...showFor('get', get.properties),
  ...showFor('getDocuments', getDocuments.properties),
  ...showFor('getMany', getMany.properties),
  ...showFor('upsert', upsert.properties),
];
