import type { INodeProperties } from 'n8n-workflow';
import { placeOptions } from '../../../shared/commonOptions';
import { itemOperation } from '../../../shared/itemOperation';
import { collectPages, cursorOption, listProperties } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { filterFields, readFilterFields, savedFilterOption } from './filterFields';

export const properties = [
  ...listProperties,
  filterFields,
  {
    ...placeOptions,
    options: [
      cursorOption,
      {
        displayName: 'Save Filter As',
        name: 'saveFilterAs',
        type: 'string',
        default: '',
        placeholder: 'e.g. VIP without visit',
        description:
          'Keeps the filters above under this name, in place of another of this name; "Saved Filter" uses them again, here and in other workflows',
      },
      savedFilterOption,
      ...placeOptions.options,
    ],
  },
] as const satisfies INodeProperties[];

export const operation = itemOperation(properties, async ({ read, context }) => {
  const { cursor, store, tenant, saveFilterAs, savedFilter } = read('options');
  const filter = readFilterFields(read('filters'));
  const app = await openApp(context, store);
  const place = { tenantId: tenantId(tenant) };
  if (saveFilterAs?.trim()) {
    await core.contacts.keepFilter(app, { ...place, name: saveFilterAs, filter });
  }
  return await collectPages(read, cursor, (page) =>
    core.contacts.findContacts(app, { ...place, ...filter, savedFilter, ...page }),
  );
});
