import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { collectPages, cursorOption, listProperties } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { parameterReader } from '../../../shared/parameters';
import type { Operation } from '../../../shared/router';
import { placeOptions } from './fields';
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

export const operation: Operation = {
  start: (context) => async (itemIndex) => await getMany(context, itemIndex),
};

async function getMany(context: IExecuteFunctions, itemIndex: number) {
  const read = parameterReader(properties, (name, options) =>
    context.getNodeParameter(name, itemIndex, undefined, options),
  );
  const { cursor, store, tenant, saveFilterAs, savedFilter } = read('options');
  const filter = readFilterFields(read('filters'));
  const returnAll = read('returnAll');
  const app = await openApp(context, store);
  const place = { tenantId: tenantId(tenant) };
  if (saveFilterAs?.trim()) {
    await core.contacts.keepFilter(app, { ...place, name: saveFilterAs, filter });
  }
  return await collectPages(
    (page) => core.contacts.findContacts(app, { ...place, ...filter, savedFilter, ...page }),
    { returnAll, limit: () => read('limit'), cursor },
  );
}
