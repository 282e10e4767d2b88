import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import { forToolAndNode } from '../../../shared/toolVariant';
import * as check from './check.operation';
import * as createConnectLink from './createConnectLink.operation';
import * as disconnect from './disconnect.operation';
import * as get from './get.operation';
import * as getMany from './getMany.operation';
import * as renew from './renew.operation';
import * as revokeConnectLink from './revokeConnectLink.operation';

export const operations = {
  check: check.operation,
  createConnectLink: createConnectLink.operation,
  disconnect: disconnect.operation,
  get: get.operation,
  getMany: getMany.operation,
  renew: renew.operation,
  revokeConnectLink: revokeConnectLink.operation,
};

const showForConnection = { show: { resource: ['connection'] } };
const showFor = (operation: string) => ({
  show: { ...showForConnection.show, operation: [operation] },
});

export const properties: INodeProperties[] = [
  ...forToolAndNode(
    {
      displayName: 'Operation',
      name: 'operation',
      type: 'options',
      noDataExpression: true,
      default: 'getMany',
      displayOptions: showForConnection,
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
  ...updateDisplayOptions(showFor('check'), check.properties),
  ...updateDisplayOptions(showFor('createConnectLink'), createConnectLink.properties),
  ...updateDisplayOptions(showFor('disconnect'), disconnect.properties),
  ...updateDisplayOptions(showFor('get'), get.properties),
  ...updateDisplayOptions(showFor('getMany'), getMany.properties),
  ...updateDisplayOptions(showFor('renew'), renew.properties),
  ...updateDisplayOptions(showFor('revokeConnectLink'), revokeConnectLink.properties),
];
