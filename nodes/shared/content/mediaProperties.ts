import type { INodeProperties } from 'n8n-workflow';

/** Where one file comes from. */
export const sourceProperties = [
  {
    displayName: 'Source',
    name: 'source',
    type: 'options',
    default: 'url',
    description: 'Where the file comes from',
    options: [
      {
        name: 'Attachment ID',
        value: 'attachmentId',
        description: 'A file that the channel has stored already',
      },
      {
        name: 'File of the Item',
        value: 'binary',
        description: 'Binary data of an earlier node; it is uploaded, once per account',
      },
      {
        name: 'Web Address',
        value: 'url',
        description: 'The channel downloads it from there',
      },
    ],
  },
  {
    displayName: 'URL',
    name: 'url',
    type: 'string',
    default: '',
    placeholder: 'e.g. https://example.com/picture.jpg',
    description: 'Public address of the file, reachable without a login',
    displayOptions: { show: { source: ['url'] } },
  },
  {
    displayName: 'Input Binary Field',
    name: 'binaryField',
    type: 'string',
    default: 'data',
    placeholder: 'e.g. data',
    description: "The name of the field in the item's binary data",
    displayOptions: { show: { source: ['binary'] } },
  },
  {
    displayName: 'Attachment ID',
    name: 'attachmentId',
    type: 'string',
    default: '',
    placeholder: 'e.g. 1857777774821032',
    description:
      'As an earlier send returned it, on the same account and for the same kind of file',
    displayOptions: { show: { source: ['attachmentId'] } },
  },
] as const satisfies INodeProperties[];

const ONE_FILE = { contentType: ['image', 'video', 'audio', 'file', 'mediaTemplate'] };

/** Fields of pictures, videos, recordings and documents. */
export const mediaProperties = [
  {
    displayName: 'Kind of File',
    name: 'mediaKind',
    type: 'options',
    default: 'image',
    displayOptions: { show: { contentType: ['mediaTemplate'] } },
    options: [
      { name: 'Picture', value: 'image' },
      { name: 'Video', value: 'video' },
    ],
  },
  {
    ...sourceProperties[0],
    displayOptions: { show: ONE_FILE },
  },
  {
    ...sourceProperties[1],
    required: true,
    hint: 'Instagram: pictures PNG or JPEG up to 8 MB, video, audio and PDF up to 25 MB. Messenger: up to 25 MB. A picture or video with a button needs the address of its post on facebook.com.',
    displayOptions: { show: { ...ONE_FILE, source: ['url'] } },
  },
  {
    ...sourceProperties[2],
    required: true,
    hint: 'Instagram: pictures PNG, JPEG or GIF up to 8 MB, video, audio and PDF up to 25 MB. Messenger: up to 25 MB. Accounts of Instagram Login cannot upload: use a web address there.',
    displayOptions: { show: { ...ONE_FILE, source: ['binary'] } },
  },
  {
    ...sourceProperties[3],
    required: true,
    displayOptions: { show: { ...ONE_FILE, source: ['attachmentId'] } },
  },
  {
    displayName: 'Images',
    name: 'images',
    type: 'fixedCollection',
    typeOptions: { multipleValues: true, sortable: true, maxValue: 10 },
    default: {},
    placeholder: 'Add Image',
    description: 'Up to 10 pictures',
    displayOptions: { show: { contentType: ['images'] } },
    options: [{ displayName: 'Image', name: 'image', values: sourceProperties }],
  },
  {
    displayName: 'Caption',
    name: 'caption',
    type: 'string',
    typeOptions: { rows: 2 },
    default: '',
    placeholder: 'e.g. Our price list',
    description: 'A text that belongs to the file (optional)',
    hint: 'Instagram and Messenger show none beside a file: there it follows as a message of its own.',
    displayOptions: { show: { contentType: ['image', 'video', 'audio', 'file'] } },
  },
] as const satisfies INodeProperties[];
