import {
  NodeConnectionTypes,
  type IExecuteFunctions,
  type ILoadOptionsFunctions,
  type INodeType,
  type INodeTypeDescription,
} from 'n8n-workflow';
import { searchAccounts } from '../shared/accounts';
import { testNotificaMeCredential, testStoreCredential } from '../shared/credentialTests';
import { runOperations } from '../shared/router';
import { refreshAccounts } from './notificaMeCredential';
import { operations, properties } from './operations';
import { searchSubscriptions } from './subscriptionLocator';

export class NotificaMe implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'NotificaMe',
    name: 'notificaMe',
    icon: { light: 'file:notificaMe.svg', dark: 'file:notificaMe.dark.svg' },
    group: ['output'],
    version: 1,
    subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
    description:
      "Receive and answer messages on WhatsApp, Instagram, Messenger, Telegram and more through NotificaMe's hub",
    defaults: { name: 'NotificaMe' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [
      { name: 'notificaMeApi', required: true, testedBy: 'notificaMeTest' },
      {
        name: 'omnichannelStoreApi',
        required: true,
        testedBy: 'omnichannelStoreTest',
        displayOptions: { show: { 'options.store': ['credential'] } },
      },
    ],
    properties,
  };

  methods = {
    listSearch: {
      async searchAccounts(this: ILoadOptionsFunctions, filter?: string) {
        return await searchAccounts(this, filter, 'notificame', refreshAccounts);
      },
      searchSubscriptions,
    },
    credentialTest: {
      notificaMeTest: testNotificaMeCredential,
      omnichannelStoreTest: testStoreCredential,
    },
  };

  async execute(this: IExecuteFunctions) {
    return await runOperations.call(this, operations);
  }
}
