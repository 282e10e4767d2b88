import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import { forToolAndNode } from '../../../shared/toolVariant';
import * as check from './check.operation';
import * as createConnectLink from './createConnectLink.operation';
import * as disconnect from './disconnect.operation';
import * as get from './get.operation';
import * as getMany from './getMany.operation';
import * as renew from './renew.operation';
import * as revokeConnectLink from './revokeConnectLink.operation';

const files = { check, createConnectLink, disconnect, get, getMany, renew, revokeConnectLink };

export const operations = operationsOf(files);

export const properties: INodeProperties[] = [
  ...forToolAndNode(
    {
      displayName: 'Operation',
      name: 'operation',
      type: 'options',
      noDataExpression: true,
      default: 'getMany',
      displayOptions: { show: { resource: ['connection'] } },
      options: [
        {
          name: 'Check',
          value: 'check',
          description:
            'Ask the provider now: does the token work, was everything granted, do webhooks arrive, was a message missed?',
          action: 'Check a connection',
        },
        {
          name: 'Create Connect Link',
          value: 'createConnectLink',
          description: 'A link with which a customer connects their own accounts',
          action: 'Create a connect link',
        },
        {
          name: 'Disconnect',
          value: 'disconnect',
          description: 'End its webhooks and forget its token; the messages stay',
          action: 'Disconnect a connection',
        },
        {
          name: 'Get',
          value: 'get',
          description: 'One account with status, permissions and dates',
          action: 'Get a connection',
        },
        {
          name: 'Get Many',
          value: 'getMany',
          description: 'All accounts, or those of a channel or status',
          action: 'Get many connections',
        },
        {
          name: 'Renew',
          value: 'renew',
          description: 'Give its login a later end now, not only when it is due',
          action: 'Renew a connection',
        },
        {
          name: 'Withdraw Connect Link',
          value: 'revokeConnectLink',
          description: 'Close what a link opened; connected accounts stay',
          action: 'Withdraw a connect link',
        },
      ],
    },
    ['createConnectLink', 'disconnect', 'revokeConnectLink'],
  ),
  ...fieldsOf('connection', files),
];
