import type { INodeProperties } from 'n8n-workflow';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { itemOperation } from '../../../shared/itemOperation';
import { collectPages, cursorOption, listProperties } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { instantIn } from './readSend';

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
        displayName: 'Account Name or ID',
        name: 'accountId',
        type: 'options',
        typeOptions: { loadOptionsMethod: 'getAccounts' },
        default: '',
        description:
          'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
      },
      {
        displayName: 'Category',
        name: 'categories',
        type: 'multiOptions',
        default: [],
        options: [
          { name: 'Marketing', value: 'marketing' },
          { name: 'Response', value: 'response' },
          { name: 'Utility', value: 'utility' },
        ],
      },
      { displayName: 'Contact ID', name: 'contactId', type: 'string', default: '' },
      { displayName: 'Conversation ID', name: 'conversationId', type: 'string', default: '' },
      {
        displayName: 'From',
        name: 'from',
        type: 'dateTime',
        default: '',
        description: 'Messages that go then or later',
      },
      {
        displayName: 'Status',
        name: 'states',
        type: 'multiOptions',
        default: ['waiting'],
        options: [
          { name: 'Cancelled', value: 'cancelled' },
          {
            name: 'Gone, Skipped or Failed',
            value: 'done',
            description: 'Of the last 90 days, each with its result',
          },
          { name: 'Waiting', value: 'waiting' },
        ],
      },
      {
        displayName: 'To',
        name: 'to',
        type: 'dateTime',
        default: '',
        description: 'Messages that go before this',
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
  const { store, tenant, cursor } = read('options');
  const { from, to, accountId, contactId, conversationId, categories, states } = read('filters');
  const zone = context.getTimezone();
  const filter = {
    tenantId: tenantId(tenant),
    states: states?.length ? states : undefined,
    from: from ? instantIn(from, zone, 'From') : undefined,
    to: to ? instantIn(to, zone, 'To') : undefined,
    accountId: accountId?.trim() || undefined,
    contactId: contactId?.trim() || undefined,
    conversationId: conversationId?.trim() || undefined,
    categories,
  };
  const app = await openApp(context, store);
  return await collectPages(read, cursor, (page) =>
    core.journeys.listScheduled(app, { ...filter, ...page }),
  );
});
