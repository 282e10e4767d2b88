import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { storeOption } from '../../../shared/commonOptions';
import { collectPages, cursorOption, listProperties } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp } from '../../../shared/openApp';
import { parameterReader } from '../../../shared/parameters';
import type { Operation } from '../../../shared/router';
import { refuseAsTool } from '../../../shared/toolVariant';

export const properties = [
  ...listProperties,
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [cursorOption, storeOption],
  },
] as const satisfies INodeProperties[];

export const operation: Operation = refuseAsTool('Tenant: Get Many', {
  start: (context) => async (itemIndex) => await getMany(context, itemIndex),
});

async function getMany(context: IExecuteFunctions, itemIndex: number) {
  const read = parameterReader(properties, (name, options) =>
    context.getNodeParameter(name, itemIndex, undefined, options),
  );
  const { cursor, store } = read('options');
  const app = await openApp(context, store);
  return await collectPages((page) => core.tenants.listTenants(app, page), {
    returnAll: read('returnAll'),
    limit: () => read('limit'),
    cursor,
  });
}
