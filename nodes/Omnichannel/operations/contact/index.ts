import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import { forToolAndNode } from '../../../shared/toolVariant';
import * as erase from './erase.operation';
import * as exporting from './export.operation';
import * as get from './get.operation';
import * as getAuditLog from './getAuditLog.operation';
import * as getMany from './getMany.operation';
import * as merge from './merge.operation';
import * as optIn from './optIn.operation';
import * as optOut from './optOut.operation';
import * as upsert from './upsert.operation';

const files = { erase, export: exporting, get, getAuditLog, getMany, merge, optIn, optOut, upsert };

export const operations = operationsOf(files);

const operationList: INodeProperties = {
  displayName: 'Operation',
  name: 'operation',
  type: 'options',
  noDataExpression: true,
  default: 'upsert',
  displayOptions: { show: { resource: ['contact'] } },
  options: [
    {
      name: 'Create or Update',
      value: 'upsert',
      description: 'Create a new record, or update the current one if it already exists (upsert)',
      action: 'Create or update a contact',
    },
    {
      name: 'Erase',
      value: 'erase',
      description: 'Everything of a person, for good; what was sent stays provable (LGPD, GDPR)',
      action: 'Erase a contact',
    },
    {
      name: 'Export',
      value: 'export',
      description: 'Everything of one person, or a table of many as CSV',
      action: 'Export contacts',
    },
    { name: 'Get', value: 'get', action: 'Get a contact' },
    {
      name: 'Get Audit Log',
      value: 'getAuditLog',
      description: 'Who exported, merged or erased contacts, and every change of a consent',
      action: 'Get the audit log of contacts',
    },
    { name: 'Get Many', value: 'getMany', action: 'Get many contacts' },
    {
      name: 'Merge',
      value: 'merge',
      description: 'Make one contact out of two of the same person',
      action: 'Merge two contacts',
    },
    {
      name: 'Opt In',
      value: 'optIn',
      description: 'Note that the person agrees, with the words and where they were said',
      action: 'Note the consent of a contact',
    },
    {
      name: 'Opt Out',
      value: 'optOut',
      description: 'Note that the person does not want it any more',
      action: 'Note that a contact refuses',
    },
  ],
};

export const properties: INodeProperties[] = [
  ...forToolAndNode(operationList, ['erase']),
  ...fieldsOf('contact', files),
];
