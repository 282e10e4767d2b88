import type { INodeProperties } from 'n8n-workflow';
import { itemParameters } from '../../../shared/itemParameters';
import { contentProperties } from '../../content/contentProperties';
import { readContent } from '../../content/readContent';
import { channelLocator, personProperty } from '../../fields';
import { hubSettings, sendOptions } from './sendOptions';
import { sending } from './sending';

export const properties = [
  channelLocator,
  personProperty,
  ...contentProperties,
  sendOptions,
] as const satisfies INodeProperties[];

export const operation = sending((context) => {
  const readerFor = itemParameters(context, properties);
  return (itemIndex) => {
    const read = readerFor(itemIndex);
    const options = read('options');
    return {
      accountId: read('account').trim(),
      recipient: read('recipient').trim(),
      content: readContent(read),
      settings: hubSettings(options),
      options,
    };
  };
});
