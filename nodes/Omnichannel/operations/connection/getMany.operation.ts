import type { INodeProperties } from 'n8n-workflow';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
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
        displayName: 'Channels',
        name: 'channels',
        type: 'multiOptions',
        default: [],
        options: channelOptions,
      },
      {
        displayName: 'Provider',
        name: 'provider',
        type: 'options',
        default: 'meta',
        description: 'Through whose API the accounts are connected',
        options: [
          { name: 'Meta (Instagram and Messenger)', value: 'meta' },
          { name: 'NotificaMe', value: 'notificame' },
          { name: 'WhatsApp Cloud', value: 'whatsapp_cloud' },
          { name: 'WhatsApp QR Code', value: 'whatsapp_session' },
        ],
      },
      {
        displayName: 'Status',
        name: 'statuses',
        type: 'multiOptions',
        default: [],
        description: 'Only accounts that stand so; empty means all',
        options: [
          { name: 'Active', value: 'active' },
          { name: 'Disconnected', value: 'disconnected', description: 'Somebody disconnected it' },
          { name: 'Error', value: 'error', description: 'Something other than the token is wrong' },
          { name: 'Expired', value: 'expired', description: 'Its token is dead: connect again' },
          {
            name: 'Expiring',
            value: 'expiring',
            description: 'Its login ends within a week, or was not renewed',
          },
          { name: 'Pending', value: 'pending', description: 'Not connected yet' },
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

export const operation = itemOperation(properties, async ({ read, context }) => {
  const filters = read('filters');
  const options = read('options');
  const app = await openApp(context, options.store);
  const base = {
    tenantId: tenantId(options.tenant),
    provider: filters.provider,
    channels: filters.channels,
    statuses: filters.statuses,
  };
  return await collectPages(read, options.cursor, (page) =>
    core.accounts.listConnections(app, { ...base, ...page }),
  );
});
