import type { INodeProperties } from 'n8n-workflow';
import type { ConsumerFilter } from '../../core/events';
import { accountsProperty, eventsProperty, settingsOf, testNotice } from '../shared/channelTrigger';
import { storeOption, tenantOption } from '../shared/commonOptions';
import type { TriggerSettings } from '../shared/consume';
import type { DoorOptions } from '../shared/door/lifecycle';
import { conversationEvents } from '../shared/eventOptions';
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
      'Give Meta this door: in your app\'s dashboard under Webhooks, for "Page" and for "Instagram", paste the <b>Production URL</b> above as callback URL and the verify token of the credential as verify token (the workflow must be published first). One door serves every workflow: others can start on the same messages with this node or the Omnichannel Trigger.',
    name: 'doorNotice',
    type: 'notice',
    default: '',
  },
  eventsProperty(conversationEvents),
  accountsProperty('accounts'),
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

export function readDownloadsFiles(context: ParameterContext): boolean {
  return readerOf(context)('options').downloadFiles ?? false;
}

/** Which events start this workflow. */
export function readFilter(context: ParameterContext): ConsumerFilter {
  const read = readerOf(context);
  return {
    providers: ['meta'],
    types: read('events'),
    accountIds: read('accounts'),
    includePaused: read('options').includePaused ?? false,
  };
}

/** Everything the consumer needs, read once. */
export function readTriggerSettings(context: ParameterContext): TriggerSettings {
  return settingsOf(readerOf(context)('options'), readFilter(context));
}
