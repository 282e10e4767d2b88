import type { INodeProperties } from 'n8n-workflow';
import { mediaProperties } from '../../../shared/content/mediaProperties';
import { readMedia } from '../../../shared/content/readContent';
import { itemParameters } from '../../../shared/itemParameters';
import { channelLocator, personProperty } from '../../fields';
import { hubSettings, sendOptions } from './sendOptions';
import { sending } from './sending';

export const properties = [
  channelLocator,
  personProperty,
  {
    displayName: 'File',
    name: 'contentType',
    type: 'options',
    noDataExpression: true,
    default: 'image',
    options: [
      { name: 'Audio', value: 'audio', description: 'A recording, or a voice message' },
      { name: 'Document', value: 'file', description: 'On Instagram PDF only' },
      { name: 'Image', value: 'image', description: 'A picture' },
      { name: 'Video', value: 'video', description: 'A video' },
    ],
  },
  {
    displayName:
      'NotificaMe fetches files by their web address. A file of the item is served by the published NotificaMe Trigger of the same credential, at a signed address that works for a week: n8n must be reachable from the internet.',
    name: 'linkNotice',
    type: 'notice',
    default: '',
    displayOptions: { show: { source: ['binary'] } },
  },
  ...mediaProperties,
  {
    displayName: 'File Name',
    name: 'fileName',
    type: 'string',
    default: '',
    placeholder: 'e.g. prices.pdf',
    description:
      'What the document is called at the other end; empty takes the name that the file of the item has',
    displayOptions: { show: { contentType: ['file'] } },
  },
  {
    displayName: 'Voice Message',
    name: 'voice',
    type: 'boolean',
    default: false,
    description: 'Whether the recording is shown as spoken by you; WhatsApp only',
    displayOptions: { show: { contentType: ['audio'] } },
  },
  sendOptions,
] as const satisfies INodeProperties[];

export const operation = sending((context, files) => {
  const readerFor = itemParameters(context, properties);
  return (itemIndex) => {
    const read = readerFor(itemIndex);
    const options = read('options');
    const type = read('contentType');
    const caption = read('caption');
    const media = readMedia(read, (field) => files.describe(itemIndex, field));
    const ofItem = 'field' in media ? (media.fileName ?? '') : '';
    const fileName = type === 'file' ? read('fileName').trim() || ofItem : '';
    const voice = type === 'audio' && read('voice');
    return {
      accountId: read('account').trim(),
      recipient: read('recipient').trim(),
      content: {
        type,
        media,
        ...(caption.trim() === '' ? {} : { caption }),
        ...(fileName === '' ? {} : { fileName }),
        ...(voice ? { voice } : {}),
      },
      settings: hubSettings(options),
      options,
    };
  };
});
