import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Attachment } from '../../../../core/model/message';
import type { ProviderConnection } from '../../../../core/providers/provider';
import type { App } from '../../../../core/runtime';
import { credentialOperation } from '../../../shared/accountOperation';
import { accountLocator } from '../../../shared/accounts';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { withAttachments } from '../../../shared/attachmentFiles';
import { collectPages, cursorOption, listProperties } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { accountOf } from '../../../shared/accountRuns';
import { mustHave } from '../../../shared/mustHave';
import { accountRun } from '../../accountRuns';
import { personProperty } from '../../fields';

export const properties = [
  accountLocator,
  {
    displayName: 'Conversation By',
    name: 'conversationBy',
    type: 'options',
    noDataExpression: true,
    default: 'person',
    options: [
      { name: 'Conversation ID', value: 'id', description: "Meta's own ID of the conversation" },
      { name: 'Person', value: 'person', description: 'The conversation with this person' },
    ],
  },
  {
    ...personProperty,
    displayName: 'Person',
    displayOptions: { show: { conversationBy: ['person'] } },
  },
  {
    displayName: 'Conversation ID',
    name: 'conversationId',
    type: 'string',
    default: '={{ $json.conversation.providerId }}',
    required: true,
    placeholder: 'e.g. t_10224…',
    description: 'The conversation.providerId of "Conversation: Get Many"',
    displayOptions: { show: { conversationBy: ['id'] } },
  },
  {
    displayName:
      'Newest first. Meta shows what a message says for the newest 20 of a conversation only; of older ones it tells ID and time, and detailsAvailable is false.',
    name: 'newestNotice',
    type: 'notice',
    default: '',
  },
  ...listProperties,
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      cursorOption,
      {
        displayName: 'Download Attachments',
        name: 'downloadAttachments',
        type: 'boolean',
        default: false,
        description:
          'Whether to put pictures, videos, recordings and documents of up to 25 MB into the binary data of their item (attachment_0, attachment_1, …). One that cannot be had leaves its reason in downloadError of the attachment.',
      },
      storeOption,
      tenantOption,
    ],
  },
] as const satisfies INodeProperties[];

export const operation = credentialOperation(
  accountRun,
  properties,
  async ({ read, run, context }) => {
    const options = read('options');
    const chosen =
      read('conversationBy') === 'id'
        ? {
            id: mustHave('Conversation ID', read('conversationId'), 'Use conversation.providerId.'),
          }
        : { person: mustHave('Person', read('recipient'), 'Use contact.externalId of an item.') };
    return await run.withAccount(options, read('account'), async (connection, app) => {
      const conversation = await find(app, connection, chosen);
      if (!conversation) return [];
      const items = await collectPages(read, options.cursor, async (page) => {
        const { items, nextCursor } = await core.meta.listMessages(app.http, connection, {
          ...page,
          conversationId: conversation.providerId,
        });
        const around = { ...accountOf(connection), ...conversation.around };
        return { items: items.map((message) => toItem(message, around)), nextCursor };
      });
      if (!options.downloadAttachments) return items;
      const source = {
        has: core.meta.hasFile,
        download: (attachment: Attachment) =>
          core.meta.downloadAttachment(app.http, connection, attachment),
      };
      return await withAttachments(context, items, () => source);
    });
  },
);

/** Null: this person and the account have no conversation. */
async function find(
  app: App,
  connection: ProviderConnection,
  { id, person }: { id?: string; person?: string },
): Promise<{ providerId: string; around: IDataObject } | null> {
  if (id !== undefined) {
    return { providerId: id, around: { conversation: { providerId: id } } };
  }
  const found = await core.meta.findConversationWith(app.http, connection, person ?? '');
  if (!found) return null;
  const { providerId, contact } = found;
  const known = contact ?? { externalId: person ?? '' };
  return { providerId, around: { contact: { ...known }, conversation: { providerId } } };
}

type Found = Awaited<ReturnType<typeof core.meta.listMessages>>['items'][number];

/** Like a trigger's item, so that the same fields lead on. */
function toItem({ detailsAvailable, ...message }: Found, around: IDataObject): IDataObject {
  const other = message.direction === 'inbound' ? message.from : null;
  const contact = around.contact ?? (other && { ...other });
  return {
    ...around,
    ...(contact ? { contact } : {}),
    message: { ...message } as unknown as IDataObject,
    detailsAvailable,
  };
}
