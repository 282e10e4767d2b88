import {
  NodeConnectionTypes,
  type IExecuteFunctions,
  type ILoadOptionsFunctions,
  type INodeType,
  type INodeTypeDescription,
} from 'n8n-workflow';
import { searchAccounts } from '../shared/accounts';
import { testStoreCredential, testWhatsAppCredential } from '../shared/credentialTests';
import { runOperations } from '../shared/router';
import { operations, properties } from './operations';
import { searchFlows } from './flowList';
import { searchTemplates, templateVariables } from './templateLists';
import { refreshAccounts } from './whatsAppCredential';

export class WhatsAppCloud implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'WhatsApp Cloud',
    name: 'whatsAppCloud',
    icon: { light: 'file:whatsAppCloud.svg', dark: 'file:whatsAppCloud.dark.svg' },
    group: ['output'],
    version: 1,
    subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
    description:
      'Receive and answer messages on WhatsApp Business, straight through Meta; every message stored',
    defaults: { name: 'WhatsApp Cloud' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [
      { name: 'whatsAppCloudApi', required: true, testedBy: 'whatsAppCloudTest' },
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
        return await searchAccounts(this, filter, 'whatsapp_cloud', refreshAccounts);
      },
      async searchTemplates(this: ILoadOptionsFunctions, filter?: string) {
        return await searchTemplates(this, filter);
      },
      async searchFlows(this: ILoadOptionsFunctions, filter?: string) {
        return await searchFlows(this, filter);
      },
    },
    resourceMapping: {
      async getTemplateVariables(this: ILoadOptionsFunctions) {
        return await templateVariables(this, 'template');
      },
      async getFallbackVariables(this: ILoadOptionsFunctions) {
        return await templateVariables(this, 'fallbackTemplate');
      },
    },
    credentialTest: {
      whatsAppCloudTest: testWhatsAppCredential,
      omnichannelStoreTest: testStoreCredential,
    },
  };

  async execute(this: IExecuteFunctions) {
    return await runOperations.call(this, operations);
  }
}
