import type { INodeProperties } from 'n8n-workflow';
import type { Channel } from '../../../../core/model/channels';
import { channelOptions } from '../../../shared/channelOptions';
import { contentProperties } from '../../../shared/content/contentProperties';
import { itemFiles } from '../../../shared/content/itemFiles';
import { readContent } from '../../../shared/content/readContent';
import { itemParameters } from '../../../shared/itemParameters';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { sendingOperation } from '../../../shared/sendItems';
import { sendOptions, settingsOf } from '../../../shared/sendOptions';
import { fallbackProperties } from '../../../WhatsAppCloud/content/fallbackProperties';
import { chosenTemplate } from '../../../WhatsAppCloud/content/readContent';
import { withItemFiles } from '../../../WhatsAppCloud/content/withItemFiles';
import { mustFillTemplate } from '../message/fillTemplate';
import { conversationField, mustBeConversation } from './fields';

export const properties = [
  conversationField,
  {
    displayName: 'Channels',
    name: 'channels',
    type: 'multiOptions',
    default: [],
    description:
      'Where it may go on; empty means every other channel of the person. One with an open window comes first, then an approved template; where none lets the message through, the result says why not for each.',
    options: channelOptions.filter(({ value }) => value !== 'calendar'),
  },
  ...contentProperties,
  ...fallbackProperties,
  {
    displayName: 'Close the Previous One',
    name: 'closePrevious',
    type: 'boolean',
    default: false,
    description: 'Whether to close the conversation that it leaves, once the message is on its way',
  },
  sendOptions,
] as const satisfies INodeProperties[];

export const operation = sendingOperation((context) => {
  const readerFor = itemParameters(context, properties);
  const files = itemFiles(context);
  return (itemIndex) => {
    const read = readerFor(itemIndex);
    const options = read('options');
    const conversationId = mustBeConversation(read('conversation'));
    const content = readContent(read, (field) => files.describe(itemIndex, field));
    const instead =
      read('whenWindowClosed') === 'template'
        ? chosenTemplate(read('fallbackTemplate'), read('fallbackVariables'))
        : undefined;
    const closesPrevious = read('closePrevious');
    const channels = read('channels') as Channel[];
    return {
      lane: conversationId,
      choice: options,
      content,
      async send(idempotencyKey, limitWait) {
        const app = await openApp(context, options.store);
        const tenant = tenantId(options.tenant);
        const filled = instead && (await mustFillTemplate(app, { tenantId: tenant }, instead));
        return await core.conversations.continueOn(app, {
          tenantId: tenant,
          conversationId,
          channels,
          closesPrevious,
          content: await files.load(itemIndex, content),
          whenWindowClosed:
            filled && (await files.load(itemIndex, await withItemFiles(filled, files, itemIndex))),
          settings: settingsOf(options),
          split: options.splitLongText ?? true,
          limitWait,
          idempotencyKey,
        });
      },
    };
  };
});
