import {
  NodeConnectionTypes,
  type IHookFunctions,
  type INodeType,
  type INodeTypeDescription,
  type ITriggerFunctions,
  type IWebhookFunctions,
} from 'n8n-workflow';
import { consumeEvents } from '../shared/consume';
import { testNotificaMeCredential, testStoreCredential } from '../shared/credentialTests';
import { closePage, publishPage } from './door/lifecycle';
import { serve } from './door/serve';
import { webhooks } from './door/webhooks';
import { META_LOGINS, readTriggerSettings, triggerProperties } from './triggerProperties';

/** One class, two sides: `webhook()` serves the hosted page, `trigger()` tells what came of it. */
export class ConnectPortalTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Customer Connect Page Trigger',
    name: 'connectPortalTrigger',
    icon: { light: 'file:connectPortal.svg', dark: 'file:connectPortal.dark.svg' },
    group: ['trigger'],
    version: 1,
    subtitle: '={{ $parameter["events"].join(", ") }}',
    description: 'A page where your customers connect their own Instagram, Messenger and WhatsApp',
    eventTriggerDescription: 'Open the test URL of the page',
    activationMessage:
      'The page is open. Make a link with Omnichannel, Connection: Create Connect Link.',
    defaults: { name: 'Customer Connect Page' },
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    credentials: [
      {
        name: 'metaOAuth2Api',
        required: true,
        displayOptions: { show: { logins: [...META_LOGINS] } },
      },
      {
        name: 'notificaMeApi',
        required: true,
        testedBy: 'notificaMeTest',
        displayOptions: { show: { logins: ['notificame'] } },
      },
      {
        name: 'omnichannelStoreApi',
        required: true,
        testedBy: 'omnichannelStoreTest',
        displayOptions: { show: { 'options.store': ['credential'] } },
      },
    ],
    webhooks,
    properties: triggerProperties,
  };

  methods = {
    credentialTest: {
      notificaMeTest: testNotificaMeCredential,
      omnichannelStoreTest: testStoreCredential,
    },
  };

  webhookMethods = {
    default: {
      // Publishing is idempotent and checks the credential each time: so it is never "there already".
      async checkExists(this: IHookFunctions): Promise<boolean> {
        return false;
      },
      async create(this: IHookFunctions): Promise<boolean> {
        return await publishPage(this);
      },
      async delete(this: IHookFunctions): Promise<boolean> {
        return await closePage(this);
      },
    },
  };

  async trigger(this: ITriggerFunctions) {
    return await consumeEvents(this, readTriggerSettings(this));
  }

  async webhook(this: IWebhookFunctions) {
    return await serve(this);
  }
}
