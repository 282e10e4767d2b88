import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { parameterReader } from '../../../shared/parameters';
import type { Operation } from '../../../shared/router';
import { placeOptions } from '../connection/fields';
import { messageTemplateLocator, templateNameOf } from './locator';

export const properties = [
  messageTemplateLocator,
  placeOptions,
] as const satisfies INodeProperties[];

export const operation: Operation = {
  start: (context) => async (itemIndex) => await remove(context, itemIndex),
};

async function remove(context: IExecuteFunctions, itemIndex: number) {
  const read = parameterReader(properties, (name, options) =>
    context.getNodeParameter(name, itemIndex, undefined, options),
  );
  const { store, tenant } = read('options');
  const idOrName = templateNameOf(read('messageTemplate'));
  const app = await openApp(context, store);
  const { id, name } = await core.messaging.deleteMessageTemplate(app, tenantId(tenant), idOrName);
  return { id, name, deleted: true };
}
