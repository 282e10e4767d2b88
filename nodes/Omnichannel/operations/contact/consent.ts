import type { INodeProperties } from 'n8n-workflow';
import { actorOf } from '../../../shared/actor';
import { placeOptions } from '../../../shared/commonOptions';
import { contactLocator } from '../../../shared/contactLocator';
import { itemOperation } from '../../../shared/itemOperation';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import type { Operation } from '../../../shared/router';
import { purposeField } from './fields';

/** Of both operations: they differ in what the person said. */
export const properties = [
  contactLocator,
  purposeField,
  {
    displayName: 'Source',
    name: 'source',
    type: 'string',
    default: 'workflow',
    required: true,
    placeholder: 'e.g. website form',
    description: 'Where the person said so',
    hint: 'Together with text and time it is your proof: say it so that somebody finds it again.',
  },
  {
    displayName: 'Text',
    name: 'text',
    type: 'string',
    typeOptions: { rows: 2 },
    default: '',
    placeholder: 'e.g. I agree to receive offers by WhatsApp.',
    description: 'The words that the person agreed to, or wrote',
  },
  {
    ...placeOptions,
    options: [
      {
        displayName: 'Said At',
        name: 'at',
        type: 'dateTime',
        default: '',
        description:
          'When the person said so, if not now. An older word never replaces a newer one.',
      },
      ...placeOptions.options,
    ],
  },
] as const satisfies INodeProperties[];

/** @param what the function of core to call */
export function consentOperation(what: 'optIn' | 'optOut'): Operation {
  return itemOperation(properties, async ({ read, context }) => {
    const { at, store, tenant } = read('options');
    const input = {
      tenantId: tenantId(tenant),
      contact: read('contact'),
      purpose: read('purpose'),
      source: read('source'),
      text: read('text'),
      at,
    };
    const app = await openApp(context, store);
    return toItem(await core.contacts[what](app, input, actorOf(context)));
  });
}
