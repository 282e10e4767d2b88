import type { INodeProperties } from 'n8n-workflow';
import { InvalidInputError } from '../../../../core/model/errors';
import { contentProperties } from '../../../shared/content/contentProperties';
import { itemFiles } from '../../../shared/content/itemFiles';
import { readContent } from '../../../shared/content/readContent';
import { itemParameters } from '../../../shared/itemParameters';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { sendingOperation } from '../../../shared/sendItems';
import { sendOptions, settingsOf } from '../../../shared/sendOptions';

export const properties = [
  {
    displayName: 'Conversation',
    name: 'conversation',
    type: 'string',
    default: '={{ $json.conversation.id }}',
    required: true,
    placeholder: 'e.g. 01JD3Z8Q4T6W8Y0A2C4E6G8J0M',
    description:
      "The conversation to answer, out of the trigger's item. Account, channel and customer follow from it.",
    hint: "If other nodes stand between, use {{ $('Omnichannel Trigger').item.json.conversation.id }}.",
  },
  ...contentProperties,
  sendOptions,
] as const satisfies INodeProperties[];

export const operation = sendingOperation((context) => {
  const readerFor = itemParameters(context, properties);
  const files = itemFiles(context);
  return (itemIndex) => {
    const read = readerFor(itemIndex);
    const options = read('options');
    const conversationId = read('conversation').trim();
    if (!conversationId) {
      throw new InvalidInputError('Conversation', '"Conversation" is empty.', {
        hint: "Use the trigger item's conversation.id. Items of other nodes may not have it.",
      });
    }
    const content = readContent(read, (field) => files.describe(itemIndex, field));
    return {
      lane: conversationId,
      choice: options,
      content,
      async send(idempotencyKey, limitWait) {
        const app = await openApp(context, options.store);
        return await core.messaging.sendMessage(app, {
          tenantId: tenantId(options.tenant),
          conversationId,
          content: await files.load(itemIndex, content),
          settings: settingsOf(options),
          split: options.splitLongText ?? true,
          limitWait,
          idempotencyKey,
        });
      },
    };
  };
});
