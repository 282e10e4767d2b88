import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { collectPages, cursorOption, listProperties } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { parameterReader } from '../../../shared/parameters';
import type { Operation } from '../../../shared/router';

export const properties = [
  ...listProperties,
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [cursorOption, storeOption, tenantOption],
  },
] as const satisfies INodeProperties[];

export const operation: Operation = {
  start: (context) => async (itemIndex) => await getMany(context, itemIndex),
};

async function getMany(context: IExecuteFunctions, itemIndex: number) {
  const read = parameterReader(properties, (name, options) =>
    context.getNodeParameter(name, itemIndex, undefined, options),
  );
  const { store, tenant, cursor } = read('options');
  const app = await openApp(context, store);
  const place = tenantId(tenant);
  return await collectPages(
    (page) => core.messaging.listMessageTemplates(app, { tenantId: place, ...page }),
    { returnAll: read('returnAll'), limit: () => read('limit'), cursor },
  );
}
