import type { INodeProperties } from 'n8n-workflow';
import type { ConsumerFilter } from '../../core/events';
import { accountsProperty, eventsProperty, settingsOf, testNotice } from '../shared/channelTrigger';
import { storeOption, tenantOption } from '../shared/commonOptions';
import type { TriggerSettings } from '../shared/consume';
import type { DoorOptions } from '../shared/door/lifecycle';
import { whatsAppEvents } from '../shared/eventOptions';
import { parameterReader, type ParameterContext } from '../shared/parameters';
import {
  batchSizeOption,
  batchWaitOption,
  catchUpOption,
  collectMaxOption,
  collectOption,
  downloadFilesOption,
  includePausedOption,
} from '../shared/triggerOptions';

export const triggerProperties = [
  {
    displayName:
      'When the workflow is published, Meta is told to call this node for every number of the credential. One door serves every workflow: others can start on the same messages with this node or the Omnichannel Trigger.',
    name: 'doorNotice',
    type: 'notice',
    default: '',
  },
  eventsProperty(whatsAppEvents),
  accountsProperty('numbers'),
  {
    displayName: 'Webhook Address',
    name: 'subscription',
    type: 'options',
    noDataExpression: true,
    default: 'ifFree',
    description: 'What to do about the address that Meta calls for this WhatsApp account',
    hint: 'Meta calls one address for each app and WhatsApp account. Without a public https:// address of n8n, paste the Production URL into the app\'s dashboard yourself and choose "Leave As It Is".',
    options: [
      {
        name: 'Set It, Unless Another Is in Use',
        value: 'ifFree',
        description: 'Publishing fails, naming the address, where messages go somewhere else today',
      },
      {
        name: 'Take Over',
        value: 'takeOver',
        description: 'Messages come here from now on, and no longer to where they go today',
      },
      {
        name: 'Leave As It Is',
        value: 'leave',
        description: "For an address in the app's dashboard, or calls that are passed on to here",
      },
    ],
  },
  testNotice,
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      batchSizeOption,
      batchWaitOption,
      catchUpOption,
      collectMaxOption,
      collectOption,
      downloadFilesOption,
      includePausedOption,
      storeOption,
      tenantOption,
    ],
  },
] as const satisfies INodeProperties[];

const readerOf = (context: ParameterContext) =>
  parameterReader(triggerProperties, (name) => context.getNodeParameter(name, undefined));

/** Where this door keeps what comes in. */
export function readDoorOptions(context: ParameterContext): DoorOptions {
  const { tenant, store } = readerOf(context)('options');
  return { tenant, store };
}

/** What the door may do about the address that Meta calls. */
export function readSubscription(context: ParameterContext) {
  return readerOf(context)('subscription');
}

export function readDownloadsFiles(context: ParameterContext): boolean {
  return readerOf(context)('options').downloadFiles ?? false;
}

/** Which events start this workflow. */
export function readFilter(context: ParameterContext): ConsumerFilter {
  const read = readerOf(context);
  return {
    providers: ['whatsapp_cloud'],
    types: read('events'),
    accountIds: read('accounts'),
    includePaused: read('options').includePaused ?? false,
  };
}

/** Everything the consumer needs, read once. */
export function readTriggerSettings(context: ParameterContext): TriggerSettings {
  return settingsOf(readerOf(context)('options'), readFilter(context));
}
