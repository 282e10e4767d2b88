import type { INodeProperties } from 'n8n-workflow';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { itemOperation } from '../../../shared/itemOperation';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { refuseAsTool } from '../../../shared/toolVariant';
import { linkItem } from './createConnectLink.operation';

export const properties = [
  {
    displayName: 'Link',
    name: 'link',
    type: 'string',
    default: '={{ $json.id }}',
    required: true,
    placeholder: 'e.g. {{ $json.url }}',
    description:
      'ID or whole address of the link, as Create Connect Link gave it. What it opened is closed at once; connected accounts stay.',
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [storeOption, tenantOption],
  },
] as const satisfies INodeProperties[];

export const operation = refuseAsTool(
  'Withdraw Connect Link',
  itemOperation(properties, async ({ read, context }) => {
    const { tenant, store } = read('options');
    const app = await openApp(context, store);
    return linkItem(await core.portal.revokeConnectLink(app, tenantId(tenant), read('link')));
  }),
);
