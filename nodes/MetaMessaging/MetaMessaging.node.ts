import {
  NodeConnectionTypes,
  type IExecuteFunctions,
  type ILoadOptionsFunctions,
  type INodeType,
  type INodeTypeDescription,
} from 'n8n-workflow';
import { searchAccounts } from '../shared/accounts';
import { testMetaCredential, testStoreCredential } from '../shared/credentialTests';
import { runOperations } from '../shared/router';
import { authenticationProperties } from './authentication';
import { refreshAccounts } from './metaCredential';
import { operations, properties } from './operations';

export class MetaMessaging implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Instagram and Messenger',
    name: 'metaMessaging',
    icon: { light: 'file:metaMessaging.svg', dark: 'file:metaMessaging.dark.svg' },
    group: ['output'],
    version: 1,
    subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
    description: 'Receive and answer messages on Instagram and Messenger, straight through Meta',
    defaults: { name: 'Instagram and Messenger' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [
      {
        name: 'metaAccessTokenApi',
        required: true,
        testedBy: 'metaAccessTokenTest',
        displayOptions: { show: { authentication: ['accessToken'] } },
      },
      {
        name: 'metaOAuth2Api',
        required: true,
        displayOptions: { show: { authentication: ['oAuth2'] } },
      },
      {
        name: 'omnichannelStoreApi',
        required: true,
        testedBy: 'omnichannelStoreTest',
        displayOptions: { show: { 'options.store': ['credential'] } },
      },
    ],
    properties: [...authenticationProperties, ...properties],
  };

  methods = {
    listSearch: {
      async searchAccounts(this: ILoadOptionsFunctions, filter?: string) {
        return await searchAccounts(this, filter, 'meta', refreshAccounts);
      },
    },
    credentialTest: {
      metaAccessTokenTest: testMetaCredential,
      omnichannelStoreTest: testStoreCredential,
    },
  };

  async execute(this: IExecuteFunctions) {
    return await runOperations.call(this, operations);
  }
}
