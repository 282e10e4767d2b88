import type { INodeProperties } from 'n8n-workflow';
import { sourceProperties } from '../../shared/content/mediaProperties';

const ONE_FILE = { contentType: ['image', 'video', 'audio', 'file', 'sticker'] };
const LIMITS =
  'Image: JPEG or PNG up to 5 MB. Video: MP4 or 3GP up to 16 MB. Audio: AAC, AMR, MP3, M4A or OGG up to 16 MB. Document: up to 100 MB. Sticker: WebP of 512 × 512 pixels.';

/** Fields of pictures, videos, recordings, documents and stickers. */
export const fileProperties = [
  {
    ...sourceProperties[0],
    displayOptions: { show: ONE_FILE },
    options: [
      {
        name: 'File of the Item',
        value: 'binary',
        description: 'Binary data of an earlier node; it is uploaded, once per account',
      },
      {
        name: 'Media ID',
        value: 'mediaId',
        description: 'A file that WhatsApp has already: uploaded, or received',
      },
      { name: 'Web Address', value: 'url', description: 'WhatsApp downloads it from there' },
    ],
  },
  {
    ...sourceProperties[1],
    required: true,
    hint: LIMITS,
    displayOptions: { show: { ...ONE_FILE, source: ['url'] } },
  },
  {
    ...sourceProperties[2],
    required: true,
    hint: LIMITS,
    displayOptions: { show: { ...ONE_FILE, source: ['binary'] } },
  },
  {
    displayName: 'Media ID',
    name: 'mediaId',
    type: 'string',
    default: '',
    required: true,
    placeholder: 'e.g. 1013859600285441',
    description:
      'As Media: Upload returned it (kept for 30 days), or attachments[0].providerMediaId of a received message (7 days)',
    displayOptions: { show: { ...ONE_FILE, source: ['mediaId'] } },
  },
  {
    displayName: 'Caption',
    name: 'caption',
    type: 'string',
    typeOptions: { rows: 2 },
    default: '',
    placeholder: 'e.g. Our price list',
    description: 'A text below the file, up to 1,024 characters (optional)',
    hint: 'A recording shows none: there it follows as a message of its own.',
    displayOptions: { show: { contentType: ['image', 'video', 'audio', 'file'] } },
  },
  {
    displayName: 'File Name',
    name: 'fileName',
    type: 'string',
    default: '',
    placeholder: 'e.g. prices.pdf',
    description:
      'What the document is called at the other end. Empty means: the name of the file of the item.',
    displayOptions: { show: { contentType: ['file'] } },
  },
  {
    displayName: 'Voice Message',
    name: 'voice',
    type: 'boolean',
    default: false,
    description: 'Whether it is shown as spoken by you. It must be OGG with Opus, one channel.',
    displayOptions: { show: { contentType: ['audio'] } },
  },
] as const satisfies INodeProperties[];
