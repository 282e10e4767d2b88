import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { InvalidInputError } from '../../../../core/model/errors';
import { contentProperties } from '../../../shared/content/contentProperties';
import { idempotencyKeys } from '../../../shared/idempotencyKey';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { parameterReader } from '../../../shared/parameters';
import { readContent } from '../../../shared/content/readContent';
import type { Operation } from '../../../shared/router';
import { sendOptions, settingsOf } from '../../../shared/sendOptions';
import { sendResultItem } from '../../../shared/sendResultItem';

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

export const operation: Operation = {
  start(context) {
    const keyFor = idempotencyKeys(context);
    return async (itemIndex) => await send(context, itemIndex, keyFor);
  },
};

async function send(
  context: IExecuteFunctions,
  itemIndex: number,
  keyFor: ReturnType<typeof idempotencyKeys>,
) {
  const read = parameterReader(properties, (name, options) =>
    context.getNodeParameter(name, itemIndex, undefined, options),
  );
  const options = read('options');
  const conversationId = read('conversation').trim();
  if (!conversationId) {
    throw new InvalidInputError('Conversation', '"Conversation" is empty.', {
      hint: "Use the trigger item's conversation.id. Items of other nodes may not have it.",
    });
  }
  const content = readContent(read);
  const app = await openApp(context, options.store);
  const result = await core.messaging.sendMessage(app, {
    tenantId: tenantId(options.tenant),
    conversationId,
    content,
    settings: settingsOf(options),
    idempotencyKey: keyFor(itemIndex, options, content),
  });
  return sendResultItem(context.getNode(), result, options.whenNotSent, itemIndex);
}
