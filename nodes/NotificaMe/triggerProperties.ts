import type { INodeProperties } from 'n8n-workflow';
import { accountsProperty, eventsProperty, testNotice } from '../shared/channelTrigger';
import { storeOption, tenantOption } from '../shared/commonOptions';
import { whatsAppEvents } from '../shared/eventOptions';
import { parameterReader, type ParameterContext } from '../shared/parameters';
import {
  batchSizeOption,
  batchWaitOption,
  catchUpOption,
  collectMaxOption,
  collectOption,
  includePausedOption,
} from '../shared/triggerOptions';

export const triggerProperties = [
  {
    displayName:
      'When the workflow is published, NotificaMe is told to call this node for every channel of the credential, at an address that ends with a long secret: NotificaMe signs nothing. One door serves every workflow: others can start on the same messages with this node or the Omnichannel Trigger.',
    name: 'doorNotice',
    type: 'notice',
    default: '',
  },
  eventsProperty(whatsAppEvents),
  accountsProperty('channels'),
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
      includePausedOption,
      storeOption,
      tenantOption,
    ],
  },
] as const satisfies INodeProperties[];

/** What the door may do about the webhooks of the channels. */
export function readSubscription(context: ParameterContext) {
  const read = parameterReader(triggerProperties, (name) =>
    context.getNodeParameter(name, undefined),
  );
  return read('subscription');
}
