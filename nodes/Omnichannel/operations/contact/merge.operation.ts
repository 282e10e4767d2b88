import type { INodeProperties } from 'n8n-workflow';
import { actorOf } from '../../../shared/actor';
import { placeOptions } from '../../../shared/commonOptions';
import { contactLocator } from '../../../shared/contactLocator';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';

export const properties = [
  { ...contactLocator, description: 'The contact that stays, with what it knows already' },
  {
    ...contactLocator,
    displayName: 'Merge With',
    name: 'mergeWith',
    default: { mode: 'list', value: '' },
    description: 'The contact that becomes the same; its ID leads to the other from now on',
    hint: 'Conversations, channels, consents, appointments, tags and fields move to the contact above. It cannot be undone.',
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { store, tenant } = read('options');
  const input = {
    tenantId: tenantId(tenant),
    contact: read('contact'),
    mergeWith: read('mergeWith'),
  };
  const app = await openApp(context, store);
  return toItem(await core.contacts.mergeContacts(app, input, actorOf(context)));
});
