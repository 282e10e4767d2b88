import type { INodeProperties } from 'n8n-workflow';
import {
  accountsProperty,
  eventsProperty,
  optionsProperty,
  testNotice,
} from '../shared/channelTrigger';
import { whatsAppEvents } from '../shared/eventOptions';
import { parameterReader, type ParameterContext } from '../shared/parameters';

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
  optionsProperty,
] as const satisfies INodeProperties[];

/** What the door may do about the address that Meta calls. */
export function readSubscription(context: ParameterContext) {
  const read = parameterReader(triggerProperties, (name) =>
    context.getNodeParameter(name, undefined),
  );
  return read('subscription');
}
