import type { INodeProperties } from 'n8n-workflow';
import { accountOperation } from '../../../shared/accountOperation';
import { accountOf, missing } from '../../../shared/accountRuns';
import { placeOptions } from '../../../shared/commonOptions';
import { listOf } from '../../../shared/fieldValues';
import { core } from '../../../shared/loadCore';
import { accountRun } from '../../accountRuns';
import { numberLocator } from '../../fields';

export const properties = [
  numberLocator,
  {
    displayName: 'Changes',
    name: 'changes',
    type: 'collection',
    placeholder: 'Add Field',
    default: {},
    description: 'What is not added here stays as it is',
    options: [
      {
        displayName: 'About',
        name: 'about',
        type: 'string',
        default: '',
        description: 'The line below the name, up to 139 characters',
      },
      {
        displayName: 'Address',
        name: 'address',
        type: 'string',
        default: '',
        placeholder: 'e.g. Av. Paulista, 1000 - São Paulo',
      },
      {
        displayName: 'Description',
        name: 'description',
        type: 'string',
        typeOptions: { rows: 3 },
        default: '',
      },
      {
        displayName: 'Email',
        name: 'email',
        type: 'string',
        default: '',
        placeholder: 'e.g. name@email.com',
      },
      {
        displayName: 'Line of Business',
        name: 'vertical',
        type: 'options',
        default: 'OTHER',
        options: [
          { name: 'Automotive', value: 'AUTO' },
          { name: 'Beauty, Spa and Salon', value: 'BEAUTY' },
          { name: 'Clothing', value: 'APPAREL' },
          { name: 'Education', value: 'EDU' },
          { name: 'Entertainment', value: 'ENTERTAIN' },
          { name: 'Event Planning', value: 'EVENT_PLAN' },
          { name: 'Finance', value: 'FINANCE' },
          { name: 'Grocery', value: 'GROCERY' },
          { name: 'Health', value: 'HEALTH' },
          { name: 'Hotel', value: 'HOTEL' },
          { name: 'Nonprofit', value: 'NONPROFIT' },
          { name: 'Other', value: 'OTHER' },
          { name: 'Professional Services', value: 'PROF_SERVICES' },
          { name: 'Public Service', value: 'GOVT' },
          { name: 'Restaurant', value: 'RESTAURANT' },
          { name: 'Retail', value: 'RETAIL' },
          { name: 'Travel', value: 'TRAVEL' },
        ],
      },
      {
        displayName: 'Picture Handle',
        name: 'pictureHandle',
        type: 'string',
        default: '',
        placeholder: 'e.g. 4:cGljdHVyZS5qcGc=:aW1hZ2UvanBlZw==:…',
        description: "What Meta's Resumable Upload API gave for a picture",
      },
      {
        displayName: 'Websites',
        name: 'websites',
        type: 'string',
        default: '',
        placeholder: 'e.g. https://example.com',
        description: 'Up to two addresses, separated by commas',
      },
    ],
  },
  placeOptions,
] as const satisfies INodeProperties[];

export const operation = accountOperation(
  accountRun,
  properties,
  async ({ read, connection, app }) => {
    const { websites, ...changes } = read('changes');
    const change = {
      ...changes,
      ...(websites === undefined ? {} : { websites: listOf(websites) }),
    };
    if (Object.keys(change).length === 0) throw missing('Changes', 'Add what is to be changed.');
    await core.whatsApp.updateProfile(app.http, connection, change);
    const profile = await core.whatsApp.getProfile(app.http, connection);
    return { success: true, ...accountOf(connection), profile: { ...profile } };
  },
);
