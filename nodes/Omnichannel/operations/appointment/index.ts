import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import * as cancel from './cancel.operation';
import * as confirm from './confirm.operation';
import * as get from './get.operation';
import * as getDocuments from './getDocuments.operation';
import * as getFreeTimes from './getFreeTimes.operation';
import * as getMany from './getMany.operation';
import * as reschedule from './reschedule.operation';
import * as upsert from './upsert.operation';

const files = { cancel, confirm, get, getDocuments, getFreeTimes, getMany, reschedule, upsert };

export const operations = operationsOf(files);

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'upsert',
    displayOptions: { show: { resource: ['appointment'] } },
    options: [
      {
        name: 'Cancel',
        value: 'cancel',
        description: 'One of a watched calendar is deleted there, too',
        action: 'Cancel an appointment',
      },
      {
        name: 'Confirm',
        value: 'confirm',
        description: 'Note that the person comes, and mark it in the calendar',
        action: 'Confirm an appointment',
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
      {
        name: 'Get Free Times',
        value: 'getFreeTimes',
        description: 'Times of its calendar that it can be moved to',
        action: 'Get free times for an appointment',
      },
      { name: 'Get Many', value: 'getMany', action: 'Get many appointments' },
      {
        name: 'Reschedule',
        value: 'reschedule',
        description: 'Move it; one of a watched calendar is moved there, if the time is still free',
        action: 'Reschedule an appointment',
      },
    ],
  },
  ...fieldsOf('appointment', files),
];
