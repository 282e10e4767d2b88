import {
  NodeConnectionTypes,
  type IHookFunctions,
  type ILoadOptionsFunctions,
  type INodeType,
  type INodeTypeDescription,
  type ITriggerFunctions,
  type IWebhookDescription,
  type IWebhookFunctions,
} from 'n8n-workflow';
import { accountOptions } from '../shared/accounts';
import { readTriggerSettings } from '../shared/channelTrigger';
import { consumeEvents } from '../shared/consume';
import { testNotificaMeCredential, testStoreCredential } from '../shared/credentialTests';
import { watchCredential } from '../shared/credentialWatch';
import { pathWithPlace } from '../shared/door/place';
import { leaveDoor, openDoor } from './door/lifecycle';
import { receiveCall } from './door/receiveCall';
import { serveFile } from './door/serveFile';
import { chosenCredential, refreshAccounts } from './notificaMeCredential';
import { triggerProperties } from './triggerProperties';

/** One class, two sides: `webhook()` is the door that records, `trigger()` consumes what was recorded. */
export class NotificaMeTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'NotificaMe Trigger',
    name: 'notificaMeTrigger',
    icon: { light: 'file:notificaMe.svg', dark: 'file:notificaMe.dark.svg' },
    group: ['trigger'],
    // For a node of version 1, n8n evaluates an expression at every call, in an isolate of its own.
    version: [1, 2],
    defaultVersion: 2,
    subtitle: '={{ $parameter["events"].join(", ") }}',
    description:
      "Receive and answer messages on WhatsApp, Instagram, Messenger, Telegram and more through NotificaMe's hub",
    eventTriggerDescription: "Write to one of NotificaMe's channels",
    activationMessage: "Messages to NotificaMe's channels will start this workflow.",
    defaults: { name: 'NotificaMe Trigger' },
    inputs: [],
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
    webhooks: [
      {
        name: 'default',
        httpMethod: 'POST',
        responseMode: 'onReceived',
        path: pathWithPlace('notificame'),
        isFullPath: true,
        ndvHideUrl: true,
      },
      ...(['GET', 'HEAD'] as const).map(
        (httpMethod): IWebhookDescription => ({
          name: 'setup',
          httpMethod,
          responseMode: 'onReceived',
          path: pathWithPlace('file'),
          isFullPath: true,
          ndvHideUrl: true,
        }),
      ),
    ],
    properties: triggerProperties,
  };

  methods = {
    loadOptions: {
      async getAccounts(this: ILoadOptionsFunctions) {
        return await accountOptions(this, 'notificame', refreshAccounts);
      },
    },
    credentialTest: {
      notificaMeTest: testNotificaMeCredential,
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
        return await openDoor(this);
      },
      async delete(this: IHookFunctions): Promise<boolean> {
        return await leaveDoor(this);
      },
    },
  };

  async trigger(this: ITriggerFunctions) {
    const settings = readTriggerSettings(this, 'notificame');
    const response = await consumeEvents(this, settings);
    return watchCredential(this, settings, response, chosenCredential);
  }

  async webhook(this: IWebhookFunctions) {
    const isFile = this.getWebhookName() === 'setup';
    return await (isFile ? serveFile(this) : receiveCall(this));
  }
}
