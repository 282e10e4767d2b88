import type { INodeProperties, ITriggerFunctions } from 'n8n-workflow';
import { optionsProperty, settingsOf } from '../shared/channelTrigger';
import type { TriggerSettings } from '../shared/consume';
import { allEvents } from '../shared/eventOptions';
import { parameterReader } from '../shared/parameters';
import { listOf } from '../shared/fieldValues';
import { channelOptions } from '../shared/channelOptions';

export const triggerProperties = [
  {
    displayName:
      'This node starts on what other doors have recorded. Publish one channel trigger (for example Instagram and Messenger Trigger) in any workflow, once, so that messages can come in.',
    name: 'doorNotice',
    type: 'notice',
    default: '',
  },
  {
    displayName: 'Events',
    name: 'events',
    type: 'multiOptions',
    required: true,
    default: ['message.received'],
    description: 'What starts the workflow',
    options: allEvents,
  },
  {
    displayName: 'Channels',
    name: 'channels',
    type: 'multiOptions',
    default: [],
    description: 'Only events of these channels; empty means all',
    options: channelOptions,
  },
  {
    displayName: 'Account Names or IDs',
    name: 'accounts',
    type: 'multiOptions',
    default: [],
    description:
      'Only events of these accounts; empty means all. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
    typeOptions: { loadOptionsMethod: 'getAccounts' },
  },
  {
    displayName: 'Keyword',
    name: 'keyword',
    type: 'string',
    default: '',
    placeholder: 'e.g. agendar, marcar',
    description:
      'Only messages that contain this word, whatever its case and accents. Commas separate alternatives; empty means all.',
  },
  {
    displayName: 'Button Payload',
    name: 'payload',
    type: 'string',
    default: '',
    placeholder: 'e.g. CONFIRM:, CANCEL:',
    description:
      'Only tapped buttons whose payload begins so, in exactly these letters. Commas separate alternatives; empty means all messages.',
  },
  {
    displayName: 'New Contacts Only',
    name: 'newContactsOnly',
    type: 'boolean',
    default: false,
    description: 'Whether to start only when someone writes for the first time',
  },
  optionsProperty,
] as const satisfies INodeProperties[];

/** Everything the consumer needs, read once: in the background n8n's reader no longer works. */
export function readTriggerSettings(context: ITriggerFunctions): TriggerSettings {
  const read = parameterReader(triggerProperties, (name) => context.getNodeParameter(name));
  const options = read('options');
  const keyword = read('keyword').trim();
  const payloads = listOf(read('payload'));
  return settingsOf(options, {
    types: read('events'),
    channels: read('channels'),
    accountIds: read('accounts'),
    ...(keyword && { keyword }),
    ...(payloads.length > 0 && { payloads }),
    newContactsOnly: read('newContactsOnly'),
    includePaused: options.includePaused ?? false,
  });
}
