import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { ContactInput } from '../../../../core/contacts';
import { actorOf } from '../../../shared/actor';
import { placeOptions } from '../../../shared/commonOptions';
import { itemParameters } from '../../../shared/itemParameters';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import type { Operation } from '../../../shared/router';
import { detailFields, readDetails } from './detailFields';

export const properties = [
  {
    displayName: 'Phone',
    name: 'phone',
    type: 'string',
    default: '',
    placeholder: 'e.g. (11) 98888-7777',
    description: 'Finds the contact, or is the number of a new one',
    hint: 'As people write it; without a country code it is Brazilian. With or without the ninth digit it is one person. Leave it empty where the e-mail address or an ID below says who it is.',
  },
  { displayName: 'Name', name: 'name', type: 'string', default: '', placeholder: 'e.g. Ana Souza' },
  {
    displayName: 'Email',
    name: 'email',
    type: 'string',
    placeholder: 'e.g. name@email.com',
    default: '',
    description: 'Finds the contact, too, where no other ID is known',
  },
  detailFields,
  {
    ...placeOptions,
    options: [
      {
        displayName: 'Clear Empty Fields',
        name: 'clearEmpty',
        type: 'boolean',
        default: false,
        description:
          'Whether a field that is there but empty takes away what is stored. By default an empty cell of a spreadsheet leaves it.',
      },
      ...placeOptions.options,
    ],
  },
] as const satisfies INodeProperties[];

/** Contacts of one run under way at the same time: those that come together are written together. */
const AT_ONCE = 200;

export const operation: Operation = {
  atOnce: AT_ONCE,
  start(context) {
    const reader = itemParameters(context, properties);
    const actor = actorOf(context);
    return async (itemIndex) => await upsert(context, reader(itemIndex), actor);
  },
};

type Reader = ReturnType<ReturnType<typeof itemParameters<typeof properties>>>;

async function upsert(context: IExecuteFunctions, read: Reader, actor: string) {
  const { store, tenant, clearEmpty } = read('options');
  // Read before anything is awaited: n8n hands out parameters in the run alone.
  const input: ContactInput = {
    tenantId: tenantId(tenant),
    phone: read('phone'),
    name: read('name'),
    email: read('email'),
    ...readDetails(read('details')),
    clearEmpty,
  };
  const app = await openApp(context, store);
  return toItem(await core.contacts.upsertContact(app, input, actor));
}
