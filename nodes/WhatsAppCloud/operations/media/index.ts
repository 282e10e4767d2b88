import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import * as remove from './delete.operation';
import * as download from './download.operation';
import * as upload from './upload.operation';

export const operations = {
  delete: remove.operation,
  download: download.operation,
  upload: upload.operation,
};

const show = (operation: string) => ({ show: { resource: ['media'], operation: [operation] } });

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
  ...updateDisplayOptions(show('delete'), remove.properties),
  ...updateDisplayOptions(show('download'), download.properties),
  ...updateDisplayOptions(show('upload'), upload.properties),
];
