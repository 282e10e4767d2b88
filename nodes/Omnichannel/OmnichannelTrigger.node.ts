import {
  NodeConnectionTypes,
  type ILoadOptionsFunctions,
  type INodeType,
  type INodeTypeDescription,
  type ITriggerFunctions,
} from 'n8n-workflow';
import { accountOptions } from '../shared/accounts';
import { consumeEvents } from '../shared/consume';
import { testStoreCredential } from '../shared/credentialTests';
import { readTriggerSettings, triggerProperties } from './triggerProperties';

export class OmnichannelTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Omnichannel Trigger',
    name: 'omnichannelTrigger',
    icon: { light: 'file:omnichannel.svg', dark: 'file:omnichannel.dark.svg' },
    group: ['trigger'],
    version: 1,
    subtitle: '={{ $parameter["events"].join(", ") }}',
    description: 'Receive messages and events of all your channels, and answer them',
    eventTriggerDescription: '',
    activationMessage: 'Events of your channels will start this workflow.',
    defaults: { name: 'Omnichannel Trigger' },
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    credentials: [
      {
        name: 'omnichannelStoreApi',
        required: true,
        testedBy: 'omnichannelStoreTest',
        displayOptions: { show: { 'options.store': ['credential'] } },
      },
    ],
    properties: triggerProperties,
  };

  methods = {
    loadOptions: {
      async getAccounts(this: ILoadOptionsFunctions) {
        return await accountOptions(this);
      },
    },
    credentialTest: { omnichannelStoreTest: testStoreCredential },
  };

  async trigger(this: ITriggerFunctions) {
    return await consumeEvents(this, readTriggerSettings(this));
  }
}
