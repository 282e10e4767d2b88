import type { INodeProperties } from 'n8n-workflow';
import { buttonProperties } from './buttonProperties';
import { cardProperties } from './cardProperties';
import { mediaProperties } from './mediaProperties';
import { quickReplyProperties } from './quickReplyProperties';

/** Fields for what is sent, the same in every sending node. Limits are checked before the call is made. */
export const contentProperties = [
  {
    displayName: 'Content',
    name: 'contentType',
    type: 'options',
    noDataExpression: true,
    default: 'text',
    description: 'What the customer gets. What a channel does not have is refused before the call.',
    options: [
      { name: 'Album', value: 'images', description: 'Up to 10 pictures in one message' },
      { name: 'Audio', value: 'audio', description: 'A recording' },
      { name: 'Buttons', value: 'buttons', description: 'A text with up to 3 buttons under it' },
      {
        name: 'Carousel',
        value: 'genericTemplate',
        description: 'Up to 10 cards with picture, title and buttons, side by side',
      },
      { name: 'File', value: 'file', description: 'A document; on Instagram PDF only' },
      { name: 'Heart Sticker', value: 'sticker', description: 'Instagram only' },
      { name: 'Image', value: 'image', description: 'A picture' },
      {
        name: 'Own Post',
        value: 'sharePost',
        description: "A post of the account's, Instagram only",
      },
      {
        name: 'Picture or Video with Button',
        value: 'mediaTemplate',
        description: 'Messenger only',
      },
      {
        name: 'Products',
        value: 'productTemplate',
        description: "Up to 10 products of the shop's catalogue",
      },
      {
        name: 'Quick Replies',
        value: 'quickReplies',
        description: 'A text with up to 13 suggested answers that disappear when one is tapped',
      },
      { name: 'Text', value: 'text', description: 'A text message' },
      { name: 'Video', value: 'video', description: 'A video' },
    ],
  },
  {
    displayName: 'Text',
    name: 'text',
    type: 'string',
    typeOptions: { rows: 4 },
    default: '',
    required: true,
    placeholder: 'e.g. Hello! How can we help you?',
    description: 'What the customer reads',
    hint: 'One Instagram message takes 1,000 bytes (an emoji counts as 4), one Messenger message 1,999 characters; above buttons 640 characters.',
    displayOptions: { show: { contentType: ['text', 'buttons', 'quickReplies'] } },
  },
  ...mediaProperties,
  ...buttonProperties,
  ...quickReplyProperties,
  ...cardProperties,
  {
    displayName: 'Product IDs',
    name: 'productIds',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. 6045246247433, 6045246247434',
    description: "IDs of up to 10 products in the account's catalogue, separated by commas",
    displayOptions: { show: { contentType: ['productTemplate'] } },
  },
  {
    displayName: 'Post ID',
    name: 'postId',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. 17895695668004550',
    description: "The ID of a post of this very account; a comment's event carries it",
    displayOptions: { show: { contentType: ['sharePost'] } },
  },
] as const satisfies INodeProperties[];
