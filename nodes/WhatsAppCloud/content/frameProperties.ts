import type { INodeProperties } from 'n8n-workflow';

/** Interactive messages that may have a picture, video or document above their text. */
const WITH_MEDIA_HEADER = { contentType: ['buttons', 'linkButton', 'flow'] };
const WITH_FOOTER = {
  contentType: ['buttons', 'list', 'linkButton', 'flow', 'product', 'productList', 'catalog'],
};
const withFile = (more: Record<string, string[]> = {}) => ({
  show: { ...WITH_MEDIA_HEADER, headerKind: ['image', 'video', 'document'], ...more },
});

/** What stands above and below the text of an interactive message. */
export const frameProperties = [
  {
    displayName: 'Header',
    name: 'headerKind',
    type: 'options',
    default: 'none',
    description: 'What stands above the text',
    displayOptions: { show: WITH_MEDIA_HEADER },
    options: [
      { name: 'Document', value: 'document' },
      { name: 'Image', value: 'image' },
      { name: 'None', value: 'none' },
      { name: 'Text', value: 'text' },
      { name: 'Video', value: 'video' },
    ],
  },
  {
    displayName: 'Header Text',
    name: 'headerText',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. Your appointment',
    description: 'Up to 60 characters',
    displayOptions: { show: { ...WITH_MEDIA_HEADER, headerKind: ['text'] } },
  },
  {
    displayName: 'Header Text',
    name: 'headerText',
    type: 'string',
    default: '',
    placeholder: 'e.g. Our treatments',
    description: 'Up to 60 characters; a list of products needs one',
    displayOptions: { show: { contentType: ['list', 'productList'] } },
  },
  {
    displayName: 'Header From',
    name: 'headerSource',
    type: 'options',
    default: 'url',
    description: 'Where the file above the text comes from',
    displayOptions: withFile(),
    options: [
      { name: 'File of the Item', value: 'binary', description: 'Binary data of an earlier node' },
      { name: 'Media ID', value: 'mediaId', description: 'A file that WhatsApp has already' },
      { name: 'Web Address', value: 'url', description: 'WhatsApp downloads it from there' },
    ],
  },
  {
    displayName: 'Header URL',
    name: 'headerUrl',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. https://example.com/picture.jpg',
    displayOptions: withFile({ headerSource: ['url'] }),
  },
  {
    displayName: 'Header Binary Field',
    name: 'headerBinaryField',
    type: 'string',
    default: 'data',
    required: true,
    description: "The name of the field in the item's binary data",
    displayOptions: withFile({ headerSource: ['binary'] }),
  },
  {
    displayName: 'Header Media ID',
    name: 'headerMediaId',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. 1013859600285441',
    displayOptions: withFile({ headerSource: ['mediaId'] }),
  },
  {
    displayName: 'Header File Name',
    name: 'headerFileName',
    type: 'string',
    default: '',
    placeholder: 'e.g. prices.pdf',
    description: 'What the document is called at the other end (optional)',
    displayOptions: { show: { ...WITH_MEDIA_HEADER, headerKind: ['document'] } },
  },
  {
    displayName: 'Footer',
    name: 'footer',
    type: 'string',
    default: '',
    placeholder: 'e.g. Answer with one tap',
    description: 'Small print below the text, up to 60 characters (optional)',
    displayOptions: { show: WITH_FOOTER },
  },
] as const satisfies INodeProperties[];
