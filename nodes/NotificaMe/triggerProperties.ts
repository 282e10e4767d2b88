import type { INodeProperties } from 'n8n-workflow';
import type { ConsumerFilter } from '../../core/events';
import { storeOption, tenantOption } from '../shared/commonOptions';
import type { TriggerSettings } from '../shared/consume';
import type { DoorOptions } from '../shared/door/lifecycle';
import { whatsAppEvents } from '../shared/eventOptions';
import { tenantId } from '../shared/openApp';
import { parameterReader, type ParameterContext } from '../shared/parameters';
import {
  batchSizeOption,
  catchUpOption,
  collectMaxOption,
  collectOption,
  includePausedOption,
  readCollecting,
} from '../shared/triggerOptions';

export const triggerProperties = [
  {
    displayName:
      'When the workflow is published, NotificaMe is told to call this node for every channel of the credential, at an address that ends with a long secret: NotificaMe signs nothing. One door serves every workflow: others can start on the same messages with this node or the Omnichannel Trigger.',
    name: 'doorNotice',
    type: 'notice',
    default: '',
  },
  {
    displayName: 'Events',
    name: 'events',
    type: 'multiOptions',
    required: true,
    default: ['message.received', 'message.postback'],
    description: 'What starts the workflow. Everything is recorded, whatever is chosen here.',
    options: whatsAppEvents,
  },
  {
    displayName: 'Account Names or IDs',
    name: 'accounts',
    type: 'multiOptions',
    default: [],
    description:
      'Only events of these channels; empty means all. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
    typeOptions: { loadOptionsMethod: 'getAccounts' },
  },
  {
    displayName: 'Webhooks at NotificaMe',
    name: 'subscription',
    type: 'options',
    noDataExpression: true,
    default: 'ifFree',
    description: 'What to do about the webhooks of the channels',
    options: [
      {
        name: 'Create Them',
        value: 'ifFree',
        description: 'Each channel gets webhooks to this n8n; those of other systems stay',
      },
      {
        name: 'Leave As They Are',
        value: 'leave',
        description: 'For calls that another system passes on to the address of this node',
      },
    ],
  },
  {
    displayName:
      'To test, publish first: the test shows a copy of the next message that reaches the production URL, and changes nothing there.',
    name: 'testNotice',
    type: 'notice',
    default: '',
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      batchSizeOption,
      catchUpOption,
      collectMaxOption,
      collectOption,
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

/** What the door may do about the webhooks of the channels. */
export function readSubscription(context: ParameterContext) {
  return readerOf(context)('subscription');
}

/** Which events start this workflow. */
export function readFilter(context: ParameterContext): ConsumerFilter {
  const read = readerOf(context);
  return {
    providers: ['notificame'],
    types: read('events'),
    accountIds: read('accounts'),
    includePaused: read('options').includePaused ?? false,
  };
}

/** Everything the consumer needs, read once. */
export function readTriggerSettings(context: ParameterContext): TriggerSettings {
  const options = readerOf(context)('options');
  return {
    tenantId: tenantId(options.tenant),
    store: options.store,
    filter: readFilter(context),
    batchSize: options.batchSize ?? 1,
    batchWaitMs: 0,
    collect: readCollecting(options),
    catchUpHours: options.catchUpHours ?? 24,
  };
}
