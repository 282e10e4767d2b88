import type { INodeProperties } from 'n8n-workflow';
import { mediaProperties } from '../../../shared/content/mediaProperties';
import { readMedia } from '../../../shared/content/readContent';
import { accountSending } from '../../../shared/accountSending';
import { accountRun } from '../../accountRuns';
import { channelLocator, personProperty } from '../../fields';
import { askedOf, sendOptions } from './sendOptions';

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

export const operation = accountSending(accountRun, properties, ({ read, files, itemIndex }) => {
  const type = read('contentType');
  const caption = read('caption');
  const media = readMedia(read, (field) => files.describe(itemIndex, field));
  const ofItem = 'field' in media ? (media.fileName ?? '') : '';
  const fileName = type === 'file' ? read('fileName').trim() || ofItem : '';
  const voice = type === 'audio' && read('voice');
  const content = {
    type,
    media,
    ...(caption.trim() === '' ? {} : { caption }),
    ...(fileName === '' ? {} : { fileName }),
    ...(voice ? { voice } : {}),
  };
  return { ...askedOf(read), content, load: () => files.load(itemIndex, content) };
});
