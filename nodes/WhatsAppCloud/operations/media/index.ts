import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import * as remove from './delete.operation';
import * as download from './download.operation';
import * as upload from './upload.operation';

const files = { delete: remove, download, upload };

export const operations = operationsOf(files);

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'download',
    displayOptions: { show: { resource: ['media'] } },
    options: [
      {
        name: 'Delete',
        value: 'delete',
        description: 'Let WhatsApp forget a file',
        action: 'Delete a file',
      },
      {
        name: 'Download',
        value: 'download',
        description: 'A file of a message, into the binary data',
        action: 'Download a file',
      },
      {
        name: 'Upload',
        value: 'upload',
        description: 'A file that several messages send',
        action: 'Upload a file',
      },
    ],
  },
  ...fieldsOf('media', files),
];
