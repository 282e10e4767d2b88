import {
  NodeConnectionTypes,
  type IExecuteFunctions,
  type ILoadOptionsFunctions,
  type INodeType,
  type INodeTypeDescription,
  type IWebhookFunctions,
} from 'n8n-workflow';
import { accountOptions, searchAllAccounts } from '../shared/accounts';
import { searchContacts } from '../shared/contactLocator';
import { testStoreCredential } from '../shared/credentialTests';
import { listsWithoutCredential } from '../shared/listsWithoutCredential';
import { runOperations } from '../shared/router';
import { searchTemplates, templateVariables } from '../WhatsAppCloud/templateLists';
import { searchBroadcasts } from './broadcastLocator';
import { searchConnectPages } from './connectPageLocator';
import { operations, properties } from './operations';
import { accountWithTemplates } from './operations/message/fillTemplate';
import {
  messageTemplateFields,
  searchMessageTemplates,
} from './operations/messageTemplate/locator';
import { searchScheduled } from './operations/message/scheduledLocator';
import { resumeExecution, resumeWebhooks } from './resume';

export class Omnichannel implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Omnichannel',
    name: 'omnichannel',
    icon: { light: 'file:omnichannel.svg', dark: 'file:omnichannel.dark.svg' },
    group: ['output'],
    version: 1,
    subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
    description: 'Receive messages and events of all your channels, and answer them',
    defaults: { name: 'Omnichannel' },
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
    webhooks: resumeWebhooks,
    waitingNodeTooltip: 'The execution goes on when the person has answered on their channel.',
    properties: listsWithoutCredential(properties),
  };

  methods = {
    loadOptions: {
      async getAccounts(this: ILoadOptionsFunctions) {
        return await accountOptions(this);
      },
    },
    listSearch: {
      async searchAllAccounts(this: ILoadOptionsFunctions, filter?: string) {
        return await searchAllAccounts(this, filter);
      },
      async searchContacts(this: ILoadOptionsFunctions, filter?: string, cursor?: string) {
        return await searchContacts(this, filter, cursor);
      },
      async searchBroadcasts(this: ILoadOptionsFunctions, filter?: string) {
        return await searchBroadcasts(this, filter);
      },
      async searchConnectPages(this: ILoadOptionsFunctions, filter?: string) {
        return await searchConnectPages(this, filter);
      },
      async searchMessageTemplates(this: ILoadOptionsFunctions, filter?: string) {
        return await searchMessageTemplates(this, filter);
      },
      async searchScheduled(this: ILoadOptionsFunctions, filter?: string) {
        return await searchScheduled(this, filter);
      },
      async searchTemplates(this: ILoadOptionsFunctions, filter?: string) {
        return await searchTemplates(this, filter, accountWithTemplates);
      },
    },
    resourceMapping: {
      async getMessageTemplateFields(this: ILoadOptionsFunctions) {
        return await messageTemplateFields(this);
      },
      async getTemplateVariables(this: ILoadOptionsFunctions) {
        return await templateVariables(this, 'template', accountWithTemplates);
      },
      async getFallbackVariables(this: ILoadOptionsFunctions) {
        return await templateVariables(this, 'fallbackTemplate', accountWithTemplates);
      },
    },
    credentialTest: { omnichannelStoreTest: testStoreCredential },
  };

  async execute(this: IExecuteFunctions) {
    return await runOperations.call(this, operations);
  }

  async webhook(this: IWebhookFunctions) {
    return await resumeExecution(this);
  }
}
