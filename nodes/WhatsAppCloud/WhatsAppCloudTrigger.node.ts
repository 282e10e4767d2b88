import {
  NodeConnectionTypes,
  type IHookFunctions,
  type ILoadOptionsFunctions,
  type INodeType,
  type INodeTypeDescription,
  type ITriggerFunctions,
  type IWebhookFunctions,
} from 'n8n-workflow';
import { accountOptions } from '../shared/accounts';
import { readTriggerSettings } from '../shared/channelTrigger';
import { consumeEvents } from '../shared/consume';
import { testStoreCredential, testWhatsAppCredential } from '../shared/credentialTests';
import { watchCredential } from '../shared/credentialWatch';
import { leaveGraphDoor, openGraphDoor } from '../shared/door/graphLifecycle';
import { receiveGraphCall } from '../shared/door/receiveGraphCall';
import { triggerProperties } from './triggerProperties';
import { chosenCredential, refreshAccounts } from './whatsAppCredential';
import { whatsAppDoor } from './whatsAppDoor';

/** One class, two sides: `webhook()` is the door that records, `trigger()` consumes what was recorded. */
export class WhatsAppCloudTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'WhatsApp Cloud Trigger',
    name: 'whatsAppCloudTrigger',
    icon: { light: 'file:whatsAppCloud.svg', dark: 'file:whatsAppCloud.dark.svg' },
    group: ['trigger'],
    // For a node of version 1, n8n evaluates an expression at every call, in an isolate of its own.
    version: [1, 2],
    defaultVersion: 2,
    subtitle: '={{ $parameter["events"].join(", ") }}',
    description:
      'Receive and answer messages on WhatsApp Business, straight through Meta; every message stored',
    eventTriggerDescription: 'Write to one of your WhatsApp numbers',
    activationMessage: 'Messages to your WhatsApp numbers will start this workflow.',
    defaults: { name: 'WhatsApp Cloud Trigger' },
    inputs: [],
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
    webhooks: [
      {
        name: 'setup',
        httpMethod: 'GET',
        responseMode: 'onReceived',
        path: 'whatsapp_cloud',
        ndvHideUrl: true,
      },
      { name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'whatsapp_cloud' },
    ],
    properties: triggerProperties,
  };

  methods = {
    loadOptions: {
      async getAccounts(this: ILoadOptionsFunctions) {
        return await accountOptions(this, 'whatsapp_cloud', refreshAccounts);
      },
    },
    credentialTest: {
      whatsAppCloudTest: testWhatsAppCredential,
      omnichannelStoreTest: testStoreCredential,
    },
  };

  webhookMethods = {
    default: {
      // Opening the door is idempotent, and each opening refreshes the accounts: so it is never "there already".
      async checkExists(this: IHookFunctions): Promise<boolean> {
        return false;
      },
      async create(this: IHookFunctions): Promise<boolean> {
        return await openGraphDoor(this, whatsAppDoor);
      },
      async delete(this: IHookFunctions): Promise<boolean> {
        return await leaveGraphDoor(this, whatsAppDoor);
      },
    },
  };

  async trigger(this: ITriggerFunctions) {
    const settings = readTriggerSettings(this, 'whatsapp_cloud');
    const response = await consumeEvents(this, settings);
    return watchCredential(this, settings, response, chosenCredential);
  }

  async webhook(this: IWebhookFunctions) {
    return await receiveGraphCall(this, whatsAppDoor);
  }
}
