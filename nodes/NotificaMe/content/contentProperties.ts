import type { INodeProperties } from 'n8n-workflow';
import { buttonProperties } from '../../shared/content/buttonProperties';
import { cardProperties } from '../../shared/content/cardProperties';
import { quickReplyProperties } from '../../shared/content/quickReplyProperties';
import { placeProperties } from './placeProperties';
import { templateProperties } from './templateProperties';

/** Fields for everything but files that a channel of the hub can carry. Limits are checked before the call is made. */
export const contentProperties = [
  {
    displayName: 'Content',
    name: 'contentType',
    type: 'options',
    noDataExpression: true,
    default: 'text',
    description:
      'What the customer gets. What the channel does not have is refused before the call; files have an operation of their own.',
    options: [
      {
        name: 'Buttons',
        value: 'buttons',
        description: 'A text with up to 3 buttons: WhatsApp, Instagram, Messenger',
      },
      {
        name: 'Cards',
        value: 'genericTemplate',
        description: 'One card or a carousel with pictures and buttons: Instagram, Messenger',
      },
      { name: 'Contacts', value: 'contacts', description: 'Contact cards, WhatsApp only' },
      { name: 'Location', value: 'location', description: 'A place on the map, WhatsApp only' },
      {
        name: 'Other (JSON)',
        value: 'interactive',
        description:
          "WhatsApp: an interactive object of Meta's. Other channels: one content as NotificaMe knows it.",
      },
      {
        name: 'Quick Replies',
        value: 'quickReplies',
        description: 'A text with suggested answers: WhatsApp (10), Instagram and Messenger (13)',
      },
      { name: 'Reaction', value: 'reaction', description: 'An emoji on a message, WhatsApp only' },
      {
        name: 'Template',
        value: 'template',
        description: 'An approved message, WhatsApp only; at any time',
      },
      { name: 'Text', value: 'text', description: 'A text message, on every channel' },
    ],
  },
  ...templateProperties,
  {
    displayName: 'Text',
    name: 'text',
    type: 'string',
    typeOptions: { rows: 4 },
    default: '',
    required: true,
    placeholder: 'e.g. Hello! How can we help you?',
    description: 'What the customer reads',
    hint: 'One message of Instagram takes 1,000 bytes (an emoji counts as 4), of Messenger 1,999 characters, of WhatsApp 4,096.',
    displayOptions: { show: { contentType: ['text', 'buttons', 'quickReplies'] } },
  },
  ...buttonProperties,
  ...quickReplyProperties,
  ...cardProperties,
  ...placeProperties,
  {
    displayName: 'Content (JSON)',
    name: 'contentJson',
    type: 'json',
    default: '{\n  "type": "replyable_text",\n  "text": ""\n}',
    required: true,
    description:
      'WhatsApp: the interactive object, such as {"type":"list",…}. Instagram: replyable_text, card, carousel, feed. E-mail: {"type":"email","subject","html","text"}.',
    displayOptions: { show: { contentType: ['interactive'] } },
  },
] as const satisfies INodeProperties[];
