import {
  NodeConnectionTypes,
  type IHookFunctions,
  type INodeType,
  type INodeTypeDescription,
  type ITriggerFunctions,
  type IWebhookFunctions,
} from 'n8n-workflow';
import { consumeEvents, triggerId } from '../shared/consume';
import { testSignedWebhookCredential, testStoreCredential } from '../shared/credentialTests';
import { leaveSignedDoor, openSignedDoor } from './door/lifecycle';
import { receiveCall } from './door/receiveCall';
import { readTriggerSettings, triggerProperties } from './triggerProperties';

/** One class, two sides: `webhook()` is the door that records, `trigger()` consumes what was recorded. */
export class SignedWebhookTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Signed Webhook Trigger',
    name: 'signedWebhookTrigger',
    icon: { light: 'file:signedWebhook.svg', dark: 'file:signedWebhook.dark.svg' },
    group: ['trigger'],
    // For a node of version 1, n8n evaluates an expression at every call, in an isolate of its own.
    version: [1, 2],
    defaultVersion: 2,
    subtitle: '={{ $parameter["scheme"] }}',
    description:
      'Receives webhooks and refuses those without a valid signature; what was accepted is not lost',
    eventTriggerDescription: 'Let the sender call the test URL',
    activationMessage: 'Signed calls of the production URL will start this workflow.',
    defaults: { name: 'Signed Webhook Trigger' },
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    credentials: [
      { name: 'signedWebhookApi', required: true, testedBy: 'signedWebhookTest' },
      {
        name: 'omnichannelStoreApi',
        required: true,
        testedBy: 'omnichannelStoreTest',
        displayOptions: { show: { 'options.store': ['credential'] } },
      },
    ],
    webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'signed' }],
    properties: triggerProperties,
  };

  methods = {
    credentialTest: {
      signedWebhookTest: testSignedWebhookCredential,
      omnichannelStoreTest: testStoreCredential,
    },
  };

  webhookMethods = {
    default: {
      // Opening the door is idempotent and checks the credential each time: so it is never "there already".
      async checkExists(this: IHookFunctions): Promise<boolean> {
        return false;
      },
      async create(this: IHookFunctions): Promise<boolean> {
        return await openSignedDoor(this);
      },
      async delete(this: IHookFunctions): Promise<boolean> {
        return await leaveSignedDoor(this);
      },
    },
  };

  async trigger(this: ITriggerFunctions) {
    return await consumeEvents(this, readTriggerSettings(this, triggerId(this)));
  }

  async webhook(this: IWebhookFunctions) {
    return await receiveCall(this);
  }
}
