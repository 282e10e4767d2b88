import type { INodeProperties } from 'n8n-workflow';
import { accountOperation } from '../../../shared/accountOperation';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { collectPages, cursorOption, listProperties } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { accountRun } from '../../accountRuns';
import { numberLocator } from '../../fields';
import { templateItem } from './toItem';

export const properties = [
  numberLocator,
  ...listProperties,
  {
    displayName: 'Filters',
    name: 'filters',
    type: 'collection',
    placeholder: 'Add Filter',
    default: {},
    options: [
      {
        displayName: 'Category',
        name: 'category',
        type: 'options',
        default: 'UTILITY',
        options: [
          { name: 'Authentication', value: 'AUTHENTICATION' },
          { name: 'Marketing', value: 'MARKETING' },
          { name: 'Utility', value: 'UTILITY' },
        ],
      },
      {
        displayName: 'Language',
        name: 'language',
        type: 'string',
        default: '',
        placeholder: 'e.g. pt_BR',
      },
      {
        displayName: 'Name',
        name: 'name',
        type: 'string',
        default: '',
        placeholder: 'e.g. lembrete',
        description: 'The name, or a part of it',
      },
      {
        displayName: 'Status',
        name: 'status',
        type: 'options',
        default: 'APPROVED',
        options: [
          { name: 'Approved', value: 'APPROVED' },
          { name: 'Disabled', value: 'DISABLED' },
          { name: 'Paused', value: 'PAUSED' },
          { name: 'Pending', value: 'PENDING' },
          { name: 'Rejected', value: 'REJECTED' },
        ],
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

export const operation = accountOperation(
  accountRun,
  properties,
  async ({ read, connection, app }) => {
    const filters = read('filters');
    return await collectPages(read, read('options').cursor, async (page) => {
      const found = await core.whatsApp.listTemplates(app.http, connection, filters, page);
      const items = found.items.map((template) => templateItem(connection, template));
      return { items, nextCursor: found.nextCursor };
    });
  },
);
