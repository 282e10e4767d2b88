import type { INodeProperties } from 'n8n-workflow';
import { channelOptions } from '../../../shared/channelOptions';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { instantOf } from '../../../shared/fieldValues';
import { itemOperation } from '../../../shared/itemOperation';
import { collectPages, cursorOption, listProperties } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';

export const properties = [
  ...listProperties,
  {
    displayName: 'Filters',
    name: 'filters',
    type: 'collection',
    placeholder: 'Add Filter',
    default: {},
    options: [
      {
        displayName: 'Account Names or IDs',
        name: 'accounts',
        type: 'multiOptions',
        default: [],
        description:
          'Only conversations of these accounts. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
        typeOptions: { loadOptionsMethod: 'getAccounts' },
      },
      {
        displayName: 'Active Before',
        name: 'to',
        type: 'dateTime',
        default: '',
        description: 'Only where nobody has written since. Without a time zone it is UTC.',
      },
      {
        displayName: 'Active Since',
        name: 'from',
        type: 'dateTime',
        default: '',
        description: 'Only where somebody wrote then or later. Without a time zone it is UTC.',
      },
      {
        displayName: 'Assignee',
        name: 'assignee',
        type: 'string',
        default: '',
        placeholder: 'e.g. Helena',
        description: 'Exactly as it was assigned; empty means those of nobody',
      },
      {
        displayName: 'Automation',
        name: 'automation',
        type: 'options',
        default: 'paused',
        options: [
          { name: 'Answers', value: 'answers' },
          { name: 'Paused', value: 'paused', description: 'A person has taken over' },
        ],
      },
      {
        displayName: 'Channels',
        name: 'channels',
        type: 'multiOptions',
        default: [],
        options: channelOptions,
      },
      {
        displayName: 'Contact ID',
        name: 'contactId',
        type: 'string',
        default: '',
        description: 'Every conversation of one person, on whichever channel',
      },
      {
        displayName: 'Status',
        name: 'status',
        type: 'options',
        default: 'open',
        options: [
          { name: 'Closed', value: 'closed' },
          { name: 'Open', value: 'open' },
        ],
      },
      {
        displayName: 'Unanswered Only',
        name: 'unanswered',
        type: 'boolean',
        default: true,
        description: 'Whether to give only open ones in which the contact wrote last',
      },
    ],
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [cursorOption, storeOption, tenantOption],
  },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { cursor, store, tenant } = read('options');
  const filters = read('filters');
  const { accounts = [], channels = [], automation, unanswered, status } = filters;
  const assignee = filters.assignee?.trim();
  const filter = {
    status,
    accountIds: accounts.length > 0 ? accounts : undefined,
    channels: channels.length > 0 ? channels : undefined,
    contactId: filters.contactId?.trim() || undefined,
    assignee: assignee || undefined,
    unassigned: assignee === '',
    paused: automation && automation === 'paused',
    unanswered: unanswered || undefined,
    from: instantOf('Active Since', filters.from),
    to: instantOf('Active Before', filters.to),
  };
  const app = await openApp(context, store);
  return await collectPages(read, cursor, (page) =>
    core.conversations.listConversations(app, { tenantId: tenantId(tenant), ...filter, ...page }),
  );
});
