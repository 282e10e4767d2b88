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
import { testMetaCredential, testStoreCredential } from '../shared/credentialTests';
import { watchCredential } from '../shared/credentialWatch';
import { leaveGraphDoor, openGraphDoor } from '../shared/door/graphLifecycle';
import { receiveGraphCall } from '../shared/door/receiveGraphCall';
import { authenticationProperties } from './authentication';
import { chosenCredential, refreshAccounts } from './metaCredential';
import { metaDoor } from './metaDoor';
import { triggerProperties } from './triggerProperties';

/** One class, two sides: `webhook()` is the door that records, `trigger()` consumes what was recorded. */
export class MetaMessagingTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Instagram and Messenger Trigger',
    name: 'metaMessagingTrigger',
    icon: { light: 'file:metaMessaging.svg', dark: 'file:metaMessaging.dark.svg' },
    group: ['trigger'],
    // For a node of version 1, n8n evaluates an expression at every call, in an isolate of its own.
    version: [1, 2],
    defaultVersion: 2,
    subtitle: '={{ $parameter["events"].join(", ") }}',
    description: 'Receive and answer messages on Instagram and Messenger, straight through Meta',
    eventTriggerDescription: 'Write to one of your connected accounts',
    activationMessage: 'Messages of your connected accounts will start this workflow.',
    defaults: { name: 'Instagram and Messenger Trigger' },
    inputs: [],
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
    webhooks: [
      {
        name: 'setup',
        httpMethod: 'GET',
        responseMode: 'onReceived',
        path: 'meta',
        ndvHideUrl: true,
      },
      { name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'meta' },
    ],
    properties: [...authenticationProperties, ...triggerProperties],
  };

  methods = {
    loadOptions: {
      async getAccounts(this: ILoadOptionsFunctions) {
        return await accountOptions(this, 'meta', refreshAccounts);
      },
    },
    credentialTest: {
      metaAccessTokenTest: testMetaCredential,
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
        return await openGraphDoor(this, metaDoor);
      },
      async delete(this: IHookFunctions): Promise<boolean> {
        return await leaveGraphDoor(this, metaDoor);
      },
    },
  };

  async trigger(this: ITriggerFunctions) {
    const settings = readTriggerSettings(this, 'meta');
    const response = await consumeEvents(this, settings);
    return watchCredential(this, settings, response, chosenCredential);
  }

  async webhook(this: IWebhookFunctions) {
    return await receiveGraphCall(this, metaDoor);
  }
}
