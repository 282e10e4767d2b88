import type { INodeProperties } from 'n8n-workflow';
import { accountSending } from '../../../shared/accountSending';
import { accountRun } from '../../accountRuns';
import { contentProperties } from '../../content/contentProperties';
import { readContent } from '../../content/readContent';
import { channelLocator, personProperty } from '../../fields';
import { askedOf, sendOptions } from './sendOptions';

export const properties = [
  channelLocator,
  personProperty,
  ...contentProperties,
  sendOptions,
] as const satisfies INodeProperties[];

export const operation = accountSending(accountRun, properties, ({ read, files, itemIndex }) => {
  const content = readContent(read);
  return { ...askedOf(read), content, load: () => files.load(itemIndex, content) };
});
