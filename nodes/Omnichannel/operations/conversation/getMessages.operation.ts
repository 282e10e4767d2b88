import type { INodeProperties } from 'n8n-workflow';
import type { MessageItem } from '../../../../core/conversations';
import { withAttachments } from '../../../shared/attachmentFiles';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { fileSourceOf } from '../../../shared/eventData';
import { itemOperation } from '../../../shared/itemOperation';
import { collectPages, cursorOption, listProperties } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { downloadFilesOption } from '../../../shared/triggerOptions';
import { conversationField, mustBeConversation } from './fields';

export const properties = [
  conversationField,
  ...listProperties,
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      cursorOption,
      downloadFilesOption,
      {
        displayName: 'Order',
        name: 'order',
        type: 'options',
        default: 'desc',
        options: [
          { name: 'Newest First', value: 'desc' },
          { name: 'Oldest First', value: 'asc' },
        ],
      },
      storeOption,
      tenantOption,
    ],
  },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const conversationId = mustBeConversation(read('conversation'));
  const { cursor, downloadFiles, order = 'desc', store, tenant } = read('options');
  const app = await openApp(context, store);
  const query = { tenantId: tenantId(tenant), conversationId, order };
  let some: MessageItem | undefined;
  const items = await collectPages(read, cursor, async (page) => {
    const found = await core.conversations.listMessages(app, { ...query, ...page });
    some ??= found.items[0];
    return found;
  });
  if (!downloadFiles || !some) return items;
  const source = fileSourceOf(app, some);
  return await withAttachments(context, items, () => source);
});
