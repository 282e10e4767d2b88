import {
  NodeConnectionTypes,
  type IExecuteFunctions,
  type ILoadOptionsFunctions,
  type INodeType,
  type INodeTypeDescription,
} from 'n8n-workflow';
import { accountOptions } from '../shared/accounts';
import { testStoreCredential } from '../shared/credentialTests';
import { listsWithoutCredential } from '../shared/listsWithoutCredential';
import { runOperations } from '../shared/router';
import { operations, properties } from './operations';
import { searchSubscriptions, subscriptionOptions } from './subscriptionLocator';

/**
 * `sensitiveOutputFields` would hide the secret from everybody for ever, also in the editor that has just made it
 * (n8n redacts what it pushes there): nobody could copy it to the receiver. So the panel says to delete the execution.
 */
export class WebhookDelivery implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Webhook Delivery',
    name: 'webhookDelivery',
    icon: { light: 'file:webhookDelivery.svg', dark: 'file:webhookDelivery.dark.svg' },
    group: ['output'],
    version: 1,
    subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
    description: 'Delivers events to other systems: signed, retried, logged',
    defaults: { name: 'Webhook Delivery' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [
      {
        name: 'omnichannelStoreApi',
        required: true,
        testedBy: 'omnichannelStoreTest',
        displayOptions: { show: { 'options.store': ['credential'] } },
      },
    ],
    properties: listsWithoutCredential(properties),
  };

  methods = {
    listSearch: {
      async searchSubscriptions(this: ILoadOptionsFunctions, filter?: string) {
        return await searchSubscriptions(this, filter);
      },
    },
    loadOptions: {
      async getAccounts(this: ILoadOptionsFunctions) {
        return await accountOptions(this);
      },
      async getSubscriptions(this: ILoadOptionsFunctions) {
        return await subscriptionOptions(this);
      },
    },
    credentialTest: { omnichannelStoreTest: testStoreCredential },
  };

  async execute(this: IExecuteFunctions) {
    return await runOperations.call(this, operations);
  }
}
