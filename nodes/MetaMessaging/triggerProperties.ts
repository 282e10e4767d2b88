import type { INodeProperties } from 'n8n-workflow';
import {
  accountsProperty,
  eventsProperty,
  optionsProperty,
  testNotice,
} from '../shared/channelTrigger';
import { conversationEvents } from '../shared/eventOptions';

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
  optionsProperty,
] as const satisfies INodeProperties[];
