import type { INodeProperties } from 'n8n-workflow';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { allEvents } from '../../../shared/eventOptions';
import { instantOf } from '../../../shared/fieldValues';
import { collectPages, cursorOption, listProperties } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { channelOptions } from '../../../shared/channelOptions';
import { itemOperation } from '../../../shared/itemOperation';

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
          'Only events of these accounts. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
        typeOptions: { loadOptionsMethod: 'getAccounts' },
      },
      {
        displayName: 'Channels',
        name: 'channels',
        type: 'multiOptions',
        default: [],
        options: channelOptions,
      },
      {
        displayName: 'Events',
        name: 'events',
        type: 'multiOptions',
        default: [],
        description:
          'Only these. Without this filter: all but delivered, read, sent from elsewhere and received webhooks.',
        options: allEvents,
      },
      {
        displayName: 'From',
        name: 'from',
        type: 'dateTime',
        default: '',
        description: 'Only what happened then or later. Without a time zone it is UTC.',
      },
      {
        displayName: 'Keyword',
        name: 'keyword',
        type: 'string',
        default: '',
        description:
          'Only messages that contain this word, whatever its case and accents. Commas separate alternatives.',
      },
      {
        displayName: 'To',
        name: 'to',
        type: 'dateTime',
        default: '',
        description: 'Only what happened before. Without a time zone it is UTC.',
      },
    ],
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      cursorOption,
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
  const filters = read('filters');
  const options = read('options');
  const keyword = filters.keyword?.trim();
  const from = instantOf('From', filters.from);
  const to = instantOf('To', filters.to);
  const app = await openApp(context, options.store);
  const query = {
    filter: {
      types: filters.events ?? [],
      channels: filters.channels ?? [],
      accountIds: filters.accounts ?? [],
      ...(keyword && { keyword }),
      // The log is shown as it is; who answers a conversation is the triggers' concern.
      includePaused: true,
    },
    order: options.order ?? 'desc',
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
  return await collectPages(read, options.cursor, (page) =>
    core.events.listEvents(app, tenantId(options.tenant), { ...query, ...page }),
  );
});
