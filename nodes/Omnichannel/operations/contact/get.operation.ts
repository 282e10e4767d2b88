import type { INodeProperties } from 'n8n-workflow';
import { placeOptions } from '../../../shared/commonOptions';
import { contactLocator } from '../../../shared/contactLocator';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';

export const properties = [contactLocator, placeOptions] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { store, tenant } = read('options');
  const contact = read('contact');
  const app = await openApp(context, store);
  return toItem(await core.contacts.getContact(app, { tenantId: tenantId(tenant), contact }));
});
