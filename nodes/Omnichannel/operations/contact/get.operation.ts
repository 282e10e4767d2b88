import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { contactLocator } from '../../../shared/contactLocator';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { parameterReader } from '../../../shared/parameters';
import type { Operation } from '../../../shared/router';
import { placeOptions } from './fields';

export const properties = [contactLocator, placeOptions] as const satisfies INodeProperties[];

export const operation: Operation = {
  start: (context) => async (itemIndex) => await get(context, itemIndex),
};

async function get(context: IExecuteFunctions, itemIndex: number) {
  const read = parameterReader(properties, (name, options) =>
    context.getNodeParameter(name, itemIndex, undefined, options),
  );
  const { store, tenant } = read('options');
  const contact = read('contact');
  const app = await openApp(context, store);
  return toItem(await core.contacts.getContact(app, { tenantId: tenantId(tenant), contact }));
}
