import type { INodeProperties } from 'n8n-workflow';
import { placeOptions } from '../../../shared/commonOptions';
import { instantOf } from '../../../shared/fieldValues';
import { itemOperation } from '../../../shared/itemOperation';
import { collectPages, cursorOption, listProperties } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';

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
        displayName: 'Actions',
        name: 'actions',
        type: 'multiOptions',
        default: [],
        options: [
          { name: 'Consent Given', value: 'contact.optedIn' },
          { name: 'Consent Withdrawn', value: 'contact.optedOut' },
          { name: 'Contact Erased', value: 'contact.erased' },
          { name: 'Contact Exported', value: 'contact.exported' },
          { name: 'Contacts Merged', value: 'contact.merged' },
          { name: 'Table Exported', value: 'contacts.exported' },
        ],
      },
      {
        displayName: 'Contact ID',
        name: 'contactId',
        type: 'string',
        default: '',
        description: 'Also of a contact that was erased or merged: the ID it had',
      },
      { displayName: 'From', name: 'from', type: 'dateTime', default: '' },
      {
        displayName: 'To',
        name: 'to',
        type: 'dateTime',
        default: '',
        description: 'Before this moment',
      },
    ],
  },
  { ...placeOptions, options: [cursorOption, ...placeOptions.options] },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { cursor, store, tenant } = read('options');
  const { actions, contactId, from, to } = read('filters');
  const query = {
    tenantId: tenantId(tenant),
    actions,
    contactId,
    from: instantOf('From', from),
    to: instantOf('To', to),
  };
  const app = await openApp(context, store);
  return await collectPages(read, cursor, (page) =>
    core.contacts.listAudit(app, { ...query, ...page }),
  );
});
